import { pipeline, Readable } from "node:stream";
import { createGzip } from "node:zlib";
import type { PreparedResponse, RawResponse } from "../response.ts";
import { headOf } from "./message.ts";

/**
 * More than the longest line that the client reads by default (16 MiB), and less than it reads ahead of a
 * slow reader (32 MiB). With more, Node.js may crash: row 5 of the client's FAULTS.md.
 */
const size = 2 ** 24 + 2 ** 20;

/** An event of 17 MiB, generated while it is sent. */
function* hugeLine(): Generator<Buffer> {
  const chunk = Buffer.alloc(2 ** 16, "x");
  yield Buffer.from(`{"text":"`);
  for (let rest = size; rest > 0; rest -= chunk.length) yield chunk.subarray(0, rest);
  yield Buffer.from(`"}\n`);
}

// A body without a length ends with its connection (RFC 9112 §6.3). If the client hangs up, that is not an
// error of the server.

/** Sends the file, and then a huge line. */
export function hugeLineAfter(response: PreparedResponse): RawResponse {
  return (socket) => {
    socket.write(headOf(response, {}));
    socket.write(response.body);
    pipeline(Readable.from(hugeLine()), socket, () => undefined);
  };
}

/** Sends a huge line in gzip, which is a thousand times shorter. */
export function gzippedHugeLine(response: PreparedResponse): RawResponse {
  return (socket) => {
    socket.write(headOf(response, { "Content-Encoding": "gzip" }));
    pipeline(Readable.from(hugeLine()), createGzip(), socket, () => undefined);
  };
}
