/** A claim that the rehearsal has proved, and its evidence. */
export interface Proof {
  readonly claim: string;
  readonly evidence: string;
}

/** Formats the proofs as lines with two columns. */
export function formatTable(proofs: readonly Proof[]): string[] {
  const width = Math.max(...proofs.map(({ claim }) => claim.length));
  return proofs.map(({ claim, evidence }) => `  ${claim.padEnd(width)}  ${evidence}`);
}
