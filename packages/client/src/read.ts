import { InvalidResponseError, isObject, type Data, type Session } from "@audit-logs/runtime";
import type { getAuditLog } from "@audit-logs/generated/audit-logs/operations";
import type { paths } from "@audit-logs/generated/audit-logs/schema";
import { downloadLabel, openDownload, type DownloadOptions } from "./download/open-download.ts";
import { DownloadInterruptedError } from "./errors/download-interrupted-error.ts";
import type { ExportSource } from "./export-job.ts";
import { createLineDecoder } from "./lines.ts";

/** An audit log as the description has it, and whatever else the vendor sends. */
export type AuditLog = Data<paths, typeof getAuditLog> & { readonly [field: string]: unknown };

/** What was read, and what speaks for its being whole. */
export interface ReadSummary {
  readonly events: number;
  readonly bytes: number;
  /**
   * `length`: the bytes are as many as the server announced. `total_records`: the events are as many
   * as the job counts. If it is empty, nothing could be compared: a file that was cut exactly after a
   * line would not have been noticed.
   */
  readonly verifiedBy: readonly ("length" | "total_records")[];
}

export interface ReadOptions extends Omit<DownloadOptions, "resume"> {
  /** The longest line, in bytes before its newline; 16 Mi by default. A longer one is an error. */
  readonly maxLineLength?: number;
  /** Called after the last event. */
  readonly onEnd?: (summary: ReadSummary) => void;
}

/** Reads the events of a completed export; see the method of the client. */
export async function* readExport<Event extends object = AuditLog>(
  session: Session,
  source: ExportSource | string,
  { maxLineLength = 2 ** 24, onEnd, ...options }: ReadOptions = {},
): AsyncGenerator<Event, ReadSummary, undefined> {
  const subject = { label: downloadLabel(source), ...session.context };
  const decoder = createLineDecoder(maxLineLength);
  let lineNumber = 1;
  let events = 0;

  const invalid = (cause: unknown): InvalidResponseError => {
    const fault = cause instanceof RangeError ? cause.message : "it is not a JSON object in UTF-8";
    // The cause would quote the line.
    return new InvalidResponseError(subject, `line ${lineNumber}: ${fault}`);
  };

  const download = await openDownload(session, source, options);
  try {
    for await (const chunk of download) {
      if (download.state.bytes === chunk.byteLength && chunk[0] === 0x1f && chunk[1] === 0x8b) {
        const remedy = "take it with openDownload, and unpack it";
        throw new InvalidResponseError(subject, `it is gzip, and does not say so: ${remedy}`);
      }
      const { lines, fault } = decoder.push(chunk);
      for (const line of lines) {
        let event: Event | undefined;
        try {
          event = parse(line);
        } catch (cause) {
          throw invalid(cause);
        }
        lineNumber += 1;
        if (event === undefined) continue;
        events += 1;
        yield event;
      }
      if (fault !== undefined) throw invalid(fault);
    }
    const { bytes, length, job } = download.state;
    const { lines, fault } = decoder.end();
    let last: Event | undefined;
    try {
      if (fault !== undefined) throw new SyntaxError();
      last = parse(lines[0] ?? "");
    } catch (cause) {
      // An object that is cut is not JSON; other JSON was meant so.
      if (!(cause instanceof SyntaxError)) throw invalid(cause);
      const cut = `line ${lineNumber}, the last, is cut short`;
      throw new DownloadInterruptedError(subject, cut, bytes);
    }
    if (last) {
      events += 1;
      yield last;
    }

    const total = job.total_records;
    const counts = `${events} events came, and the job counts ${total}`;
    const isCounted = typeof total === "number";
    if (isCounted && events < total) throw new DownloadInterruptedError(subject, counts, bytes);
    if (isCounted && events > total) throw new InvalidResponseError(subject, counts);
    const verifiedBy: ReadSummary["verifiedBy"] = [
      ...(length === undefined ? [] : (["length"] as const)),
      ...(isCounted ? (["total_records"] as const) : []),
    ];
    const summary = { events, bytes, verifiedBy };
    onEnd?.(summary);
    return summary;
  } finally {
    await download.close();
  }
}

/** The event of a line; undefined if the line is blank. */
function parse<Event extends object>(line: string): Event | undefined {
  if (line.trim() === "") return undefined;
  const event: unknown = JSON.parse(line);
  if (isObject(event) && !Array.isArray(event)) return event as Event;
  throw new TypeError();
}
