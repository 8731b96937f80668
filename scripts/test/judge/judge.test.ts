import { mkdirSync } from "node:fs";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { dequal } from "@redocly/openapi-core";
import { constantFrom, sample, uniqueArray } from "fast-check";
import { format } from "prettier";
import { afterAll, describe, expect, test } from "vitest";
import { runProgram } from "../../command/program.js";
import { parse } from "../../description/read.ts";
import {
  cli,
  command,
  diffDescriptions,
  readReport,
  writePair,
} from "../../judge/description-diff.ts";
import { prepareComparison } from "../../judge/comparison.ts";
import { compareCode, conclude, judge } from "../../judge/judge.ts";
import type { Pair } from "../../judge/parts.ts";
import { bumps, toVerdict, type Bump, type Verdict } from "../../judge/verdict.ts";
import { weigh } from "../../judge/weigh.ts";
import { cases, editAll, textsOf } from "./judge-cases.ts";
import { excessTable, policyTable, scoreTable, type Result } from "./score.ts";

const rows = Object.entries(cases).flatMap(([kind, all]) =>
  all.map((entry) => ({ kind, ...entry })),
);

/** Several cases at once, on the usual description. */
const seed = 20261127;
const combinations = sample(uniqueArray(constantFrom(...rows), { minLength: 2, maxLength: 5 }), {
  seed,
  numRuns: 30,
})
  .map((combined) => combined.filter(({ base }) => base.length === 0))
  .flatMap((combined) => {
    const after = editAll(combined);
    return combined.length < 2 || after === undefined ? [] : [{ combined, after }];
  });

/** The result for a pair: with both witnesses, and with each alone. */
interface PairVerdict {
  readonly verdict: Verdict;
  readonly diff: Bump;
  readonly types: Bump;
}

const root = await mkdtemp(join(tmpdir(), "judge-cases-"));
afterAll(() => rm(root, { recursive: true }));
const [usual = ""] = rows.filter(({ base }) => base.length === 0).map((row) => textsOf(row)[0]);
const verdicts = await judgeAll([
  ...rows.map(textsOf),
  ...combinations.map(({ after }) => [usual, after] as const),
]);
const bumpOf = (index: number): Bump => verdicts[index]?.verdict.bump ?? expect.fail();

/** Judges many pairs as `judge` does, without a separate process for each. */
async function judgeAll(texts: readonly Pair<string>[]): Promise<PairVerdict[]> {
  const pairs = texts.map((pair) => pair.map((text) => parse("description.yaml", text)));
  const comparisons = pairs.map(([base = {}, revision = {}]) => prepareComparison(base, revision));
  const folders = comparisons.map(({ differing }, index) => {
    // Like the judge, does not diff equal descriptions.
    if (dequal(...differing)) return undefined;
    const folder = join(root, String(index));
    mkdirSync(folder);
    writePair(folder, differing);
    return folder;
  });
  const diffed = diffAll(folders.filter((folder) => folder !== undefined));
  // The diff process runs while the compiler keeps this one busy.
  const types = comparisons.map(compareCode);
  await diffed;
  const reports = await Promise.all(
    folders.map((folder) => (folder === undefined ? [] : readReport(folder))),
  );
  return reports.map((changes, index) => {
    const [base = {}, revision = {}] = pairs[index] ?? [];
    const diff = weigh(changes, comparisons[index] ?? expect.fail());
    const code = types[index] ?? [];
    const reasons = [...diff, ...code];
    return {
      verdict: conclude([base, revision], reasons),
      diff: toVerdict(diff).bump,
      types: toVerdict(code).bump,
    };
  });
}

async function diffAll(folders: readonly string[]): Promise<void> {
  const script = join(import.meta.dirname, "../../fixtures/diff-many.js");
  const args = [script, join(cli, "../lib/index.js"), command, ...folders];
  const { exitCode, stderr } = await runProgram(process.execPath, args);
  if (exitCode !== 0) throw new Error(stderr);
}

test("gives a single pair the same verdict as among many", async () => {
  const [base = {}, revision = {}] = textsOf(rows[0] ?? expect.fail()).map((text) =>
    parse("description.yaml", text),
  );
  expect(await judge(base, revision)).toEqual(verdicts[0]?.verdict);
  expect(
    (await diffDescriptions(prepareComparison(base, revision).differing)).length,
  ).toBeGreaterThan(0);
});

test("holds if types do not compile, whatever else changed", async () => {
  const [before = {}, after = {}] = ["string", "integer"].map((type) =>
    parse(
      "description.yaml",
      usual.replace(
        "Loose: {",
        `Loop: { anyOf: [{ $ref: "#/components/schemas/Loop" }, { type: ${type} }] }\n    Loose: {`,
      ),
    ),
  );
  expect(await judge(before, after)).toMatchObject({
    bump: "hold",
    reasons: [
      {
        witness: "types",
        rule: "witness-failed",
        message: expect.stringContaining("The old types do not compile: "),
      },
    ],
  });
});

test("names both names of what was renamed", async () => {
  const map = "    Map: { type: object, patternProperties: { ^x: { type: string } } }\n";
  const before = usual.replace("    Loose: {", `${map}$&`);
  const after = before.replaceAll("Both", "Pair").replace("^x", "^x-");
  const [base = {}, revision = {}] = [before, after].map((text) => parse("a.yaml", text));
  const messages = (await judge(base, revision)).reasons.map(({ message }) => message);
  expect(messages).toContain("`Both` was renamed to `Pair`");
  expect(messages).toContain("`^x` was renamed to `^x-`");
  expect(messages.filter((message) => message.includes("`key`"))).toEqual([]);
});

test("takes a security scheme named `key` for no rename", async () => {
  const before = usual.replace("security: [{ key: [] }]", "security: [{ key: [read] }]");
  const [base = {}, revision = {}] = [before, before.replace("[read]", "[read, write]")].map(
    (text) => parse("a.yaml", text),
  );
  const keyPaths = (await judge(base, revision)).reasons.map(({ place }) =>
    place.keyPath.join("."),
  );
  expect(keyPaths).not.toContain("security.read");
});

test("a callback may lead to itself", async () => {
  const callback = `callbacks: { again: { $ref: "#/components/callbacks/Again" } }`;
  const before = usual
    .replace("operationId: putThing", `$&\n      ${callback}`)
    .replace(
      "  schemas:",
      `  callbacks: { Again: { "{$request.body#/url}": { post: { ${callback}, responses: { "200": { description: Ok } } } } } }\n$&`,
    );
  const [base = {}, revision = {}] = [before, before.replace("again: { $ref", "more: { $ref")].map(
    (text) => parse("a.yaml", text),
  );
  expect((await judge(base, revision)).bump).toBe("major");
});

test("a removed parameter may have the name of a property that every object inherits", async () => {
  const parameter = "- { in: query, name: constructor, schema: { type: string } }";
  const before = usual.replace("- { in: query, name: sort,", `${parameter}\n        $&`);
  const [base = {}, revision = {}] = [before, usual].map((text) => parse("a.yaml", text));
  expect((await judge(base, revision)).reasons).toContainEqual(
    expect.objectContaining({
      rule: "input-removed",
      place: expect.objectContaining({
        keyPath: ["parameters", expect.stringContaining("constructor")],
      }),
    }),
  );
});

describe("the policy", () => {
  test.each(
    rows.map((row, index) => [row.kind, row.change, row.overrated ?? row.right, index] as const),
  )("%s: %s: %s", (_kind, _change, expected, index) => {
    const { bump, reasons } = verdicts[index]?.verdict ?? expect.fail();
    expect({ bump, reasons }).toMatchObject({ bump: expected });
  });

  test("has no duplicate cases", () => {
    const names = rows.map(({ kind, change }) => `${kind}: ${change}`);
    expect(names).toHaveLength(new Set(names).size);
  });
});

test.each(
  combinations.map(
    ({ combined }, index) => [combined.map(({ change }) => change).join(" + "), index] as const,
  ),
)("several changes get the highest bump of each: %s", (_, index) => {
  const parts = combinations[index]?.combined.map((row) => bumpOf(rows.indexOf(row))) ?? [];
  const highest = bumps.findLast((bump) => parts.includes(bump));
  const { bump, reasons } = verdicts[rows.length + index]?.verdict ?? expect.fail();
  expect({ bump, reasons }).toMatchObject({ bump: highest });
});

const read = (name: string): Promise<string> =>
  readFile(new URL(`../../../docs/${name}`, import.meta.url), "utf8");
const toMarkdown = (table: string): Promise<string> => format(table, { parser: "markdown" });

describe("the documents", () => {
  const results = rows.map(({ kind, right }, index): Result => ({
    kind,
    right,
    judge: bumpOf(index),
    diff: verdicts[index]?.diff ?? "none",
    types: verdicts[index]?.types ?? "none",
  }));
  test("docs/versioning.md has the tested policy", async () => {
    expect(await read("versioning.md")).toContain(await toMarkdown(policyTable()));
  });

  test("docs/judge.md has the score", async () => {
    const score = await toMarkdown(scoreTable(results));
    console.log(score);
    const document = await read("judge.md");
    expect(document).toContain(score);
    expect(document).toContain(await toMarkdown(excessTable()));
  });
});
