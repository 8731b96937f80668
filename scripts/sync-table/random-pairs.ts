import { sha256 } from "../command/digest.ts";
import type { Change, Edit, Kind } from "./change.ts";
import { bumps, type Bump } from "../judge/verdict.ts";
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
  const single = kinds
    .flatMap(({ changes }) => changes)
    .filter((one) => one.right === "absorbed" && one.before === undefined);
  const pairs = single
    .flatMap((one, index) => single.slice(index + 1).map((other) => [one, other] as const))
    .map(([one, other]) => ({
      one,
      other,
      sortKey: sha256(`${seed} ${one.change} ${other.change}`),
    }))
    .toSorted((first, second) => (first.sortKey < second.sortKey ? -1 : 1));
  const changes: Change[] = [];
  for (const { one, other } of pairs) {
    if (changes.length === count) break;
    const change = `${one.change} + ${other.change}`;
    if (one.base !== other.base || overlap(one.edits, other.edits)) continue;
    const edits = [...one.edits, ...other.edits];
    if (!canApply(one, edits, vendor)) continue;
    const { bumps: [least, greatest] = ["none", "none"] } = one;
    const { bumps: [otherLeast, otherGreatest] = ["none", "none"] } = other;
    changes.push({
      change,
      right: "absorbed",
      names: [],
      edits,
      bumps: [higher(least, otherLeast), higher(greatest, otherGreatest)],
      ...(one.base === undefined ? {} : { base: one.base }),
      facts: { ...one.facts, ...other.facts },
      inputs: { ...one.inputs, ...other.inputs },
      calls: (playResult) =>
        (one.calls?.(playResult) ?? true) && (other.calls?.(playResult) ?? true),
    });
  }
  return { kind: "Two at once", changes };
}

/** Whether one change edits what the other edits, so that they are not independent. */
function overlap(edits: readonly Edit[], others: readonly Edit[]): boolean {
  return edits.some((one) => others.some((other) => contains(one, other) || contains(other, one)));
}

function contains(one: Edit, other: Edit): boolean {
  if (one.of !== "description" || other.of !== "description") {
    return one.of !== "description" && other.of !== "description";
  }
  return one.place === "root" || `${other.place}.`.startsWith(`${one.place}.`);
}

function canApply({ base }: Change, edits: readonly Edit[], vendor: Vendor): boolean {
  try {
    filesOf(base, edits, vendor);
    return true;
  } catch {
    return false;
  }
}

function higher(one: Bump, other: Bump): Bump {
  return bumps.indexOf(one) > bumps.indexOf(other) ? one : other;
}
