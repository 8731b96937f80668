import type { JsonObject } from "../description/tree.ts";
import { splitByDirection, unusedIn, type Origin } from "./by-direction.ts";
import { toComparable } from "./comparable.ts";
import { keepDiffering, type Pair } from "./parts.ts";

/** Two descriptions in the forms in which they are compared. */
export interface Comparison {
  /** In full, in the notation that makes equal what means the same. */
  readonly comparable: Pair<JsonObject>;
  /** The parts that differ and what these refer to, each component going one way. */
  readonly kept: Pair<JsonObject>;
  /** The parts that are the same, by their names. */
  readonly same: ReadonlySet<string>;
  readonly origins: ReadonlyMap<string, Origin>;
}

/** Brings two descriptions into the forms in which they are compared. */
export function prepare(base: JsonObject, revision: JsonObject): Comparison {
  const [before, after] = [toComparable(base), toComparable(revision)];
  // What no operation leads to can be used in any way.
  const unused = unusedIn(before, splitByDirection(before));
  const [old, now] = [splitByDirection(before, unused), splitByDirection(after, unused)];
  return {
    comparable: [before, after],
    ...keepDiffering([old.description, now.description]),
    origins: new Map([...now.origins, ...old.origins]),
  };
}
