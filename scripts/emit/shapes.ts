import {
  entries,
  isObject,
  listOf,
  objectOf,
  targetOf,
  type Json,
  type JsonObject,
} from "../description/tree.ts";

/** Returns the target of a reference. */
export type Follow = (reference: string) => unknown;

/** Keywords that determine a type; the last three only if they list something. */
const shaping =
  "type const enum items prefixItems properties patternProperties additionalProperties".split(" ");
export const combining: readonly string[] = ["allOf", "anyOf", "oneOf"];
const triggers: ReadonlySet<string> = new Set(["$ref", "$defs", ...shaping, ...combining]);

/**
 * Rewrites, in place, the schemas that openapi-typescript would give a wrong type:
 *
 * - It reads `anyOf` next to other keywords as further alternatives, and one that only constrains as `unknown`.
 * - It applies `allOf`, `anyOf` and `oneOf` to each type of a list, and to all of them again.
 * - It treats a part without a type as an object, so that null is lost next to it.
 * - It ignores `required` in one part of an `allOf` for the properties of the others.
 * - It ignores `required` for names that are not properties.
 * - It reads an object without properties as empty, and a list without `type` as anything.
 * - It limits the declared properties to the type of the additional ones.
 * - It makes `$defs` a property, and schemas of the values in the `enum` of an object.
 * - It ignores `x-extensible-enum` without a `type`, other than in a property.
 */
export function withShapes(description: JsonObject): JsonObject {
  const follow: Follow = (reference) => targetOf(description, reference);
  const seen = new Set<JsonObject>();
  for (const { key, isName, parent } of entries(description)) {
    if (isName || !triggers.has(key) || seen.has(parent)) continue;
    seen.add(parent);
    reshape(parent, follow);
  }
  return description;
}

function reshape(schema: Record<string, Json>, follow: Follow): void {
  delete schema["$defs"];
  if (schema["type"] === "object" && "enum" in schema) delete schema["type"];
  if (schema["nullable"] === true && typeof schema["type"] === "string") {
    schema["type"] = [schema["type"], "null"];
    delete schema["nullable"];
  }
  if (isOpenList(schema, follow)) {
    schema["type"] ??= [...new Set(typesOf(schema, follow))];
    for (const key of ["$ref", ...combining]) delete schema[key];
  }
  const types = typesToSeparate(schema, follow);
  if (types !== undefined) {
    const alternatives = types.map((type) => (type === "null" ? { type } : { ...schema, type }));
    for (const key of ["required", ...shaping, ...combining]) delete schema[key];
    schema["anyOf"] = alternatives;
    for (const alternative of alternatives) reshape(alternative, follow);
    return;
  }
  const { allOf, ...beside } = schema;
  if (Array.isArray(allOf)) {
    const required = requiredAcross([beside, ...allOf], follow);
    if (required.length > 0) schema["required"] = required;
    const parts = allOf.filter((part) => !isConstraint(part, follow));
    if (parts.length > 0 || hasShape(beside, follow)) schema["allOf"] = parts;
  }
  for (const keyword of ["anyOf", "oneOf"]) {
    const { [keyword]: choice, ...others } = schema;
    if (!Array.isArray(choice) || !hasShape(others, follow)) continue;
    if (!choice.every((alternative) => hasShape(alternative, follow))) {
      delete schema[keyword];
    } else if (isConstraint(others, follow)) {
      if (others["type"] === "array") delete schema["type"];
    } else if (keyword === "anyOf") {
      schema["allOf"] = [...listOf(schema["allOf"]), { anyOf: choice }];
      delete schema["anyOf"];
    }
  }
  separateList(schema);
  widenAdditionalProperties(schema);
  const { items, prefixItems, type, ...others } = schema;
  const isOpen = ![others["additionalProperties"], others["unevaluatedProperties"]].includes(false);
  declareRequired(schema, follow);
  if (hasShape(others, follow)) return;
  if (type === undefined && (items ?? prefixItems) !== undefined) schema["type"] = "array";
  if ([type].flat().includes("object") && isOpen) schema["additionalProperties"] = true;
}

/** The types of a schema that has to be written as a choice between them, or else undefined. */
function typesToSeparate(schema: JsonObject, follow: Follow): readonly Json[] | undefined {
  const { type, allOf, anyOf, oneOf, ...beside } = schema;
  if ([allOf, anyOf, oneOf].every((parts) => parts === undefined)) return undefined;
  if (Array.isArray(type)) return isConstraint(schema, follow) ? undefined : type;
  const types = new Set(typesOf(schema, follow));
  const isNullable = types.delete("null") && accepts(schema, null, follow);
  const others = types.size > 0 ? [...types] : ["object"];
  if (!isNullable || !others.every((name) => /^(?:object|array)$/u.test(name))) return undefined;
  const choices = [{ anyOf }, { oneOf }].filter((part) => Object.values(part)[0] !== undefined);
  const parts = [beside, ...listOf(allOf), ...choices].filter(
    (part) => !isConstraint(part, follow),
  );
  const isLost = parts.some((part) => !typesOf(part, follow).includes("null"));
  return isLost ? [...others, "null"] : undefined;
}

/** Makes a list a part: openapi-typescript gives a property the type of its list, and ignores the rest. */
function separateList(schema: Record<string, Json>): void {
  if (schema["type"] !== "array" || !combining.some((keyword) => keyword in schema)) return;
  const list = Object.entries(schema).filter(([key]) =>
    /^(?:type|(?:prefix|unevaluated|min|max)?items)$/iu.test(key),
  );
  for (const [key] of list) delete schema[key];
  schema["allOf"] = [...listOf(schema["allOf"]), Object.fromEntries(list)];
}

/** A type with an index signature must allow the values of all properties there. */
function widenAdditionalProperties(schema: Record<string, Json>): void {
  const { properties, patternProperties, additionalProperties } = schema;
  const declared = Object.values(objectOf(properties));
  const others = Object.values(objectOf(patternProperties));
  if (isObject(additionalProperties)) others.push(additionalProperties);
  if (declared.length === 0 || others.length === 0) return;
  delete schema["patternProperties"];
  schema["additionalProperties"] = additionalProperties === true || {
    anyOf: [...others, ...declared],
  };
}

/** Whether `x-extensible-enum` lists the known values of a string, which may be null as well. */
export function isOpenList(schema: JsonObject, follow: Follow): boolean {
  if (!Array.isArray(schema["x-extensible-enum"])) return false;
  const types = typesOf(schema, follow);
  return types.includes("string") && types.every((type) => type === "string" || type === "null");
}

/** The types that a schema names, by itself, by its reference or by its parts. */
export function typesOf(schema: unknown, follow: Follow, seen: Set<unknown> = new Set()): string[] {
  if (!isObject(schema) || seen.has(schema)) return [];
  seen.add(schema);
  const { $ref: reference, type, allOf, anyOf, oneOf } = schema;
  if (type !== undefined) return [type].flat().map(String);
  const values = listedValuesOf(schema);
  if (values !== undefined) return values.map((value) => (value === null ? "null" : typeof value));
  const target = typeof reference === "string" ? follow(reference) : undefined;
  return [target, allOf, anyOf, oneOf].flat().flatMap((part) => typesOf(part, follow, seen));
}

/** Whether a schema accepts a text or null, as far as its types and values show. */
export function accepts(
  schema: unknown,
  value: string | null,
  follow: Follow,
  seen: readonly unknown[] = [],
): boolean {
  if (!isObject(schema) || seen.includes(schema)) return schema !== false;
  const isAccepted = (part: unknown): boolean => accepts(part, value, follow, [...seen, schema]);
  const { $ref: reference, type, allOf, anyOf, oneOf } = schema;
  return (
    (type === undefined || [type].flat().includes(value === null ? "null" : "string")) &&
    (listedValuesOf(schema)?.includes(value) ?? true) &&
    (typeof reference !== "string" || isAccepted(follow(reference))) &&
    listOf(allOf).every(isAccepted) &&
    [anyOf, oneOf].every((choice) => !Array.isArray(choice) || choice.some(isAccepted))
  );
}

/** The values that a schema lists, or else undefined. */
export function listedValuesOf(schema: JsonObject): readonly Json[] | undefined {
  const { const: only, enum: values } = schema;
  if (only !== undefined) return [only];
  return Array.isArray(values) ? values : undefined;
}

/** The properties of a schema, including those of its parts and its alternatives. */
export function allPropertiesOf(schema: unknown, follow: Follow): ReadonlyMap<string, Json> {
  return new Map(
    partsOf(schema, follow, combining).flatMap(({ properties }) =>
      Object.entries(objectOf(properties)),
    ),
  );
}

/**
 * The names that any of the schemas requires, as far as one without the requirement has the property, or none
 * has it.
 */
function requiredAcross([own, ...parts]: readonly Json[], follow: Follow): readonly Json[] {
  const all = [own, ...parts].map((part) => ({
    properties: allPropertiesOf(part, follow),
    required: partsOf(part, follow).flatMap(({ required }) => listOf(required)),
  }));
  const missing = all
    .flatMap(({ required }) => required)
    .filter((name) => {
      const owners = all.filter(({ properties }) => properties.has(String(name)));
      return owners.length === 0 || owners.some(({ required }) => !required.includes(name));
    });
  return [...new Set([...listOf(objectOf(own)["required"]), ...missing])];
}

/** Adds a property of any type for each required name that is not declared, unless all values are listed. */
function declareRequired(schema: Record<string, Json>, follow: Follow): void {
  if (listedValuesOf(schema)) return;
  if (!typesOf(schema, follow).every((type) => type === "object" || type === "null")) return;
  const declared = allPropertiesOf(schema, follow);
  const names = listOf(schema["required"]).filter((name) => !declared.has(String(name)));
  if (names.length === 0) return;
  const more = Object.fromEntries(names.map((name) => [String(name), {}]));
  schema["properties"] = { ...objectOf(schema["properties"]), ...more };
}

/** The targets of a schema's reference and of its parts' references, and itself. */
export function partsOf(
  value: unknown,
  follow: Follow,
  keywords: readonly string[] = ["allOf"],
  seen: Set<unknown> = new Set(),
): JsonObject[] {
  if (!isObject(value) || seen.has(value)) return [];
  seen.add(value);
  const { $ref: reference } = value;
  const target = typeof reference === "string" ? follow(reference) : undefined;
  const parts = [target, ...keywords.map((keyword) => value[keyword])].flat();
  return [value, ...parts.flatMap((part) => partsOf(part, follow, keywords, seen))];
}

/** Whether a schema has a type other than `unknown`. */
function hasShape(value: unknown, follow: Follow, seen: readonly unknown[] = []): boolean {
  if (!isObject(value)) return value === false;
  // What refers back to itself is determined by something else.
  if (seen.includes(value)) return true;
  const isShaped = (part: unknown): boolean => hasShape(part, follow, [...seen, value]);
  const { $ref: reference, allOf, anyOf, oneOf } = value;
  return (
    shaping.some((key) => key in value && isShape(key, value[key])) ||
    (typeof reference === "string" && isShaped(follow(reference))) ||
    listOf(allOf).some(isShaped) ||
    [anyOf, oneOf].some((choice) => Array.isArray(choice) && choice.every(isShaped))
  );
}

/** Whether a schema only constrains an object or a list, so that it adds nothing to other schemas. */
function isConstraint(value: unknown, follow: Follow): boolean {
  if (!isObject(value)) return value === true;
  const { $ref: reference, type, ...others } = value;
  if (typeof reference === "string") return isConstraint(follow(reference), follow);
  const isOpen = type !== undefined && (others["additionalProperties"] ?? false) !== false;
  return (
    [type ?? "object"].flat().every((name) => /^(?:object|array|null)$/u.test(String(name))) &&
    !isOpen &&
    !hasShape(others, follow)
  );
}

function isShape(keyword: string, value: unknown): boolean {
  return !/properties$/iu.test(keyword) || (isObject(value) && Object.keys(value).length > 0);
}
