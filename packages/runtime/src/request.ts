import { mergeHeaders, type HeadersOptions } from "openapi-fetch";
import { openCall, type Call } from "./deadline.ts";
import type { Subject } from "./errors/client-error.ts";
import {
  serializeHeaders,
  serializePath,
  serializeQuery,
  type ParameterValues,
} from "./parameters.ts";
import { boundResponse, contentKind, emptyResponse, readResponse } from "./response.ts";
import { isIdempotent } from "./retry.ts";
import type { Session } from "./session.ts";
import { send } from "./transport.ts";
import type { Operation } from "./types.ts";

/** What openapi-fetch is given for a request. */
export interface RequestParts {
  readonly params?: ParameterValues;
  readonly headers?: HeadersOptions;
  readonly body?: unknown;
  readonly baseUrl?: string;
}

/** What openapi-fetch is told, so that it sends an operation as its facts have it. */
export interface PreparedInit extends RequestParts {
  readonly pathSerializer: (url: string, values: Readonly<Record<string, unknown>>) => string;
  readonly querySerializer: (values: Readonly<Record<string, unknown>>) => string;
  readonly fetch: (request: Request) => Promise<Response>;
}

/** An operation of which nothing is known: it gets no credential. */
export const undescribed: Operation = {
  method: "get",
  path: "",
  servers: [],
  parameters: {},
  responses: {},
  authentication: [],
};

/**
 * Prepares a request, as a part of a call or, without one, as a call by itself.
 *
 * @param written the path with its parameters, if they were put there before
 */
export function prepareInit(
  session: Session,
  operation: Operation,
  { params = {}, headers, body, baseUrl }: RequestParts,
  call?: Call,
  written?: string,
): PreparedInit {
  const { path = {}, query, header = {} } = params;
  const prepared = session.prepare(operation);
  const { server } = prepared;
  const own: Record<string, string> = { ...prepared.headers };
  if (prepared.accept) own["accept"] = prepared.accept;
  const mediaType = operation.body?.mediaTypes[0];
  if (body !== undefined && mediaType !== undefined) own["content-type"] = mediaType;
  return {
    baseUrl: baseUrl ?? server.href,
    params: {
      path,
      query: { ...prepared.query, ...query },
      header: serializeHeaders(operation, header),
    },
    headers: headers ? mergeHeaders(own, headers) : own,
    ...(body !== undefined && { body }),
    pathSerializer: (url, values) =>
      written === undefined
        ? serializePath(url, operation, values)
        : url.slice(0, -operation.path.length) + written,
    querySerializer: (values) => serializeQuery(operation, values),
    fetch: (request) => sendRequest(session, operation, request, server.origin, call),
  };
}

/** Sends what openapi-fetch and its middleware have made. */
async function sendRequest(
  session: Session,
  operation: Operation,
  request: Request,
  origin: string,
  given?: Call,
): Promise<Response> {
  const { url, method } = request;
  const call = given ?? openCall(subjectOf(method, url), request, session.context);
  // A copy: middleware never sees the credentials.
  const headers = new Headers(request.headers);
  const prepared = session.prepare(operation);
  // Middleware may have sent the request elsewhere.
  const isOwn = url.startsWith(`${origin}/`);
  if (!isOwn) for (const name in prepared.headers) headers.delete(name);
  // Followed, a redirect would take the headers to another server.
  const init: RequestInit = { method, redirect: "manual" };
  if (method !== "GET" && method !== "HEAD") {
    const body = await request.arrayBuffer();
    if (body.byteLength > 0) init.body = body;
  }
  const outgoing = {
    url,
    init,
    headers,
    credentials: isOwn ? prepared.credentials : [],
    isIdempotent: isIdempotent(method),
  };
  return send(session.transport, outgoing, call, async (response) => {
    if (response.ok && method === "HEAD") return response;
    const kind = response.ok ? contentKind(operation, response) : "json";
    if (kind === "stream") return boundResponse(call, response, session.idleTimeout);
    return kind === "none" ? emptyResponse(response) : readResponse(call, response);
  });
}

/** What messages say of a request: its method and address, without a query. */
export function subjectOf(method: string, url: string): Subject {
  const path = url.replace(/[?#].*/, "");
  return { label: `${method} ${path}`, method, path };
}
