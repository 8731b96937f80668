import { copyResponse } from "./copy-response.ts";
import { fieldOf } from "./header.ts";

/** How many bytes wait for a slow reader. */
const maxWaiting = 2 ** 25;
/** How many bytes at the end of a body are read even if so many are waiting. */
const tail = 2 ** 20;

/**
 * Reads a response before its reader asks for it, if its headers show that its server is going to close the
 * connection. If that happens while a body waits for its reader, Node.js 22 and 24 end the process with an
 * error that nothing can catch (nodejs/undici#5360). HTTP/1.0 with a Content-Length looks like HTTP/1.1, which
 * keeps the connection open.
 */
export function readAhead(response: Response): Response {
  const { body, headers, type } = response;
  const length = headers.get("content-length");
  // Otherwise the body ends when the connection closes. Browsers hide headers of other origins ("cors").
  const hasEnd = length ?? headers.get("transfer-encoding") ?? type !== "basic";
  const closes = !hasEnd || /close/i.test(fieldOf(headers, "connection"));
  // The streams of some libraries have no `getReader`.
  if (!closes || !body?.getReader) return response;
  const reader = body.getReader();
  let left = Number(length) || Infinity;
  let failure: unknown;
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
          failure = error;
          controller.close();
        }
        return undefined;
      },
      cancel: (reason) => reader.cancel(reason),
    },
    { highWaterMark: maxWaiting, size: (chunk) => chunk.byteLength },
  );
  const flush = (): void => {
    if (failure) throw failure;
  };
  return copyResponse(
    waiting.pipeThrough(
      new TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>>({ flush }),
    ),
    response,
  );
}
