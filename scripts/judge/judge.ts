import { isEqual, type JsonObject } from "../description/tree.ts";
import { emitSchema } from "../emit/schema.ts";
import { toComparable } from "./comparable.ts";
import { compareExports, type Entries } from "./compare-exports.ts";
import { compareFacts } from "./compare-facts.ts";
import { compareMarks } from "./compare-marks.ts";
import { compareNames } from "./compare-names.ts";
import { compareScopes } from "./compare-scopes.ts";
import { compareTypes } from "./compare-types.ts";
import { commentsIn } from "./declarations.ts";
import { prepareComparison, type Comparison } from "./comparison.ts";
import { diffDescriptions } from "./description-diff.ts";
import type { Pair } from "./parts.ts";
import { findSuccessors } from "./successors.ts";
import { toVerdict, type Reason, type Verdict, type Witness } from "./verdict.ts";
import { weigh } from "./weigh.ts";

/**
 * Judges what a change of an effective description means for the users of its client. It runs both
 * witnesses at once, and the bump is the highest that either reports. More changes add reasons and never
 * lower the bump, so releasing changes together or separately has the same result. If a witness fails, the
 * bump is `hold`.
 *
 * Both descriptions must have passed lint. A package's entry points are compared too, if there are any.
 */
export async function judge(
  base: JsonObject,
  revision: JsonObject,
  entries: Entries = new Map(),
): Promise<Verdict> {
  const comparison = prepareComparison(base, revision);
  const { differing } = comparison;
  // Redocly's process runs while the compiler keeps this one busy.
  const [diff, types] = await Promise.allSettled([
    isEqual(...differing) ? [] : diffDescriptions(differing),
    Promise.resolve().then(() => [...compareCode(comparison), ...compareExports(entries)]),
  ]);
  if (diff.status === "fulfilled" && types.status === "fulfilled") {
    return conclude([base, revision], [...weigh(diff.value, comparison), ...types.value]);
  }
  return toVerdict([
    ...(diff.status === "rejected" ? [witnessFailure("diff", diff.reason)] : []),
    ...(types.status === "rejected" ? [witnessFailure("types", types.reason)] : []),
  ]);
}

/** Finds the changes for code that is compiled against the types and uses the facts. */
export function compareCode(comparison: Comparison): Reason[] {
  const { comparable, operations, differing, same, origins } = comparison;
  const successors = findSuccessors(operations);
  return [
    ...compareFacts(operations[0], successors),
    ...compareMarks(comparison),
    ...compareScopes(...comparable),
    ...compareNames(comparable, operations, successors),
    ...(isEqual(...differing) ? [] : compareTypes(differing, same, origins, successors)),
  ];
}

/** Makes the verdict. Texts cause the lowest bump, so they only matter if nothing else changed. */
export function conclude(pair: Pair<JsonObject>, reasons: readonly Reason[]): Verdict {
  if (reasons.length > 0) return toVerdict(reasons);
  const [old, now] = pair.map((description) =>
    commentsIn(emitSchema(toComparable(description, { texts: true }))),
  );
  return toVerdict(isEqual(old, now) ? [] : [texts]);
}

const texts: Reason = {
  bump: "patch",
  witness: "types",
  rule: "texts-changed",
  place: { in: "description", keyPath: [] },
  message: "Only descriptive texts changed",
};

function witnessFailure(witness: Witness, error: unknown): Reason {
  return {
    bump: "hold",
    witness,
    rule: "witness-failed",
    place: { in: "description", keyPath: [witness === "diff" ? "redocly diff" : "typescript"] },
    message: error instanceof Error ? error.message.trim() : String(error),
  };
}
