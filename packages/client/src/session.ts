import createFetchClient from "openapi-fetch";
import { operations, servers } from "@audit-logs/generated/audit-logs/operations";
import { checkBaseUrl } from "./address.ts";
import type { Api } from "./api.ts";
import { openScope, type Scope } from "./deadline.ts";
import { InvalidResponseError, TimeoutError } from "./errors.ts";
import { exchange, readText, type Wire } from "./exchange.ts";
import { checkHeader } from "./header.ts";
import { createRetryBudget } from "./retry.ts";
import { createTokenSource } from "./token.ts";
import { userAgent } from "./user-agent.ts";

/** How to reach the API, and on whose behalf. */
export interface AuditLogsClientOptions {
  /**
   * The access token, or a function that gives one. The function is called for the first request,
   * and again when the server refuses its token: tokens live for 15 minutes.
   */
  readonly token: string | (() => string | Promise<string>);
  /** The organization, by name. The vendor requires it in multi-tenant deployments. */
  readonly orgName?: string;
  /** The version of the API; by default the one that the description names. */
  readonly apiVersion?: string;
  /** The server, https or on loopback; by default the one that the description names. */
  readonly baseUrl?: string;
  /** What sends the requests; by default `globalThis.fetch`, looked up for each request. */
  readonly fetch?: typeof globalThis.fetch;
  /** How long one attempt at a request may take, in milliseconds; 30,000 by default. */
  readonly attemptTimeout?: number;
  /** How long a body that is streamed may be silent, in milliseconds; 30,000 by default. */
  readonly idleTimeout?: number;
}

/** What bounds a call. */
export interface CallOptions {
  /** How long the call may take in all, retries and waiting included, in milliseconds; one hour by default. */
  readonly timeout?: number;
  /** Ends the call, which then throws the signal's reason. */
  readonly signal?: AbortSignal;
}

/** What the calls of a client share. */
export interface Session {
  readonly api: Api;
  readonly wire: Wire;
  readonly baseUrl: string;
  /** The headers that go to the API's own server, less the token. */
  readonly headers: Readonly<Record<string, string>>;
  readonly idleTimeout: number;
}

/** A call that sends its request through openapi-fetch. */
export interface Call {
  readonly scope: Scope;
  readonly label: string;
}

const { orgName: orgNameParameter, apiVersion: apiVersionParameter } =
  operations.getExportJobStatus.parameters;

// What is taken for granted of the description; if it changes, this does not compile.
orgNameParameter satisfies { in: "header" };
apiVersionParameter satisfies { in: "header" };
operations.getExportJobStatus.authentication satisfies readonly [readonly [{ in: "header" }]];

const oneHour = 3_600_000;

/**
 * Makes what all calls of a client share. It sends nothing yet.
 *
 * @throws TypeError if an option cannot be right
 */
export function createSession(options: AuditLogsClientOptions): Session {
  const { orgName, apiVersion = apiVersionParameter.default } = options;
  const baseUrl = checkBaseUrl(options.baseUrl ?? servers[0]);
  const headers: Record<string, string> = {
    ...userAgent,
    [apiVersionParameter.name]: checkHeader("apiVersion", apiVersion),
  };
  if (orgName !== undefined) headers[orgNameParameter.name] = checkHeader("orgName", orgName);
  const wire: Wire = {
    fetch: options.fetch,
    token: createTokenSource(options.token),
    budget: createRetryBudget(),
    attemptTimeout: options.attemptTimeout ?? 30_000,
  };
  const api: Api = createFetchClient({
    baseUrl,
    headers,
    fetch: (request) => sendCall({ wire, baseUrl }, request),
  });
  return { api, wire, baseUrl, headers, idleTimeout: options.idleTimeout ?? 30_000 };
}

/** Opens the scope of a call: all that it does ends with it. */
export function openCall(label: string, { timeout = oneHour, signal }: CallOptions): Scope {
  return openScope(timeout, () => new TimeoutError(label, "total", timeout), signal);
}

/** Sends what openapi-fetch and its middleware have made of a call. */
export async function sendCall(
  { wire, baseUrl }: Pick<Session, "wire" | "baseUrl">,
  request: Request,
  call?: Call,
): Promise<Response> {
  const { origin, pathname } = new URL(request.url);
  const label = call?.label ?? `${request.method} ${origin}${pathname}`;
  const scope = call?.scope ?? openCall(label, { signal: request.signal });
  const outgoing = {
    label,
    url: request.url,
    init: {
      method: request.method,
      headers: request.headers,
      // Followed, a redirect would take the headers to another server.
      redirect: "manual",
      ...(request.body && { body: await request.arrayBuffer() }),
    },
    // Middleware may have sent it elsewhere.
    authenticated: origin === new URL(baseUrl).origin,
    repeatable: request.method === "GET" || request.method === "HEAD",
  } as const;
  try {
    return await exchange(wire, outgoing, scope, async (response, token = "") => {
      const isJson = call !== undefined || /json/.test(response.headers.get("content-type") ?? "");
      if (response.ok && !isJson) return response;
      const text = await readText(response, label);
      if (response.ok) JSON.parse(text);
      // One that a script may not see cannot be copied.
      if (response.status === 0) return response;
      // What refuses a request may quote it. Some statuses can have no body.
      const body = response.ok || token === "" ? text : text.replaceAll(token, "…");
      return new Response(body === "" ? null : body, response);
    });
  } catch (cause) {
    if (!(cause instanceof SyntaxError)) throw cause;
    // The cause would quote the answer.
    throw new InvalidResponseError(label, "it is not JSON");
  } finally {
    if (call === undefined) scope.close();
  }
}
