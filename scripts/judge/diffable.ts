import {
  find,
  fromPointer,
  isEqual,
  isObject,
  isOpaque,
  listOf,
  nameMaps,
  objectOf,
  ownValue,
  schemaReference,
  type Json,
  type JsonObject,
} from "../description/tree.ts";
import { orNull } from "./comparable.ts";
import type { Pair } from "./parts.ts";
import { withParts } from "./schema-parts.ts";

/** The schema of a property that exists only in the types, where it has no value. */
export const noValue: JsonObject = { enum: [] };

/** A schema that accepts some values only in the types. The form for comparison has no other comments. */
export function orInTypes(schema: JsonObject, others: readonly Json[]): JsonObject {
  return { $comment: "types", anyOf: [schema, ...others] };
}

/** What the name of a component's nullable copy ends with. */
const copySuffix = " or null";

/**
 * Rewrites the parts of two descriptions that `redocly diff` would not compare. It skips lists and objects in
 * data, which become JSON texts. It pairs the items of a list by their similarity, so the items of a tuple
 * become pattern properties, which it pairs by their names. It takes a schema that becomes `false` for one that
 * is removed. It compares the target of a reference with a schema in its place, but not if the reference is in a
 * choice, so a nullable reference becomes one to a nullable copy of its target. It does
 * not compare a schema with the alternatives of a choice in its place, so the schema becomes a choice of one.
 */
export function toDiffable(pair: Pair<JsonObject>): Pair<JsonObject> {
  const nullable = new Set<string>();
  const [before, after] = [
    rewrite(pair[0], pair[1], pair[0], nullable),
    rewrite(pair[1], pair[0], pair[1], nullable),
  ];
  const copies: Pair<Record<string, Json>> = [{}, {}];
  // The copies may need others. Both descriptions get all of them: otherwise, one would look new.
  for (const name of nullable) {
    for (const [index, root] of pair.entries()) {
      const original = find(root, ["components", "schemas", name]);
      if (original === undefined) continue;
      Object.assign(copies[index] ?? {}, {
        [name + copySuffix]: rewrite(withNullType(original), undefined, root, nullable),
      });
    }
  }
  const text = JSON.stringify([before, after, copies]);
  const replaced = [...nullable].filter(
    (name) => !text.includes(JSON.stringify(schemaReference(name))),
  );
  return [
    objectOf(sortAlternatives(withCopies(objectOf(before), copies[0], replaced))),
    objectOf(sortAlternatives(withCopies(objectOf(after), copies[1], replaced))),
  ];
}

function withCopies(
  description: JsonObject,
  copies: JsonObject,
  replaced: readonly string[],
): JsonObject {
  const components = objectOf(description["components"]);
  const schemas = Object.entries(objectOf(components["schemas"]));
  const kept = Object.fromEntries(schemas.filter(([name]) => !replaced.includes(name)));
  return { ...description, components: { ...components, schemas: { ...kept, ...copies } } };
}

/**
 * Rewrites a part of a description, and adds the names of the components that need a nullable copy.
 *
 * @param other what stands in its place in the other description
 */
function rewrite(
  value: Json,
  other: Json | undefined,
  root: JsonObject,
  nullable: Set<string>,
  keysAreNames = false,
): Json {
  if (value === false) return { not: {} };
  // The order of alternatives has no meaning.
  if (Array.isArray(value)) return value.map((item) => rewrite(item, undefined, root, nullable));
  if (!isObject(value)) return value;
  if (!keysAreNames && "$comment" in value) {
    const [plain, plainOther] = [value, objectOf(other)].map(({ anyOf }) => listOf(anyOf)[0]);
    return rewrite(plain ?? {}, plainOther, root, nullable);
  }
  const choice = keysAreNames ? undefined : choiceIn(other);
  const only = schemaOrNull(value);
  const isAlternative =
    choice !== undefined &&
    withParts(root, only ?? value).every((part) => !("anyOf" in part || "oneOf" in part));
  if (isAlternative && only === undefined && Object.keys(value).length > 0) {
    return { [choice]: [rewrite(value, undefined, root, nullable)] };
  }
  const folded = keysAreNames || isAlternative ? value : foldNull(value, nullable);
  const { prefixItems, ...rest } = folded;
  const object =
    !keysAreNames && Array.isArray(prefixItems) ? withNames(rest, prefixItems) : folded;
  const rewriteChild = (key: string, child: Json, areNames?: boolean): Json =>
    rewrite(child, ownValue(objectOf(other), key), root, nullable, areNames);
  return Object.fromEntries(
    Object.entries(object).flatMap(([key, child]): [string, Json][] => {
      if (keysAreNames && isEqual(child, noValue)) return [];
      if (keysAreNames) return [[key, rewriteChild(key, child)]];
      if (key === "default") return [[key, toText(child)]];
      if (key === "const") return [[key, toScalar(child)]];
      if (key === "enum" && Array.isArray(child)) return [[key, child.map(toScalar)]];
      // It judges a `false` of all other keywords.
      const isFlag = child === false && key !== "schema";
      const isData = isFlag || isOpaque(key, child) || key === "security";
      return [[key, isData ? child : rewriteChild(key, child, nameMaps.has(key))]];
    }),
  );
}

/** The keyword of a choice without more, other than one between a schema and null. */
function choiceIn(schema: Json | undefined): "anyOf" | "oneOf" | undefined {
  const [[keyword, alternatives] = [], ...more] = Object.entries(objectOf(schema));
  if ((keyword !== "anyOf" && keyword !== "oneOf") || more.length > 0) return undefined;
  return schemaOrNull(schema) === undefined && Array.isArray(alternatives) ? keyword : undefined;
}

/** The schema of a choice between it and null, without more. */
function schemaOrNull(schema: Json | undefined): Json | undefined {
  const { anyOf, ...rest } = objectOf(schema);
  if (!Array.isArray(anyOf) || anyOf.length !== 2 || Object.keys(rest).length > 0) return undefined;
  return isEqual(anyOf[1], { type: "null" }) ? anyOf[0] : undefined;
}

/** Writes a choice between a schema and null, without more, as one schema if possible. */
function foldNull(schema: JsonObject, nullable: Set<string>): JsonObject {
  const only = schemaOrNull(schema);
  if (only === undefined) return schema;
  const { $ref: reference, ...beside } = objectOf(only);
  if (typeof reference !== "string") return withNullType(only);
  const name = fromPointer(reference.slice(1))?.at(2);
  if (name === undefined || reference !== schemaReference(name) || Object.keys(beside).length > 0)
    return schema;
  nullable.add(name);
  return { $ref: schemaReference(name + copySuffix) };
}

/**
 * Makes a schema accept null, too. Both descriptions get the same notation, also with keywords that null may not
 * satisfy: nothing else is compared with it.
 */
function withNullType(schema: Json): JsonObject {
  const nullable = orNull(schema);
  const { type, enum: values, ...rest } = objectOf(schemaOrNull(nullable));
  if (type === undefined) return nullable;
  const list = Array.isArray(values) ? { enum: [...new Set([...values, null])] } : {};
  return { ...rest, type: [type, "null"].flat(), ...list };
}

/** The name of a component, also of a nullable copy. */
export function originalName(name: string): string {
  return name.endsWith(copySuffix) ? name.slice(0, -copySuffix.length) : name;
}

function withNames(schema: JsonObject, items: readonly Json[]): JsonObject {
  const { patternProperties } = schema;
  const named = items.map((item, index) => [`[${index}`, item] as const);
  return {
    ...schema,
    patternProperties: {
      ...objectOf(patternProperties),
      ...Object.fromEntries(named),
    },
  };
}

/** A name that is no pattern, so no pattern property has it. */
const itemName = /^\[\d+$/u;

/**
 * Sorts the alternatives of each choice that is inside an alternative of another one, innermost first. Their order
 * has no meaning, but it changes the text by which `redocly diff` pairs the outer alternatives.
 */
function sortAlternatives(value: Json, isNested = false): Json {
  if (Array.isArray(value)) return value.map((item) => sortAlternatives(item, isNested));
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, child]): [string, Json] => {
      const isChoice = (key === "anyOf" || key === "oneOf") && Array.isArray(child);
      const sorted = sortAlternatives(child, isNested || isChoice);
      return [key, isChoice && isNested ? sortByText(listOf(sorted)) : sorted];
    }),
  );
}

function sortByText(values: readonly Json[]): Json[] {
  return values
    .map((value) => ({ value, text: toText(value) }))
    .toSorted((left, right) => (left.text < right.text ? -1 : 1))
    .map(({ value }) => value);
}

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
