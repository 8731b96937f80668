import { withTimeout, type Call } from "./deadline.ts";
import { ClientError } from "./errors/client-error.ts";
import { wrapConnectionError } from "./errors/connection-error.ts";
import { InvalidResponseError } from "./errors/invalid-response-error.ts";
import { isJson } from "./media-type.ts";
import type { Operation } from "./types.ts";

/** What a success holds, by the description: JSON, nothing, or what its reader makes of it. */
export type ContentKind = "json" | "none" | "stream";

/** Says what a success holds, by its status; by the answer, where nothing is described. */
export function contentKind(
  responses: Operation["responses"],
  method: string,
  { status, headers }: Response,
): ContentKind {
  if (method === "HEAD") return "none";
  let mediaTypes = responses[status] ?? responses["2XX"] ?? responses["default"];
  mediaTypes ??= Object.values(responses).flat();
  if (Object.keys(responses).length === 0) mediaTypes = [headers.get("content-type") ?? ""];
  if (mediaTypes.length === 0) return "none";
  return mediaTypes.some(isJson) ? "json" : "stream";
}

/** An answer, and what it holds. */
export interface Answer {
  readonly response: Response;
  /** Of a success, what is described; of a failure, JSON if it is JSON, or else text. */
  readonly data: unknown;
  /** The body, if it was read. */
  readonly text?: string;
}

/**
 * Reads the whole body.
 *
 * @param isData whether it is what was asked for, and must be JSON: by default, that of a success
 * @throws ConnectionError; InvalidResponseError if it is not JSON
 */
export async function readAnswer(
  call: Call,
  response: Response,
  isData: boolean = response.ok,
): Promise<Answer> {
  let text = await readText(call, response);
  if (!isData) text = call.redact?.(text) ?? text;
  try {
    return { response, text, data: JSON.parse(text) };
  } catch {
    // The cause would quote the answer.
    if (isData) throw new InvalidResponseError(call, "it is not JSON", true);
    return { response, text, data: text || undefined };
  }
}

/** The longest answer that is read as a whole, in bytes. */
const maxLength = 2 ** 24;

async function readText(call: Call, response: Response): Promise<string> {
  const { body, headers } = response;
  const length = headers.has("content-encoding") ? null : headers.get("content-length");
  const isShort = length !== null && Number(length) <= maxLength;
  if (isShort || !body || !isWebStream(body)) {
    return wrapConnectionError(call, brokeOff, () => response.text());
  }
  const decoder = new TextDecoder();
  let left = maxLength;
  let text = "";
  // The attempt has a time.
  for await (const chunk of readBody(call, body, Number.POSITIVE_INFINITY)) {
    left -= chunk.byteLength;
    if (left < 0) throw new InvalidResponseError(call, `it is longer than ${maxLength} bytes`);
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}

const brokeOff = "the connection broke off";

/** Whether a body is what the standard says: those of some libraries for `fetch` are other streams. */
function isWebStream(body: object): boolean {
  return "getReader" in body;
}

/** Gives a response that was read its text again. A new one would cost as much as a request. */
export function restoreBody({ response, text }: Answer): Response {
  if (text === undefined) return response;
  const copy = (): Response =>
    // One that a script may not see cannot be copied, and some statuses can have no body.
    response.status === 0 ? response : new Response(text || null, response);
  return Object.defineProperties(response, {
    text: { value: async () => text },
    json: { value: async (): Promise<unknown> => (text ? JSON.parse(text) : undefined) },
    clone: { value: copy },
    bodyUsed: { value: false },
    body: { get: () => copy().body },
  });
}

/** A response whose body keeps to the times of its call, and fails with the client's errors. */
export function boundResponse(call: Call, response: Response, idleTimeout: number): Response {
  const { body } = response;
  if (!body) return response;
  const chunks = readBody(call, body, idleTimeout);
  const bounded = new ReadableStream<Uint8Array<ArrayBuffer>>(
    {
      async pull(controller) {
        const { done, value } = await chunks.next();
        if (done) controller.close();
        else controller.enqueue(value);
      },
      async cancel() {
        await chunks.return();
        discard(response);
      },
    },
    { highWaterMark: 0 },
  );
  return new Response(bounded, response);
}

/** Reads a body chunk by chunk, with a limit for its silence, in milliseconds. */
export async function* readBody(
  call: Call,
  body: NonNullable<Response["body"]> | undefined,
  idleTimeout: number,
): AsyncGenerator<Uint8Array<ArrayBuffer>, void, undefined> {
  if (!body || !isWebStream(body)) {
    throw new ClientError(call, "the client's fetch gives no web streams; give it one that does");
  }
  const reader = body.getReader();
  try {
    for (;;) {
      const { done, value } = await withTimeout(call, idleTimeout, "idle", () =>
        wrapConnectionError(call, brokeOff, () => reader.read()),
      );
      if (done) return;
      yield value;
    }
  } finally {
    reader.cancel().catch(() => undefined);
  }
}

/** Lets go of an answer that nobody reads, and of its connection. */
export function discard(response: Response): void {
  // The streams of some libraries have no such function.
  response.body?.cancel?.().catch(() => undefined);
}
