import { types } from "node:util";
import { createContext, runInContext } from "node:vm";
import type { Problem } from "../command/problem.js";
import { entries, isObject, toPointer, type Json, type JsonObject } from "./tree.ts";

const maxProblems = 3;

/**
 * Finds the regular expressions that some text of the same description keeps busy.
 *
 * Lint checks examples against patterns in this process, where a catastrophic pattern cannot be stopped. So
 * every pattern is first tested here against every text that lint could use, and aborted after a second. A
 * harmless pattern takes microseconds.
 */
export function checkPatterns(
  file: string,
  root: JsonObject,
  { maxMilliseconds = 1000 } = {},
): Problem[] {
  const patterns = new Map<string, string>();
  for (const entry of entries(root)) {
    const { key, isName, value } = entry;
    if (isName) continue;
    if (key === "pattern" && typeof value === "string") patterns.set(value, toPointer(entry.path));
    if (key === "patternProperties" && isObject(value)) {
      for (const name of Object.keys(value)) patterns.set(name, toPointer([...entry.path, name]));
    }
  }
  if (patterns.size === 0) return [];

  const context = createContext({ texts: [...textsIn(root)], pattern: "" });
  const problems: Problem[] = [];
  for (const [pattern, place] of patterns) {
    context["pattern"] = pattern;
    try {
      runInContext(
        "{ const expression = new RegExp(pattern, 'u'); for (const text of texts) expression.test(text); }",
        context,
        { timeout: maxMilliseconds },
      );
    } catch (error) {
      // Lint reports an expression that does not compile. The error is an instance of the context's own Error
      // class, so instanceof would not recognize it.
      if (!types.isNativeError(error) || !("code" in error)) continue;
      problems.push({
        file,
        place,
        fault: `The pattern ${JSON.stringify(pattern)} backtracks catastrophically: it takes over ${maxMilliseconds} ms on a text of this description`,
        remedy: "Replace or remove it with an overlay action",
      });
      if (problems.length === maxProblems) break;
    }
  }
  return problems;
}

function textsIn(value: Json, found: Set<string> = new Set()): ReadonlySet<string> {
  if (typeof value === "string") found.add(value);
  else if (Array.isArray(value)) for (const item of value) textsIn(item, found);
  else if (isObject(value)) {
    for (const [key, child] of Object.entries(value)) textsIn(child, found.add(key));
  }
  return found;
}
