import { sha256 } from "../command/digest.js";
import type { Change, Edit, Kind } from "./change.ts";
import { isLess, type Bump } from "../judge/verdict.ts";
import { filesOf, type Vendor } from "./try-change.ts";

/**
 * Creates random pairs of changes that should be absorbed. The correct outcome of a pair combines both: the
 * bump is the higher one.
 */
export function randomPairs(
  kinds: readonly Kind[],
  vendor: Vendor,
  seed: number,
  count: number,
): Kind {
  const absorbedChanges = kinds
    .flatMap(({ changes }) => changes)
    .filter((change) => change.expected === "absorbed" && change.before === undefined);
  const pairs = absorbedChanges
    .flatMap((first, index) =>
      absorbedChanges.slice(index + 1).map((second) => [first, second] as const),
    )
    .map(([first, second]) => ({
      first,
      second,
      sortKey: sha256(`${seed} ${first.change} ${second.change}`),
    }))
    .toSorted((first, second) => (first.sortKey < second.sortKey ? -1 : 1));
  const changes: Change[] = [];
  for (const { first, second } of pairs) {
    if (changes.length === count) break;
    const change = `${first.change} + ${second.change}`;
    if (first.base !== second.base || overlap(first.edits, second.edits)) continue;
    const edits = [...first.edits, ...second.edits];
    if (!canApply(first, edits, vendor)) continue;
    const { bumps: [firstLeast, firstGreatest] = ["none", "none"] } = first;
    const { bumps: [secondLeast, secondGreatest] = ["none", "none"] } = second;
    changes.push({
      change,
      expected: "absorbed",
      names: [],
      edits,
      bumps: [higher(firstLeast, secondLeast), higher(firstGreatest, secondGreatest)],
      ...(first.base === undefined ? {} : { base: first.base }),
      facts: { ...first.facts, ...second.facts },
      inputs: { ...first.inputs, ...second.inputs },
      calls: (playResult) =>
        (first.calls?.(playResult) ?? true) && (second.calls?.(playResult) ?? true),
    });
  }
  return { kind: "Two at once", changes };
}

/** Whether one change edits what the other edits, so that they are not independent. */
function overlap(edits: readonly Edit[], others: readonly Edit[]): boolean {
  return edits.some((edit) =>
    others.some((other) => contains(edit, other) || contains(other, edit)),
  );
}

function contains(edit: Edit, other: Edit): boolean {
  if (edit.of !== "description" || other.of !== "description") {
    return edit.of !== "description" && other.of !== "description";
  }
  return edit.place === "root" || `${other.place}.`.startsWith(`${edit.place}.`);
}

function canApply({ base }: Change, edits: readonly Edit[], vendor: Vendor): boolean {
  try {
    filesOf(base, edits, vendor);
    return true;
  } catch {
    return false;
  }
}

function higher(left: Bump, right: Bump): Bump {
  return isLess(left, right) ? right : left;
}
