import { formatTime } from "../dates.ts";

/** The time that one file covers, inclusive at both ends. */
export interface Window {
  readonly from: Date;
  readonly to: Date;
}

/** A window that has a file. */
export interface SavedWindow extends Window {
  readonly name: string;
}

/**
 * The name of a window's file: `2026-11-01T00:00:00Z--2026-11-02T00:00:00Z.jsonl`. Windows does not allow
 * colons, so there it is ISO 8601's basic format: `20261101T000000Z--20261102T000000Z.jsonl`.
 */
export function formatWindow(
  { from, to }: Window,
  platform: NodeJS.Platform = process.platform,
): string {
  const times = [from, to].map(formatTime);
  const names = platform === "win32" ? times.map((time) => time.replaceAll(/[-:]/g, "")) : times;
  return `${names.join("--")}.jsonl`;
}

const basicTime = /^(\d{4})(\d\d)(\d\dT\d\d)(\d\d)(\d\d(?:\.\d{3})?Z)$/;

/**
 * Reads the windows from the names of a folder's files, in their order. Other names are ignored. Both forms
 * are read on every platform, because a folder may move.
 */
export function parseWindows(names: readonly string[]): readonly SavedWindow[] {
  const windows = names.flatMap((name) => {
    const [from, to] = name
      .replace(/\.jsonl$/, "")
      .split("--")
      .map((time) => new Date(time.replace(basicTime, "$1-$2-$3:$4:$5")));
    if (!from || !to || Number.isNaN(from.getTime()) || Number.isNaN(to.getTime())) return [];
    // Only what this program writes, character by character.
    const forms = [formatWindow({ from, to }, "linux"), formatWindow({ from, to }, "win32")];
    return forms.includes(name) ? [{ from, to, name }] : [];
  });
  return windows.toSorted((a, b) => a.to.getTime() - b.to.getTime());
}
