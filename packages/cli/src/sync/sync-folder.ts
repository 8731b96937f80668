import { createReadStream } from "node:fs";
import { join } from "node:path";
import { formatTime, parseIso } from "../dates.ts";
import { Failure, usageError } from "../failure.ts";
import { readLines } from "../json-lines.ts";
import type { FileOperations } from "./file-operations.ts";
import { lockFolder } from "./lock-folder.ts";
import { formatWindow, parseWindows, type SavedWindow, type Window } from "./window.ts";

export interface SyncOptions {
  readonly folder: string;
  /** Where the first window begins, and how the user writes it; unused if the folder has one. */
  readonly from: { readonly text: string; readonly time: Date } | undefined;
  /** The length of a window, in milliseconds. */
  readonly every: number;
  /** How long after an event the server shows it at the latest, in milliseconds. */
  readonly lag: number;
  /** How far before its beginning a window looks for late events, in milliseconds. */
  readonly overlap: number;
  readonly now: () => Date;
  readonly files: FileOperations;
  /** Saves the events of a time, inclusive at both ends, as JSON Lines. */
  readonly exportWindow: (window: Window, path: string) => Promise<void>;
  /** Gets the new lines before the window's file appears. */
  readonly onLines?: (lines: Uint8Array) => Promise<void>;
}

/** How many characters are written at a time. */
const batchLength = 2 ** 16;

/** A window whose file was written. */
interface SyncedWindow {
  readonly window: Window;
  readonly path: string;
  readonly events: number;
  /** The events that an earlier file has. */
  readonly repeated: number;
}

/**
 * Writes a file for each window that is over, one after the other. The folder is the only state: it continues
 * after the last window that has a file. A file is never changed once it is there.
 */
export async function* syncFolder(
  options: SyncOptions,
): AsyncGenerator<SyncedWindow, void, undefined> {
  const { folder, files, every, lag, now } = options;
  const unlock = await lockFolder(folder, files);
  try {
    for (;;) {
      const names = await files.list(folder);
      const done = parseWindows(names);
      const from = done.at(-1)?.to ?? (await keepStart(options, names));
      if (from === undefined) {
        throw missingStart(folder);
      }
      const to = new Date(from.getTime() + every);
      if (to.getTime() > now().getTime() - lag) return;
      yield await syncWindow({ from, to }, done, options);
    }
  } finally {
    await unlock();
  }
}

export function missingStart(folder: string): Failure {
  return usageError(`${folder} contains no exported window yet; say where to begin with --from`);
}

const startName = ".sync.from";

/**
 * Where the first window begins. Until there is one, it stays where it was in the first run: a time such as
 * `7d` moves on, and no run would export what lies between.
 */
async function keepStart(
  { folder, files, from }: SyncOptions,
  names: readonly string[],
): Promise<Date | undefined> {
  if (!from) return undefined;
  const path = join(folder, startName);
  const kept = names.includes(startName) ? await files.read(path) : "";
  const [, text, start = ""] = /^(.*)\n(.*)\n$/.exec(kept) ?? [];
  if (text === from.text && !Number.isNaN(Date.parse(start))) return new Date(start);
  await files.write(path, [`${from.text}\n${formatTime(from.time)}\n`]);
  return from.time;
}

async function syncWindow(
  window: Window,
  done: readonly SavedWindow[],
  { folder, files, overlap, exportWindow, onLines }: SyncOptions,
): Promise<SyncedWindow> {
  // Not before the first window: events before it were not asked for.
  const first = done[0]?.from ?? window.from;
  const start = new Date(Math.max(window.from.getTime() - overlap, first.getTime()));
  const known = await findIds(folder, done, start);
  // The same name each time, so that what a killed process left is replaced.
  const exported = join(folder, ".sync.export.jsonl");
  const part = join(folder, ".sync.part");
  await exportWindow({ from: start, to: window.to }, exported);
  let events = 0;
  let repeated = 0;
  async function* newLines(): AsyncGenerator<string, void, undefined> {
    let batch = "";
    for await (const line of readLines(exported)) {
      const { id } = readEvent(line, exported);
      if (id !== undefined && known.has(id)) {
        repeated += 1;
        continue;
      }
      events += 1;
      batch += `${line}\n`;
      if (batch.length < batchLength) continue;
      yield batch;
      batch = "";
    }
    yield batch;
  }
  await files.write(part, newLines());
  if (onLines) for await (const lines of createReadStream(part)) await onLines(lines);
  const path = join(folder, formatWindow(window));
  await files.rename(part, path);
  await files.remove(exported);
  await files.remove(join(folder, startName));
  return { window, path, events, repeated };
}

/**
 * The ids of the events since a time. They are in the files whose windows end then or later: an event is
 * in its own window's file or, if it was late, in a later one.
 */
async function findIds(
  folder: string,
  done: readonly SavedWindow[],
  start: Date,
): Promise<ReadonlySet<string>> {
  const ids = new Set<string>();
  for (const { name } of done.filter(({ to }) => to >= start)) {
    const path = join(folder, name);
    for await (const line of readLines(path)) {
      const { id, time } = readEvent(line, path);
      if (id !== undefined && !(time && time < start)) ids.add(id);
    }
  }
  return ids;
}

/** An event's id and its time, if it has them. */
function readEvent(
  line: string,
  path: string,
): { readonly id: string | undefined; readonly time: Date | undefined } {
  let event: unknown;
  try {
    event = JSON.parse(line);
  } catch (cause) {
    // Without the parser's message, which quotes the event.
    throw new Failure(`${path} contains a line that is not JSON`, { cause });
  }
  const { id, occurred_at: time }: { id?: unknown; occurred_at?: unknown } =
    typeof event === "object" && event !== null ? event : {};
  return {
    id: typeof id === "string" ? id : undefined,
    time: typeof time === "string" ? parseIso(time) : undefined,
  };
}
