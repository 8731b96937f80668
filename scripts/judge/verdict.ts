import { formatPlace, type Place } from "./place.ts";
import type { Rule } from "./rules.ts";

/** How far a version has to move, from least to most. `hold` means that it cannot be determined. */
export const bumps = ["none", "patch", "minor", "major", "hold"] as const;
export type Bump = (typeof bumps)[number];

export function isLess(left: Bump, right: Bump): boolean {
  return bumps.indexOf(left) < bumps.indexOf(right);
}

/** What saw a change: the comparison of descriptions, or the comparison of types and facts. */
export type Witness = "diff" | "types";

/** A change, as one witness saw it, with its bump. */
export interface Reason {
  readonly bump: Bump;
  readonly witness: Witness;
  readonly rule: Rule;
  readonly place: Place;
  readonly message: string;
  /** The names of a path or a method that was renamed; without `to`, it no longer has one. */
  readonly renamed?: { readonly from: string; readonly to: string | undefined };
}

export interface Verdict {
  readonly bump: Bump;
  /** Sorted by bump, highest first. */
  readonly reasons: readonly Reason[];
}

/** Creates a verdict from reasons. Its bump is the highest. */
export function toVerdict(reasons: readonly Reason[]): Verdict {
  const sorted = reasons.toSorted((a, b) => bumps.indexOf(b.bump) - bumps.indexOf(a.bump));
  return { bump: sorted[0]?.bump ?? "none", reasons: sorted };
}

/** The form of a verdict in `--json`. */
export function reportOf({ bump, reasons }: Verdict): Readonly<Record<string, unknown>> {
  return {
    bump,
    reasons: reasons.map(({ place, ...reason }) => ({ ...reason, where: formatPlace(place) })),
  };
}
