import {
  toCanonical,
  toCanonicalSchema,
  withNull,
  withoutUnusedCopies,
  withTypesOfChoice,
} from "../description/canonical.ts";
import { withMappings } from "../emit/discriminators.ts";
import { accepts } from "../emit/shapes.ts";
import {
  isEqual,
  isObject,
  isOpaque,
  listOf,
  nameMaps,
  objectOf,
  textKeywords,
  type Json,
  type JsonObject,
} from "../description/tree.ts";
import { withParts } from "./schema-parts.ts";

/** The extensions that affect types or facts. */
const extensions = new Set([
  "x-client-name",
  "x-client-option",
  "x-extensible-enum",
  "x-final-states",
]);

/** Keywords that have no effect with these values. */
const defaults = new Map<string, Json>([
  ["allowEmptyValue", false],
  ["allowReserved", false],
  ["deprecated", false],
  ["jsonSchemaDialect", "https://spec.openapis.org/oas/3.1/dialect/base"],
  ["minItems", 0],
  ["minLength", 0],
  ["minProperties", 0],
  ["readOnly", false],
  ["uniqueItems", false],
  ["writeOnly", false],
]);

/** Lists whose order has no meaning. */
const unordered = new Set(["enum", "required", "type"]);

/** What a form for comparison keeps. */
export interface KeptParts {
  /** The texts for people. */
  readonly texts?: boolean;
  /**
   * What a client's names follow from: `x-client-name`, and the order of parameters, because the first of two
   * gets a name that both would have.
   */
  readonly clientNames?: boolean;
  /** `items: {}`, by which items are evaluated. */
  readonly items?: boolean;
}

/**
 * Converts a description to the form for comparison: canonical, without texts for people, without
 * extensions that affect nothing, without keywords that have their default value, and with lists sorted
 * whose order has no meaning.
 */
export function toComparable(description: JsonObject, kept: KeptParts): JsonObject {
  const canonical = withMappings(withoutUnusedCopies(toCanonical(description)));
  const plain = strip(canonical, kept, canonical);
  // A schema that only had texts next to its content can be simplified now.
  const { info: _, openapi, ...rest } = toCanonical(objectOf(plain));
  const version = String(openapi).replace(/^(3\.\d+)\..*$/u, "$1.0");
  return { ...rest, openapi: version, info: { title: "", version: "" } };
}

/** Makes a schema in the form for comparison accept null, too. */
export function orNull(schema: Json): JsonObject {
  // What a reference accepts is not known here.
  if (isObject(schema) && accepts(schema, null, () => false)) return schema;
  const canonical = toCanonicalSchema({ anyOf: [schema, { type: "null" }] });
  return objectOf(toCanonicalSchema(strip(canonical, { items: true }, {})));
}

function strip(value: Json, kept: KeptParts, root: JsonObject, keysAreNames = false): Json {
  if (Array.isArray(value)) return value.map((item) => strip(item, kept, root));
  if (!isObject(value)) return value;
  const stripped = Object.fromEntries(
    Object.entries(value).flatMap(([key, child]): [string, Json][] => {
      if (keysAreNames) return [[key, strip(child, kept, root)]];
      if ((textKeywords.has(key) && kept.texts !== true) || isMeaningless(key, child)) return [];
      if (key === "x-client-name" && kept.clientNames !== true) return [];
      const isData = isOpaque(key, child) || key === "security";
      const plain = isData ? child : strip(child, kept, root, nameMaps.has(key));
      if (key === "servers" && Array.isArray(plain)) return [[key, plain.flatMap(withVariants)]];
      if (key === "items" && kept.items !== true && acceptsAll(plain)) return [];
      if (key === "additionalProperties" && plain === true) return [[key, {}]];
      if (key === "anyOf" && Array.isArray(plain)) return [[key, plain.flatMap(alternativesOf)]];
      const isOrdered = key === "parameters" && kept.clientNames === true;
      return [[key, isOrdered ? plain : withoutOrder(key, plain)]];
    }),
  );
  return keysAreNames ? stripped : unifyNotation(stripped, root);
}

export function acceptsAll(schema: Json): boolean {
  return schema === true || (isObject(schema) && Object.keys(schema).length === 0);
}

/** The alternatives of an `anyOf` without more, which may stand in its place in another; or else the schema. */
function alternativesOf(schema: Json): readonly Json[] {
  const { anyOf, ...rest } = objectOf(schema);
  return Array.isArray(anyOf) && Object.keys(rest).length === 0 ? anyOf : [schema];
}

function isMeaningless(key: string, value: Json): boolean {
  if (key.startsWith("x-")) return !extensions.has(key);
  const isEmpty = Array.isArray(value) && value.length === 0;
  return (
    (defaults.has(key) && defaults.get(key) === value) ||
    (key === "required" && (value === false || isEmpty)) ||
    (key === "parameters" && isEmpty) ||
    // The root's security stands at each operation already.
    (key === "security" && (isEmpty || isEqual(value, [{}])))
  );
}

function withoutOrder(key: string, value: Json): Json {
  if (key === "dependentRequired" && isObject(value)) {
    return Object.fromEntries(
      Object.entries(value).map(([name, names]) => [name, withoutOrder("required", names)]),
    );
  }
  if (!Array.isArray(value)) return value;
  if (key === "parameters")
    return value.toSorted(compareBy(({ in: location, name }) => [location, name]));
  if (!unordered.has(key)) return value;
  const isNumber = key === "type" && value.includes("number");
  return value
    .filter((item) => !(isNumber && item === "integer"))
    .toSorted(compareBy((item) => item));
}

function compareBy(keyOf: (item: JsonObject) => unknown): (a: Json, b: Json) => number {
  const text = (item: Json): string => JSON.stringify(isObject(item) ? keyOf(item) : item);
  return (a, b) => (text(a) < text(b) ? -1 : 1);
}

/** A server, followed by one for each other value of a variable: `{}` is any value. */
function withVariants(server: Json): Json[] {
  const variables = objectOf(server)["variables"];
  if (!isObject(server) || !isObject(variables)) return [server];
  const others = Object.entries(variables).flatMap(([name, variable]) => {
    if (!isObject(variable)) return [];
    const { enum: values = ["{}"] } = variable;
    if (!Array.isArray(values)) return [];
    return values
      .filter((value) => value !== variable["default"])
      .map((value) => ({
        ...server,
        variables: { ...variables, [name]: { ...variable, default: value } },
      }));
  });
  return [server, ...others];
}

/** Unifies the notations of a schema, a parameter or a server where there are two. */
function unifyNotation(object: JsonObject, root: JsonObject = {}): JsonObject {
  const { const: value, in: location, style, explode, url, ...rest } = object;
  // A path is appended to the URL.
  if (typeof url === "string") return { ...object, url: url.replace(/\/$/u, "") };
  if (value !== undefined && rest["enum"] === undefined)
    return unifyNotation({ ...rest, enum: [value] });
  // https://spec.openapis.org/registry/format/byte
  if (rest["format"] === "byte" && rest["contentEncoding"] === undefined) {
    const { format: _, ...unified } = object;
    return unifyNotation({ ...unified, contentEncoding: "base64" });
  }
  const { enum: list } = rest;
  if (Array.isArray(list) && list.length > 0) return withTypeOfValues(object, list);
  if (style !== undefined || explode !== undefined) {
    // OpenAPI 3.1 §4.8.12.2. An object without a location is a header, or a part of a form.
    const isForm = location === "query" || location === "cookie" || !("schema" in rest);
    const defaultStyle = isForm ? "form" : "simple";
    const effectiveStyle = style ?? defaultStyle;
    const hasNoEffect =
      explode === (effectiveStyle === "form") ||
      effectiveStyle === "deepObject" ||
      isScalar(root, rest["schema"]);
    return {
      ...rest,
      ...(location === undefined ? {} : { in: location }),
      ...(effectiveStyle === defaultStyle ? {} : { style: effectiveStyle }),
      ...(explode === undefined || hasNoEffect ? {} : { explode }),
    };
  }
  const nullable = withNullInList(object);
  if (nullable !== undefined) return nullable;
  const { anyOf, oneOf, ...siblings } = object;
  const values = mergeLists(anyOf ?? oneOf, oneOf !== undefined);
  if (
    values !== undefined &&
    !("enum" in siblings) &&
    (anyOf === undefined || oneOf === undefined)
  ) {
    return unifyNotation({ ...siblings, enum: values });
  }
  const { type, ...others } = withTypesOfChoice(object);
  return type === undefined ? object : { ...others, type: withoutOrder("type", type) };
}

/** Adds the type of a list of values. A list that has only null becomes the type. */
function withTypeOfValues(schema: JsonObject, values: readonly Json[]): JsonObject {
  const types = new Set(values.map(typeOf));
  // The compiler would see only the type.
  if (types.has("object") || types.has("array")) return schema;
  if (types.has("number")) types.delete("integer");
  const all = [...types].toSorted();
  const { enum: _, type = all.length === 1 ? all.join() : all, ...rest } = schema;
  const isNull = type === "null" && isEqual(values, [null]);
  return isNull ? { ...rest, type } : { ...rest, type, enum: values };
}

function typeOf(value: Json): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "array";
  return Number.isInteger(value) ? "integer" : typeof value;
}

/** A choice between null and a list of values with constraints as one list; undefined for other schemas. */
function withNullInList({ anyOf, ...siblings }: JsonObject): JsonObject | undefined {
  const [only, alternative, ...more] = listOf(anyOf);
  if (!isObject(only) || !isEqual(alternative, { type: "null" }) || more.length > 0)
    return undefined;
  const { enum: values, ...rest } = only;
  const merged = Array.isArray(values) ? withNull(rest, siblings) : undefined;
  const all = [...new Set([...listOf(values), null])];
  return merged && { ...merged, enum: withoutOrder("enum", all) };
}

/** The values of a choice whose alternatives are lists of values. */
function mergeLists(alternatives: Json | undefined, isExclusive: boolean): Json | undefined {
  if (!Array.isArray(alternatives)) return undefined;
  const lists = alternatives.map(plainValuesOf);
  if (lists.length === 0 || lists.includes(undefined)) return undefined;
  const all = lists.flatMap((list) => list ?? []);
  const values = [...new Set(all)];
  // A value in two lists matches both, so oneOf rejects it.
  if (isExclusive && values.length < all.length) return undefined;
  return withoutOrder("enum", values);
}

function plainValuesOf(schema: Json): readonly Json[] | undefined {
  if (!isObject(schema)) return undefined;
  const { type, enum: values = type === "null" ? [null] : undefined, ...others } = schema;
  if (type === undefined || !Array.isArray(values) || Object.keys(others).length > 0)
    return undefined;
  const types = [type].flat();
  return values.filter(
    (value) =>
      types.includes(typeOf(value)) || (types.includes("number") && typeof value === "number"),
  );
}

/** Whether a schema is for single values, whose serialization does not depend on `explode`. */
function isScalar(root: JsonObject, schema: Json | undefined): boolean {
  const scalars = ["string", "number", "integer", "boolean"];
  return withParts(root, schema).some(({ type }) => scalars.includes(String(type)));
}
