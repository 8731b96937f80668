import { toCanonical } from "../description/canonical.ts";
import {
  isObject,
  isOpaque,
  nameMaps,
  textKeywords,
  type Json,
  type JsonObject,
} from "../description/tree.ts";

/** The extensions that types or facts are made from. */
const extensions = new Set([
  "x-client-name",
  "x-client-option",
  "x-extensible-enum",
  "x-final-states",
]);

/** Keywords that say nothing with these values. */
const defaults = new Map<string, Json>([
  ["allowEmptyValue", false],
  ["allowReserved", false],
  ["deprecated", false],
  ["minItems", 0],
  ["minLength", 0],
  ["minProperties", 0],
  ["readOnly", false],
  ["uniqueItems", false],
  ["writeOnly", false],
]);

/** Lists whose order says nothing. */
const unordered = new Set(["enum", "required", "type"]);

/**
 * Writes a description in the form in which two are compared: canonical, without what only people read
 * and extensions that nothing is made from, without keywords that say what holds anyway, with names
 * that have no case in lower case, and with lists sorted whose order says nothing.
 *
 * @param withTexts whether to keep what only people read
 */
export function toComparable(description: JsonObject, withTexts = false): JsonObject {
  const plain = strip(toCanonical(description), withTexts);
  // What had only texts beside it may be taken for its content now.
  const { info: _, openapi, ...rest } = toCanonical(isObject(plain) ? plain : {});
  const version = String(openapi).replace(/^(3\.\d+)\..*$/u, "$1.0");
  return { ...rest, openapi: version, info: { title: "", version: "" } };
}

/** @param key the keyword that holds the value */
function strip(value: Json, withTexts: boolean, keysAreNames = false, key = ""): Json {
  if (Array.isArray(value)) {
    const items = value.map((item) => strip(item, withTexts));
    return key === "parameters" ? sortParameters(items) : items;
  }
  if (!isObject(value)) return value;
  const stripped = Object.fromEntries(
    Object.entries(value).flatMap(([name, child]): [string, Json][] => {
      if (keysAreNames) return [[nameIn(key, name), strip(child, withTexts)]];
      if ((textKeywords.has(name) && !withTexts) || isSilent(name, child)) return [];
      if (isOpaque(name, child)) return [[name, child]];
      if (name === "enum") return [[name, valueOf(name, child)]];
      // The names of components are those that references lead to.
      const holder = key === "components" && name !== "securitySchemes" ? "" : name;
      const plain = strip(child, withTexts, nameMaps.has(name), holder);
      return [[name, valueOf(name, plain)]];
    }),
  );
  if (keysAreNames) {
    return key === "securitySchemes" ? mapValues(stripped, lowerScheme) : stripped;
  }
  return simplify(stripped);
}

/** The names of headers (RFC 9110 §5.1) and media types (RFC 9110 §8.3.1) have no case. */
function nameIn(key: string, name: string): string {
  if (key === "headers") return name.toLowerCase();
  return key === "content" ? name.toLowerCase().replaceAll(/\s/gu, "") : name;
}

function isSilent(key: string, value: Json): boolean {
  if (key.startsWith("x-")) return !extensions.has(key);
  const isEmpty = Array.isArray(value) && value.length === 0;
  return (
    (defaults.has(key) && defaults.get(key) === value) ||
    (key === "required" && (value === false || isEmpty)) ||
    (key === "parameters" && isEmpty)
  );
}

function valueOf(key: string, value: Json): Json {
  if (key === "servers" && Array.isArray(value)) return value.map(plainServer);
  if (!Array.isArray(value) || !unordered.has(key)) return value;
  const [only, ...more] = value;
  if (key === "type" && only !== undefined && more.length === 0) return only;
  return value.toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
}

/** The scheme and host of a URL have no case (RFC 3986 §6.2.2.1), and a path is added to it. */
function plainServer(server: Json): Json {
  if (!isObject(server)) return server;
  const url = String(server["url"])
    .replace(/^[a-z][a-z0-9+.-]*:\/\/[^/?#{}]*/iu, (origin) => origin.toLowerCase())
    .replace(/^(https:\/\/[^/]*):443(?=\/|$)/u, "$1")
    .replace(/\/$/u, "");
  return { ...server, url };
}

/** The names of authentication schemes have no case (RFC 9110 §11.1). */
function lowerScheme(value: Json): Json {
  if (!isObject(value)) return value;
  const { type, scheme, in: location, name } = value;
  return {
    ...value,
    ...(type === "http" ? { scheme: String(scheme).toLowerCase() } : {}),
    ...(location === "header" ? { name: String(name).toLowerCase() } : {}),
  };
}

function sortParameters(parameters: readonly Json[]): Json[] {
  const keyOf = (one: Json): string =>
    isObject(one) ? JSON.stringify([one["$ref"], one["in"], one["name"]]) : "";
  return parameters
    .map((one) =>
      isObject(one) && one["in"] === "header" && typeof one["name"] === "string"
        ? { ...one, name: one["name"].toLowerCase() }
        : one,
    )
    .toSorted((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
}

/** Gives one notation to what has two, in a schema or a parameter. */
function simplify(object: JsonObject): JsonObject {
  const { const: value, in: location, style, explode, ...rest } = object;
  if (value !== undefined && rest["enum"] === undefined)
    return simplify({ ...rest, enum: [value] });
  if (typeof location === "string" && ("schema" in rest || "content" in rest)) {
    // OpenAPI 3.1 §4.8.12.2
    const usual = location === "query" || location === "cookie" ? "form" : "simple";
    const written = style ?? usual;
    return {
      ...rest,
      in: location,
      ...(written === usual ? {} : { style: written }),
      ...(explode === undefined || explode === (written === "form") ? {} : { explode }),
    };
  }
  const { anyOf, oneOf, ...beside } = object;
  const types = typesOf(anyOf ?? oneOf);
  if (types === undefined || "type" in beside || (anyOf !== undefined && oneOf !== undefined)) {
    return object;
  }
  // An integer meets both, which oneOf refuses.
  if (oneOf !== undefined && types.includes("integer") && types.includes("number")) return object;
  return { ...beside, type: valueOf("type", [...new Set(types)]) };
}

/** The types of a choice among nothing but types. */
function typesOf(alternatives: Json | undefined): Json[] | undefined {
  if (!Array.isArray(alternatives) || alternatives.length === 0) return undefined;
  const isType = (one: Json): one is JsonObject =>
    isObject(one) && Object.keys(one).join() === "type";
  if (!alternatives.every(isType)) return undefined;
  return alternatives.flatMap((one) => one["type"] ?? []);
}

function mapValues(object: JsonObject, change: (value: Json) => Json): JsonObject {
  return Object.fromEntries(Object.entries(object).map(([key, value]) => [key, change(value)]));
}
