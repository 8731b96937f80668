import type { Client } from "openapi-fetch";
import { checkBaseUrl } from "./address.ts";
import type { CallContext } from "./deadline.ts";
import { createEmitter, type ClientEvent } from "./events.ts";
import { checkOptions } from "./options.ts";
import { prepareOperation, type PreparedOperation } from "./prepare.ts";
import { createRedactor, type Redactor } from "./redact.ts";
import { createRetryBudget } from "./retry.ts";
import { createTokenSource, type CredentialOption, type TokenSource } from "./token.ts";
import type { Transport } from "./transport.ts";
import type { ClientParameters, Operation, SchemeName } from "./types.ts";

/** How to reach an API. */
export interface SessionOptions {
  /** What the security schemes of the description ask for, by their names. */
  readonly credentials?: Readonly<Record<string, CredentialOption>>;
  /** The server, https or on loopback; by default the one that the description names. */
  readonly baseUrl?: string;
  /** Hosts of test servers that may be reached by http, though they are not on loopback. */
  readonly insecureHosts?: readonly string[];
  /** What sends the requests; by default `globalThis.fetch`, looked up for each request. */
  readonly fetch?: typeof globalThis.fetch;
  /**
   * How long one attempt at a request may take, and the token function, in milliseconds; 30,000 by
   * default.
   */
  readonly attemptTimeout?: number;
  /** How long a body that is streamed may be silent, in milliseconds; 30,000 by default. */
  readonly idleTimeout?: number;
  /**
   * How often a request is sent again, 0 included; 3 by default. Waits and downloads go on by
   * themselves: see `maxRetries` of a call.
   */
  readonly maxRetries?: number;
  /** Called with what the client does, for logs and traces. What it throws does no harm to a call. */
  readonly onEvent?: (event: ClientEvent) => unknown;
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
  /** What calls are opened with. */
  readonly context: CallContext;
  readonly redactor: Redactor;
  /** The options that the client was given. */
  readonly options: object;
  /** openapi-fetch, once it has middleware, which the requests of all calls then go through. */
  client?: Client<UntypedPaths>;
  /**
   * What the requests of an operation have in common, worked out once.
   *
   * @throws TypeError if an option of the client cannot be sent
   */
  prepare(operation: Operation): PreparedOperation;
}

/** Those of every client. */
export const sessionOptionNames: readonly (keyof SessionOptions)[] = [
  "credentials",
  "baseUrl",
  "insecureHosts",
  "fetch",
  "attemptTimeout",
  "idleTimeout",
  "maxRetries",
  "onEvent",
  "userAgent",
];

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
  const { baseUrl, attemptTimeout = 30_000, idleTimeout = 30_000, maxRetries = 3 } = options;
  checkOptions(options, Object.keys(options));
  const redactor = createRedactor();
  const { redact } = redactor;
  const emit = options.onEvent && createEmitter(options.onEvent);
  const server = baseUrl === undefined ? undefined : checkBaseUrl(baseUrl, options.insecureHosts);
  const sources = new Map<string, TokenSource>();
  for (const [scheme, credential] of Object.entries(options.credentials ?? {})) {
    const onToken = (token: string, isNew: boolean): void => {
      redactor.add(token);
      if (isNew) emit?.({ type: "token" });
    };
    sources.set(scheme, createTokenSource(credential, onToken));
  }
  const given = new Map<string, unknown>(Object.entries(options));
  const known = new WeakMap<Operation, PreparedOperation>();
  return {
    transport: { fetch: options.fetch, budget: createRetryBudget(), maxRetries, attemptTimeout },
    idleTimeout,
    context: { redact, emit },
    redactor,
    options,
    prepare(operation) {
      let prepared = known.get(operation);
      if (!prepared) {
        prepared = prepareOperation(operation, server, given, sources);
        known.set(operation, prepared);
      }
      return prepared;
    },
  };
}
