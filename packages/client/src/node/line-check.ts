const newline = 0x0a;
const openingBrace = 0x7b;
/** The first byte of gzip (RFC 1952 §2.3.1). */
const gzip = 0x1f;
/** The white space of JSON (RFC 8259 §2). */
const whiteSpace = [0x20, 0x09, 0x0d];
const byteOrderMark = [0xef, 0xbb, 0xbf];

const undeclaredGzip = "it is gzip that was not decompressed: save it to a path that ends in .gz";

/** The longest unterminated last line, in bytes: it has to be held in memory to be parsed. */
const maxLastLine = 2 ** 28;

/** What was found in JSON Lines. */
export interface LineReport {
  /** The number of lines that are not blank, up to the first fault. */
  readonly events: number;
  /** Whether they end in the middle of a line. */
  readonly isCut: boolean;
  /** The first fault, if there is one. */
  readonly fault?: string;
}

/** Checks JSON Lines while they pass. */
export interface LineCheck {
  /**
   * Adds bytes, which may be overwritten afterwards, and returns the first fault. After it, nothing more is
   * checked.
   */
  add(chunk: Uint8Array): string | undefined;
  /** Reports on all bytes that were added. */
  end(): LineReport;
}

/**
 * Creates a check that counts events in bounded memory. It checks only the first character of each line, and
 * parses the last line if no newline follows it.
 */
export function createLineCheck(): LineCheck {
  let events = 0;
  let size = 0;
  let marks = 0;
  let line = 1;
  let isBlank = true;
  let last: Uint8Array[] = [];
  let lastLength = 0;
  let fault: string | undefined;
  const findFault = (chunk: Uint8Array): string | undefined => {
    let at = 0;
    for (; marks === size + at && byteOrderMark[marks] === chunk[at] && marks < 3; at += 1)
      marks += 1;
    for (let lineStart = 0; ; lineStart = at) {
      while (whiteSpace.includes(chunk[at] ?? newline)) at += 1;
      const byte = chunk[at];
      const isMarkCut = marks % 3 > 0 && byte !== undefined;
      if (isBlank && byte !== undefined && (byte !== newline || isMarkCut)) {
        if (size + at === 0 && byte === gzip) return undeclaredGzip;
        if (byte !== openingBrace || isMarkCut) return `line ${line}: it is not a JSON object`;
        events += 1;
        isBlank = false;
      }
      const end = chunk.indexOf(newline, at);
      if (end < 0) {
        lastLength += chunk.byteLength - lineStart;
        // A copy, because the chunk may be overwritten.
        if (lastLength <= maxLastLine) last.push(new Uint8Array(chunk.subarray(lineStart)));
        size += chunk.byteLength;
        return undefined;
      }
      at = end + 1;
      line += 1;
      isBlank = true;
      last = [];
      lastLength = 0;
    }
  };
  return {
    add: (chunk) => (fault ??= findFault(chunk)),
    end() {
      if (fault !== undefined) return { events, isCut: false, fault };
      if (isBlank) return { events, isCut: marks % 3 > 0 };
      if (lastLength <= maxLastLine) return { events, isCut: !isJson(last) };
      const tooLong = `no newline follows it, and it is longer than ${maxLastLine} bytes`;
      return { events, isCut: false, fault: `line ${line}, the last: ${tooLong}` };
    },
  };
}

function isJson(chunks: readonly Uint8Array[]): boolean {
  try {
    JSON.parse(new TextDecoder().decode(Buffer.concat(chunks)));
    return true;
  } catch {
    return false;
  }
}
