import { entries, objectOf, type JsonObject } from "../description/tree.ts";
import type { Comparison } from "./comparison.ts";
import { directions, opposite, type Direction } from "./direction.ts";
import { isOppositeOnly } from "./opposite-properties.ts";
import { findByReference } from "./overlaps.ts";
import { typeReason } from "./type-changes.ts";
import type { Reason } from "./verdict.ts";
import { locate } from "./weigh.ts";

/**
 * Finds the properties that the exported types newly mark as read-only or write-only, or no longer mark. The
 * methods do without the marks, so in one direction nothing else shows a change.
 */
export function compareMarks({ comparable, origins }: Comparison): Reason[] {
  const [before, after] = comparable;
  return directions.flatMap((direction) => {
    const mark = direction === "input" ? "read-only" : "write-only";
    const reason = (bump: "major" | "minor", keys: readonly string[], what: string): Reason =>
      typeReason(
        bump,
        `${opposite[direction]}-type`,
        locate(keys, origins).place,
        `${what} ${mark}`,
      );
    return [
      ...findNewMarks(before, after, direction).map((keys) =>
        reason("major", keys, "The exported type now marks it as"),
      ),
      ...findNewMarks(after, before, direction).map((keys) =>
        reason("minor", keys, "The exported type no longer marks it as"),
      ),
    ];
  });
}

/** The paths of the properties of both descriptions that only the second one marks. */
function findNewMarks(before: JsonObject, after: JsonObject, direction: Direction): string[][] {
  return [...entries(after)].flatMap((entry) =>
    entry.isName || entry.key !== "properties"
      ? []
      : Object.entries(objectOf(entry.value)).flatMap(([name, property]) => {
          if (!isOppositeOnly(after, property, direction)) return [];
          const keys = [...entry.path, name].map(String);
          const old = findByReference(before, keys);
          return old === undefined || isOppositeOnly(before, old, direction) ? [] : [keys];
        }),
  );
}
