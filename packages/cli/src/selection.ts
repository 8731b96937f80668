import type { Command } from "./command.ts";
import { formatTime, parseTime } from "./dates.ts";
import { usageError } from "./failure.ts";

/** Which events, as the user writes it. */
export interface SelectionFlags {
  readonly from: string;
  readonly to?: string;
  readonly query?: readonly string[];
}

interface Selection {
  readonly from: string;
  readonly to: string | undefined;
  readonly q: readonly string[] | undefined;
}

/** Reads which events are selected, and shows what was understood. */
export function readSelection(
  { context, output }: Command,
  { from, to, query }: SelectionFlags,
): Selection {
  const now = context.now();
  const start = parseTime("--from", from, now);
  const end = to === undefined ? undefined : parseTime("--to", to, now);
  if (end === undefined && now < start)
    throw usageError(`--from ${formatTime(start)} is after now`);
  if (end !== undefined && end < start) {
    throw usageError(`--to ${formatTime(end)} is before --from ${formatTime(start)}`);
  }
  const wrong = query?.find((condition) => !/^[^:]+:./.test(condition));
  if (wrong !== undefined) {
    throw usageError(
      `-q '${wrong}' is not a valid condition; write it as column:value or column:one,two`,
    );
  }
  const until = end === undefined ? "now" : formatTime(end);
  output.note(`From ${formatTime(start)} to ${until}, both inclusive`);
  return {
    from: formatTime(start),
    to: end && formatTime(end),
    q: query,
  };
}
