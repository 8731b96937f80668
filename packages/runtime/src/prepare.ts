import { isJson } from "./media-type.ts";
import { serializeHeader } from "./parameters.ts";
import type { TokenSource } from "./token.ts";
import type { Credential, Operation } from "./types.ts";

/** What all requests of an operation have in common. */
export interface PreparedOperation {
  /**
   * The server's URL, without a trailing slash.
   *
   * @throws TypeError if neither the description nor the client names a server
   */
  readonly baseUrl: string;
  /**
   * Headers for the API's own server only, by their names in lower case: the client's options that are
   * parameters of the operation.
   */
  readonly headers: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, unknown>>;
  /** The value of the Accept header (RFC 9110 §12.5.1). */
  readonly accept: string;
  /** The Content-Type of a body. */
  readonly contentType: string | undefined;
  /**
   * The credentials that the operation requires; empty if it requires none.
   *
   * @throws TypeError if the client lacks credentials that the operation requires
   */
  readonly credentials: readonly CredentialSource[];
}

/** A credential, and the source of its token. */
export interface CredentialSource extends Credential {
  readonly source: TokenSource;
}

/** @throws TypeError if an option of the client cannot be sent */
export function prepareOperation(
  { servers, parameters, body, responses, authentication }: Operation,
  baseUrl: URL | undefined,
  options: ReadonlyMap<string, unknown>,
  sources: ReadonlyMap<string, TokenSource>,
): PreparedOperation {
  const headers: Record<string, string> = {};
  const query: Record<string, unknown> = {};
  const userAgent = options.get("userAgent");
  // The user agent helps in the server's logs. In a browser it would cost a preflight request.
  const isServer = "process" in globalThis && !("document" in globalThis);
  if (typeof userAgent === "string" && isServer) headers["user-agent"] = userAgent;
  for (const [name, parameter] of Object.entries(parameters)) {
    if (!parameter.clientOption) continue;
    const value = options.get(name) ?? parameter.default ?? undefined;
    if (parameter.in === "query") query[parameter.name] = value;
    else {
      const text = serializeHeader(name, parameter, value);
      if (text !== undefined) headers[parameter.name.toLowerCase()] = text;
    }
  }
  // If a successful response can be JSON, request nothing else.
  const mediaTypes = Object.values(responses).flatMap((offered) => {
    const json = offered.filter(isJson);
    return json.length > 0 ? json : offered;
  });
  const alternatives = authentication.flatMap((schemes) => {
    const available = schemes.flatMap((credential) => {
      const source = sources.get(credential.scheme);
      const name = credential.in === "header" ? credential.name.toLowerCase() : credential.name;
      return source ? [{ ...credential, name, source }] : [];
    });
    return available.length === schemes.length ? [available] : [];
  });
  const [serverUrl] = servers;
  const url = baseUrl?.href ?? (serverUrl && new URL(serverUrl).href);
  const server = url?.replace(/\/+$/, "");
  const none = authentication.length === 0 ? [] : undefined;
  const credentials = alternatives.find((schemes) => schemes.length > 0) ?? alternatives[0] ?? none;
  return {
    get baseUrl() {
      if (server) return server;
      throw new TypeError("baseUrl is missing: the description names no server for this operation");
    },
    headers,
    query,
    accept: [...new Set(mediaTypes)].join(", ").replace("*/*", "application/json"),
    // A range (RFC 9110 §12.5.1) allows JSON, but is not a Content-Type.
    contentType: body?.mediaTypes[0]?.replace(/^[*\w]+\/\*.*/, "application/json"),
    get credentials() {
      if (credentials) return credentials;
      const required = authentication.map((schemes) =>
        schemes.map(({ scheme }) => scheme).join(" and "),
      );
      throw new TypeError(`credentials are missing: ${required.join(", or ")}`);
    },
  };
}
