import {
  entries,
  isObject,
  listOf,
  mapEntries,
  objectOf,
  type Json,
  type JsonObject,
} from "../description/tree.ts";
import type { Direction } from "./direction.ts";
import { noValue, orInTypes } from "./diffable.ts";
import { directPartsOf, withParts } from "./schema-parts.ts";

/** The names of the properties by which discriminators choose. */
export function discriminatingNames(description: JsonObject): Set<Json | undefined> {
  return new Set(
    [...entries(description)]
      .filter(({ key, isName }) => key === "discriminator" && !isName)
      .map(({ value }) => objectOf(value)["propertyName"]),
  );
}

/**
 * Removes the properties of the opposite direction from a schema, and the keywords that mark them.
 *
 * @param forbidden the names of properties that are forbidden instead, because types have them anyway
 */
export function withoutOppositeProperties(
  root: JsonObject,
  schema: JsonObject,
  direction: Direction,
  forbidden: ReadonlySet<Json | undefined>,
): JsonObject {
  const { readOnly: _, writeOnly: __, ...rest } = schema;
  return withoutProperties(rest, ownOppositeNames(root, schema, direction), forbidden);
}

function withoutProperties(
  schema: JsonObject,
  names: readonly string[],
  forbidden: ReadonlySet<Json | undefined> = new Set(),
): JsonObject {
  const { properties, required } = schema;
  if (names.length === 0) return schema;
  const all = Object.entries(objectOf(properties));
  // Without properties, it would have the type of a map.
  const isEmpty =
    all.every(([name]) => names.includes(name)) && !("additionalProperties" in schema);
  const some = all.flatMap(([name, property]): [string, Json][] => {
    if (!names.includes(name)) return [[name, property]];
    return isEmpty || forbidden.has(name) ? [[name, noValue]] : [];
  });
  const removed = all.flatMap(([name, property]) => (names.includes(name) ? [property] : []));
  // The type of an index signature has the values of all properties.
  const widen = (other: Json): Json => (isObject(other) ? orInTypes(other, removed) : other);
  return {
    ...mapEntries(schema, (key, child) => {
      if (key === "additionalProperties") return widen(child);
      return key === "patternProperties" ? mapEntries(child, (_, other) => widen(other)) : child;
    }),
    ...(properties === undefined ? {} : { properties: Object.fromEntries(some) }),
    ...(Array.isArray(required)
      ? { required: required.filter((name) => !names.includes(String(name))) }
      : {}),
  };
}

/**
 * A schema without the properties that one part of it marks for the opposite direction and another part has,
 * too. All parts are in it: others may use the target of a reference. Undefined if there are no such properties.
 */
export function withoutMarkedParts(
  root: JsonObject,
  schema: JsonObject,
  direction: Direction,
): JsonObject | undefined {
  const { $ref: _, allOf: __, ...own } = schema;
  const parts = directPartsOf(root, schema);
  // A reference alone has no other part.
  if (parts.length === 0 || Object.keys(schema).join() === "$ref") return undefined;
  const marked = oppositeNames(root, schema, direction);
  const isShared = [own, ...parts].some((part) => {
    const removed = oppositeNames(root, part, direction);
    return namesIn(root, part).some((name) => marked.includes(name) && !removed.includes(name));
  });
  return isShared ? objectOf(withoutNames(root, schema, marked)) : undefined;
}

function withoutNames(
  root: JsonObject,
  schema: Json,
  names: readonly string[],
  seen: readonly Json[] = [],
): Json {
  if (!isObject(schema) || seen.includes(schema)) return schema;
  const { $ref: _, allOf: __, readOnly: ___, writeOnly: ____, ...own } = schema;
  const parts = directPartsOf(root, schema);
  const allOf = parts.map((part) => withoutNames(root, part, names, [...seen, schema]));
  return { ...withoutProperties(own, names), ...(parts.length === 0 ? {} : { allOf }) };
}

/** Properties that at least one part of the schema marks read-only (in an input) or write-only (in a result). */
function oppositeNames(root: JsonObject, schema: Json, direction: Direction): string[] {
  return withParts(root, schema).flatMap((part) => ownOppositeNames(root, part, direction));
}

function ownOppositeNames(root: JsonObject, schema: JsonObject, direction: Direction): string[] {
  const properties = objectOf(schema["properties"]);
  return Object.keys(properties).filter((name) =>
    isOppositeOnly(root, properties[name], direction),
  );
}

/** The properties that a schema or a part of it has or requires. */
function namesIn(root: JsonObject, schema: Json): string[] {
  return withParts(root, schema).flatMap(({ properties, required }) => [
    ...Object.keys(objectOf(properties)),
    ...listOf(required).map(String),
  ]);
}

/** Whether a property has only the opposite direction, by its own keywords or by a part of it. */
export function isOppositeOnly(
  root: JsonObject,
  schema: Json | undefined,
  direction: Direction,
): boolean {
  const mark = direction === "input" ? "readOnly" : "writeOnly";
  return withParts(root, schema).some((part) => part[mark] === true);
}
