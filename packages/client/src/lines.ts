/** The lines before the first fault, and the fault of the line after them. */
export interface DecodedLines {
  readonly lines: readonly string[];
  /** A TypeError if the line is not UTF-8, a RangeError if it is too long. */
  readonly fault?: unknown;
}

/** Splits a stream of UTF-8 into lines, regardless of its chunks. It cannot be used after a fault. */
export interface LineDecoder {
  /** Adds bytes, and returns the lines that they complete. */
  push(bytes: Uint8Array): DecodedLines;
  /** Ends the stream, and returns the text after the last newline, if there is any. */
  end(): DecodedLines;
}

const newline = 0x0a;

/**
 * Creates a decoder. A line ends with LF or CRLF, but not with U+2028 or a lone CR. A byte order mark at
 * the start is dropped.
 *
 * @param maxLength the longest line, in bytes before its LF
 */
export function createLineDecoder(maxLength: number): LineDecoder {
  // Decodes complete lines only, without `stream`, which is several times as fast in Node.js. This is safe
  // because a newline byte never occurs inside a multi-byte character.
  const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
  // The buffer grows by doubling, so a long line costs linear time, even if it arrives in small chunks.
  let buffer = new Uint8Array();
  let length = 0;
  let isStart = true;

  const append = (bytes: Uint8Array): void => {
    const end = length + bytes.byteLength;
    if (end > buffer.byteLength) {
      const larger = new Uint8Array(2 * end);
      larger.set(buffer.subarray(0, length));
      buffer = larger;
    }
    buffer.set(bytes, length);
    length = end;
  };
  const take = (): Uint8Array => {
    const bytes = buffer.subarray(0, length);
    length = 0;
    return bytes;
  };
  const tooLong = (): RangeError => new RangeError(`it is longer than ${maxLength} bytes`);

  const split = (bytes: Uint8Array): string[] => {
    const text = decoder.decode(bytes);
    const start = isStart && text.startsWith("\ufeff") ? 1 : 0;
    isStart = false;
    const lines = text.slice(start).split("\n");
    // Searching the text once is faster than checking every line.
    if (!text.includes("\r")) return lines;
    return lines.map((line) => (line.endsWith("\r") ? line.slice(0, -1) : line));
  };
  const decode = (bytes: Uint8Array): DecodedLines => {
    try {
      if (bytes.byteLength <= maxLength) return { lines: split(bytes) };
    } catch {
      // One of the lines is invalid. The loop below finds it.
    }
    const lines: string[] = [];
    try {
      for (let start = 0, end = 0; end < bytes.byteLength; start = end + 1) {
        end = bytes.indexOf(newline, start);
        if (end < 0) end = bytes.byteLength;
        if (end - start > maxLength) throw tooLong();
        lines.push(...split(bytes.subarray(start, end)));
      }
      return { lines };
    } catch (fault) {
      return { lines, fault };
    }
  };

  return {
    push(bytes) {
      const end = bytes.lastIndexOf(newline);
      let decoded: DecodedLines = { lines: [] };
      if (end >= 0) {
        append(bytes.subarray(0, end));
        decoded = decode(take());
      }
      append(bytes.subarray(end + 1));
      if (length > maxLength) return { fault: tooLong(), ...decoded };
      return decoded;
    },
    end: () => decode(take()),
  };
}
