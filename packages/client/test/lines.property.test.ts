import { isUtf8 } from "node:buffer";
import {
  assert,
  array,
  constantFrom,
  double,
  integer,
  oneof,
  property,
  record,
  string,
  uint8Array,
} from "fast-check";
import { expect, test } from "vitest";
import { createLineDecoder } from "../src/lines.ts";

/** Any character. fast-check's own arbitrary takes more than a second to build its table. */
const character = oneof(
  integer({ max: 0xd7ff, min: 0 }),
  integer({ max: 0x10ffff, min: 0xe000 }),
).map((code) => String.fromCodePoint(code));
const pieces = oneof(
  constantFrom("\n", "\n\n", "\r\n", "\r", "\ufeff", "\u2028", "\u0085", "\ufffd", "\0"),
  constantFrom("{}", "ä", "€", "😀", "e\u0301", "\u{10ffff}"),
  string({ unit: character, maxLength: 8 }),
);
const texts = array(pieces, { maxLength: 20 }).map((parts) => parts.join(""));
/** Where to split, as fractions of the text. Two may be equal, which results in an empty chunk. */
const cuts = array(double({ min: 0, max: 1, noNaN: true }), { maxLength: 30 });

function cut(bytes: Uint8Array, at: readonly number[]): Uint8Array[] {
  const places = at.map((place) => Math.floor(place * bytes.length)).toSorted((a, b) => a - b);
  return [...places, bytes.length].map((end, index) =>
    bytes.subarray(index === 0 ? 0 : places[index - 1], end),
  );
}

function decode(chunks: readonly Uint8Array[], maxLength = 1e6) {
  const decoder = createLineDecoder(maxLength);
  const lines: string[] = [];
  for (const decoded of [...chunks.map((chunk) => () => decoder.push(chunk)), decoder.end]) {
    const { lines: some, fault } = decoded();
    lines.push(...some);
    if (fault !== undefined) return { lines, fault: (fault as Error).name };
  }
  return { lines, fault: undefined };
}

test("returns the lines of the text, for every chunking", () => {
  assert(
    property(texts, cuts, (text, at) => {
      const lines = text
        .replace(/^\ufeff/, "")
        .split("\n")
        .map((line) => line.replace(/\r$/, ""));
      expect(decode(cut(Buffer.from(text), at))).toEqual({ lines, fault: undefined });
    }),
    { numRuns: 1000 },
  );
});

test("returns the lines of the text if each chunk is a single byte", () => {
  assert(
    property(texts, (text) => {
      const bytes = Buffer.from(text);
      const alone = Array.from(bytes, (byte) => Uint8Array.of(byte));
      expect(decode(alone)).toEqual(decode([bytes]));
    }),
  );
});

test("returns the same lines and the same fault, for every chunking of any bytes", () => {
  const bytes = array(
    oneof(
      uint8Array({ maxLength: 5 }),
      texts.map((text) => Buffer.from(text)),
    ),
    { maxLength: 6 },
  ).map((parts) => Buffer.concat(parts));
  assert(
    property(
      record({ bytes, at: cuts, maxLength: constantFrom(3, 10, 1e6) }),
      ({ bytes: content, at, maxLength }) => {
        const lines: string[] = [];
        let fault: string | undefined;
        for (const [index, bytesOfLine] of content.toString("latin1").split("\n").entries()) {
          const line = Buffer.from(bytesOfLine, "latin1");
          if (line.length > maxLength) {
            fault = "RangeError";
            break;
          }
          if (!isUtf8(line)) {
            fault = "TypeError";
            break;
          }
          const text = line.toString().replace(/\r$/, "");
          lines.push(index === 0 ? text.replace(/^\ufeff/, "") : text);
        }
        expect(decode(cut(content, at), maxLength)).toEqual({ lines, fault });
      },
    ),
    { numRuns: 1000 },
  );
});
