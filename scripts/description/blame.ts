import type { Problem } from "../command/problem.js";
import { select, type ActionOutcome } from "./overlay-action.ts";
import {
  isEqual,
  isObject,
  ownValue,
  parsePointer,
  toPointer,
  type Json,
  type JsonObject,
} from "./tree.ts";

/**
 * Names the overlay action that wrote the value at fault, instead of the vendor's file. An action is not found
 * if its target no longer selects what it did.
 */
export function blameOverlays(
  problems: readonly Problem[],
  effective: JsonObject,
  outcomes: readonly ActionOutcome[],
): readonly Problem[] {
  return problems.map((problem) => {
    if (problem.place?.startsWith("#") !== true) return problem;
    const path = parsePointer(problem.place);
    // A later action may have changed what an earlier one wrote.
    for (const { file, place, action, notice } of outcomes.toReversed()) {
      const written = notice === undefined ? findWritten(effective, action, path) : undefined;
      if (written === undefined) continue;
      return {
        ...problem,
        file,
        place: `${place}/update${toPointer(written).slice(1)}`,
        fault: `${problem.fault}, at ${problem.place} of the description`,
        remedy: withoutOverlay(problem.remedy),
      };
    }
    return problem;
  });
}

/** The remedy of a problem that no overlay can correct. */
export function withoutOverlay(remedy: string): string {
  return remedy.replace(/,? with (?:an |one )?overlay actions?\b.*/u, "");
}

/** The path in an action's update to what it wrote at a place of the description, where a key may be missing. */
function findWritten(
  effective: JsonObject,
  { target, update }: JsonObject,
  path: readonly string[],
): readonly (string | number)[] | undefined {
  if (update === undefined) return undefined;
  for (const keys of select(effective, target, "target")) {
    if (keys.some((key, index) => String(key) !== path[index])) continue;
    const rest = path.slice(keys.length);
    const within = locate(childOf(effective, path.slice(0, keys.length)), update, rest);
    if (within !== undefined) return within;
  }
  return undefined;
}

function locate(
  value: Json | undefined,
  written: Json | undefined,
  path: readonly string[],
): readonly (string | number)[] | undefined {
  if (written === undefined) return undefined;
  const [key, ...rest] = path;
  const child = key === undefined ? undefined : childOf(value, [key]);
  if (key === undefined || child === undefined)
    return isWrittenBy(value, written) ? path : undefined;
  if (!Array.isArray(value)) {
    const within = locate(child, childOf(written, [key]), rest);
    return within && [key, ...within];
  }
  // A list is appended to a list.
  const items = [written].flat();
  const index = items.findIndex((item) => isEqual(item, child));
  const within = locate(child, items[index], rest);
  return within && (Array.isArray(written) ? [index, ...within] : within);
}

function childOf(value: Json | undefined, path: readonly string[]): Json | undefined {
  return path.reduce(
    (node: Json | undefined, key) => ownValue(Object(node) as JsonObject, key),
    value,
  );
}

/** Whether all keys of a value were written. The canonical form adds two of them to an operation. */
function isWrittenBy(value: Json | undefined, written: Json): boolean {
  if (!isObject(value) || !isObject(written)) return isEqual(value, written);
  return Object.keys(value).every(
    (key) => Object.hasOwn(written, key) || key === "security" || key === "parameters",
  );
}
