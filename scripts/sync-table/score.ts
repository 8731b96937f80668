import { isLess, type Bump } from "../judge/verdict.ts";
import type { Change, Kind } from "./change.ts";
import type { TrialResult } from "./part.ts";

const outcomes = ["absorbed", "named", "unnamed", "silent", "overstrict"] as const;
type ChangeOutcome = (typeof outcomes)[number];

/** A change with its actual outcome. */
interface ScoredChange {
  readonly kind: string;
  readonly change: Change;
  readonly outcome: ChangeOutcome;
  /** What happened, for people. */
  readonly detail: string;
}

/** Compares the actual outcome of a change with the correct one. */
export function score(
  kind: string,
  change: Change,
  { stop, fault, verdict }: Omit<TrialResult, "index">,
): ScoredChange {
  const scored = (outcome: ChangeOutcome, detail: string): ScoredChange => ({
    kind,
    change,
    outcome,
    detail,
  });
  const { expected, names, bumps: range } = change;
  if (stop !== undefined) {
    const missing = names.filter((name) => !hasWord(stop, name));
    if (stop.includes("internal error")) return scored("unnamed", stop);
    if (expected === "absorbed") return scored("overstrict", stop);
    return missing.length === 0
      ? scored("named", stop)
      : scored("unnamed", `It does not name ${missing.join(", ")}: ${stop}`);
  }
  if (expected === "stopped") return scored("silent", fault ?? "Nothing stops it");
  if (fault !== undefined) return scored("silent", fault);
  const [least, greatest] = range ?? ["none", "hold"];
  const { bump = "hold", why = [] } = verdict ?? {};
  const detail = [`It is judged ${bump}, and ${nameRange(least, greatest)} is right`, ...why].join(
    "; ",
  );
  if (isLess(bump, least)) return scored("silent", detail);
  if (isLess(greatest, bump)) return scored("overstrict", detail);
  return scored("absorbed", bump);
}

function nameRange(least: Bump, greatest: Bump): string {
  return least === greatest ? least : `${least} to ${greatest}`;
}

/** Whether a text contains one of the words separated by bars, as a complete word. */
function hasWord(text: string, words: string): boolean {
  return words.split("|").some((word) => {
    const escaped = word.replaceAll(/[$()*+.?[\]{}^\\]/gu, String.raw`\$&`);
    const [before, after] = [/^\w/u.test(word) ? String.raw`(?<!\w)` : "", String.raw`(?!\w)`];
    return new RegExp(`${before}${escaped}${after}`, "u").test(text);
  });
}

const titles: Readonly<Record<ChangeOutcome, string>> = {
  absorbed: "Absorbed",
  named: "Stopped, and named",
  unnamed: "Stopped, not named",
  silent: "Silent",
  overstrict: "Overstrict",
};

/** Formats the scores as a table in Markdown, with a row for each kind. */
export function tableOf(kinds: readonly Kind[], scored: readonly ScoredChange[]): string[] {
  const row = (title: string, changes: readonly ScoredChange[]): string => {
    const counts = outcomes.map(
      (outcome) => changes.filter((change) => change.outcome === outcome).length,
    );
    return `| ${[title, changes.length, ...counts].join(" | ")} |`;
  };
  return [
    `| Kind | Changes | ${outcomes.map((outcome) => titles[outcome]).join(" | ")} |`,
    `| --- |${" ---: |".repeat(outcomes.length + 1)}`,
    ...kinds.map(({ kind }) =>
      row(
        kind,
        scored.filter((change) => change.kind === kind),
      ),
    ),
    row("**All**", scored),
  ];
}

/** The changes with a wrong outcome, most severe first. */
export function findingsOf(
  scored: readonly ScoredChange[],
): { title: string; detail: string; reason?: string }[] {
  return scored
    .filter(({ outcome }) => outcome !== "absorbed" && outcome !== "named")
    .toSorted(
      (left, right) => severityOrder.indexOf(left.outcome) - severityOrder.indexOf(right.outcome),
    )
    .map(({ kind, change, outcome, detail }) => ({
      title: `${titles[outcome]}: ${kind}: ${change.change}`,
      detail: detail.trim().split("\n").slice(0, 3).join(" / ").replace(/\.$/u, ""),
      ...(outcome === "overstrict" && change.overstrict !== undefined
        ? { reason: change.overstrict }
        : {}),
    }));
}

const severityOrder: readonly ChangeOutcome[] = ["silent", "unnamed", "overstrict"];
