import { isObject, type Json } from "../description/tree.ts";

/** The prefix of the keywords that make alternatives of the same type similar. */
export const mark = "x-type";

/** `redocly diff` pairs alternatives that share half of their text. Few have longer constraints. */
const markLength = 500;

/**
 * `redocly diff` pairs the alternatives of a choice by the similarity of their texts, so it would take one with
 * two more constraints for another one. The similarity of objects depends on their fields.
 */
export function markAlternatives(value: Json): Json {
  if (Array.isArray(value)) return value.map(markAlternatives);
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, child]): [string, Json] => {
      const marked = markAlternatives(child);
      const isChoice = (key === "anyOf" || key === "oneOf") && Array.isArray(marked);
      return [key, isChoice ? marked.map(withMark) : marked];
    }),
  );
}

function withMark(schema: Json): Json {
  if (!isObject(schema) || schema["type"] === undefined) return schema;
  const types = [schema["type"]].flat().filter((type) => type !== "null");
  if (types.includes("object")) return schema;
  const names = types.map((type) => (type === "integer" ? "number" : String(type)));
  const marks = names.map((name) => [`${mark}-${name}`, name.repeat(markLength / name.length)]);
  return { ...schema, ...Object.fromEntries(marks) };
}
