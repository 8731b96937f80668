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

/** Splits bytes into the lines that are not blank, without their line breaks. A line ends with LF only. */
export async function* readLines(
  chunks: AsyncIterable<Uint8Array>,
): AsyncGenerator<string, void, undefined> {
  const decoder = new TextDecoder("utf-8", { fatal: true });
  let rest = "";
  for await (const chunk of chunks) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split("\n");
    rest = lines.pop() ?? "";
    yield* lines.map((line) => line.trimEnd()).filter(Boolean);
  }
  rest = (rest + decoder.decode()).trimEnd();
  if (rest !== "") yield rest;
}
