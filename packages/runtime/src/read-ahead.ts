import { copyResponse } from "./copy-response.ts";
import { ClientError, type Subject } from "./errors/client-error.ts";
import { fieldOf } from "./header.ts";

/** What is wrong with a `fetch` whose bodies cannot be streamed. */
export const streamFault = "the client's fetch returns no web streams of bytes; pass one that does";

/** How many bytes wait for a slow reader. */
const maxWaiting = 2 ** 25;
/** How many bytes at the end of a body are read even if so many are waiting. */
const tail = 2 ** 20;

/**
 * Reads a response before its reader asks for it, if its headers show that its server is going to close the
 * connection. If that happens while a body waits for its reader, Node.js 22 and 24 end the process with an
 * error that nothing can catch (nodejs/undici#5360). HTTP/1.0 with a Content-Length looks like HTTP/1.1, which
 * keeps the connection open.
 *
 * @throws ClientError if the body is no web stream; in an attempt, which then aborts its request: closing the
 *   streams of some libraries would leave the connection open
 */
export function readAhead(subject: Subject, response: Response): Response {
  const { body, headers, type } = response;
  if (body === null) return response;
  if (!body?.getReader) throw new ClientError(subject, streamFault);
  const length = headers.get("content-length");
  // Otherwise the body ends when the connection closes. Browsers hide headers of other origins ("cors").
  const hasEnd = length ?? headers.get("transfer-encoding") ?? type !== "basic";
  const closes = !hasEnd || /close/i.test(fieldOf(headers, "connection"));
  if (!closes) return response;
  const reader = body.getReader();
  let left = Number(length) || Infinity;
  let flush: (() => void) | undefined;
  const waiting = new ReadableStream<Uint8Array<ArrayBuffer>>(
    {
      async pull(controller) {
        try {
          do {
            const { done, value } = await reader.read();
            if (done) return controller.close();
            controller.enqueue(value);
            left -= value.byteLength;
            // Compressed content is longer than announced, without a limit.
          } while (left > 0 && left <= tail);
        } catch (error) {
          // What has arrived comes first.
          flush = () => {
            throw error;
          };
          controller.close();
        }
        return undefined;
      },
      cancel: (reason) => reader.cancel(reason),
    },
    { highWaterMark: maxWaiting, size: (chunk) => chunk.byteLength },
  );
  return copyResponse(
    waiting.pipeThrough(
      new TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>>({
        flush: () => flush?.(),
      }),
    ),
    response,
  );
}
