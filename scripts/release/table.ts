/** One thing that the rehearsal has proved, and what speaks for it. */
export interface Proof {
  readonly claim: string;
  readonly evidence: string;
}

/** The proofs, one a line, in two columns. */
export function formatTable(proofs: readonly Proof[]): string[] {
  const width = Math.max(...proofs.map(({ claim }) => claim.length));
  return proofs.map(({ claim, evidence }) => `  ${claim.padEnd(width)}  ${evidence}`);
}
