import { STATUS_CODES } from "node:http";
import type { PreparedResponse } from "../response.ts";

/** The framing header of a body with this number of bytes. */
export function contentLength(bytes: number): Readonly<Record<string, string>> {
  return { "Content-Length": String(bytes) };
}

/**
 * The status line and headers of a response (RFC 9112 §2.1), with the given framing headers. They announce
 * that the connection closes, unless the framing says otherwise.
 */
export function headOf(
  { status, headers }: PreparedResponse,
  framing: Readonly<Record<string, string>>,
): string {
  const fields = Object.entries({ ...headers, Connection: "close", ...framing });
  const lines = fields.map(([name, value]) => `${name}: ${value}\r\n`);
  return `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ""}\r\n${lines.join("")}\r\n`;
}

/** A response with a body in these chunks (RFC 9112 §7.1), without the last chunk that ends the body. */
export function chunked(response: PreparedResponse, chunks: readonly Buffer[]): Buffer {
  return Buffer.concat([
    Buffer.from(headOf(response, { "Transfer-Encoding": "chunked" })),
    ...chunks.flatMap((chunk) => [
      Buffer.from(`${chunk.length.toString(16)}\r\n`),
      chunk,
      Buffer.from("\r\n"),
    ]),
  ]);
}

/** Ends a chunked body. */
export const lastChunk = "0\r\n\r\n";

/** The first half of a body. */
export function halfOf(body: PreparedResponse["body"]): Buffer {
  const bytes = Buffer.from(body);
  return bytes.subarray(0, bytes.length >> 1);
}
