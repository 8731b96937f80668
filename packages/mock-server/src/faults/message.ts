import { STATUS_CODES } from "node:http";
import type { Answer } from "../response.ts";

/** The framing header of a body with this number of bytes. */
export function contentLength(bytes: number): Readonly<Record<string, string>> {
  return { "Content-Length": String(bytes) };
}

/**
 * The status line and headers of an answer (RFC 9112 §2.1), with the given framing headers. They announce
 * that the connection closes, unless the framing says otherwise.
 */
export function headOf(
  { status, headers }: Answer,
  framing: Readonly<Record<string, string>>,
): string {
  const fields = Object.entries({ ...headers, Connection: "close", ...framing });
  const lines = fields.map(([name, value]) => `${name}: ${value}\r\n`);
  return `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ""}\r\n${lines.join("")}\r\n`;
}

/** An answer with a body in these chunks (RFC 9112 §7.1), without the last chunk that ends the body. */
export function chunked(answer: Answer, chunks: readonly Buffer[]): Buffer {
  return Buffer.concat([
    Buffer.from(headOf(answer, { "Transfer-Encoding": "chunked" })),
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
export function halfOf(body: Answer["body"]): Buffer {
  const bytes = Buffer.from(body);
  return bytes.subarray(0, bytes.length >> 1);
}
