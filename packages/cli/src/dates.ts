import { usageError } from "./failure.ts";

const units = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 } as const;
const day = units.d;

/** Reads a duration such as `30m`, in milliseconds. It may be zero only where that has a meaning. */
export function parseDuration(option: string, text: string, minimum = 1): number {
  const [, number = "", unit = ""] = /^(\d+(?:\.\d+)?)(ms|s|m|h|d|w)$/.exec(text) ?? [];
  const duration =
    Number(number) * (Object.entries(units).find(([name]) => name === unit)?.[1] ?? 0);
  if (number !== "" && duration < minimum) {
    throw usageError(`${option} '${text}' is too short; the minimum is ${minimum}ms`);
  }
  if (number !== "" && Number.isSafeInteger(duration)) return duration;
  throw usageError(`${option} '${text}' is not a valid duration; write it as 30s, 15m, 1h or 1d`);
}

/**
 * Reads a time: ISO 8601 (UTC if it has no zone), a time before now (`7d`, `12h`), `now`, or the midnight
 * (UTC) that starts `today` or `yesterday`.
 */
export function parseTime(option: string, text: string, now: Date): Date {
  const midnight = Math.floor(now.getTime() / day) * day;
  if (text === "now") return now;
  if (text === "today") return new Date(midnight);
  if (text === "yesterday") return new Date(midnight - day);
  if (/^\d{1,6}[mhdw]$/.test(text)) {
    const start = now.getTime() - parseDuration(option, text, 0);
    const time = new Date(Math.floor(start / 1000) * 1000);
    if (time.getUTCFullYear() >= 0) return time;
  }
  const parsed = parseIso(text);
  if (parsed) return parsed;
  throw usageError(
    `${option} '${text}' is not a valid time; write it as 2026-11-01, 2026-11-01T08:00:00+01:00, 7d or yesterday`,
  );
}

/** Reads an ISO 8601 time, which is UTC if it has no zone. */
export function parseIso(text: string): Date | undefined {
  const match =
    /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d)(?::(\d\d)(\.\d{1,9})?)?(Z|[+-]\d\d:?\d\d)?)?$/i.exec(
      text,
    );
  if (!match) return undefined;
  const [, date = "", clock = "00:00", seconds = "00", fraction = "", zone = "Z"] = match;
  // JavaScript takes 30 February for 2 March.
  const midnight = new Date(`${date}T00:00:00Z`);
  if (Number.isNaN(midnight.getTime()) || !midnight.toISOString().startsWith(date))
    return undefined;
  const offset = zone.toUpperCase().replace(/^([+-]\d\d)(\d\d)$/, "$1:$2");
  const time = new Date(`${date}T${clock}:${seconds}${fraction.slice(0, 4)}${offset}`);
  // A time that is not valid has no year. With its zone, a valid one may be beyond those of four digits.
  const year = time.getUTCFullYear();
  return year >= 0 && year <= 9999 ? time : undefined;
}

/** A time in UTC, without milliseconds if there are none. */
export function formatTime(time: Date): string {
  return time.toISOString().replace(".000Z", "Z");
}
