import { writeFile } from "node:fs/promises";
import { repository } from "../command/repository.js";
import type { JsonObject } from "../description/tree.ts";
import { kinds } from "./changes/kinds.ts";
import { randomPairs } from "./random-pairs.ts";
import { filesOf, tryChange, type Trial } from "./try-change.ts";
import type { Pair } from "../judge/parts.ts";
import { judgeAll, type VerdictSummary } from "./verdicts.ts";
import { openPipeline, readVendor, readWhole } from "./pipeline.ts";

// A process of `pnpm test:sync`: tries its share of the changes, and writes the results.

/** The result of a change, with its index in the table. */
export interface TrialResult extends Omit<Trial, "effective"> {
  readonly index: number;
  readonly verdict?: VerdictSummary;
}

const [, , file = "", part = "", parts = "", seed = "", pairs = "", filter = ""] = process.argv;
const vendor = { ...(await readVendor(repository)), whole: await readWhole(repository) };
await using pipeline = await openPipeline();

const known = new Map<string, Trial>();
const bases = new Map<string, JsonObject>();
async function baseOf(base: "page" | "whole" | undefined, before: Parameters<typeof filesOf>[1]) {
  const files = filesOf(base, before, vendor);
  const key = JSON.stringify(files);
  const last = bases.get(key);
  if (last !== undefined) return last;
  const stop = await pipeline.pullAndGenerate(files);
  if (stop !== undefined)
    throw new Error(`What is there before a change does not go through: ${stop}`);
  const effective = await pipeline.effective();
  bases.set(key, effective);
  return effective;
}

const changes = [...kinds, randomPairs(kinds, vendor, Number(seed), Number(pairs))].flatMap(
  (kind) => kind.changes,
);
const trialResults: TrialResult[] = [];
const trialsToJudge: { readonly pair: Pair<JsonObject>; readonly trial: TrialResult }[] = [];
for (const [index, change] of changes.entries()) {
  if (index % Number(parts) !== Number(part) || !change.change.includes(filter)) continue;
  try {
    const base = await baseOf(change.base, change.before ?? []);
    const { effective, ...trial } = await tryChange(change, vendor, pipeline, known);
    if (effective === undefined || trial.stop !== undefined) trialResults.push({ index, ...trial });
    else trialsToJudge.push({ pair: [base, effective], trial: { index, ...trial } });
  } catch (error) {
    throw new Error(`"${change.change}" could not be tried`, { cause: error });
  }
}
const verdicts = await judgeAll(trialsToJudge.map(({ pair }) => pair));
for (const [position, { trial }] of trialsToJudge.entries()) {
  const verdict = verdicts[position];
  trialResults.push(verdict === undefined ? trial : { ...trial, verdict });
}
await writeFile(file, JSON.stringify(trialResults));
