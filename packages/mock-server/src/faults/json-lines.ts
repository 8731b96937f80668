import { hugeLineAfter } from "./huge-line.ts";
import type { FaultImplementation } from "./fault-kind.ts";
import { chunked, lastChunk } from "./message.ts";
import { fullFileFault } from "./file-fault.ts";

export type JsonLinesFaultName =
  | "split-utf8"
  | "bom"
  | "crlf"
  | "split-crlf"
  | "blank-lines"
  | "no-final-newline"
  | "bad-line"
  | "huge-line"
  | "line-separator"
  | "invalid-utf8"
  | "empty-file";

/** Changes the lines of a complete file. Parts are never parsed separately. */
function ofLines(
  number: number,
  summary: string,
  change: (file: Buffer) => Buffer | string,
): FaultImplementation {
  return fullFileFault(number, summary, (response, { body }) => ({
    ...response,
    body: change(body),
  }));
}

/** Splits a file into chunks at awkward places. */
function inChunks(
  number: number,
  summary: string,
  split: (file: Buffer) => readonly Buffer[],
): FaultImplementation {
  return fullFileFault(number, summary, (response, { body }) => (socket) => {
    socket.write(chunked(response, split(body)));
    socket.end(lastChunk);
  });
}

/** Inserts a member at the start of the first event of a file. */
function insertMember(file: Buffer, member: Buffer): Buffer {
  return Buffer.concat([file.subarray(0, 1), member, Buffer.from(","), file.subarray(1)]);
}

const toCrlf = (file: Buffer): string => String(file).replaceAll("\n", "\r\n");

export const jsonLinesFaults: Readonly<Record<JsonLinesFaultName, FaultImplementation>> = {
  "split-utf8": inChunks(61, "a chunk for each byte", (file) =>
    Array.from(file, (byte) => Buffer.of(byte)),
  ),
  bom: ofLines(62, "a byte order mark at the start", (file) => `\ufeff${String(file)}`),
  crlf: ofLines(63, "lines that end with CRLF", toCrlf),
  "split-crlf": inChunks(64, "the CR and LF of a line in different chunks", (file) =>
    toCrlf(file)
      .split(/(?<=\r)/)
      .map((text) => Buffer.from(text)),
  ),
  "blank-lines": ofLines(65, "a blank line after each line", (file) =>
    String(file).replaceAll("\n", "\n\n"),
  ),
  "no-final-newline": ofLines(66, "no newline at the end", (file) => file.subarray(0, -1)),
  "bad-line": ofLines(67, "a first line that is not JSON", (file) => `not JSON\n${String(file)}`),
  "huge-line": fullFileFault(68, "a last line of 17 MiB", hugeLineAfter),
  "line-separator": ofLines(69, "U+2028 inside a string", (file) =>
    insertMember(file, Buffer.from(`"separator":"a\u2028b"`)),
  ),
  "invalid-utf8": ofLines(70, "the byte 0xFF inside a string", (file) =>
    insertMember(file, Buffer.from(`"invalid":"\u00ff"`, "latin1")),
  ),
  "empty-file": ofLines(71, "an empty file", () => ""),
};
