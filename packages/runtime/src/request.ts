import { mergeHeaders, removeTrailingSlash, type HeadersOptions } from "openapi-fetch";
import { openCall, type Call } from "./deadline.ts";
import type { Subject } from "./errors/client-error.ts";
import { fieldOf } from "./header.ts";
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
  readResponse,
  restoreBody,
  type ParsedResponse,
} from "./response.ts";
import type { Session } from "./session.ts";
import { send, type PreparedRequest } from "./transport.ts";
import type { Operation } from "./types.ts";

/** An operation and its checked input. */
export interface BoundOperation extends Subject {
  readonly operation: Operation;
  readonly method: string;
  readonly path: string;
  readonly params: ParameterValues;
  readonly body: unknown;
}

/** The options that openapi-fetch accepts for a request. */
export interface RequestParts {
  readonly params?: ParameterValues;
  readonly headers?: HeadersOptions;
  readonly body?: unknown;
  readonly baseUrl?: string;
}

/** The options that make openapi-fetch send an operation according to its facts. */
export interface PreparedInit extends RequestParts {
  readonly baseUrl: string;
  readonly params: Required<ParameterValues> & { readonly header: Record<string, string | null> };
  readonly pathSerializer: (url: string, values: Readonly<Record<string, unknown>>) => string;
  readonly querySerializer: (values: Readonly<Record<string, unknown>>) => string;
  readonly fetch: (request: Request) => Promise<Response>;
}

/** Stands for an operation that the description does not have. It gets no credentials. */
export const unknownOperation: Operation = {
  method: "get",
  path: "",
  servers: [],
  parameters: {},
  responses: {},
  authentication: [],
};

/** Prepares a request. Without a `call`, the request becomes a call with its own deadline. */
export function prepareInit(
  session: Session,
  operation: Operation,
  { params = {}, headers, body, baseUrl }: RequestParts,
  call?: Call,
): PreparedInit {
  const { path = {}, query, header = {} } = params;
  const prepared = session.prepare(operation);
  const { server } = prepared;
  const defaultHeaders: Record<string, string> = { ...prepared.headers };
  if (prepared.accept) defaultHeaders["accept"] = prepared.accept;
  // A range (RFC 9110 §12.5.1) allows JSON, but is no Content-Type.
  const mediaType = operation.body?.mediaTypes[0]?.replace(/^[*\w]+\/\*/, "application/json");
  if (body !== undefined && mediaType !== undefined) defaultHeaders["content-type"] = mediaType;
  return {
    baseUrl: baseUrl ?? server.href,
    params: {
      path,
      query: { ...prepared.query, ...query },
      header: serializeHeaders(operation, header),
    },
    headers: headers ? mergeHeaders(defaultHeaders, headers) : defaultHeaders,
    ...(body !== undefined && { body }),
    pathSerializer: (url, values) => serializePath(url, operation, values),
    querySerializer: (values) => serializeQuery(operation, values),
    fetch: (request) => sendRequest(session, operation, request, call),
  };
}

/** Sends a request that openapi-fetch and its middleware have built. */
async function sendRequest(
  session: Session,
  operation: Operation,
  request: Request,
  parentCall?: Call,
): Promise<Response> {
  const { url, method } = request;
  const call = parentCall ?? openCall(subjectOf(method, url), request, session.context);
  // A copy: middleware never sees the credentials.
  const headers = new Headers(request.headers);
  const body = await request.arrayBuffer();
  const message = { url, method, headers, body: body.byteLength > 0 ? body : null };
  return restoreBody(await exchange(session, operation, message, call));
}

/**
 * Sends a prepared request without middleware. This skips the Request and Response objects that
 * openapi-fetch would create and nobody would see: they take a tenth of the time of a call on loopback.
 */
export function sendPrepared(
  session: Session,
  { operation, method, path, body }: BoundOperation,
  { baseUrl, params, headers, querySerializer }: PreparedInit,
  call: Call,
): Promise<ParsedResponse> {
  const query = querySerializer(params.query);
  const message = {
    url: removeTrailingSlash(baseUrl) + path + (query && `?${query}`),
    method,
    headers: mergeHeaders(headers, params.header),
    body: body === undefined ? null : JSON.stringify(body),
  };
  return exchange(session, operation, message, call);
}

type RequestMessage = Omit<PreparedRequest, "cookies" | "credentials">;

/** Sends a request, and reads the response as the description says. */
function exchange(
  session: Session,
  operation: Operation,
  { url, method, headers, body }: RequestMessage,
  call: Call,
): Promise<ParsedResponse> {
  const prepared = session.prepare(operation);
  // Middleware may have changed the URL to another server.
  const isApiOrigin = url.startsWith(`${prepared.server.origin}/`);
  if (!isApiOrigin) for (const name in prepared.headers) headers.delete(name);
  const request = {
    url,
    method,
    headers,
    body,
    cookies: "same-origin",
    credentials: isApiOrigin ? prepared.credentials : [],
  } as const;
  return send(session.transport, request, call, async (response) => {
    // The address that a redirect names may grant access, and the body may quote it.
    const location =
      Math.floor(response.status / 100) === 3 && fieldOf(response.headers, "location");
    if (location && URL.canParse(location, url)) session.redactor.addQuery(new URL(location, url));
    const kind = response.ok ? contentKind(operation.responses, method, response) : "json";
    if (kind === "json") return readResponse(call, response);
    if (kind === "stream") {
      const data = boundResponse(call, response, session.idleTimeout);
      return { response: data, data };
    }
    discard(response);
    return { response, data: undefined, text: "" };
  });
}

/** How messages refer to a request: by its method and URL, without the query. */
export function subjectOf(method: string, url: string): Subject {
  const path = url.replace(/[?#].*/, "");
  return { label: `${method} ${path}`, method, path };
}
