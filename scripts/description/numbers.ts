import type { Problem } from "../command/problem.js";
import { isObject, toPointer, type Json, type JsonObject } from "./tree.ts";

// JavaScript and JSON write larger numbers with an exponent, so their author did not write all digits either.
const lastWithAllDigits = 1e21;

/** Finds the integers beyond the precision of JavaScript: their value changed when they were read. */
export function checkNumbers(file: string, root: JsonObject): Problem[] {
  const problems: Problem[] = [];
  const visit = (value: Json, path: readonly (string | number)[]): void => {
    if (typeof value === "number") {
      if (!Number.isInteger(value) || Number.isSafeInteger(value)) return;
      if (Math.abs(value) >= lastWithAllDigits) return;
      problems.push({
        file,
        place: toPointer(path),
        fault: `An integer beyond 2^53 has become ${value}, because JavaScript cannot distinguish it from its neighbours`,
        remedy: "Remove it, or write it as a string, with an overlay action",
      });
    } else if (Array.isArray(value)) {
      for (const [index, item] of value.entries()) visit(item, [...path, index]);
    } else if (isObject(value)) {
      for (const [key, child] of Object.entries(value)) {
        if (!key.startsWith("x-")) visit(child, [...path, key]);
      }
    }
  };
  visit(root, []);
  return problems;
}
