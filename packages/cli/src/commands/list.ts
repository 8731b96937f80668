import type { Command } from "../command.ts";
import { connect } from "../connect.ts";
import { formatTime } from "../dates.ts";
import { formatJson } from "../escape-controls.ts";
import { usageError } from "../failure.ts";
import { formatEvents } from "../progress.ts";
import { readSelection, type SelectionFlags } from "../selection.ts";

export interface ListFlags extends SelectionFlags {
  readonly limit?: string;
}

const pageSize = 100;

/** Prints events as JSON Lines, page by page. */
export async function list(command: Command, flags: ListFlags): Promise<void> {
  const { context, settings, output } = command;
  const limit = readLimit(flags.limit);
  const { from, to, q } = readSelection(command, flags);
  const auditLogs = await connect(context, settings, output);
  const { signal } = context;
  // Events that are recorded meanwhile would shift the pages.
  const end = to ?? formatTime(context.now());
  // Typed, so that the compiler checks the name `q`.
  const filter: Pick<NonNullable<Parameters<typeof auditLogs.getAuditLogs>[0]>, "q"> = q
    ? { q: [...q] }
    : {};
  let offset = 0;
  let last: string | undefined;
  let total = 0;
  do {
    const { items, total_count: count } = await auditLogs.getAuditLogs(
      {
        from_date: from,
        to_date: end,
        ...filter,
        sort: "occurred_at,id",
        limit: Math.min(pageSize, limit - offset),
        offset,
      },
      { signal },
    );
    if (!Array.isArray(items)) throw await invalidPage("it has no list of items");
    // The highest count: that of an empty page may be 0, and each event that is deleted meanwhile hides another.
    if (typeof count === "number") total = Math.max(total, count);
    // A page may be short, but only the last may be empty.
    if (items.length === 0) {
      if (offset >= total) break;
      const counts = `${formatEvents(offset)} arrived, but the server counts ${total}`;
      throw await invalidPage(`${counts}; do not rely on them`);
    }
    // A server may ignore the limit.
    const events = items.slice(0, limit - offset);
    const page = events.map(formatJson).join("");
    if (last?.startsWith(page)) throw await invalidPage("it repeats the page before it");
    last = page;
    await output.write(page);
    offset += events.length;
    // Without a count, or with one that is too low, an empty page ends the list.
  } while (offset < limit && offset !== total);
  output.note(formatEvents(offset));
}

async function invalidPage(fault: string): Promise<Error> {
  const { InvalidResponseError } = await import("@audit-logs/client");
  return new InvalidResponseError({ label: "The list of events" }, fault);
}

function readLimit(text: string | undefined): number {
  if (text === undefined) return Number.POSITIVE_INFINITY;
  const limit = Number(text);
  if (/^\d+$/.test(text) && limit > 0 && Number.isSafeInteger(limit)) return limit;
  throw usageError(`--limit '${text}' is not a whole number, 1 or more`);
}
