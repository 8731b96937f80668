import { isLess, type Bump } from "../../judge/verdict.ts";
import { cases } from "./judge-cases.ts";

/** The outcome of a case. */
export interface Result {
  readonly kind: string;
  readonly right: Bump;
  /** The judge's bump, and the bump with one witness alone. */
  readonly judge: Bump;
  readonly diff: Bump;
  readonly types: Bump;
}

/** How often the judge was right, by kind of change, as Markdown. */
export function scoreTable(results: readonly Result[]): string {
  const kinds = [...new Set(results.map(({ kind }) => kind))];
  const line = (name: string, group: readonly Result[]): string[] => {
    const tooLow = (by: "judge" | "diff" | "types"): number =>
      group.filter((result) => isLess(result[by], result.right)).length;
    return [
      name,
      group.length,
      group.filter(({ right, judge }) => judge === right).length,
      tooLow("judge"),
      group.filter(({ right, judge }) => isLess(right, judge)).length,
      tooLow("diff"),
      tooLow("types"),
    ].map(String);
  };
  return toTable([
    [
      "Changes",
      "Pairs",
      "Right",
      "Too low",
      "Too high",
      "Too low, descriptions alone",
      "Too low, types alone",
    ],
    ["-", "-:", "-:", "-:", "-:", "-:", "-:"],
    ...kinds.map((kind) =>
      line(
        kind,
        results.filter((result) => result.kind === kind),
      ),
    ),
    line("**All**", results),
  ]);
}

/** The changes that are rated too high, with the reasons, as Markdown. */
export function excessTable(): string {
  const rows = Object.entries(cases).flatMap(([kind, all]) =>
    all.flatMap(({ change, right, overrated, why = "" }) =>
      overrated === undefined ? [] : [[`${kind}: ${change}`, right, overrated, why]],
    ),
  );
  return toTable([["Change", "Right", "Judge", "Why"], ["-", "-", "-", "-"], ...rows]);
}

/** The policy, as Markdown. */
export function policyTable(): string {
  return Object.entries(cases)
    .map(([kind, all]) => {
      const rows = all.map(({ change, right, overrated, why = "" }) => [
        change,
        `**${right}**`,
        overrated === undefined ? why : "",
      ]);
      return `## ${kind}\n\n${toTable([["Change", "Bump", "Why"], ["-", "-", "-"], ...rows])}`;
    })
    .join("\n");
}

function toTable(rows: readonly (readonly string[])[]): string {
  return rows.map((row) => `| ${row.join(" | ")} |\n`).join("");
}
