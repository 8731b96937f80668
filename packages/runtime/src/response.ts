import { copyResponse } from "./copy-response.ts";
import { CloseSignal, onAbort, withTimeout, type Call } from "./deadline.ts";
import { ClientError, redactionMargin, redactStart } from "./errors/client-error.ts";
import { ConnectionError, wrapConnectionError } from "./errors/connection-error.ts";
import { InvalidResponseError } from "./errors/invalid-response-error.ts";
import { isJson } from "./media-type.ts";
import { readAhead, streamFault } from "./read-ahead.ts";
import type { Operation } from "./types.ts";

/** The content of a successful response, by the description: JSON, nothing, or a stream for the caller. */
export type ContentKind = "json" | "none" | "stream";

/** Finds the kind of a success by its status; by its Content-Type, if the operation describes no response. */
export function contentKind(
  responses: Operation["responses"],
  method: string,
  { status, headers }: Response,
): ContentKind {
  const described = responses[status];
  // RFC 9110 §9.3.2, §15.3.5 and §15.3.6, whatever content is described.
  if (method === "HEAD" || (described && [204, 205].includes(status))) return "none";
  let mediaTypes = described ?? responses["2XX"] ?? responses["default"];
  if (!mediaTypes) {
    const all = Object.values(responses);
    mediaTypes = all.length > 0 ? all.flat() : [String(headers.get("content-type"))];
  }
  if (mediaTypes.length === 0) return "none";
  return mediaTypes.some(isJson) ? "json" : "stream";
}

/** A response, and its content. */
export interface ParsedResponse {
  readonly response: Response;
  /** For a success, the content as described; for a failure, the parsed JSON, or else the text. */
  readonly data: unknown;
  /** The body, if it has been read. */
  readonly text?: string;
}

/**
 * Reads the complete body of a success, or up to 1 MiB of the body of a failure.
 *
 * @param isData whether the body is the requested data, and so must be JSON; true for a success by default
 * @throws ConnectionError if the body of a success breaks off; InvalidResponseError if data is not JSON
 */
export async function readResponse(
  call: Call,
  response: Response,
  isData: boolean = response.ok,
): Promise<ParsedResponse> {
  let text = "";
  try {
    text = await readText(call, response, isData);
  } catch (error) {
    // The status of a failure says enough.
    if (isData || !(error instanceof ConnectionError)) throw error;
  }
  if (!isData) text = (call.redact?.(text) ?? text).slice(0, excerptLength);
  try {
    return { response, text, data: JSON.parse(text) };
  } catch {
    // The cause would quote the body.
    if (isData) throw new InvalidResponseError(call, "it is not JSON", true);
    return { response, text, data: text || undefined };
  }
}

/** How much is kept of the body of a failure, in characters. */
const excerptLength = 2 ** 20;

async function readText(call: Call, response: Response, isData: boolean): Promise<string> {
  const maxLength = isData ? 2 ** 24 : excerptLength + redactionMargin;
  const { body, headers } = response;
  // A browser does not reveal the encoding of a response from another origin.
  const isEncoded = response.type === "cors" || headers.has("content-encoding");
  const length = isEncoded ? null : headers.get("content-length");
  const isShort = length !== null && Number(length) <= maxLength;
  // Some `fetch` libraries have other streams.
  if (isShort || !body?.getReader) {
    return await wrapConnectionError(call, connectionLost, () => response.text());
  }
  const decoder = new TextDecoder();
  let left = maxLength;
  let text = "";
  // No idle timeout: the attempt has its own.
  for await (const chunk of readBody(call, body, Infinity)) {
    left -= chunk.byteLength;
    if (left < 0) {
      if (isData) throw new InvalidResponseError(call, `it is longer than ${maxLength} bytes`);
      return redactStart(call.redact, text + decoder.decode(chunk.subarray(0, left)));
    }
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}

const connectionLost = "the connection was lost";

/** Makes the body of a read response readable again, as often as a middleware likes; of a copy, if it is frozen. */
export function restoreBody({ response, text }: ParsedResponse): Response {
  // An opaque response (status 0) has no body, and cannot be copied.
  if (text === undefined || response.status === 0) return response;
  // Some statuses cannot have a body.
  const copy = (): Response & { readonly bytes?: unknown } => copyResponse(text || null, response);
  const restored = Object.isExtensible(response) ? response : copy();
  // What is not configurable, a Proxy could not pass on.
  const configurable = true;
  for (const name of ["text", "arrayBuffer", "blob", "bytes", "formData"] as const) {
    const read = (): unknown => (copy() as Record<typeof name, () => unknown>)[name]();
    if (name in restored) Object.defineProperty(restored, name, { value: read, configurable });
  }
  const parse = async (): Promise<unknown> => (text ? JSON.parse(text) : undefined);
  return Object.defineProperties(restored, {
    json: { value: parse, configurable },
    clone: { value: copy, configurable },
    bodyUsed: { value: false, configurable },
    body: { get: () => copy().body, configurable },
  });
}

/** A response whose body is subject to the timeouts of the call, and fails with the client's errors. */
export function limitResponse(call: Call, received: Response, idleTimeout: number): Response {
  // Some `fetch` libraries have no streams at all.
  const response = received.body ? readAhead(call, received) : received;
  const { body } = response;
  if (!body) return response;
  const closeSignal = new CloseSignal();
  const chunks = readBody({ ...call, closeSignal }, body, idleTimeout);
  // The caller may never read it.
  const unsubscribe = discardOnAbort(call, response);
  const limited = new ReadableStream<Uint8Array<ArrayBuffer>>(
    {
      async pull(controller) {
        unsubscribe?.();
        const { done, value } = await chunks.next();
        if (done) controller.close();
        else controller.enqueue(value);
      },
      async cancel() {
        unsubscribe?.();
        // A read that is pending would delay the release.
        closeSignal.abort();
        await chunks.return();
        discard(response);
      },
    },
    { highWaterMark: 0 },
  );
  return copyResponse(limited, response);
}

/** Reads a body chunk by chunk. No chunk may take longer than `idleTimeout`, in milliseconds. */
export async function* readBody(
  call: Call,
  body: NonNullable<Response["body"]>,
  idleTimeout: number,
): AsyncGenerator<Uint8Array<ArrayBuffer>, void, undefined> {
  const reader = body.getReader();
  const release = (): void => void reader.cancel().catch(() => undefined);
  // It may abort while the caller is busy with a chunk.
  const unsubscribe = call.signal && onAbort(call.signal, release);
  try {
    for (;;) {
      const { done, value } = await withTimeout(call, idleTimeout, "idle", () =>
        wrapConnectionError(call, connectionLost, () => reader.read()),
      );
      if (done) return;
      // Not `instanceof`: in a VM, as in Jest, the platform's objects belong to another realm.
      const isBytes: boolean = ArrayBuffer.isView(value);
      if (!isBytes) throw new ClientError(call, streamFault);
      yield value;
    }
  } finally {
    unsubscribe?.();
    release();
  }
}

/**
 * Releases a response when the signal of its call aborts, unless it is read before: `unsubscribe` prevents that.
 * A signal may outlive its calls, so it does not keep a response that its caller has dropped.
 */
export function discardOnAbort({ signal }: Call, response: Response): (() => void) | undefined {
  const reference = new WeakRef(response);
  return signal && onAbort(signal, () => discard(reference.deref()));
}

/** Releases a response that nobody will read, and its connection. */
export function discard(response: Response | undefined): void {
  const body: { cancel?(): Promise<void>; destroy?(): void } | null | undefined = response?.body;
  // Some libraries have Node's streams.
  if (body?.cancel) body.cancel().catch(() => undefined);
  else body?.destroy?.();
}
