import { bumps, type Bump } from "../../judge/verdict.ts";
import { cases } from "./judge-cases.ts";

/** What was made of a case. */
export interface Result {
  readonly kind: string;
  readonly right: Bump;
  /** What the judge said, and what it would have said if it had heard one witness only. */
  readonly judge: Bump;
  readonly diff: Bump;
  readonly types: Bump;
}

/** How often the judge was right, by kinds, in Markdown. */
export function scoreTable(results: readonly Result[]): string {
  const kinds = [...new Set(results.map(({ kind }) => kind))];
  const line = (name: string, some: readonly Result[]): string[] => {
    const off = some.map(({ right, judge }) => bumps.indexOf(judge) - bumps.indexOf(right));
    const count = (isCounted: (by: number) => boolean): number => off.filter(isCounted).length;
    const alone = (witness: "diff" | "types"): number =>
      some.filter((one) => bumps.indexOf(one[witness]) < bumps.indexOf(one.right)).length;
    return [
      name,
      some.length,
      count((by) => by === 0),
      count((by) => by < 0),
      count((by) => by > 0),
      alone("diff"),
      alone("types"),
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
        results.filter((one) => one.kind === kind),
      ),
    ),
    line("**All**", results),
  ]);
}

/** What is rated too high, with the reasons, in Markdown. */
export function excessTable(): string {
  const rows = Object.entries(cases).flatMap(([kind, all]) =>
    all.flatMap(({ change, right, judged, why = "" }) =>
      judged === undefined ? [] : [[`${kind}: ${change}`, right, judged, why]],
    ),
  );
  return toTable([["Change", "Right", "Judge", "Why"], ["-", "-", "-", "-"], ...rows]);
}

/** The policy, in Markdown. */
export function policyTable(): string {
  return Object.entries(cases)
    .map(([kind, all]) => {
      const rows = all.map(({ change, right, judged, why = "" }) => [
        change,
        `**${right}**`,
        judged === undefined ? why : "",
      ]);
      return `## ${kind}\n\n${toTable([["Change", "Bump", "Why"], ["-", "-", "-"], ...rows])}`;
    })
    .join("\n");
}

function toTable(rows: readonly (readonly string[])[]): string {
  return rows.map((row) => `| ${row.join(" | ")} |\n`).join("");
}
