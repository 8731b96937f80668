import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { fileOperations, type FileOperations } from "../src/sync/file-operations.ts";
import { syncFolder, type SyncOptions } from "../src/sync/sync-folder.ts";
import { parseWindows } from "../src/sync/window.ts";

// All times are in seconds after this one.
const epoch = Date.UTC(2026, 10, 1);
const time = (seconds: number): Date => new Date(epoch + seconds * 1000);

interface Event {
  readonly id: string;
  readonly at: number;
  /** When the server shows it. */
  readonly visible: number;
}

/** One start of the program. */
interface Start {
  /** How long after the one before. */
  readonly pause: number;
  /** The step before or after which it is killed. */
  readonly killed: { readonly step: number; readonly isAfter: boolean } | undefined;
  /** The export that fails. */
  readonly failed: number | undefined;
  /** Whether another one is started at the same moment. */
  readonly isTwice: boolean;
}

const second = fc.integer({ min: 0, max: 40 });
const history = fc.record({
  // Few different times, so that many events share one, and are at the bounds of windows.
  events: fc.array(fc.record({ at: second, delay: fc.integer({ min: 0, max: 25 }) }), {
    maxLength: 40,
  }),
  every: fc.integer({ min: 2, max: 12 }),
  lag: fc.integer({ min: 0, max: 6 }),
  overlap: fc.integer({ min: 0, max: 30 }),
  starts: fc.array(
    fc.record({
      pause: fc.integer({ min: 0, max: 15 }),
      killed: fc.option(
        fc.record({ step: fc.integer({ min: 0, max: 25 }), isAfter: fc.boolean() }),
        { nil: undefined },
      ),
      failed: fc.option(fc.integer({ min: 0, max: 3 }), { nil: undefined }),
      isTwice: fc.boolean(),
    }),
    { maxLength: 6 },
  ),
});

/** What a program that is killed while it takes a lock leaves. */
const lockAttempt = /^\.[\da-f-]{36}\.(?:lock|dead)$/;

class Killed extends Error {}
class FailedExport extends Error {}

/** Counts the steps of a program, and fails for ever from the one that kills it. */
function createSteps(killed: Start["killed"]): (work: () => Promise<void>) => Promise<void> {
  let step = 0;
  let isDead = false;
  return async (work) => {
    const isLast = killed?.step === step;
    step += 1;
    if (isLast && !killed.isAfter) isDead = true;
    if (isDead) throw new Killed();
    await work();
    if (isLast) isDead = true;
    if (isDead) throw new Killed();
  };
}

/** The file operations of a program that is killed, also in the middle of a file. */
function mortal(take: ReturnType<typeof createSteps>): FileOperations {
  return {
    ...fileOperations,
    // Without the synchronization of the disk and the pool of threads, which take most of the time.
    async write(path, chunks, isExclusive = false) {
      const flag = isExclusive ? "wx" : "w";
      let text = "";
      for await (const chunk of chunks) text += chunk;
      await take(async () => writeFileSync(path, text.slice(0, text.length / 2), { flag }));
      await take(async () => writeFileSync(path, text));
    },
    rename: (from, to) => take(() => fileOperations.rename(from, to)),
    link: (from, to) => take(() => fileOperations.link(from, to)),
    remove: (path) => take(() => fileOperations.remove(path)),
  };
}

test("the files hold every event once that the server showed in time, whatever happens", async () => {
  await fc.assert(
    fc.asyncProperty(history, async ({ events: drafts, every, lag, overlap, starts }) => {
      const folder = mkdtempSync(join(tmpdir(), "audit-logs-sync-"));
      try {
        const events = drafts.map(({ at, delay }, index): Event => {
          return { id: String(index), at, visible: at + delay };
        });
        let clock = 0;
        let begun = Number.POSITIVE_INFINITY;

        const start = async ({ killed, failed }: Pick<Start, "killed" | "failed">) => {
          const take = createSteps(killed);
          let exports = 0;
          const options: SyncOptions = {
            folder,
            from: { text: "1h", time: time(clock) },
            every: every * 1000,
            lag: lag * 1000,
            overlap: overlap * 1000,
            now: () => time(clock),
            files: mortal(take),
            async exportWindow({ from, to }, path) {
              exports += 1;
              if (failed === exports - 1) throw new FailedExport();
              const lines = events
                .filter(({ at, visible }) => time(at) >= from && time(at) <= to && visible <= clock)
                .map(({ id, at }) => `${JSON.stringify({ id, occurred_at: time(at) })}\n`);
              await take(async () => writeFileSync(path, lines.join("")));
            },
          };
          for await (const _ of syncFolder(options));
        };
        /** A killed process leaves its locks, with its number. */
        const bury = (): void => {
          for (const name of readdirSync(folder)) {
            if (name !== ".sync.lock" && !lockAttempt.test(name)) continue;
            const lock = readFileSync(join(folder, name), "utf8");
            writeFileSync(join(folder, name), lock.replace(/^\d+/, "999999999"));
          }
        };

        for (const { pause, isTwice, ...fate } of starts) {
          clock += pause;
          const before = new Map(readAll(folder));
          const programs = [
            start(fate),
            ...(isTwice ? [start({ ...fate, killed: undefined })] : []),
          ];
          const outcomes = await Promise.allSettled(programs);
          bury();
          for (const outcome of outcomes) {
            const reason: unknown = outcome.status === "rejected" ? outcome.reason : undefined;
            // Whoever got as far as an export, or found nothing to do, began the folder.
            if (!reason || reason instanceof FailedExport) begun = Math.min(begun, clock);
            if (!reason) continue;
            const isExpected = reason instanceof Killed || reason instanceof FailedExport;
            if (!isExpected) expect(reason).toMatchObject({ code: "locked" });
          }
          // No file changes once it is there.
          const after = new Map(readAll(folder));
          for (const [name, content] of before) expect(after.get(name)).toBe(content);
        }
        await start({ killed: undefined, failed: undefined });
        begun = Math.min(begun, clock);
        clock += every + lag + 1;
        await start({ killed: undefined, failed: undefined });

        const files = readAll(folder);
        const windows = parseWindows(files.map(([name]) => name));
        // A program that is killed while it takes the lock leaves that attempt.
        const left = readdirSync(folder).filter((name) => !lockAttempt.test(name));
        expect(left.toSorted()).toEqual(files.map(([name]) => name));
        const [first, ...later] = windows;
        const last = windows.at(-1);
        if (!first || !last) throw new Error("No window was saved");
        expect(first.from.getTime()).toBeLessThanOrEqual(time(begun).getTime());
        later.forEach(({ from }, index) => expect(from).toEqual(windows[index]?.to));
        expect(last.to.getTime()).toBeGreaterThan(time(clock - lag - every).getTime());
        const ids = files
          .flatMap(([, content]) => content.split("\n").filter(Boolean))
          .map((line): string => JSON.parse(line).id);
        expect(ids.length).toBe(new Set(ids).size);
        const inTime = events.filter(({ at, visible }) => {
          const isLateButSeen =
            visible <= clock && time(at).getTime() >= last.from.getTime() - overlap * 1000;
          return (
            time(at) >= first.from && time(at) <= last.to && (visible - at <= lag || isLateButSeen)
          );
        });
        expect(ids).toEqual(expect.arrayContaining(inTime.map(({ id }) => id)));
      } finally {
        rmSync(folder, { recursive: true });
      }
    }),
    { numRuns: 60 },
  );
});

/** The files of the windows, by name. */
function readAll(folder: string): [string, string][] {
  const names = readdirSync(folder).filter((name) => /^\d.*\.jsonl$/.test(name));
  return names.toSorted().map((name) => [name, readFileSync(join(folder, name), "utf8")]);
}
