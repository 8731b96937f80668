import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { runProgram } from "../command/program.js";
import { makeTemporaryFolder } from "../command/temporary-folder.ts";
import type { JsonObject } from "../description/tree.ts";
import { cli, command, readReport, writePair } from "../judge/description-diff.ts";
import { prepareComparison } from "../judge/comparison.ts";
import type { Pair } from "../judge/parts.ts";
import { compareCode, conclude } from "../judge/judge.ts";
import { formatPlace } from "../judge/place.ts";
import type { Bump } from "../judge/verdict.ts";
import { weigh } from "../judge/weigh.ts";

/** The judge's bump, and the reasons for it. */
export interface VerdictSummary {
  readonly bump: Bump;
  readonly why: readonly string[];
}

/** Judges many pairs of descriptions as `judge` does, without starting a process for each. */
export async function judgeAll(pairs: readonly Pair<JsonObject>[]): Promise<VerdictSummary[]> {
  await using root = await makeTemporaryFolder("verdicts");
  const comparisons = pairs.map(([base, revision]) => prepareComparison(base, revision));
  const folders = pairs.map((_, index) => join(root.path, String(index)));
  for (const [index, folder] of folders.entries()) {
    await mkdir(folder);
    const differing = comparisons[index]?.differing;
    if (differing !== undefined) writePair(folder, differing);
  }
  const script = fileURLToPath(new URL("../fixtures/diff-many.js", import.meta.url));
  const args = [script, join(cli, "../lib/index.js"), command, ...folders];
  const { exitCode, stderr } = await runProgram(process.execPath, args);
  if (exitCode !== 0) throw new Error(stderr);
  const judged: VerdictSummary[] = [];
  for (const [index, comparison] of comparisons.entries()) {
    const changes = await readReport(folders[index] ?? "");
    const reasons = [...weigh(changes, comparison), ...compareCode(comparison)];
    const verdict = conclude(pairs[index] ?? [{}, {}], reasons);
    const why = verdict.reasons
      .filter(({ bump }) => bump === verdict.bump)
      .map(({ place, message, rule }) => `${formatPlace(place)}: ${message} (${rule})`);
    judged.push({ bump: verdict.bump, why: why.slice(0, 2) });
  }
  return judged;
}
