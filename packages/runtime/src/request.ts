import { mergeHeaders, type HeadersOptions } from "openapi-fetch";
import { openCall, type Call } from "./deadline.ts";
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
  responses: { default: ["application/json", "application/octet-stream"] },
  authentication: [],
};

/** The headers and query parameters that an operation takes from the options of the client. */
export function clientParameters(
  session: Session,
  { parameters }: Operation,
): Required<Pick<ParameterValues, "header" | "query">> {
  const values: Record<string, Record<string, unknown>> = { header: {}, query: {} };
  for (const [name, { in: place, name: wireName, clientOption, default: value }] of Object.entries(
    parameters,
  )) {
    const group = clientOption ? values[place] : undefined;
    if (group) group[wireName] = session.option(name) ?? value;
  }
  const { header = {}, query = {} } = values;
  return { header, query };
}

/** The headers of an operation that no call needs to give. */
export function operationHeaders(
  session: Session,
  operation: Operation,
): Record<string, string | null> {
  return {
    ...session.headers,
    ...serializeHeaders(operation, clientParameters(session, operation).header),
  };
}

/** Prepares a request, as a part of a call or, without one, as a call by itself. */
export function prepareInit(
  session: Session,
  operation: Operation,
  { params = {}, headers, body, baseUrl }: RequestParts,
  call?: Call,
): PreparedInit {
  const server = session.baseUrlOf(operation);
  const { path = {}, query, header = {} } = params;
  const own: Record<string, string | null> = operationHeaders(session, operation);
  const accept = operation === undescribed ? "" : acceptOf(operation);
  if (accept) own["accept"] = accept;
  const mediaType = operation.body?.mediaTypes[0];
  if (body !== undefined && mediaType !== undefined) own["content-type"] = mediaType;
  return {
    baseUrl: baseUrl ?? server.href,
    params: {
      path,
      query: { ...clientParameters(session, operation).query, ...query },
      header: serializeHeaders(operation, header),
    },
    headers: headers ? mergeHeaders(own, headers) : own,
    pathSerializer: (url, values) => serializePath(url, operation, values),
    querySerializer: (values) => serializeQuery(operation, values),
    fetch: (request) => sendRequest(session, operation, request, server.origin, call),
  };
}

/** What an operation answers with (RFC 9110 §12.5.1). */
function acceptOf({ responses }: Operation): string {
  const mediaTypes = Object.values(responses)
    .flat()
    .map((mediaType) => (mediaType === "*/*" ? "application/json" : mediaType));
  return [...new Set(mediaTypes)].join(", ");
}

/** Sends what openapi-fetch and its middleware have made. */
async function sendRequest(
  session: Session,
  operation: Operation,
  request: Request,
  origin: string,
  call: Call = openCall(`${request.method} ${request.url.replace(/[?#].*/, "")}`, request),
): Promise<Response> {
  const { url, method } = request;
  // A copy: middleware never sees the credentials.
  const headers = new Headers(request.headers);
  // Middleware may have sent the request elsewhere.
  const isOwn = url.startsWith(`${origin}/`);
  if (!isOwn) for (const name in operationHeaders(session, operation)) headers.delete(name);
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
    credentials: isOwn ? session.credentialsFor(operation) : [],
    isIdempotent: isIdempotent(method),
  };
  return send(session.transport, outgoing, call, async (response, secrets) => {
    if (response.ok && method === "HEAD") return response;
    const kind = response.ok ? contentKind(operation, response) : "json";
    if (kind === "stream") return boundResponse(call, response, session.idleTimeout);
    return kind === "none" ? emptyResponse(response) : readResponse(call, response, secrets);
  });
}
