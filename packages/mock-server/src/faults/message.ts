import { STATUS_CODES } from "node:http";
import type { Answer } from "../answer.ts";

/** The framing of a body of so many bytes. */
export function contentLength(bytes: number): Readonly<Record<string, string>> {
  return { "Content-Length": String(bytes) };
}

/**
 * The head of an answer as it goes over the wire (RFC 9112 §2.1), with the framing that it is given.
 * It says that the connection closes, since nothing is to follow, unless the framing says otherwise.
 */
export function headOf(
  { status, headers }: Answer,
  framing: Readonly<Record<string, string>>,
): string {
  const fields = Object.entries({ ...headers, Connection: "close", ...framing });
  const lines = fields.map(([name, value]) => `${name}: ${value}\r\n`);
  return `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ""}\r\n${lines.join("")}\r\n`;
}

/** An answer whose body goes in these chunks (RFC 9112 §7.1), without the last one, which ends it. */
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

/** What ends a chunked body. */
export const lastChunk = "0\r\n\r\n";

/** The first half of a body. */
export function halfOf(body: Answer["body"]): Buffer {
  const bytes = Buffer.from(body);
  return bytes.subarray(0, bytes.length >> 1);
}
