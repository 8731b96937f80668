import { createReadStream } from "node:fs";
import { Failure } from "./failure.ts";

const newline = 0x0a;
const openingBrace = 0x7b;
/** The white space of JSON (RFC 8259 §2), and the bytes of a byte order mark. */
const blanks = [0x20, 0x09, 0x0d, 0xef, 0xbb, 0xbf];

/** Checks JSON Lines while they pass: the first character of each line, and a last line without a newline. */
export function createLineCheck(): {
  /** Returns the fault of the first line that is not an object. */
  add(chunk: Uint8Array): string | undefined;
  /** The number of lines that are not blank, and whether the last one is truncated. */
  end(): { readonly count: number; readonly isCut: boolean };
} {
  let line = 1;
  let count = 0;
  let isBlank = true;
  let last: Uint8Array[] = [];
  return {
    add(chunk) {
      let at = 0;
      while (at < chunk.byteLength) {
        const byte = chunk[at] ?? newline;
        if (isBlank && blanks.includes(byte)) {
          at += 1;
          continue;
        }
        if (isBlank && byte !== newline) {
          if (byte !== openingBrace) return `line ${line}: it is not a JSON object`;
          count += 1;
          isBlank = false;
        }
        const end = chunk.indexOf(newline, at);
        if (end < 0) break;
        at = end + 1;
        line += 1;
        isBlank = true;
        last = [];
      }
      last.push(chunk.slice(at));
      return undefined;
    },
    end: () => ({ count, isCut: !isBlank && !isJson(last) }),
  };
}

function isJson(chunks: readonly Uint8Array[]): boolean {
  try {
    JSON.parse(Buffer.concat(chunks).toString());
    return true;
  } catch {
    return false;
  }
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
