import { formatPlace, type Place } from "./place.ts";
import type { Rule } from "./rules.ts";

/** How far a version has to move, from least to most; `hold` means that nobody can say. */
export const bumps = ["none", "patch", "minor", "major", "hold"] as const;
export type Bump = (typeof bumps)[number];

/** Who saw a change: the comparison of descriptions, or of what code is compiled against. */
export type Witness = "diff" | "types";

/** Why a bump is what it is: one change, as one witness saw it. */
export interface Reason {
  readonly bump: Bump;
  readonly witness: Witness;
  readonly rule: Rule;
  readonly place: Place;
  readonly message: string;
}

export interface Verdict {
  readonly bump: Bump;
  /** From the gravest to the lightest. */
  readonly reasons: readonly Reason[];
}

/** The verdict of some reasons: the bump is that of the gravest. */
export function toVerdict(reasons: readonly Reason[]): Verdict {
  const sorted = reasons.toSorted((a, b) => bumps.indexOf(b.bump) - bumps.indexOf(a.bump));
  return { bump: sorted[0]?.bump ?? "none", reasons: sorted };
}

/** A verdict as `--json` prints it. */
export function reportOf({ bump, reasons }: Verdict): Readonly<Record<string, unknown>> {
  return {
    bump,
    reasons: reasons.map(({ place, ...reason }) => ({ ...reason, where: formatPlace(place) })),
  };
}
