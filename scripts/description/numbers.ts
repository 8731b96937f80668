import type { Problem } from "../command/problem.js";
import { isInExtension, isObject, toPointer, type Json, type JsonObject } from "./tree.ts";

// A number that JavaScript would round is kept as a text: its digits and this character, which has no meaning.
const mark = "\uE000";
const longNumber = "(?<![\\w.])\\.?\\d[\\w.]{14,}";

/**
 * Marks the numbers in a text that JavaScript would write with other digits. Numbers in exponent notation,
 * such as the bounds of a double, are not meant to have all digits.
 */
export function markRounded(text: string): string {
  return text.replaceAll(new RegExp(`${longNumber}(?![\\w.])`, "gu"), (literal) =>
    /^(?:\d*(?:\.\d*)?|0o[0-7]+|0x[\da-f]+)$/iu.test(literal) && isRounded(literal)
      ? literal + mark
      : literal,
  );
}

function isRounded(literal: string): boolean {
  const decimal = /^0[ox]/iu.test(literal) ? String(BigInt(literal)) : literal;
  return digitsOf(decimal) !== digitsOf(String(Number(literal)));
}

function digitsOf(decimal: string): string {
  return decimal
    .replace(/e.*/u, "")
    .replace(".", "")
    .replaceAll(/^0+|(?<!0)0+$/gu, "");
}

/** Replaces the numbers of a value by their marked digits. The same text gave both values. */
export function keepDigits(value: unknown, marked: unknown): unknown {
  if (typeof value === "number") return marked;
  if (typeof value !== "object" || value === null) return value;
  // Other texts, including keys, may contain the mark by chance.
  const others = Object.values(marked as object);
  if (Array.isArray(value)) return value.map((item, index) => keepDigits(item, others[index]));
  return Object.fromEntries(
    Object.entries(value).map(([key, child], index) => [key, keepDigits(child, others[index])]),
  );
}

/** Writes the marked digits in JSON or YAML as the numbers that they are. */
export function unmarkRounded(text: string): string {
  return text.replaceAll(new RegExp(`(["']?)([-+]?${longNumber})${mark}\\1`, "gu"), "$2");
}

/** Finds the numbers that JavaScript would write with other digits. Those in extensions stay as they are. */
export function checkNumbers(file: string, root: JsonObject): Problem[] {
  const problems: Problem[] = [];
  const marked = new RegExp(`^([-+]?)(${longNumber})${mark}$`, "u");
  const visit = (value: Json, path: readonly string[]): void => {
    if (typeof value === "string") {
      const [, sign = "", literal] = marked.exec(value) ?? [];
      if (literal === undefined || isInExtension(root, path)) return;
      problems.push({
        file,
        place: toPointer(path),
        fault: `JavaScript cannot hold all digits of ${sign}${literal}, and would make it ${sign}${Number(literal)}`,
        remedy: "Remove it, or write it as a string, with an overlay action",
      });
    } else if (isObject(value) || Array.isArray(value)) {
      for (const [key, child] of Object.entries(value)) visit(child, [...path, key]);
    }
  };
  visit(root, []);
  return problems;
}
