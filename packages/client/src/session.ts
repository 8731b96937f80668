import createFetchClient from "openapi-fetch";
import { operations, servers } from "@audit-logs/generated/audit-logs/operations";
import { checkBaseUrl, checkPathSegment } from "./address.ts";
import { copyAnswer, readAnswer } from "./answer.ts";
import type { Api } from "./api.ts";
import { openCall, type Call } from "./deadline.ts";
import { exchange, type Wire } from "./exchange.ts";
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
  /**
   * How long one attempt at a request may take, and the token function, in milliseconds; 30,000 by
   * default.
   */
  readonly attemptTimeout?: number;
  /** How long a body that is streamed may be silent, in milliseconds; 30,000 by default. */
  readonly idleTimeout?: number;
}

/** What the calls of a client share. */
export interface Session {
  readonly api: Api;
  readonly wire: Wire;
  readonly baseUrl: URL;
  /** The headers that go to the API's own server, less the token. */
  readonly headers: Readonly<Record<string, string>>;
  readonly idleTimeout: number;
  /** Whether anything but this client sees the requests and the answers of its calls. */
  hasMiddleware: boolean;
}

const { orgName: orgNameParameter, apiVersion: apiVersionParameter } =
  operations.getExportJobStatus.parameters;

// What is taken for granted of the description; if it changes, this does not compile.
orgNameParameter satisfies { in: "header" };
apiVersionParameter satisfies { in: "header" };
operations.getExportJobStatus.authentication satisfies readonly [readonly [{ in: "header" }]];

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
  const api: Api = createFetchClient({
    baseUrl: baseUrl.href,
    headers,
    fetch: (request) => send(session, request),
    pathSerializer: (path, parameters) =>
      path.replace(/\{(.*?)\}/g, (_, name: string) => checkPathSegment(name, parameters[name])),
  });
  const { use } = api;
  const session: Session = {
    api: Object.assign(api, {
      use(...middleware: Parameters<typeof use>) {
        session.hasMiddleware = true;
        use(...middleware);
      },
    }),
    wire: {
      fetch: options.fetch,
      token: createTokenSource(options.token),
      budget: createRetryBudget(),
      attemptTimeout: options.attemptTimeout ?? 30_000,
    },
    baseUrl,
    headers,
    idleTimeout: options.idleTimeout ?? 30_000,
    hasMiddleware: false,
  };
  return session;
}

/** What makes a request of openapi-fetch a part of a call, even if middleware makes another of it. */
export function sendWithin(
  session: Session,
  call: Call,
): { fetch: (request: Request) => Promise<Response>; Request?: typeof PlainRequest } {
  return {
    fetch: (request: Request) => send(session, request, call),
    // The platform's own is the greater part of what a call costs, and nobody would see it.
    ...(!session.hasMiddleware && { Request: PlainRequest }),
  };
}

/** A constructor, as openapi-fetch takes it. */
function PlainRequest(url: string, init: RequestInit): object {
  return { ...init, url };
}

/** Sends what openapi-fetch and its middleware have made. */
async function send(session: Session, request: Request, call?: Call): Promise<Response> {
  const { url, method, body } = request;
  const bounds = call ?? openCall(`${method} ${url.replace(/[?#].*/, "")}`, request);
  const isSeen = !call || session.hasMiddleware;
  // Nobody is to see the token in them.
  const headers = isSeen ? new Headers(request.headers) : request.headers;
  // Middleware may have sent the request elsewhere.
  const isOwn = url.startsWith(`${session.baseUrl.origin}/`);
  if (!isOwn) for (const name in session.headers) headers.delete(name);
  // Followed, a redirect would take the headers to another server.
  const init: RequestInit = { method, redirect: "manual" };
  if (body) init.body = await request.arrayBuffer();
  const isHead = method === "HEAD";
  const outgoing = { url, init, headers, isOwn, isRepeatable: isHead || method === "GET" };
  return exchange(session.wire, outgoing, bounds, async (response, token) => {
    // What is not JSON may be a stream.
    const isStream = isHead || !/json/.test(response.headers.get("content-type") ?? "");
    if (!call && response.ok && isStream) return response;
    const answer = await readAnswer(bounds, response, token);
    return isSeen ? copyAnswer(answer) : answer;
  });
}
