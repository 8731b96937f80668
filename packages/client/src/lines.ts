/** The lines up to the first fault, and the fault: what is wrong with the line after them. */
export interface DecodedLines {
  readonly lines: readonly string[];
  /** A TypeError if the line is not UTF-8, a RangeError if it is too long. */
  readonly fault?: unknown;
}

/** Cuts a stream of UTF-8 into lines, however it is chunked. It is of no use after a fault. */
export interface LineDecoder {
  /** Takes bytes in, and gives the lines that they complete. */
  push(bytes: Uint8Array): DecodedLines;
  /** Ends the stream, and gives what stands after the last newline; empty if nothing does. */
  end(): DecodedLines;
}

const newline = 0x0a;

/**
 * Makes a decoder. A line ends with LF or CRLF; U+2028 and a lone CR do not end one. A byte order mark
 * at the start is dropped.
 *
 * @param maxLength the longest line, in bytes before its LF
 */
export function createLineDecoder(maxLength: number): LineDecoder {
  // Whole lines only, without `stream`: that is several times as fast in Node.js, and a newline is
  // never inside a character.
  const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
  // One buffer, which grows by doubling: a long line stays linear, and many small chunks cost no more.
  let held = new Uint8Array();
  let length = 0;
  let isStart = true;

  const hold = (bytes: Uint8Array): void => {
    const end = length + bytes.byteLength;
    if (end > held.byteLength) {
      const larger = new Uint8Array(2 * end);
      larger.set(held.subarray(0, length));
      held = larger;
    }
    held.set(bytes, length);
    length = end;
  };
  const take = (): Uint8Array => {
    const bytes = held.subarray(0, length);
    length = 0;
    return bytes;
  };
  const tooLong = (): RangeError => new RangeError(`it is longer than ${maxLength} bytes`);

  const split = (bytes: Uint8Array): string[] => {
    const text = decoder.decode(bytes);
    const start = isStart && text.startsWith("\ufeff") ? 1 : 0;
    isStart = false;
    const lines = text.slice(start).split("\n");
    // To look for one first is quicker than to look at every line.
    if (!text.includes("\r")) return lines;
    return lines.map((line) => (line.endsWith("\r") ? line.slice(0, -1) : line));
  };
  const decode = (bytes: Uint8Array): DecodedLines => {
    try {
      if (bytes.byteLength <= maxLength) return { lines: split(bytes) };
    } catch {
      // One of the lines is at fault: which one is seen below.
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
        hold(bytes.subarray(0, end));
        decoded = decode(take());
      }
      hold(bytes.subarray(end + 1));
      if (length > maxLength) return { fault: tooLong(), ...decoded };
      return decoded;
    },
    end: () => decode(take()),
  };
}
