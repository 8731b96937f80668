import { readFile } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { CommandError } from "./command/problem.js";
import { lastLines, runProgram } from "./command/program.js";
import { defineCommand, runMain, wrongUsage } from "./command/define-command.js";
import { repository } from "./command/repository.js";
import { kinds } from "./sync-table/changes/kinds.ts";
import type { TrialResult } from "./sync-table/part.ts";
import { randomPairs } from "./sync-table/random-pairs.ts";
import { findingsOf, score, tableOf } from "./sync-table/score.ts";
import { makeTemporaryFolder } from "./command/temporary-folder.ts";
import { readVendor, readWhole } from "./sync-table/pipeline.ts";

const usage = `pnpm test:sync [--seed N] [--pairs N] [--only TEXT] [--json]

Tries changes that the vendor could make: each is pulled as a page, generated, type-checked, built, used
against a mock server that follows it, and judged. Reports which changes were absorbed, which stopped
with a message that names them, and which went unnoticed.

  --seed N     seed of the random pairs of changes (default: today's date)
  --pairs N    how many pairs (default: 30)
  --only TEXT  only changes whose names contain this text
  --json       print one JSON object

Exit codes: 0 fine, 1 a finding, 2 wrong usage or environment.`;

/** How many changes may be overstrict. Each must have a reason. */
const tolerated = 5;

export const testSync = defineCommand(
  usage,
  {
    seed: { type: "string" },
    pairs: { type: "string", default: "30" },
    only: { type: "string", default: "" },
  },
  async ({ values, positionals }, stage, { print }) => {
    const seed = Number(values.seed ?? new Date().toISOString().slice(0, 10).replaceAll("-", ""));
    const pairs = Number(values.pairs);
    if (positionals.length > 0 || !Number.isInteger(seed) || !Number.isInteger(pairs)) {
      throw wrongUsage("It takes a seed and a number of pairs", usage);
    }
    const vendor = { ...(await readVendor(repository)), whole: await readWhole(repository) };
    const all = [...kinds, randomPairs(kinds, vendor, seed, pairs)];
    const changes = all.flatMap(({ kind, changes: some }) =>
      some.map((change) => ({ kind, change })),
    );
    if (!changes.some(({ change }) => change.change.includes(values.only))) {
      throw wrongUsage(`--only ${values.only}: No change has this text in its name`, usage);
    }
    const trialResults = await stage("changes", () => tryAll(seed, pairs, values.only));
    const scoredChanges = trialResults
      .toSorted((left, right) => left.index - right.index)
      .flatMap((trial) => {
        const entry = changes[trial.index];
        return entry === undefined ? [] : [score(entry.kind, entry.change, trial)];
      });
    const table = [
      ...tableOf(all, scoredChanges),
      "",
      `The pairs were chosen with the seed ${seed}.`,
    ];
    const findings = findingsOf(scoredChanges);
    const toleratedFindings = findings.filter(({ reason }) => reason !== undefined);
    const data = {
      seed,
      scored: scoredChanges.map(({ change, ...rest }) => ({ change: change.change, ...rest })),
    };
    if (findings.length === toleratedFindings.length && toleratedFindings.length <= tolerated) {
      const reasons = toleratedFindings.map(({ title, reason }) => `${title}: ${reason}`);
      return { lines: [...table, ...reasons], data };
    }
    for (const line of table) print(line);
    const problems = findings.map(({ title, detail }) => ({
      file: "scripts/sync-table",
      fault: `${title}: ${detail}`,
      remedy: "Make the pipeline absorb it, or stop with a message that names it",
    }));
    throw new CommandError(problems, 1, data);
  },
);

await runMain(import.meta.url, testSync);

/** Divides the changes among as many processes as there are processors. */
async function tryAll(seed: number, pairs: number, only: string): Promise<TrialResult[]> {
  await using folder = await makeTemporaryFolder("test-sync");
  const parts = Math.max(1, availableParallelism());
  const shares = Array.from({ length: parts }, async (_, part) => {
    const file = join(folder.path, `${part}.json`);
    const script = fileURLToPath(new URL("sync-table/part.ts", import.meta.url));
    const args = [file, part, parts, seed, pairs, only].map(String);
    const result = await runProgram(process.execPath, [
      "--import",
      import.meta.resolve("tsx"),
      script,
      ...args,
    ]);
    if (result.exitCode !== 0) throw new Error(lastLines(result));
    const share: TrialResult[] = JSON.parse(await readFile(file, "utf8"));
    return share;
  });
  return (await Promise.all(shares)).flat();
}
