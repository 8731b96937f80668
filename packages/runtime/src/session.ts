import createFetchClient, { type Client } from "openapi-fetch";
import { checkBaseUrl } from "./address.ts";
import { serializeHeader } from "./parameters.ts";
import { createRetryBudget } from "./retry.ts";
import { createTokenSource, type CredentialOption, type TokenSource } from "./token.ts";
import type { CredentialSource, Transport } from "./transport.ts";
import type { ClientParameters, Operation, SchemeName } from "./types.ts";
import { userAgentHeader } from "./user-agent.ts";

/** How to reach an API. */
export interface SessionOptions {
  /** What the security schemes of the description ask for, by their names. */
  readonly credentials?: Readonly<Record<string, CredentialOption>>;
  /** The server, https or on loopback; by default the one that the description names. */
  readonly baseUrl?: string;
  /** What sends the requests; by default `globalThis.fetch`, looked up for each request. */
  readonly fetch?: typeof globalThis.fetch;
  /**
   * How long one attempt at a request may take, and the token function, in milliseconds; 30,000 by
   * default.
   */
  readonly attemptTimeout?: number;
  /** How long a body that is streamed may be silent, in milliseconds; 30,000 by default. */
  readonly idleTimeout?: number;
  /** How the client names itself to the server, in runtimes that are no browser. */
  readonly userAgent?: string;
}

/** The options of a client of some operations: those of every client, and what the description adds. */
export type ClientOptions<Ops> = Omit<SessionOptions, "credentials" | "userAgent"> & {
  readonly credentials?: { readonly [Scheme in SchemeName<Ops> & string]?: CredentialOption };
} & ClientParameters<Ops>;

/** What the calls of a client share. */
export interface Session {
  readonly transport: Transport;
  readonly idleTimeout: number;
  /** openapi-fetch, with the middleware of all calls. */
  readonly client: Client<UntypedPaths>;
  /** The headers that go to the API's own server with every request. */
  readonly headers: Readonly<Record<string, string>>;
  /** The server of an operation, with a slash at its end. */
  baseUrlOf(operation: Operation | undefined): URL;
  /** What an operation asks for, of what was given; nothing if it asks for nothing. */
  credentialsFor(operation: Operation): readonly CredentialSource[];
  /** An option of the client that a parameter stands for, by its name in the input. */
  option(name: string): unknown;
}

/** Any description, as openapi-fetch can take it. */
export interface UntypedPaths {
  [path: string]: Record<
    "get" | "put" | "post" | "delete" | "options" | "head" | "patch" | "trace",
    {
      requestBody?: { content: Record<string, unknown> };
      responses: Record<number, { content: Record<string, unknown> }>;
    }
  >;
}

/**
 * Makes what all calls of a client share. It sends nothing yet.
 *
 * @throws TypeError if an option cannot be right
 */
export function createSession(options: SessionOptions): Session {
  const { baseUrl, attemptTimeout = 30_000, idleTimeout = 30_000 } = options;
  const server = baseUrl === undefined ? undefined : checkBaseUrl(baseUrl);
  const sources = new Map<string, TokenSource>();
  for (const [scheme, given] of Object.entries(options.credentials ?? {})) {
    sources.set(scheme, createTokenSource(given));
  }
  const clientOptions = new Map<string, unknown>(Object.entries(options));
  return {
    transport: { fetch: options.fetch, budget: createRetryBudget(), attemptTimeout },
    idleTimeout,
    client: createFetchClient<UntypedPaths>(),
    headers: userAgentHeader(options.userAgent),
    baseUrlOf(operation) {
      if (server) return server;
      const described = operation?.servers[0];
      if (described !== undefined) return new URL(described);
      throw new TypeError("baseUrl is missing: the description names no server for this operation");
    },
    credentialsFor({ authentication }) {
      const alternatives = authentication.filter((schemes) =>
        schemes.every(({ scheme }) => sources.has(scheme)),
      );
      const chosen = alternatives.find((schemes) => schemes.length > 0) ?? alternatives[0];
      if (!chosen && authentication.length > 0) {
        const wanted = authentication.map((schemes) =>
          schemes.map(({ scheme }) => scheme).join(" and "),
        );
        throw new TypeError(`credentials are missing: ${wanted.join(", or ")}`);
      }
      return (chosen ?? []).flatMap((credential) => {
        const source = sources.get(credential.scheme);
        return source ? [{ ...credential, source }] : [];
      });
    },
    option: (name) => clientOptions.get(name),
  };
}

/** @throws TypeError if an option of the client cannot be sent by an operation */
export function checkClientOptions(session: Session, { parameters }: Operation): void {
  for (const [name, parameter] of Object.entries(parameters)) {
    const value = parameter.clientOption ? session.option(name) : undefined;
    if (parameter.in === "header" && value !== undefined) serializeHeader(name, value);
  }
}
