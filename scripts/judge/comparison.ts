import { nameNestedSchemas } from "../description/nested-schemas.ts";
import { fromPointer, type JsonObject } from "../description/tree.ts";
import { factsOf, type Operation } from "../emit/facts.ts";
import { SplitDescription, type Origin } from "./split-description.ts";
import { toComparable, type KeptParts } from "./comparable.ts";
import { selectDifferences, type Pair } from "./parts.ts";

/** Two descriptions in the forms for comparison. */
export interface Comparison {
  /** The complete descriptions, in a form in which equal meanings are equal. */
  readonly comparable: Pair<JsonObject>;
  readonly operations: Pair<readonly Operation[]>;
  /** The parts that differ and the parts that they refer to. Each component has one direction. */
  readonly differing: Pair<JsonObject>;
  /** The names of the parts that are equal. */
  readonly same: ReadonlySet<string>;
  readonly origins: ReadonlyMap<string, Origin>;
}

/** Converts two descriptions to the forms for comparison. */
export function prepareComparison(base: JsonObject, revision: JsonObject): Comparison {
  const kept = { items: JSON.stringify([base, revision]).includes('"unevaluatedItems"') };
  const [before, after] = [toComparable(base, kept), toComparable(revision, kept)];
  const named = withNamedSchemas(base, kept);
  const old = new SplitDescription(named, new SplitDescription(named).unused);
  // What is no longer used, or no longer in one direction, may have changed too.
  const now = new SplitDescription(withNamedSchemas(revision, kept), old.uses);
  return {
    comparable: [before, after],
    operations: [operationsOf(base), operationsOf(revision)],
    ...selectDifferences([old.description, now.description]),
    origins: new Map([...now.origins, ...old.origins]),
  };
}

/**
 * A form for comparison may no longer have the path to a nested schema. Its name is that path, so no other
 * component can have it.
 */
function withNamedSchemas(description: JsonObject, kept: KeptParts): JsonObject {
  return toComparable(
    nameNestedSchemas(structuredClone(description), (reference) => {
      const path = fromPointer(reference.slice(1)) ?? [];
      const isNamed = path[0] === "components" && path[1] === "schemas";
      return path.slice(isNamed ? 2 : 0).join("/");
    }),
    kept,
  );
}

function operationsOf(description: JsonObject): Operation[] {
  return factsOf(toComparable(description, { clientNames: true }));
}
