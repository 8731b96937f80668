import { readFile } from "node:fs/promises";
import { format } from "prettier";
import { describe, expect, test } from "vitest";
import { parse } from "../../description/read.ts";
import { askConsumer } from "../../judge/consumer.ts";
import { decide, weighWire } from "../../judge/policy.ts";
import { bumps, type Bump } from "../../judge/verdict.ts";
import { askWire } from "../../judge/wire.ts";
import { cases, policyTable, textsOf } from "./judge-cases.ts";

// Each asks a process of redocly's, so that two at a time halve the wait.
describe.concurrent("the policy", () => {
  test.each(cases.map((one) => [one.change, one] as const))("%s", async (_change, one) => {
    const [base, revision] = textsOf(one).map((text) => parse("openapi.yaml", text));
    if (base === undefined || revision === undefined) throw new Error("No descriptions");
    const changes = await askWire(base, revision);
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
