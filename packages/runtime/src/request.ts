import { mergeHeaders, removeTrailingSlash, type HeadersOptions } from "openapi-fetch";
import { openCall, type Call } from "./deadline.ts";
import type { Subject } from "./errors/client-error.ts";
import {
  serializeHeaders,
  serializePath,
  serializeQuery,
  type ParameterValues,
} from "./parameters.ts";
import {
  boundResponse,
  contentKind,
  discard,
  readAnswer,
  restoreBody,
  type Answer,
} from "./response.ts";
import type { Session } from "./session.ts";
import { send } from "./transport.ts";
import type { Operation } from "./types.ts";

/** An operation and its input, which was checked. */
export interface BoundOperation extends Subject {
  readonly operation: Operation;
  readonly method: string;
  readonly path: string;
  readonly params: ParameterValues;
  readonly body: unknown;
}

/** What openapi-fetch is given for a request. */
export interface RequestParts {
  readonly params?: ParameterValues;
  readonly headers?: HeadersOptions;
  readonly body?: unknown;
  readonly baseUrl?: string;
}

/** What openapi-fetch is told, so that it sends an operation as its facts have it. */
export interface PreparedInit extends RequestParts {
  readonly baseUrl: string;
  readonly params: Required<ParameterValues> & { readonly header: Record<string, string | null> };
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

/** Prepares a request, as a part of a call or, without one, as a call by itself. */
export function prepareInit(
  session: Session,
  operation: Operation,
  { params = {}, headers, body, baseUrl }: RequestParts,
  call?: Call,
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
    pathSerializer: (url, values) => serializePath(url, operation, values),
    querySerializer: (values) => serializeQuery(operation, values),
    fetch: (request) => sendRequest(session, operation, request, call),
  };
}

/** Sends what openapi-fetch and its middleware have made. */
async function sendRequest(
  session: Session,
  operation: Operation,
  request: Request,
  given?: Call,
): Promise<Response> {
  const { url, method } = request;
  const call = given ?? openCall(subjectOf(method, url), request, session.context);
  // A copy: middleware never sees the credentials.
  const headers = new Headers(request.headers);
  const body = await request.arrayBuffer();
  const sent = { url, method, headers, body: body.byteLength > 0 ? body : undefined };
  return restoreBody(await exchange(session, operation, sent, call));
}

/**
 * Sends what is prepared, without middleware. The request and the answer that openapi-fetch would make
 * of it for nobody to see take a tenth of the time of a call on loopback.
 */
export function sendPrepared(
  session: Session,
  { operation, method, path, body }: BoundOperation,
  { baseUrl, params, headers, querySerializer }: PreparedInit,
  call: Call,
): Promise<Answer> {
  const query = querySerializer(params.query);
  const sent = {
    url: removeTrailingSlash(baseUrl) + path + (query && `?${query}`),
    method,
    headers: mergeHeaders(headers, params.header),
    body: body === undefined ? undefined : JSON.stringify(body),
  };
  return exchange(session, operation, sent, call);
}

interface SentRequest {
  readonly url: string;
  readonly method: string;
  readonly headers: Headers;
  readonly body: string | ArrayBuffer | undefined;
}

/** Sends a request, and reads its answer as the description has it. */
function exchange(
  session: Session,
  operation: Operation,
  { url, method, headers, body }: SentRequest,
  call: Call,
): Promise<Answer> {
  const prepared = session.prepare(operation);
  // Middleware may have sent the request elsewhere.
  const isOwn = url.startsWith(`${prepared.server.origin}/`);
  if (!isOwn) for (const name in prepared.headers) headers.delete(name);
  const outgoing = {
    url,
    // Followed, a redirect would take the headers to another server.
    init: { method, redirect: "manual", ...(body !== undefined && { body }) } satisfies RequestInit,
    headers,
    credentials: isOwn ? prepared.credentials : [],
  };
  return send(session.transport, outgoing, call, async (response) => {
    const kind = response.ok ? contentKind(operation.responses, method, response) : "json";
    if (kind === "json") return readAnswer(call, response);
    if (kind === "stream") {
      const data = boundResponse(call, response, session.idleTimeout);
      return { response: data, data };
    }
    discard(response);
    return { response, data: undefined, text: "" };
  });
}

/** What messages say of a request: its method and address, without a query. */
export function subjectOf(method: string, url: string): Subject {
  const path = url.replace(/[?#].*/, "");
  return { label: `${method} ${path}`, method, path };
}
