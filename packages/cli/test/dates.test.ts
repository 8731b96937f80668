import { expect, test } from "vitest";
import { formatTime, parseDuration, parseTime } from "../src/dates.ts";

const now = new Date("2026-11-28T12:34:56.789Z");

test.each([
  ["2026-11-01", "2026-11-01T00:00:00Z"],
  ["2026-11-01T08:00", "2026-11-01T08:00:00Z"],
  ["2026-11-01 08:00:30", "2026-11-01T08:00:30Z"],
  ["2026-11-01T08:00:00Z", "2026-11-01T08:00:00Z"],
  ["2026-11-01T08:00:00+01:00", "2026-11-01T07:00:00Z"],
  ["2026-11-01T08:00:00-0530", "2026-11-01T13:30:00Z"],
  ["2026-11-01T08:00:00.5Z", "2026-11-01T08:00:00.500Z"],
  ["2026-11-01t08:00:00z", "2026-11-01T08:00:00Z"],
  ["2024-02-29", "2024-02-29T00:00:00Z"],
  ["7d", "2026-11-21T12:34:56Z"],
  ["2w", "2026-11-14T12:34:56Z"],
  ["12h", "2026-11-28T00:34:56Z"],
  ["30m", "2026-11-28T12:04:56Z"],
  ["0d", "2026-11-28T12:34:56Z"],
  ["yesterday", "2026-11-27T00:00:00Z"],
  ["today", "2026-11-28T00:00:00Z"],
  ["now", "2026-11-28T12:34:56.789Z"],
])("understands %s as %s", (text, expected) => {
  expect(formatTime(parseTime("--from", text, now))).toBe(expected);
});

test.each([
  "",
  "2026-02-30",
  "2026-13-01",
  "2026-11-01T25:00",
  "2026-11-01Z",
  "2026-11",
  "1.11.2026",
  "11/01/2026",
  "9999-12-31T23:59:59-05:00",
  "0000-01-01T00:00:00+01:00",
  "tomorrow",
  "7 days",
  "-7d",
  "30s",
  "1.5h",
  "99999999999999999999d",
  "999999w",
  "1753900000",
])("refuses %s", (text) => {
  expect(() => parseTime("--to", text, now)).toThrow(`--to '${text}' is not a valid time`);
});

test("reads durations in milliseconds, and zero only where it has a meaning", () => {
  expect(
    ["1ms", "2s", "1.5m", "1h", "1d", "1w"].map((text) => parseDuration("--lag", text)),
  ).toEqual([1, 2000, 90_000, 3_600_000, 86_400_000, 604_800_000]);
  expect(parseDuration("--lag", "0s", 0)).toBe(0);
  expect(() => parseDuration("--every", "0.5s", 1000)).toThrow(
    "--every '0.5s' is too short; the minimum is 1000ms",
  );
});
