import { mkdirSync } from "node:fs";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { dequal } from "@redocly/openapi-core";
import { afterAll, describe, expect, test } from "vitest";
import { runProgram } from "../../command/program.js";
import { parse } from "../../description/read.ts";
import type { JsonObject } from "../../description/tree.ts";
import {
  cli,
  command,
  diffDescriptions,
  readReport,
  writePair,
  type DescriptionChange,
} from "../../judge/description-diff.ts";
import { compareCode, compareTexts, prepare } from "../../judge/judge.ts";
import type { Pair } from "../../judge/parts.ts";
import { toVerdict, type Bump } from "../../judge/verdict.ts";
import { weigh } from "../../judge/weigh.ts";
import { cases, textsOf } from "./judge-cases.ts";

const rows = Object.entries(cases).flatMap(([kind, all]) => all.map((one) => ({ kind, ...one })));
const pairs = rows.map((one) => parsePair(textsOf(one)));
const comparisons = pairs.map(([base, revision]) => prepare(base, revision));
const root = await mkdtemp(join(tmpdir(), "judge-cases-"));
afterAll(() => rm(root, { recursive: true }));
console.time("d");
const reports = await diffAll(comparisons.map(({ kept }) => kept));
console.timeEnd("d");

function parsePair([base, revision]: Pair<string>): Pair<JsonObject> {
  return [parse("base.yaml", base), parse("revision.yaml", revision)];
}

async function diffAll(all: readonly Pair<JsonObject>[]): Promise<DescriptionChange[][]> {
  const folders = all.map((pair, index) => {
    const folder = join(root, String(index));
    mkdirSync(folder);
    writePair(folder, pair);
    return folder;
  });
  const script = join(import.meta.dirname, "diff-many.js");
  const args = [script, join(cli, "../lib/index.js"), command, ...folders];
  const { exitCode, stderr } = await runProgram(process.execPath, args);
  if (exitCode !== 0) throw new Error(stderr);
  return Promise.all(folders.map(readReport));
}

describe("cases", () => {
  test.each(rows.map((one, index) => [`${one.kind}: ${one.change}`, one.right, index] as const))(
    "%s: %s",
    (_, right, index) => {
      const [base, revision] = pairs[index] ?? [{}, {}];
      const comparison = comparisons[index] ?? expect.fail();
      const code = compareCode(comparison);
      const diff = weigh(reports[index] ?? [], comparison.origins);
      const all = [...diff, ...code];
      const verdict = toVerdict(all.length > 0 ? all : compareTexts(base, revision));
      expect(`${verdict.bump}`, JSON.stringify(verdict.reasons, null, 1)).toBe(right);
    },
  );
});
