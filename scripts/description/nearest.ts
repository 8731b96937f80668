/** Finds the most likely intended name: at most two letters differ, are missing or are extra. */
export function nearest(name: string, names: readonly string[]): string | undefined {
  const near = names.map((other) => [distance(name, other), other] as const);
  const [best] = near.toSorted(([left], [right]) => left - right);
  return best !== undefined && best[0] <= 2 && best[0] < name.length / 2 ? best[1] : undefined;
}

/** The number of letters to insert, remove or replace (Levenshtein distance). */
function distance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (const [index, letter] of [...from].entries()) {
    const next = [index + 1];
    for (const [column, otherLetter] of [...to].entries()) {
      const [above = 0, before = 0, diagonal = 0] = [row[column + 1], next[column], row[column]];
      next.push(Math.min(above + 1, before + 1, diagonal + (letter === otherLetter ? 0 : 1)));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}
