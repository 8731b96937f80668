/** How far a version has to move, from least to most; `hold` means that nobody can say. */
export const bumps = ["none", "patch", "minor", "major", "hold"] as const;
export type Bump = (typeof bumps)[number];

/** Why a bump is what it is: one change, as one witness saw it. */
export interface Reason {
  readonly bump: Bump;
  readonly witness: "wire" | "consumer";
  /** A name for this kind of change. */
  readonly rule: string;
  /** For the wire a JSON Pointer, for the consumer an operation or a type and the way into it. */
  readonly where: string;
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
