import { createReadStream } from "node:fs";
import { open } from "node:fs/promises";
import { pipeline } from "node:stream";
import { createGunzip } from "node:zlib";
import { isObject } from "@audit-logs/runtime";
import { createLineCheck, type LineReport } from "./line-check.ts";

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
 * Checks a file of JSON Lines. A gzip stream that ends too early counts as cut.
 *
 * @throws the reason of the signal; Node's own error if the file cannot be read
 */
export async function inspectLines(
  path: string,
  isGzip: boolean,
  signal?: AbortSignal,
): Promise<LineReport> {
  const check = createLineCheck();
  try {
    for await (const chunk of isGzip ? readGzip(path) : readBytes(path)) {
      signal?.throwIfAborted();
      if (check.add(chunk) !== undefined) break;
    }
    return check.end();
  } catch (error) {
    // Without `instanceof`: in Jest, Node's errors are not of the realm's class.
    const code = isObject(error) ? error["code"] : undefined;
    if (code === "Z_BUF_ERROR") return { ...check.end(), isCut: true };
    if (code === "Z_DATA_ERROR") return { ...check.end(), fault: "its gzip is corrupt" };
    throw error;
  }
}

function readGzip(path: string): AsyncIterable<Uint8Array> {
  const content = createGunzip({ chunkSize: 2 ** 16 });
  // An error of either stream is thrown by the loop that reads.
  return pipeline(createReadStream(path), content, () => undefined);
}

/**
 * Reads into one buffer: a stream would allocate each chunk, which takes ten times as long as reading it. So each
 * chunk overwrites the one before.
 */
async function* readBytes(path: string): AsyncGenerator<Uint8Array, void, undefined> {
  const file = await open(path);
  try {
    const buffer = Buffer.allocUnsafeSlow(2 ** 20);
    for (let position = 0; ;) {
      const { bytesRead } = await file.read(buffer, 0, buffer.byteLength, position);
      if (bytesRead === 0) return;
      position += bytesRead;
      yield buffer.subarray(0, bytesRead);
    }
  } finally {
    await file.close();
  }
}
