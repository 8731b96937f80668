import { formatTime } from "../dates.ts";

/** The time that one file covers, inclusive at both ends. */
export interface Window {
  readonly from: Date;
  readonly to: Date;
}

/** The name of a window's file: `2026-11-01T00:00:00Z--2026-11-02T00:00:00Z.jsonl`. */
export function formatWindow({ from, to }: Window): string {
  return `${formatTime(from)}--${formatTime(to)}.jsonl`;
}

/** Reads the windows from the names of a folder's files, in their order. Other names are ignored. */
export function parseWindows(names: readonly string[]): readonly Window[] {
  const windows = names.flatMap((name) => {
    const [from = "", to = ""] = name.replace(/\.jsonl$/, "").split("--");
    const window = { from: new Date(from), to: new Date(to) };
    const isWindow = !Number.isNaN(window.from.getTime()) && !Number.isNaN(window.to.getTime());
    // Only what this program writes, character by character.
    return isWindow && formatWindow(window) === name ? [window] : [];
  });
  return windows.toSorted((a, b) => a.to.getTime() - b.to.getTime());
}
