import { mergeHeaders, type HeadersOptions } from "openapi-fetch";
import { callBack, type Call } from "./deadline.ts";
import type { Subject } from "./errors/client-error.ts";
import { fieldOf } from "./header.ts";
import {
  serializeHeaders,
  serializePath,
  serializeQuery,
  type ParameterValues,
} from "./parameters.ts";
import {
  limitResponse,
  contentKind,
  discard,
  readResponse,
  restoreBody,
  type ParsedResponse,
} from "./response.ts";
import type { PreparedOperation } from "./prepare.ts";
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
  readonly signal?: AbortSignal | null;
}

/** The options that make openapi-fetch send an operation according to its facts. */
export interface PreparedInit extends RequestParts {
  readonly baseUrl: string;
  readonly params: Required<ParameterValues> & { readonly header: Record<string, string | null> };
  readonly pathSerializer: (url: string, values: Readonly<Record<string, unknown>>) => string;
  readonly querySerializer: (values: Readonly<Record<string, unknown>>) => string;
  readonly fetch: (request: Request) => Promise<Response>;
}

/**
 * Passes the options for openapi-fetch to `work`. The limits of the call hold while middleware runs, too, and a
 * response that it loses is released.
 */
export async function withPreparedInit<T>(
  session: Session,
  operation: Operation,
  parts: RequestParts,
  call: Call,
  work: (init: PreparedInit) => Promise<T>,
): Promise<T> {
  let received: Response | undefined;
  const init = prepareInit(session, operation, parts, async (request) => {
    received = await sendRequest(session, operation, request, call);
    return received;
  });
  try {
    return await callBack(call, work, init);
  } catch (error) {
    discard(received);
    throw error;
  }
}

function prepareInit(
  session: Session,
  operation: Operation,
  { params = {}, headers, body, baseUrl }: RequestParts,
  fetch: PreparedInit["fetch"],
): PreparedInit {
  const { path = {}, query, header } = params;
  const prepared = session.prepare(operation);
  return {
    baseUrl: baseUrl ?? prepared.baseUrl,
    params: {
      path,
      query: { ...prepared.query, ...query },
      header: serializeHeaders(operation, header),
    },
    headers: mergeHeaders(defaultHeaders(prepared, body), headers),
    ...(body !== undefined && { body }),
    pathSerializer: (url, values) =>
      url.slice(0, -operation.path.length) + serializePath(operation, values),
    querySerializer: (values) => serializeQuery(operation, values),
    fetch,
  };
}

/** The headers that every request of an operation has. */
function defaultHeaders(
  { headers, accept, contentType }: PreparedOperation,
  body: unknown,
): Record<string, string> {
  const all: Record<string, string> = { ...headers };
  if (accept) all["accept"] = accept;
  if (body !== undefined && contentType !== undefined) all["content-type"] = contentType;
  return all;
}

/** Sends a request that openapi-fetch and its middleware have built. */
async function sendRequest(
  session: Session,
  operation: Operation,
  request: Request,
  call: Call,
): Promise<Response> {
  const { url, method } = request;
  const prepared = session.prepare(operation);
  // A copy: middleware never sees the credentials.
  const headers = Object.fromEntries(request.headers);
  const body = await request.arrayBuffer();
  // Middleware may have changed the URL to another server.
  const isApiOrigin = url.startsWith(`${new URL(prepared.baseUrl).origin}/`);
  if (!isApiOrigin) for (const name in prepared.headers) delete headers[name];
  const message = {
    url,
    method,
    headers,
    body: body.byteLength > 0 ? body : null,
    credentials: isApiOrigin ? prepared.credentials : [],
  };
  return restoreBody(await exchange(session, operation, message, call));
}

/**
 * Sends a request without middleware. This skips the Request and Response objects that openapi-fetch would
 * create and nobody would see: with them, a call on loopback takes half as long again.
 */
export function sendDirectly(
  session: Session,
  { operation, method, path, params, body }: BoundOperation,
  call: Call,
): Promise<ParsedResponse> {
  const prepared = session.prepare(operation);
  const query = serializeQuery(operation, { ...prepared.query, ...params.query });
  const headers = defaultHeaders(prepared, body);
  for (const [name, value] of Object.entries(serializeHeaders(operation, params.header))) {
    if (value === null) delete headers[name];
    else headers[name] = value;
  }
  const message = {
    url: prepared.baseUrl + path + (query && `?${query}`),
    method,
    headers,
    body: body === undefined ? null : JSON.stringify(body),
    credentials: prepared.credentials,
  };
  return exchange(session, operation, message, call);
}

/** Sends a request, and reads the response as the description says. */
function exchange(
  session: Session,
  operation: Operation,
  message: Omit<PreparedRequest, "cookies">,
  call: Call,
): Promise<ParsedResponse> {
  const { url, method } = message;
  return send(session.transport, message, call, async (response) => {
    const { ok, status, headers } = response;
    if (status >= 300 && status < 400) {
      // The URL that a redirect leads to may grant access, and the body may quote it.
      const location = fieldOf(headers, "location");
      if (location && URL.canParse(location, url))
        session.redactor.addQuery(new URL(location, url));
    }
    const kind = ok ? contentKind(operation.responses, method, response) : "json";
    if (kind === "json") return readResponse(call, response);
    if (kind === "stream") {
      const data = limitResponse(call, response, session.idleTimeout);
      return { response: data, data };
    }
    discard(response);
    return { response, data: undefined, text: "" };
  });
}
