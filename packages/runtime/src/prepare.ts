import { isJson } from "./media-type.ts";
import { serializeHeader } from "./parameters.ts";
import type { TokenSource } from "./token.ts";
import type { Credential, Operation } from "./types.ts";

/** What all requests of an operation have in common. */
export interface PreparedOperation {
  /**
   * Where it is, with a slash at the end.
   *
   * @throws TypeError if there is no such place
   */
  readonly server: URL;
  /** Those of the API's own server: what the client was given for the operation's parameters. */
  readonly headers: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, unknown>>;
  /** The media types that are asked for (RFC 9110 §12.5.1). */
  readonly accept: string;
  /**
   * What it asks for, of what was given: nothing if it asks for nothing.
   *
   * @throws TypeError if too little was given
   */
  readonly credentials: readonly CredentialSource[];
}

/** A credential, and what gives it. */
export interface CredentialSource extends Credential {
  readonly source: TokenSource;
}

/** @throws TypeError if an option of the client cannot be sent */
export function prepareOperation(
  { servers, parameters, responses, authentication }: Operation,
  baseUrl: URL | undefined,
  options: ReadonlyMap<string, unknown>,
  sources: ReadonlyMap<string, TokenSource>,
): PreparedOperation {
  const headers: Record<string, string> = {};
  const query: Record<string, unknown> = {};
  const userAgent = options.get("userAgent");
  // A name for the server's logs, where it costs nothing: in a browser it would cost a preflight.
  const isServer = "process" in globalThis && !("document" in globalThis);
  if (typeof userAgent === "string" && isServer) headers["user-agent"] = userAgent;
  for (const [name, { in: place, clientOption, explode, ...parameter }] of Object.entries(
    parameters,
  )) {
    const value = clientOption ? (options.get(name) ?? parameter.default ?? undefined) : undefined;
    if (value === undefined) continue;
    if (place === "query") query[parameter.name] = value;
    else headers[parameter.name] = serializeHeader(name, value, explode);
  }
  // Where a success offers JSON, nothing else is asked for.
  const mediaTypes = Object.values(responses).flatMap((offered) => {
    const json = offered.filter(isJson);
    return json.length > 0 ? json : offered;
  });
  const alternatives = authentication.flatMap((schemes) => {
    const given = schemes.flatMap((credential) => {
      const source = sources.get(credential.scheme);
      return source ? [{ ...credential, source }] : [];
    });
    return given.length === schemes.length ? [given] : [];
  });
  const [described] = servers;
  const server = baseUrl ?? (described === undefined ? undefined : new URL(described));
  const credentials =
    authentication.length === 0
      ? []
      : (alternatives.find((schemes) => schemes.length > 0) ?? alternatives[0]);
  return {
    get server() {
      if (server) return server;
      throw new TypeError("baseUrl is missing: the description names no server for this operation");
    },
    headers,
    query,
    accept: [...new Set(mediaTypes)].join(", ").replace("*/*", "application/json"),
    get credentials() {
      if (credentials) return credentials;
      const wanted = authentication.map((schemes) =>
        schemes.map(({ scheme }) => scheme).join(" and "),
      );
      throw new TypeError(`credentials are missing: ${wanted.join(", or ")}`);
    },
  };
}
