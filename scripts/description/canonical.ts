import { dequal } from "@redocly/openapi-core";
import {
  find,
  fromPointer,
  isObject,
  isOpaque,
  methods,
  nameMaps,
  type Json,
  type JsonObject,
} from "./tree.ts";
import { findNewIn32, is32 } from "./version.ts";

/**
 * Takes the notation off a description, so that what comes after sees the meaning: what means the
 * same reads the same. Nothing changes its meaning, and what is not understood stays as it is.
 * Canonical forms are their own canonical form.
 */
export function toCanonical(description: JsonObject): JsonObject {
  const { openapi } = description;
  const is30 = /^3\.0\.\d+$/u.test(String(openapi));
  const root: Record<string, Json> = { ...objectOf(walk(description, description, is30)) };
  if (is30 || (is32(openapi) && findNewIn32(description) === undefined)) root["openapi"] = "3.1.0";
  const { security } = root;
  const written = new Set<string>();
  for (const key of ["paths", "webhooks"]) {
    const items = root[key];
    if (!isObject(items)) continue;
    root[key] = Object.fromEntries(
      Object.entries(items).map(([path, item]) => [
        path,
        canonicalPathItem(root, item, security, written),
      ]),
    );
  }
  // Each operation has it now, and nothing else has a use for it.
  if (isObject(root["paths"])) delete root["security"];
  if (isObject(root["components"]) && written.size > 0) {
    root["components"] = withoutUnused(root, root["components"], written);
  }
  return root;
}

function objectOf(value: Json | undefined): JsonObject {
  return isObject(value) ? value : {};
}

function canonicalPathItem(
  root: JsonObject,
  value: Json,
  security: Json | undefined,
  written: Set<string>,
): Json {
  const item = writeOut(root, value, written);
  if (!isObject(item)) return item;
  const { parameters: shared, ...rest } = item;
  const listOf = (parameters: Json | undefined): Json[] =>
    Array.isArray(parameters)
      ? parameters.map((parameter) => writeOut(root, parameter, written))
      : [];
  return Object.fromEntries(
    Object.entries(rest).map(([key, operation]): [string, Json] => {
      if (!(methods as readonly string[]).includes(key) || !isObject(operation)) {
        return [key, operation];
      }
      const own = listOf(operation["parameters"]);
      const inherited = listOf(shared).filter(
        (parameter) => !own.some((other) => placeOf(other) === placeOf(parameter)),
      );
      const parameters = [...inherited, ...own]
        .filter((parameter) => !isIgnored(parameter))
        .map(withRequired);
      const { parameters: _, ...others } = operation;
      return [
        key,
        {
          ...others,
          ...(parameters.length > 0 ? { parameters } : {}),
          ...(security === undefined || "security" in operation ? {} : { security }),
        },
      ];
    }),
  );
}

/** What makes two parameters one. The names of headers have no case (RFC 9110 §5.1). */
function placeOf(parameter: Json): string {
  const { in: location, name } = objectOf(parameter);
  return JSON.stringify([location, location === "header" ? String(name).toLowerCase() : name]);
}

/** OpenAPI 3.1 §4.8.12.2.1: such a header "SHALL be ignored", for other keywords describe it. */
function isIgnored(parameter: Json): boolean {
  const { in: location, name } = objectOf(parameter);
  return location === "header" && /^(?:accept|content-type|authorization)$/iu.test(String(name));
}

/** OpenAPI 3.1 §4.8.12.1: of a parameter in the path, `required` "MUST be true". */
function withRequired(parameter: Json): Json {
  return isObject(parameter) && parameter["in"] === "path"
    ? { ...parameter, required: true }
    : parameter;
}

/** Gives what a reference leads to; the reference itself if that is nothing. */
function writeOut(root: JsonObject, value: Json, written: Set<string>): Json {
  let target = value;
  const seen = new Set<string>();
  while (isObject(target) && typeof target["$ref"] === "string") {
    const { $ref: reference, ...siblings } = target;
    const pointer = reference.startsWith("#") ? fromPointer(reference.slice(1)) : undefined;
    const next = pointer === undefined ? undefined : find(root, pointer);
    if (!isObject(next) || seen.has(reference)) return value;
    seen.add(reference);
    target = { ...next, ...siblings };
  }
  for (const reference of seen) written.add(reference);
  return target;
}

/** Drops the components that were written out wherever they were used. */
function withoutUnused(
  root: JsonObject,
  components: JsonObject,
  written: ReadonlySet<string>,
): JsonObject {
  const text = JSON.stringify({ ...root, components });
  const isUnused = (section: string, name: string): boolean => {
    const reference = `#/components/${section}/${name}`;
    return written.has(reference) && !text.includes(JSON.stringify(reference));
  };
  const kept = Object.entries(components).map(([section, parts]): [string, Json] => [
    section,
    isObject(parts)
      ? Object.fromEntries(Object.entries(parts).filter(([name]) => !isUnused(section, name)))
      : parts,
  ]);
  return Object.fromEntries(
    kept.filter(([section, parts]) => parts === components[section] || hasKeys(parts)),
  );
}

function hasKeys(value: Json): boolean {
  return !isObject(value) || Object.keys(value).length > 0;
}

/** Keywords whose values are schemas, lists of schemas, or schemas by names. */
const schemaKeywords = new Set(
  (
    "schema items prefixItems additionalProperties unevaluatedProperties unevaluatedItems contains " +
    "propertyNames not if then else allOf anyOf oneOf contentSchema"
  ).split(" "),
);
const schemaMaps = new Set(
  "schemas properties patternProperties dependentSchemas $defs definitions".split(" "),
);

/** Walks all schemas, from the inside out. */
function walk(
  description: JsonObject,
  value: Json,
  is30: boolean,
  isSchema = false,
  keysAreNames = false,
): Json {
  if (Array.isArray(value)) return value.map((item) => walk(description, item, is30, isSchema));
  if (!isObject(value)) return value;
  const children = Object.fromEntries(
    Object.entries(value).map(([key, child]): [string, Json] => {
      if (keysAreNames) return [key, walk(description, child, is30, isSchema)];
      if (isOpaque(key, child) || key === "enum") return [key, child];
      const isMap = nameMaps.has(key);
      const walked = walk(
        description,
        child,
        is30,
        isMap ? schemaMaps.has(key) : schemaKeywords.has(key),
        isMap,
      );
      return [
        key,
        isSchema ? walked : withoutCase(key, walked, value === description["components"]),
      ];
    }),
  );
  if (keysAreNames) return children;
  // In 3.0 what stands beside a reference says nothing.
  if (is30 && typeof children["$ref"] === "string") return { $ref: children["$ref"] };
  return isSchema
    ? canonicalSchema(description, is30 ? raise(description, children) : children)
    : children;
}

/** Writes in small letters what has no case: names of headers, media types, schemes and hosts. */
function withoutCase(key: string, value: Json, isComponent: boolean): Json {
  if (key === "content" && isObject(value)) {
    // RFC 9110 §8.3.1; the values of parameters may have one.
    return withKeys(value, (name) => name.replace(/^[^;]+/u, (type) => type.toLowerCase()));
  }
  if (key === "headers" && isObject(value) && !isComponent) {
    return withKeys(value, (name) => name.toLowerCase());
  }
  if (key === "servers" && Array.isArray(value)) return value.map(serverWithoutCase);
  if ((key === "parameters" || key === "securitySchemes") && typeof value === "object") {
    if (Array.isArray(value)) return value.map(namedWithoutCase);
    if (!isObject(value)) return value;
    return Object.fromEntries(
      Object.entries(value).map(([name, one]) => [name, namedWithoutCase(one)]),
    );
  }
  return value;
}

/** Two keys that would be one stay as they are. */
function withKeys(map: JsonObject, change: (key: string) => string): JsonObject {
  const changed = Object.entries(map).map(([key, value]) => [change(key), value] as const);
  return new Set(changed.map(([key]) => key)).size === changed.length
    ? Object.fromEntries(changed)
    : map;
}

function namedWithoutCase(value: Json): Json {
  if (!isObject(value)) return value;
  const { in: location, name, type, scheme } = value;
  if (location === "header" && typeof name === "string") {
    return { ...value, name: name.toLowerCase() };
  }
  return type === "http" && typeof scheme === "string"
    ? { ...value, scheme: scheme.toLowerCase() }
    : value;
}

/** RFC 3986 §6.2.2.1 and §6.2.3: nor does the scheme's own port say anything. */
function serverWithoutCase(server: Json): Json {
  const url = isObject(server) ? server["url"] : undefined;
  if (!isObject(server) || typeof url !== "string") return server;
  const [origin = ""] = /^[a-z][a-z0-9+.-]*:\/\/[^/?#@{}]*(?=[/?#]|$)/iu.exec(url) ?? [];
  const plain = origin.toLowerCase().replace(/^(https:.*):443$|^(http:.*):80$/u, "$1$2");
  return { ...server, url: plain + url.slice(origin.length) };
}

/** Writes a schema of OpenAPI 3.0 as one of 3.1. */
function raise(description: JsonObject, schema: JsonObject): JsonObject {
  const { nullable, ...raised }: Record<string, Json> = { ...schema };
  for (const [exclusive, bound] of [
    ["exclusiveMinimum", "minimum"],
    ["exclusiveMaximum", "maximum"],
  ] as const) {
    const value = raised[bound];
    if (typeof raised[exclusive] !== "boolean") continue;
    const isExclusive = raised[exclusive];
    delete raised[exclusive];
    if (isExclusive && value !== undefined) {
      raised[exclusive] = value;
      delete raised[bound];
    }
  }
  if (nullable !== true) return raised;
  const all = Object.entries(raised);
  const around = Object.fromEntries(all.filter(([key]) => annotations.has(key)));
  const rest = Object.fromEntries(all.filter(([key]) => !annotations.has(key)));
  return Object.keys(rest).length === 0
    ? raised
    : { ...around, anyOf: [canonicalSchema(description, rest), { type: "null" }] };
}

/** Keywords of a property as a whole, whichever value it has. */
const annotations = new Set(
  "title description default example deprecated readOnly writeOnly".split(" "),
);

/** Keywords that null always meets, so that a type beside it may be added to. */
const typed = new Set(
  (
    "title description default example examples deprecated readOnly writeOnly externalDocs $comment xml " +
    "format pattern minLength maxLength contentEncoding contentMediaType " +
    "minimum maximum exclusiveMinimum exclusiveMaximum multipleOf " +
    "items prefixItems minItems maxItems uniqueItems contains minContains maxContains " +
    "properties required additionalProperties patternProperties minProperties maxProperties"
  ).split(" "),
);

function canonicalSchema(description: JsonObject, schema: JsonObject): JsonObject {
  const [[sole, parts] = [], ...beside] = Object.entries(schema);
  if (/^(?:allOf|anyOf|oneOf)$/u.test(sole ?? "") && beside.length === 0) {
    if (Array.isArray(parts) && parts.length === 1 && isObject(parts[0])) return parts[0];
  }
  const { type } = schema;
  if (Array.isArray(type)) {
    const types = [...new Set(type.filter((one) => one !== "null"))];
    const all = type.length > types.length ? [...types, "null"] : types;
    const plain = all.length === 1 ? all : [all];
    // An empty list is no type, and stays for lint to find.
    if (all.length > 0 && !dequal(plain[0], type)) {
      return canonicalSchema(description, { ...schema, type: plain[0] ?? null });
    }
  }
  for (const keyword of ["anyOf", "oneOf"]) {
    const { [keyword]: alternatives, ...rest } = schema;
    if (!Array.isArray(alternatives)) continue;
    const others = alternatives.filter((one) => !isNull(one));
    const [only] = others;
    if (alternatives.length !== 2 || others.length !== 1 || !isObject(only)) continue;
    // Where the other takes null as well, null meets both alternatives, and oneOf refuses it.
    if (keyword === "oneOf" && !excludesNull(description, only)) continue;
    const merged = withNull(only, rest);
    if (merged !== undefined) return merged;
    return { ...rest, anyOf: [only, { type: "null" }] };
  }
  return schema;
}

/** A schema that takes null as well, with what stands around it; undefined if that is another. */
function withNull(schema: JsonObject, around: JsonObject): JsonObject | undefined {
  const { type } = schema;
  const isPlain =
    typeof type === "string" &&
    type !== "null" &&
    Object.keys(schema).every((key) => key === "type" || typed.has(key) || key.startsWith("x-"));
  const isApart = Object.keys(around).every(
    (key) => !(key in schema) && (typed.has(key) || key.startsWith("x-")),
  );
  return isPlain && isApart ? { ...around, ...schema, type: [type, "null"] } : undefined;
}

function isNull(schema: Json): boolean {
  return isObject(schema) && schema["type"] === "null" && Object.keys(schema).length === 1;
}

/** Whether null certainly does not meet a schema. */
function excludesNull(
  description: JsonObject,
  schema: Json | undefined,
  seen: ReadonlySet<string> = new Set(),
): boolean {
  if (!isObject(schema) || schema["nullable"] === true) return false;
  const { $ref: reference, type, enum: values, allOf, anyOf, oneOf } = schema;
  const excludes = (one: Json): boolean => excludesNull(description, one, seen);
  if (type !== undefined && ![type].flat().includes("null")) return true;
  if (Array.isArray(values) && !values.includes(null)) return true;
  if ("const" in schema && schema["const"] !== null) return true;
  if (Array.isArray(allOf) && allOf.some(excludes)) return true;
  if ([anyOf, oneOf].some((list) => Array.isArray(list) && list.every(excludes))) return true;
  if (typeof reference !== "string" || !reference.startsWith("#") || seen.has(reference)) {
    return false;
  }
  const pointer = fromPointer(reference.slice(1));
  const target = pointer === undefined ? undefined : find(description, pointer);
  return excludesNull(description, target, new Set([...seen, reference]));
}
