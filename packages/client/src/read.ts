import {
  callBack,
  InvalidResponseError,
  isObject,
  longTimeout,
  openCall,
  throwIfAborted,
  type Data,
  type Session,
} from "@audit-logs/runtime";
import type { getAuditLog } from "@audit-logs/generated/audit-logs/operations";
import type { paths } from "@audit-logs/generated/audit-logs/schema";
import { closable } from "./closable.ts";
import { flatten } from "./flatten.ts";
import { downloadLabel, openDownload, type DownloadOptions } from "./download/open-download.ts";
import { DownloadInterruptedError } from "./errors/download-interrupted-error.ts";
import type { ExportSource } from "./export-job.ts";
import { createLineDecoder } from "./lines.ts";

/** An audit log with the fields of the description, and any other fields that the vendor sends. */
export type AuditLog = Data<paths, typeof getAuditLog> & { readonly [field: string]: unknown };

/** How much was read, and how its completeness was verified. */
export interface ReadSummary {
  readonly events: number;
  readonly bytes: number;
  /**
   * `length`: the number of bytes matches the length that the server announced. `total_records`: the number
   * of events matches the job's count. If empty, there was nothing to compare with: a file that was cut
   * exactly at the end of a line would go unnoticed.
   */
  readonly verifiedBy: readonly ("length" | "total_records")[];
}

export interface ReadOptions extends Omit<DownloadOptions, "resume"> {
  /**
   * The longest line, in bytes before its newline; 16 Mi by default. A longer line is an error. V8 holds up to
   * 512 Mi characters.
   */
  readonly maxLineLength?: number;
  /** Called after the last event. An error that it throws, also asynchronously, ends the call. */
  readonly onEnd?: (summary: ReadSummary) => unknown;
}

/** Reads the events of a completed export; see the method of the client. */
export function readExport<Event extends object = AuditLog>(
  session: Session,
  source: ExportSource | string,
  options: ReadOptions = {},
): AsyncGenerator<Event, ReadSummary, undefined> {
  return closable(options, (limits) =>
    flatten(readBatches<Event>(session, source, limits), limits),
  );
}

/** Reads the events that each chunk completes. */
export async function* readBatches<Event extends object>(
  session: Session,
  source: ExportSource | string,
  { maxLineLength = 2 ** 24, onEnd, ...options }: ReadOptions,
): AsyncGenerator<readonly Event[], ReadSummary, undefined> {
  const call = openCall({ label: downloadLabel(source) }, options, session.context, longTimeout);
  const decoder = createLineDecoder(maxLineLength);
  let lineNumber = 1;
  let events = 0;

  const download = await openDownload(session, source, options);
  try {
    const chunks = download[Symbol.asyncIterator]();
    for (;;) {
      const { done, value: chunk } = await chunks.next();
      // No JSON begins with this byte.
      if (download.state.bytes === chunk?.byteLength && chunk[0] === 0x1f) {
        const remedy = "download it with openDownload, and decompress it";
        throw new InvalidResponseError(call, `it is gzip that was not decompressed: ${remedy}`);
      }
      const decoded = done ? decoder.end() : decoder.push(chunk);
      const parsed = parseLines<Event>(decoded.lines);
      events += parsed.events.length;
      yield parsed.events;
      lineNumber += parsed.count;
      throwIfAborted(call);
      const fault = parsed.fault ?? decoded.fault;
      // Cutting an object leaves a syntax error, or part of a character. Valid JSON that is no object was not cut.
      if (done && (fault instanceof SyntaxError || decoded.fault !== undefined)) {
        const truncated = `line ${lineNumber}, the last, is truncated`;
        throw new DownloadInterruptedError(call, truncated, download.state.bytes);
      }
      if (fault !== undefined) {
        const reason =
          fault instanceof RangeError ? fault.message : "it is not a JSON object in UTF-8";
        // The cause would quote the line.
        throw new InvalidResponseError(call, `line ${lineNumber}: ${reason}`);
      }
      if (done) break;
    }
    const { bytes, length, job } = download.state;
    const total = job.total_records;
    const isCounted = typeof total === "number";
    if (isCounted && events !== total) {
      const counts = `the number of events is ${events}, but the job counts ${total}`;
      throw events < total
        ? new DownloadInterruptedError(call, counts, bytes)
        : new InvalidResponseError(call, counts);
    }
    const verifiedBy: ReadSummary["verifiedBy"] = [
      ...(length === undefined ? [] : (["length"] as const)),
      ...(isCounted ? (["total_records"] as const) : []),
    ];
    const summary = { events, bytes, verifiedBy };
    if (onEnd) await callBack(call, onEnd, summary);
    return summary;
  } finally {
    await download.close();
  }
}

/**
 * Parses lines up to the first fault. Not in the generator, whose loops V8 takes longer to optimize.
 */
function parseLines<Event extends object>(
  lines: readonly string[],
): { readonly events: readonly Event[]; readonly count: number; readonly fault?: unknown } {
  const events: Event[] = [];
  let count = 0;
  try {
    for (const line of lines) {
      // Blank lines may hold the white space of JSON only (RFC 8259 §2). Comparing is faster than matching.
      if (line > "!" || !/^[\t\r ]*$/.test(line)) {
        const event: unknown = JSON.parse(line);
        if (!isObject(event) || Array.isArray(event)) throw new TypeError();
        events.push(event as Event);
      }
      count += 1;
    }
    return { events, count };
  } catch (fault) {
    return { events, count, fault };
  }
}
