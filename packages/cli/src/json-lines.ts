import { createReadStream } from "node:fs";
import { Failure } from "./failure.ts";

const newline = 0x0a;
const blanks = [0x20, 0x09, 0x0d];

/** Counts the lines of a stream of bytes that are not blank. */
export function countLines(): { add(chunk: Uint8Array): void; end(): number } {
  let count = 0;
  let isBlank = true;
  return {
    add(chunk) {
      let at = 0;
      while (at < chunk.byteLength) {
        const byte = chunk[at] ?? newline;
        if (byte === newline) {
          isBlank = true;
          at += 1;
        } else if (isBlank && blanks.includes(byte)) {
          at += 1;
        } else {
          if (isBlank) count += 1;
          isBlank = false;
          const end = chunk.indexOf(newline, at);
          at = end < 0 ? chunk.byteLength : end;
        }
      }
    },
    end: () => count,
  };
}

/**
 * Reads the lines of a file that are not blank, without their line breaks. A line ends with LF only.
 *
 * @param fatal whether to fail if the file is not UTF-8, and not to replace what is invalid
 */
export async function* readLines(
  path: string,
  { fatal = true }: { readonly fatal?: boolean } = {},
): AsyncGenerator<string, void, undefined> {
  const decoder = new TextDecoder("utf-8", { fatal });
  const decode = (chunk?: Uint8Array): string => {
    try {
      return decoder.decode(chunk, { stream: chunk !== undefined });
    } catch (cause) {
      throw new Failure(`${path} is not UTF-8`, { cause });
    }
  };
  let rest = "";
  for await (const chunk of createReadStream(path)) {
    const lines = (rest + decode(chunk)).split("\n");
    rest = lines.pop() ?? "";
    yield* lines.map((line) => line.trimEnd()).filter(Boolean);
  }
  rest = (rest + decode()).trimEnd();
  if (rest !== "") yield rest;
}
