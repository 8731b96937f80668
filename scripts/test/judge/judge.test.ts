import { mkdirSync } from "node:fs";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { format } from "prettier";
import { afterAll, describe, expect, test } from "vitest";
import { runProgram } from "../../command/program.js";
import { parse } from "../../description/read.ts";
import { askConsumer } from "../../judge/consumer.ts";
import { decide, weighWire } from "../../judge/policy.ts";
import { bumps, type Bump } from "../../judge/verdict.ts";
import { askWire, cli, command, readReport, writePair, type WireChange } from "../../judge/wire.ts";
import { cases, policyTable, textsOf } from "./judge-cases.ts";

const pairs = cases.map((one) => {
  const [base = {}, revision = {}] = textsOf(one).map((text) => parse("openapi.yaml", text));
  return { base, revision };
});

const root = await mkdtemp(join(tmpdir(), "judge-cases-"));
afterAll(() => rm(root, { recursive: true }));

/** What `redocly diff` says of each case. */
const reports = await diffAll();

async function diffAll(): Promise<WireChange[][]> {
  const folders = pairs.map(({ base, revision }, index) => {
    const folder = join(root, String(index));
    mkdirSync(folder);
    writePair(folder, base, revision);
    return folder;
  });
  const script = join(import.meta.dirname, "diff-many.js");
  const args = [script, join(cli, "../lib/index.js"), command, ...folders];
  const { exitCode, stderr } = await runProgram(process.execPath, args);
  if (exitCode !== 0) throw new Error(stderr);
  return Promise.all(folders.map(readReport));
}

test("a process of its own says what many diffs in one process say", async () => {
  const [{ base, revision } = { base: {}, revision: {} }] = pairs;
  expect(await askWire(base, revision)).toEqual(reports[0]);
});

describe("the policy", () => {
  test.each(cases.map((one, index) => [one.change, one, index] as const))("%s", (_, one, index) => {
    const { base, revision } = pairs[index] ?? { base: {}, revision: {} };
    const changes = reports[index] ?? [];
    const testimony = askConsumer(base, revision);
    const { bump, reasons } = decide(weighWire(changes), testimony);

    const wire = highest(changes.map(({ impact }) => impact));
    const consumer = highest([
      ...testimony.reasons.map((reason) => reason.bump),
      testimony.sameTexts ? "none" : "patch",
    ]);
    const rules = reasons.filter((reason) => reason.bump === bump).map(({ rule }) => rule);
    expect({ bumps: [wire, consumer, bump], rules: new Set(rules) }).toEqual({
      bumps: one.bumps,
      rules: new Set(one.rules),
    });
  });
});

test("docs/versioning.md has the policy's table as it is tested", async () => {
  const policy = await readFile(new URL("../../../docs/versioning.md", import.meta.url), "utf8");
  const table = await format(policyTable(), { parser: "markdown" });
  expect(policy).toContain(table);
});

function highest(seen: readonly string[]): Bump {
  return bumps.findLast((bump) => seen.includes(bump)) ?? "none";
}
