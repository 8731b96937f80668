import type { Client } from "openapi-fetch";
import { checkBaseUrl } from "./address.ts";
import type { CallContext } from "./deadline.ts";
import { createEmitter, type ClientEvent } from "./events.ts";
import { checkOptions, sessionOptionNames } from "./options.ts";
import { prepareOperation, type PreparedOperation } from "./prepare.ts";
import { createRedactor, type Redactor } from "./redact.ts";
import { createRetryBudget } from "./retry.ts";
import { createTokenSource, type CredentialOption, type TokenSource } from "./token.ts";
import type { Transport } from "./transport.ts";
import type { ClientParameters, Operation, SchemeName } from "./types.ts";

/** How to reach an API. */
export interface SessionOptions {
  /** The credentials for the description's security schemes, by the name of the scheme. */
  readonly credentials?: Readonly<Record<string, CredentialOption>>;
  /** The server's URL: https, or http on loopback; by default the one that the description names. */
  readonly baseUrl?: string;
  /** Hosts of test servers that may be reached over http although they are not on loopback. */
  readonly insecureHosts?: readonly string[];
  /** The function that sends requests; by default `globalThis.fetch`, looked up for each request. */
  readonly fetch?: typeof globalThis.fetch;
  /**
   * How long one attempt at a request may take, and how long the token function may take, in milliseconds;
   * 30,000 by default. In Node.js, `fetch` itself waits at most 300 s for a response.
   */
  readonly attemptTimeout?: number;
  /**
   * How long a streamed body may pause between chunks, in milliseconds; 30,000 by default. In Node.js, `fetch`
   * itself waits at most 300 s.
   */
  readonly idleTimeout?: number;
  /**
   * How many times a failed request is retried; 0 disables retries; 3 by default. Waits and downloads
   * continue without this limit: see `maxRetries` of a call.
   */
  readonly maxRetries?: number;
  /** Called with each event of the client, for logs and traces. Its errors do not affect a call. */
  // A method, not a property: then a client's option may take events whose errors have narrower types.
  onEvent?(event: ClientEvent): unknown;
  /** The User-Agent header, which is not sent from browsers. */
  readonly userAgent?: string;
}

/** The options of a client: those that every client has, and those that its description adds. */
export type ClientOptions<Paths, Ops> = Omit<SessionOptions, "credentials" | "userAgent"> & {
  readonly credentials?: { readonly [Scheme in SchemeName<Ops> & string]?: CredentialOption };
} & ClientParameters<Paths, Ops>;

/** The state that all calls of a client share. */
export interface Session {
  readonly transport: Transport;
  readonly idleTimeout: number;
  /** The context that each call is opened with. */
  readonly context: CallContext;
  readonly redactor: Redactor;
  /** The options that the client was given. */
  readonly options: SessionOptions;
  /** The openapi-fetch client, once it has middleware. The requests of all calls then pass through it. */
  client?: Client<UntypedPaths>;
  /**
   * The parts that all requests of an operation have in common, computed once.
   *
   * @throws TypeError if an option of the client cannot be sent
   */
  prepare(operation: Operation): PreparedOperation;
}

/** The types of any description, in a form that openapi-fetch accepts. */
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
 * Creates the state that all calls of a client share. It sends nothing.
 *
 * @throws TypeError if an option is invalid
 */
export function createSession(options: SessionOptions): Session {
  const { baseUrl, attemptTimeout = 30_000, idleTimeout = 30_000, maxRetries = 3 } = options;
  // Checks the values only: `createMethods` knows the names that the description adds.
  checkOptions(options, sessionOptionNames, Object.keys(options));
  const redactor = createRedactor();
  const { redact, redactTokens } = redactor;
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
  const optionValues = new Map<string, unknown>(Object.entries(options));
  const preparedOperations = new WeakMap<Operation, PreparedOperation>();
  return {
    transport: { fetch: options.fetch, budget: createRetryBudget(), maxRetries, attemptTimeout },
    idleTimeout,
    context: { redact, redactTokens, emit },
    redactor,
    options,
    prepare(operation) {
      let prepared = preparedOperations.get(operation);
      if (!prepared) {
        prepared = prepareOperation(operation, server, optionValues, sources);
        preparedOperations.set(operation, prepared);
      }
      return prepared;
    },
  };
}
