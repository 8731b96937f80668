import { expect, test, vi } from "vitest";
import { createLineDecoder } from "../src/lines.ts";

/** Pushes the chunks, text as UTF-8, and returns all lines, including the unfinished last one. */
function decode(chunks: readonly (string | readonly number[])[], maxLength = 1000) {
  const decoder = createLineDecoder(maxLength);
  const lines: string[] = [];
  for (const chunk of chunks) {
    const bytes = typeof chunk === "string" ? Buffer.from(chunk) : Uint8Array.from(chunk);
    const decoded = decoder.push(bytes);
    lines.push(...decoded.lines);
    if (decoded.fault !== undefined) return { lines, fault: decoded.fault };
  }
  const { lines: last, fault } = decoder.end();
  lines.push(...last);
  return fault === undefined ? { lines } : { lines, fault };
}

const bom = [0xef, 0xbb, 0xbf];
const [a, lf] = [0x61, 0x0a];

test.each<[string, (string | number[])[], string[]]>([
  ["nothing", [], [""]],
  ["an empty chunk", [""], [""]],
  ["a newline", ["\n"], ["", ""]],
  ["a line without a newline", ["a"], ["a"]],
  ["a line with a newline", ["a\n"], ["a", ""]],
  ["two lines in a chunk", ["a\nb"], ["a", "b"]],
  ["a line in three chunks", ["a", "b", "c\n"], ["abc", ""]],
  ["empty chunks in between", ["a", "", "b\n", "", "c"], ["ab", "c"]],
  ["a newline in a separate chunk", ["a", "\n", "b"], ["a", "b"]],
  [
    "a chunk with the end of a line, a complete line and the start of a line",
    ["a", "b\nc\nd", "e"],
    ["ab", "c", "de"],
  ],
  ["blank lines", ["a\n\n\nb"], ["a", "", "", "b"]],
  ["blank lines in separate chunks", ["a\n", "\n", "\n", "b"], ["a", "", "", "b"]],
  ["CRLF", ["a\r\nb\r\n"], ["a", "b", ""]],
  ["CR and LF in different chunks", ["a\r", "\nb"], ["a", "b"]],
  ["CR and LF in separate chunks", ["a", "\r", "\n", "b"], ["a", "b"]],
  ["CRLF and LF alternating", ["a\r\nb\nc\r\n"], ["a", "b", "c", ""]],
  ["a CR inside a line", ["a\rb\n"], ["a\rb", ""]],
  ["two CRs before an LF", ["a\r\r\n"], ["a\r", ""]],
  ["a CR at the end", ["a\r"], ["a"]],
  ["Unicode line separators", ["a\u2028b\u2029c\u0085d\n"], ["a\u2028b\u2029c\u0085d", ""]],
  ["two bytes in two chunks", [[0xc3], [0xa4, lf]], ["ä", ""]],
  ["three bytes in three chunks", [[0xe2], [0x82], [0xac]], ["€"]],
  [
    "four bytes, split in the middle",
    [
      [a, 0xf0, 0x9f],
      [0x98, 0x80, lf, a],
    ],
    ["a😀", "a"],
  ],
  ["a byte order mark", [[...bom, a]], ["a"]],
  ["a byte order mark in pieces", [[0xef], [0xbb], [0xbf], [a, lf]], ["a", ""]],
  ["a byte order mark alone", [bom], [""]],
  [
    "a byte order mark before a newline",
    [
      [...bom, lf],
      [...bom, a],
    ],
    ["", "\ufeffa"],
  ],
  ["a second byte order mark", [[...bom, ...bom, a]], ["\ufeffa"]],
  [
    "a byte order mark in a later line",
    [
      [a, lf],
      [...bom, a, lf],
    ],
    ["a", "\ufeffa", ""],
  ],
  ["a byte order mark at the start of a chunk", [[a], [...bom, a]], ["a\ufeffa"]],
  ["a replacement character, which is valid", [[0xef, 0xbf, 0xbd, lf]], ["\ufffd", ""]],
  ["a NUL", [[0, lf]], ["\0", ""]],
])("decodes %s", (_, chunks, lines) => {
  expect(decode(chunks)).toEqual({ lines });
  // The same bytes in chunks of one byte.
  const bytes = chunks.flatMap((chunk) =>
    typeof chunk === "string" ? [...Buffer.from(chunk)] : chunk,
  );
  expect(decode(bytes.map((byte) => [byte]))).toEqual({ lines });
});

test.each<[string, (string | number[])[], string[]]>([
  ["a byte that never occurs", ["a\nb\n", [a, 0xff, lf, a]], ["a", "b"]],
  ["such a byte in a chunk with valid lines", [[a, lf, a, a, lf, 0xff, lf, a]], ["a", "aa"]],
  ["a continuation byte alone", [[0x80, lf]], []],
  ["an overlong encoding", [[a, lf, 0xc0, 0xaf, lf]], ["a"]],
  ["a surrogate", [[a, lf, 0xed, 0xa0, 0x80, lf]], ["a"]],
  [
    "a character that a newline interrupts",
    [
      [a, lf, 0xe2, 0x82],
      [lf, a],
    ],
    ["a"],
  ],
  ["a character that the end interrupts", [[a, lf, 0xe2, 0x82]], ["a"]],
])("returns the lines before %s, and the fault", (_, chunks, lines) => {
  expect(decode(chunks)).toEqual({ lines, fault: expect.any(TypeError) });
});

test.each<[string, string[], string[]]>([
  ["without an end", ["a\nabcde"], ["a"]],
  ["with an end", ["a\nabcde\nb"], ["a"]],
  ["in pieces", ["a\n", "ab", "cd", "e"], ["a"]],
  ["that is the first", ["abcde\n"], []],
  ["of four characters in five bytes", ["a\nabcä\n"], ["a"]],
  ["after others in its chunk", ["a\nb\nc\nabcde\nd\n"], ["a", "b", "c"]],
])("refuses a line %s that is too long, after the lines before it", (_, chunks, lines) => {
  const decoded = decode(chunks, 4);
  expect(decoded).toEqual({ lines, fault: expect.any(RangeError) });
  expect(String(decoded.fault)).toContain("longer than 4 bytes");
});

test("accepts a line of exactly the maximum length, for every chunking", () => {
  const lines = ["abcd", "", "abcd", "abcd"];
  expect(decode(["abcd\n\nabcd\nabcd"], 4)).toEqual({ lines });
  expect(decode([..."abcd\n\nabcd\nabcd"], 4)).toEqual({ lines });
});

test("copies a chunk before it returns, so that the caller may reuse the memory", () => {
  const decoder = createLineDecoder(100);
  const chunk = new Uint8Array(2);
  const lines: string[] = [];
  for (const text of ["ab", "c\n", "de"]) {
    chunk.set(Buffer.from(text));
    lines.push(...decoder.push(chunk).lines);
  }
  expect([...lines, ...decoder.end().lines]).toEqual(["abc", "de"]);
});

test("copies the bytes of a long line only a few times, for any number of chunks", () => {
  const decoder = createLineDecoder(2 ** 21);
  const chunk = new Uint8Array(2 ** 12).fill(0x78);
  const set = vi.spyOn(Uint8Array.prototype, "set");
  for (let pushed = 0; pushed < 2 ** 20; pushed += chunk.length) decoder.push(chunk);
  const copied = set.mock.calls.reduce((sum, [bytes]) => sum + bytes.length, 0);
  set.mockRestore();
  expect(copied).toBeLessThan(3 * 2 ** 20);
  expect(decoder.end().lines.map(({ length }) => length)).toEqual([2 ** 20]);
});
