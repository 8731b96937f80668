import { DownloadInterruptedError, InvalidResponseError } from "./errors.ts";
import { downloadExport, type DownloadOptions } from "./download.ts";
import type { ExportJob } from "./export-job.ts";
import { flatten } from "./flatten.ts";
import { createLineDecoder } from "./lines.ts";
import type { Session } from "./session.ts";

/** An audit event: whatever fields the vendor sends. */
export interface AuditEvent {
  readonly [field: string]: unknown;
}

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

/**
 * Reads the events of a completed export one by one, by its job or the job's id; memory stays
 * constant. As in any `JSON.parse`, numbers beyond 2^53 lose digits, and of equal keys the last counts.
 *
 * @throws InvalidResponseError that names the line, if one is not a JSON object in UTF-8
 * @throws DownloadInterruptedError if the file ends too early
 * @throws what {@link downloadExport} throws
 */
export function readExport<Event extends object = AuditEvent>(
  session: Session,
  source: ExportJob | string,
  { maxLineLength = 2 ** 24, onEnd, ...options }: ReadOptions = {},
): AsyncGenerator<Event, ReadSummary, undefined> {
  const label = `Download of export ${typeof source === "string" ? source : source.id}`;
  let lineNumber = 1;
  let events = 0;

  const invalid = (cause: unknown): InvalidResponseError => {
    const fault = cause instanceof RangeError ? cause.message : "it is not a JSON object in UTF-8";
    // The cause would quote the line.
    return new InvalidResponseError(label, `line ${lineNumber}: ${fault}`);
  };
  const parse = (line: string): Event | undefined => {
    if (line.trim() === "") return undefined;
    const event: unknown = JSON.parse(line);
    if (typeof event !== "object" || event === null || Array.isArray(event)) throw new TypeError();
    events += 1;
    return event as Event;
  };
  const toEvent = (item: string | Event): Event | undefined => {
    if (typeof item !== "string") return item;
    try {
      const event = parse(item);
      lineNumber += 1;
      return event;
    } catch (cause) {
      throw invalid(cause);
    }
  };

  /** The lines that come with each chunk, and the event of the last line, if it has no end. */
  async function* read(): AsyncGenerator<readonly (string | Event)[], ReadSummary, undefined> {
    const decoder = createLineDecoder(maxLineLength);
    const download = downloadExport(session, source, options);
    try {
      let step = await download.next();
      for (; !step.done; step = await download.next()) {
        const { lines, fault } = decoder.push(step.value);
        yield lines;
        if (fault !== undefined) throw invalid(fault);
      }
      const { bytes, length, job } = step.value;
      const { lines, fault } = decoder.end();
      let isCut = fault !== undefined;
      let last: Event | undefined;
      try {
        last = parse(lines[0] ?? "");
      } catch (cause) {
        // An object that is cut is not JSON; other JSON was meant so.
        if (!(cause instanceof SyntaxError)) throw invalid(cause);
        isCut = true;
      }
      if (isCut) {
        const cut = `line ${lineNumber}, the last, is cut short`;
        throw new DownloadInterruptedError(label, cut, bytes);
      }
      if (last) yield [last];

      const total = job?.total_records;
      const counts = `${events} events came, and the job counts ${total}`;
      const isCounted = typeof total === "number";
      if (isCounted && events < total) throw new DownloadInterruptedError(label, counts, bytes);
      if (isCounted && events > total) throw new InvalidResponseError(label, counts);
      const verifiedBy: ReadSummary["verifiedBy"] = [
        ...(length === undefined ? [] : (["length"] as const)),
        ...(isCounted ? (["total_records"] as const) : []),
      ];
      const summary = { events, bytes, verifiedBy };
      onEnd?.(summary);
      return summary;
    } finally {
      await download.return({ bytes: 0 });
    }
  }
  return flatten(read(), toEvent);
}
