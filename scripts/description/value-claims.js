/**
 * Reads what schemas say about the values of a string. JavaScript, because the house rules are.
 *
 * @import { UserContext } from "@redocly/openapi-core"
 */

/** @typedef {Record<string, any>} Node */

/**
 * What a schema says about its values, including the schemas that it refers to, its parts and conditions.
 *
 * @typedef {object} ValueClaims
 * @property {string} prose
 * @property {readonly unknown[] | undefined} values from an `enum`, constants, or a pattern of alternative
 *   words
 * @property {readonly unknown[]} conditional values from `if`, `then`, `else` and `not`
 * @property {readonly string[]} names of values in the vendor's own extensions
 */

/** @type {(schema: Node | undefined, context: UserContext, seen?: Set<unknown>) => ValueClaims} */
export function valueClaimsOf(schema, context, seen = new Set()) {
  if (typeof schema !== "object" || schema === null || seen.has(schema))
    return { prose: "", values: undefined, conditional: [], names: [] };
  seen.add(schema);
  /** @type {(parts: readonly Node[]) => ValueClaims[]} */
  const all = (parts) => parts.map((part) => valueClaimsOf(part, context, seen));
  const parts = all(directPartsOf(schema, context));
  const conditions = all([schema["if"], schema["then"], schema["else"], schema["not"]]);
  const claims = [...parts, ...conditions];
  const texts = vendorTexts(schema);
  const values = [valuesOf(schema), ...parts.map((claim) => claim.values)].flatMap(
    (list) => list ?? [],
  );
  return {
    prose: [
      schema["title"] ?? "",
      schema["description"] ?? "",
      ...texts.filter((text) => !isName(text)),
      ...claims.map(({ prose }) => prose),
    ].join("\n"),
    values: values.length > 0 ? values : undefined,
    conditional: [
      ...claims.flatMap(({ conditional }) => conditional),
      ...conditions.flatMap((claim) => claim.values ?? []),
    ],
    names: [...texts.filter(isName), ...claims.flatMap(({ names }) => names)],
  };
}

/**
 * The schemas that a schema refers to or consists of.
 *
 * @type {(schema: Node, context: UserContext) => Node[]}
 */
export function directPartsOf({ $ref, allOf, anyOf, oneOf }, context) {
  const target = typeof $ref === "string" ? context.resolve({ $ref }).node : undefined;
  return [target, ...[allOf, anyOf, oneOf].flatMap(listOf)].filter(isNode);
}

/** @type {(schema: Node) => readonly unknown[] | undefined} */
export function valuesOf({ enum: listed, const: constant, pattern }) {
  if (Array.isArray(listed)) return listed;
  if (constant !== undefined) return [constant];
  const words = /^\^(?:\((?:\?:)?([\w|-]+)\)|([\w-]+))\$$/u.exec(String(pattern ?? ""));
  return (words?.[1] ?? words?.[2])?.split("|");
}

/** The extensions that this pipeline reads. */
const ours = new Set(["x-extensible-enum", "x-final-states"]);

/**
 * The texts about values in the vendor's own extensions, such as `x-enum-varnames`, `x-enumNames`,
 * `x-enum-descriptions` and `x-ms-enum`: names of values, or sentences about them.
 *
 * @type {(schema: Node) => string[]}
 */
export function vendorTexts(schema) {
  return Object.entries(schema)
    .filter(([key]) => /^x-.*(?:enum|value|state)/iu.test(key) && !ours.has(key))
    .flatMap(([, value]) => textsIn(value));
}

/** @type {(value: unknown) => string[]} */
function textsIn(value) {
  if (typeof value === "string") return [value];
  if (Array.isArray(value)) return value.flatMap(textsIn);
  if (typeof value !== "object" || value === null) return [];
  /** @type {Node} */
  const { values, value: own, name = own } = value;
  if (typeof values === "object") return textsIn(values);
  return typeof name === "string" ? [String(own ?? name)] : Object.keys(value);
}

/** @type {(text: string) => boolean} */
export function isName(text) {
  return !/\s/u.test(text);
}

const nonWordFormats =
  /^(?:uuid|date|time|date-time|duration|uri|iri|email|idn-email|ipv4|ipv6|json-pointer)$/u;

/**
 * Whether a schema allows a string.
 *
 * @type {(schema: Node | undefined, value: string, context: UserContext, seen?: readonly unknown[]) => boolean}
 */
export function allows(schema, value, context, seen = []) {
  if (!isNode(schema)) return schema !== false;
  if (seen.includes(schema)) return true;
  const { type, format, pattern, minLength = 0, maxLength = Number.POSITIVE_INFINITY } = schema;
  const { $ref, enum: listed, const: constant, allOf, anyOf, oneOf, not } = schema;
  /** @type {(part: Node | undefined) => boolean} */
  const passes = (part) => allows(part, value, context, [...seen, schema]);
  return (
    (type === undefined || [type].flat().includes("string")) &&
    (!Array.isArray(listed) || listed.includes(value)) &&
    (constant === undefined || constant === value) &&
    !nonWordFormats.test(String(format)) &&
    (typeof pattern !== "string" || matches(value, pattern)) &&
    value.length >= minLength &&
    value.length <= maxLength &&
    (typeof $ref !== "string" || passes(context.resolve({ $ref }).node)) &&
    listOf(allOf).every(passes) &&
    [anyOf, oneOf].every((list) => listOf(list).length === 0 || listOf(list).some(passes)) &&
    (not === undefined || !passes(not)) &&
    (schema["if"] === undefined || passes(passes(schema["if"]) ? schema["then"] : schema["else"]))
  );
}

/**
 * Whether a text matches a pattern. An expression that does not compile could match any text.
 *
 * @type {(text: string, pattern: string) => boolean}
 */
export function matches(text, pattern) {
  try {
    return new RegExp(pattern, "u").test(text);
  } catch {
    return true;
  }
}

/**
 * What the parts and conditions of an object's schema say about a property in addition to its listed values, as a
 * schema of the property. It never refuses a value that the object's schema allows.
 *
 * @type {(schema: Node | undefined, name: string, context: UserContext, rests?: Map<Node, Node>) => Node}
 */
export function restOfProperty(schema, name, context, rests = new Map()) {
  if (!isNode(schema)) return {};
  const known = rests.get(schema);
  if (known !== undefined) return known;
  // Within itself, a schema says nothing more.
  rests.set(schema, {});
  /** @type {(part: Node | undefined) => Node} */
  const rest = (part) => restOfProperty(part, name, context, rests);
  const { $ref, allOf, anyOf, oneOf, not, discriminator } = schema;
  const own = propertyOf(schema, name);
  const isListed = [own, resolved(own, context)].some((node) => node?.["x-extensible-enum"]);
  const matching = Object.entries(schema["patternProperties"] ?? {}).filter(([pattern]) =>
    matches(name, pattern),
  );
  const mapping = discriminator?.propertyName === name ? (discriminator.mapping ?? {}) : {};
  const { type: _, properties, required, ...others } = not ?? {};
  const excluded = propertyOf(not, name);
  const excludesValues =
    excluded !== undefined &&
    [...Object.keys(properties), ...listOf(required)].every((property) => property === name) &&
    Object.keys(others).length === 0;
  const all = {
    allOf: [
      isListed ? undefined : own,
      ...matching.map(([, property]) => property),
      ...(typeof $ref === "string" ? [rest(context.resolve({ $ref }).node)] : []),
      ...listOf(allOf).map(rest),
      ...[anyOf, oneOf].map((list) => ({ anyOf: listOf(list).map(rest) })),
      { anyOf: [rest(schema["then"]), rest(schema["else"])] },
      ...(excludesValues ? [{ not: excluded }] : []),
      // They hold for some objects only.
      {
        anyOf: [
          {},
          ...[schema["if"], not, ...Object.values(schema["dependentSchemas"] ?? {})].map(rest),
          { enum: Object.keys(mapping) },
        ],
      },
    ].filter((part) => part !== undefined),
  };
  rests.set(schema, all);
  return all;
}

/** @type {(schema: Node | undefined, name: string) => Node | undefined} */
function propertyOf(schema, name) {
  const properties = schema?.["properties"] ?? {};
  // All objects inherit properties, which may have this name.
  return Object.hasOwn(properties, name) ? properties[name] : undefined;
}

/** @type {(node: Node | undefined, context: UserContext) => Node} */
export function resolved(node, context) {
  return (typeof node?.["$ref"] === "string" ? context.resolve(node).node : node) ?? {};
}

/** @type {(value: unknown) => value is Node} */
function isNode(value) {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** @type {(list: unknown) => any[]} */
function listOf(list) {
  return Array.isArray(list) ? list : [];
}
