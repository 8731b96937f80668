import type { Problem } from "../command/problem.js";
import { isObject, toPointer, type Json, type JsonObject } from "./tree.ts";

/**
 * Finds the integers that JavaScript writes with other digits than a text does, without their sign. Numbers in
 * exponent notation, such as the bounds of a double, are not meant to have all digits.
 */
export function roundedIntegers(text: string): number[] {
  return (text.match(/(?<![\w.])\d\w{14,}(?![\w.])/gu) ?? [])
    .filter((literal) => /^(?:\d+|0o[0-7]+|0x[\da-f]+)$/iu.test(literal))
    .map(BigInt)
    .filter((integer) => digitsOf(integer) !== digitsOf(Number(integer)))
    .map(Number);
}

function digitsOf(number: bigint | number): string {
  return String(number).replace(/e.*/u, "").replace(".", "").replace(/0+$/u, "");
}

/** Finds the integers beyond the precision of JavaScript: their value changed when they were read. */
export function checkNumbers(
  file: string,
  root: JsonObject,
  rounded: ReadonlySet<number>,
): Problem[] {
  const problems: Problem[] = [];
  const visit = (value: Json, path: readonly (string | number)[]): void => {
    if (typeof value === "number") {
      if (!rounded.has(Math.abs(value))) return;
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
