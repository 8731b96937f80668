import {
  isEqual,
  isObject,
  isOpaque,
  nameMaps,
  type Json,
  type JsonObject,
} from "../description/tree.ts";

/** The schema of a property that exists only in the types, where it has no value. */
export const noValue: JsonObject = { enum: [] };

/**
 * Rewrites the parts of a description that `redocly diff` would not compare. It skips lists and objects in
 * data, which become JSON texts. It pairs the items of a list by their similarity, so the items of a tuple
 * become pattern properties, which it pairs by their names. It takes a schema that becomes `false` for one that
 * is removed.
 */
export function toDiffable(value: Json, keysAreNames = false): Json {
  if (value === false) return { not: {} };
  if (Array.isArray(value)) return value.map((item) => toDiffable(item));
  if (!isObject(value)) return value;
  const { prefixItems, ...rest } = value;
  const object = !keysAreNames && Array.isArray(prefixItems) ? withNames(rest, prefixItems) : value;
  return Object.fromEntries(
    Object.entries(object).flatMap(([key, child]): [string, Json][] => {
      if (keysAreNames && isEqual(child, noValue)) return [];
      if (keysAreNames) return [[key, toDiffable(child)]];
      if (key === "default") return [[key, toText(child)]];
      if (key === "const") return [[key, toScalar(child)]];
      if (key === "enum" && Array.isArray(child)) return [[key, child.map(toScalar)]];
      // It judges a `false` of all other keywords.
      const isFlag = child === false && key !== "schema";
      const isData = isFlag || isOpaque(key, child) || key === "security";
      return [[key, isData ? child : toDiffable(child, nameMaps.has(key))]];
    }),
  );
}

function withNames(schema: JsonObject, items: readonly Json[]): JsonObject {
  const { patternProperties } = schema;
  const named = items.map((item, index) => [`[${index}`, item] as const);
  return {
    ...schema,
    patternProperties: {
      ...(isObject(patternProperties) ? patternProperties : {}),
      ...Object.fromEntries(named),
    },
  };
}

/** A name that is no pattern, so no pattern property has it. */
const itemName = /^\[\d+$/u;

/** Restores the places of the items of tuples in a path. */
export function withItems(keys: readonly string[]): string[] {
  return keys.flatMap((key, index) => {
    if (key === "patternProperties" && itemName.test(keys[index + 1] ?? "")) return [];
    return itemName.test(key) ? [`${key}]`] : [key];
  });
}

/** Converts a list or an object to a text. */
function toScalar(data: Json): Json {
  return typeof data === "object" && data !== null ? toText(data) : data;
}

/** Formats data as JSON that does not depend on the order of keys. */
function toText(data: Json): string {
  return JSON.stringify(data, (_, value: Json) =>
    isObject(value)
      ? Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : value,
  );
}
