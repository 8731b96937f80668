import { randomUUID } from "node:crypto";
import { hostname } from "node:os";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { lockFile, type LockOperations } from "../src/node/lock-file.ts";

const path = "events.jsonl.lock";
/** Beyond the highest number of a process. */
const deadPid = 4194305;

class Refused extends Error {}
class Killed extends Error {}

interface StoredFile {
  readonly text: string;
  readonly owner: Contender | undefined;
}

class Contender {
  isDead = false;
  outcome: "running" | "refused" | "held" = "running";
}

function failure(code: string): Error {
  return Object.assign(new Error(code), { code });
}

/** Files in memory, and the operations of a process that may be killed before or after a step. */
function createFiles() {
  const files = new Map<string, StoredFile>();
  const operationsOf = (
    contender: Contender,
    step: <T>(work: () => T) => Promise<T>,
  ): LockOperations => ({
    create: (name, text) =>
      step(() => {
        if (files.has(name)) throw failure("EEXIST");
        files.set(name, { text, owner: contender });
      }),
    link: (from, to) =>
      step(() => {
        if (files.has(to)) throw failure("EEXIST");
        const file = files.get(from);
        if (!file) throw failure("ENOENT");
        files.set(to, file);
      }),
    remove: (name) => step(() => void files.delete(name)),
    read: (name) =>
      step(() => {
        const file = files.get(name);
        if (!file) throw failure("ENOENT");
        // All contenders are this process. The dead ones get the number of a process that is not there.
        return file.owner?.isDead ? file.text.replace(/^\d+/, String(deadPid)) : file.text;
      }),
  });
  return { files, operationsOf };
}

const contenders = fc.array(
  fc.record({
    /** The step in which the process is killed. */
    killed: fc.option(fc.integer({ min: 0, max: 12 }), { nil: undefined }),
    isAfter: fc.boolean(),
  }),
  { minLength: 2, maxLength: 4 },
);

test("one process at a time holds a lock, whoever dies with it, and the next one gets it", async () => {
  await fc.assert(
    fc.asyncProperty(
      contenders,
      fc.constantFrom(undefined, `\n${randomUUID()}\nlong ago`, ""),
      fc.scheduler(),
      async (fates, dead, scheduler) => {
        const { files, operationsOf } = createFiles();
        // The lock of a process that is dead: complete, or without an id.
        if (dead !== undefined) {
          files.set(path, { text: `${deadPid} on ${hostname()}${dead}`, owner: undefined });
        }
        const holders = new Set<Contender>();
        let mostHolders = 0;

        const contend = async (
          contender: Contender,
          { killed, isAfter }: { killed?: number | undefined; isAfter: boolean },
        ): Promise<void> => {
          let steps = 0;
          const step = async <T>(work: () => T): Promise<T> => {
            await scheduler.schedule(Promise.resolve());
            const isLast = killed === steps;
            steps += 1;
            const die = (): never => {
              contender.isDead = true;
              holders.delete(contender);
              throw new Killed();
            };
            if (contender.isDead || (isLast && !isAfter)) die();
            const result = work();
            if (isLast) die();
            return result;
          };
          try {
            const unlock = await lockFile(path, () => new Refused(), operationsOf(contender, step));
            contender.outcome = "held";
            holders.add(contender);
            mostHolders = Math.max(mostHolders, holders.size);
            await step(() => undefined);
            holders.delete(contender);
            await unlock();
          } catch (error) {
            if (error instanceof Refused) contender.outcome = "refused";
            else if (!(error instanceof Killed)) throw error;
          }
        };

        const first = fates.map((fate) => [new Contender(), fate] as const);
        await scheduler.waitFor(Promise.all(first.map((each) => contend(...each))));
        expect(mostHolders).toBeLessThanOrEqual(1);
        // Somebody gets it, unless those that are in the way die.
        const outcomes = first.map(([{ outcome }]) => outcome);
        if (first.every(([{ isDead }]) => !isDead)) expect(outcomes).toContain("held");

        const last = new Contender();
        await scheduler.waitFor(contend(last, { isAfter: false }));
        expect(last.outcome).toBe("held");
        // Only those that were killed leave anything.
        const left = [...files.values()].filter(({ owner }) => !owner?.isDead);
        expect(left).toEqual([]);
      },
    ),
    { numRuns: 500 },
  );
});
