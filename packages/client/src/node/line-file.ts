import { createReadStream } from "node:fs";
import { open } from "node:fs/promises";
import { pipeline } from "node:stream";
import { createGunzip } from "node:zlib";
import { isObject } from "@audit-logs/runtime";

const newline = 0x0a;
const openingBrace = 0x7b;
const byteOrderMark = [0xef, 0xbb, 0xbf];

/** The longest unterminated last line, in bytes: it has to be held in memory to be parsed. */
const maxLastLine = 2 ** 28;

/** What was found in a file of JSON Lines. */
export interface LineReport {
  /** The number of lines that are not blank, up to the first fault. */
  readonly events: number;
  /** Whether the file ends in the middle of a line, or of its gzip stream. */
  readonly isCut: boolean;
  /** The first fault, if there is one. */
  readonly fault?: string;
}

/** Whether a file starts with gzip's magic number (RFC 1952 §2.3.1). */
export async function isGzipFile(path: string): Promise<boolean> {
  const file = await open(path);
  try {
    const { buffer } = await file.read(Buffer.alloc(2), 0, 2, 0);
    return buffer[0] === 0x1f && buffer[1] === 0x8b;
  } finally {
    await file.close();
  }
}

/**
 * Counts the events in a file of JSON Lines, in bounded memory. Checks only the first character of each
 * line, and parses the last line if no newline follows it.
 *
 * @throws the reason of the signal; Node's own error if the file cannot be read
 */
export async function inspectLines(
  path: string,
  isGzip: boolean,
  signal?: AbortSignal,
): Promise<LineReport> {
  let events = 0;
  let size = 0;
  let line = 1;
  let isBlank = true;
  let lineStart = 0;
  try {
    for await (const chunk of readContent(path, isGzip)) {
      signal?.throwIfAborted();
      const isMarked = size === 0 && byteOrderMark.every((byte, index) => chunk[index] === byte);
      let at = isMarked ? 3 : 0;
      while (at < chunk.byteLength) {
        const byte = chunk[at] ?? 0;
        // White space in JSON (RFC 8259 §2).
        if (byte === 0x20 || byte === 0x09 || byte === 0x0d) {
          at += 1;
          continue;
        }
        if (isBlank && byte !== newline) {
          if (byte !== openingBrace) {
            return { events, isCut: false, fault: `line ${line}: it is not a JSON object` };
          }
          events += 1;
          isBlank = false;
        }
        const end = chunk.indexOf(newline, at);
        if (end < 0) break;
        at = end + 1;
        line += 1;
        isBlank = true;
        lineStart = size + at;
      }
      size += chunk.byteLength;
    }
    if (isBlank) return { events, isCut: false };
    if (size - lineStart > maxLastLine) {
      const fault = `line ${line}, the last: no newline follows it, and it is longer than ${maxLastLine} bytes`;
      return { events, isCut: false, fault };
    }
    return { events, isCut: !(await isJson(readContent(path, isGzip, lineStart))) };
  } catch (error) {
    // Without `instanceof`: in Jest, Node's errors are not of the realm's class.
    const code = isObject(error) ? error["code"] : undefined;
    if (code === "Z_BUF_ERROR") return { events, isCut: true };
    if (code === "Z_DATA_ERROR") return { events, isCut: false, fault: "its gzip is corrupt" };
    throw error;
  }
}

/**
 * Reads a file from an offset in bytes; of a gzip file, its uncompressed content. A chunk may be overwritten
 * by the next one.
 */
async function* readContent(
  path: string,
  isGzip: boolean,
  start = 0,
): AsyncGenerator<Uint8Array, void, undefined> {
  if (!isGzip) return yield* readBytes(path, start);
  const content = createGunzip({ chunkSize: 2 ** 16 });
  // An error of either stream is thrown by the loop below.
  pipeline(createReadStream(path), content, () => undefined);
  let skipped = 0;
  for await (const chunk of content as AsyncIterable<Uint8Array>) {
    const rest = chunk.subarray(start - skipped);
    skipped += chunk.byteLength - rest.byteLength;
    if (rest.byteLength > 0) yield rest;
  }
}

/** Reads into one buffer: a stream would allocate each chunk, which takes ten times as long as reading it. */
async function* readBytes(
  path: string,
  start: number,
): AsyncGenerator<Uint8Array, void, undefined> {
  const file = await open(path);
  try {
    const buffer = Buffer.allocUnsafeSlow(2 ** 20);
    for (let position = start; ;) {
      const { bytesRead } = await file.read(buffer, 0, buffer.byteLength, position);
      if (bytesRead === 0) return;
      position += bytesRead;
      yield buffer.subarray(0, bytesRead);
    }
  } finally {
    await file.close();
  }
}

async function isJson(content: AsyncIterable<Uint8Array>): Promise<boolean> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of content) chunks.push(Uint8Array.from(chunk));
  try {
    JSON.parse(
      Buffer.concat(chunks)
        .toString()
        .replace(/^\ufeff/, ""),
    );
    return true;
  } catch {
    return false;
  }
}
