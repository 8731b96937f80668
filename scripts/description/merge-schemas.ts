import { isEqual, isObject, type Json, type JsonObject } from "./tree.ts";

/** Groups of keywords whose meaning depends on the others of the group. */
const groups = [
  "properties patternProperties additionalProperties unevaluatedProperties",
  "prefixItems items contains minContains maxContains unevaluatedItems",
  "if then else",
].map((keywords) => keywords.split(" "));

/**
 * Merges two schemas for the same value into one; undefined if that could change the meaning, or if it would
 * take more than putting their keywords side by side.
 */
export function mergeSchemas(first: JsonObject, second: JsonObject): JsonObject | undefined {
  const isSplit = groups.some((group) => {
    const [one, other] = [first, second].map((schema) => group.filter((key) => key in schema));
    return one?.length && other?.length && [...one, ...other].some((key) => key !== "properties");
  });
  if (isSplit) return undefined;
  const merged: Record<string, Json> = { ...first };
  for (const [key, value] of Object.entries(second)) {
    const both = key in first ? mergeValues(key, first[key], value) : value;
    if (both === undefined) return undefined;
    merged[key] = both;
  }
  return merged;
}

function mergeValues(key: string, first: Json | undefined, second: Json): Json | undefined {
  if (isEqual(first, second)) return second;
  if (key === "required" && Array.isArray(first) && Array.isArray(second)) {
    return [...new Set([...first, ...second])];
  }
  if (key !== "properties" || !isObject(first) || !isObject(second)) return undefined;
  const isDisjoint = Object.keys(first).every((name) => !Object.hasOwn(second, name));
  return isDisjoint ? { ...first, ...second } : undefined;
}
