import {
  ambiguousFields,
  entries,
  isEqual,
  isExtensible,
  isMethod,
  isObject,
  isOpaque,
  listOf,
  mapEntries,
  methods,
  nameMaps,
  objectOf,
  schemaReference,
  targetOf,
  withoutExtensions,
  type Json,
  type JsonObject,
} from "./tree.ts";
import { mergeSchemas } from "./merge-schemas.ts";
import { findNewIn32, is32, withoutNewIn32 } from "./version.ts";

/**
 * Removes differences of notation from a description, so that later stages only see its meaning: parts with
 * the same meaning get the same form. The meaning never changes, and parts that are not understood stay as
 * they are. It is idempotent.
 */
export function toCanonical(description: JsonObject): JsonObject {
  return convert(description, new Set());
}

/** A description while it is converted. */
interface Conversion {
  readonly description: JsonObject;
  readonly is30: boolean;
  /** Whether it is OpenAPI 3.2 without anything that 3.1 cannot express. */
  readonly isPlain32: boolean;
  /** The references that are replaced by what they refer to. */
  readonly writtenOut: ReadonlySet<string>;
  /** The references into a part of an operation or a component, and whether they are schemas. */
  readonly deepReferences: Map<string, boolean>;
}

/** Repeats the conversion until no reference leads to a part that is moved, renamed or dropped. */
function convert(description: JsonObject, moved: ReadonlySet<string>): JsonObject {
  const { openapi } = description;
  const is30 = typeof openapi === "string" && /^3\.0\.\d+$/u.test(openapi);
  const writtenOut = new Set([...moved].filter((each) => isShort(description, each, moved)));
  const isPlain32 = is32(openapi) && findNewIn32(description) === undefined;
  const deepReferences = new Map<string, boolean>();
  const conversion = { description, is30, isPlain32, writtenOut, deepReferences };
  const root: Record<string, Json> = { ...objectOf(walk(conversion, description)) };
  if (is30 || isPlain32) root["openapi"] = "3.1.0";
  const dereferenced = new Set<string>();
  const schemes = objectOf(root["components"])["securitySchemes"];
  if (isObject(schemes)) {
    // Not dropped: a requirement names a scheme, and does not refer to it.
    const written = mapEntries(schemes, (_, scheme) => dereferencePart(root, scheme, new Set()));
    root["components"] = { ...objectOf(root["components"]), securitySchemes: written };
  }
  for (const key of ["paths", "webhooks"]) {
    const items = root[key];
    if (!isObject(items)) continue;
    root[key] = Object.fromEntries(
      Object.entries(items).map(([path, item]) => [
        path,
        canonicalPathItem(root, item, dereferenced),
      ]),
    );
  }
  // Every operation has its own copy now, and nothing else uses it.
  if (isObject(root["paths"]) && Array.isArray(root["security"])) delete root["security"];
  const kept = [...moved].filter((each) => !writtenOut.has(each));
  const isCopied = (reference: string): boolean =>
    dereferenced.has(reference) && !kept.some((each) => each.startsWith(`${reference}/`));
  const canonical = dereferenced.size > 0 ? withoutUnused(root, isCopied) : root;
  const alsoMoved = [...deepReferences].flatMap(([reference, isSchema]) => {
    const target = targetOf(description, reference);
    if (moved.has(reference) || !isObject(target)) return [];
    // What it refers to may move the target in turn: following it now saves a round for each step.
    const isInPlace =
      !("$ref" in target) &&
      isEqual(targetOf(canonical, reference), walk(conversion, target, isSchema));
    return isInPlace ? [] : [reference];
  });
  return alsoMoved.length > 0 ? convert(description, new Set([...moved, ...alsoMoved])) : canonical;
}

/** Whether writing out a reference also writes out few others: it is not circular, and does not multiply. */
function isShort(description: JsonObject, reference: string, moved: ReadonlySet<string>): boolean {
  const targets = [targetOf(description, reference)];
  for (const target of targets) {
    for (const { key, value } of entries(target ?? null)) {
      if (key !== "$ref" || typeof value !== "string" || !moved.has(value)) continue;
      targets.push(targetOf(description, value));
    }
    if (targets.length > 100) return false;
  }
  return true;
}

/** The canonical form of a schema apart from its description. */
export function toCanonicalSchema(schema: Json): Json {
  const version = { is30: false, isPlain32: false };
  const references = { writtenOut: new Set<string>(), deepReferences: new Map<string, boolean>() };
  return walk({ description: {}, ...version, ...references }, schema, true);
}

/** Gives each operation of a path item all of its parameters, its body and its responses, and follows references. */
export function canonicalPathItem(root: JsonObject, value: Json, dereferenced: Set<string>): Json {
  const item = dereference(root, value, dereferenced);
  if (!isObject(item)) return item;
  const operations = methods.map((method) => item[method]).filter(isObject);
  const areLists = [item, ...operations].every(({ parameters = [] }) => Array.isArray(parameters));
  if (!areLists || operations.length === 0) return item;
  const { parameters: shared, ...rest } = item;
  const resolve = (part: Json): Json => dereferencePart(root, part, dereferenced);
  return Object.fromEntries(
    Object.entries(rest).map(([key, operation]): [string, Json] => {
      if (!isMethod(key) || !isObject(operation)) {
        return [key, operation];
      }
      const own = listOf(operation["parameters"]).map(resolve);
      const inherited = listOf(shared)
        .map(resolve)
        .filter((parameter) => !own.some((other) => identityOf(other) === identityOf(parameter)));
      const parameters = [...inherited, ...own]
        .filter((parameter) => !isIgnored(parameter))
        .map(withRequired);
      const { parameters: _, ...others } = operation;
      const { requestBody, responses } = others;
      return [
        key,
        {
          ...others,
          ...(isObject(requestBody) ? { requestBody: resolve(requestBody) } : {}),
          ...(isObject(responses)
            ? { responses: mapEntries(responses, (_status, response) => resolve(response)) }
            : {}),
          ...(parameters.length > 0 ? { parameters } : {}),
        },
      ];
    }),
  );
}

/** The identity of a parameter. Header names are case-insensitive (RFC 9110 §5.1). */
function identityOf(parameter: Json): string {
  const { in: location, name } = objectOf(parameter);
  if (typeof name !== "string") return JSON.stringify(parameter);
  return JSON.stringify([location, location === "header" ? name.toLowerCase() : name]);
}

/**
 * OpenAPI 3.1 §4.8.12.2.1: such a header parameter "SHALL be ignored", because other keywords describe it.
 */
function isIgnored(parameter: Json): boolean {
  const { in: location, name } = objectOf(parameter);
  return (
    location === "header" &&
    typeof name === "string" &&
    /^(?:accept|content-type|authorization)$/iu.test(name)
  );
}

/** OpenAPI 3.1 §4.8.12.1: the `required` of a path parameter "MUST be true". */
function withRequired(parameter: Json): Json {
  const { in: location, required = true } = objectOf(parameter);
  return location === "path" && typeof required === "boolean"
    ? { ...objectOf(parameter), required: true }
    : parameter;
}

/** Returns the target of a reference; the reference itself if it has no target, or an ambiguous one. */
function dereference(root: JsonObject, value: Json, dereferenced: Set<string>): Json {
  let target = value;
  const seen = new Set<string>();
  while (isObject(target) && typeof target["$ref"] === "string") {
    const { $ref: reference, ...siblings } = target;
    const next = targetOf(root, reference);
    if (!isObject(next) || seen.has(reference)) return value;
    if (ambiguousFields(siblings, next).length > 0) return value;
    seen.add(reference);
    target = { ...next, ...siblings };
  }
  for (const reference of seen) dereferenced.add(reference);
  return target;
}

/**
 * The target of a reference to a part that has no summary: OpenAPI 3.1 §4.8.23 gives one next to the reference
 * no effect.
 */
function dereferencePart(root: JsonObject, part: Json, dereferenced: Set<string>): Json {
  if (!isObject(part) || !("$ref" in part)) return part;
  const { summary: _, ...reference } = part;
  return dereference(root, reference, dereferenced);
}

/**
 * Drops parameters and path items that nothing uses, because operations have their own copies. Call it after
 * the lint, and after all overlays: one may add what a later one uses.
 */
export function withoutUnusedCopies(description: JsonObject): JsonObject {
  const references = [...entries(description)].flatMap(({ key, value }) =>
    key === "$ref" ? [String(value)] : [],
  );
  return withoutUnused(
    description,
    (component) =>
      /^#\/components\/(?:parameters|pathItems)\//u.test(component) &&
      !references.some((reference) => reference.startsWith(`${component}/`)),
  );
}

/** Drops the selected components that nothing refers to. */
function withoutUnused(root: JsonObject, isSelected: (reference: string) => boolean): JsonObject {
  const { components } = root;
  if (!isObject(components)) return root;
  // Also those in examples and extensions, whose meaning is unknown.
  const used = new Set(JSON.stringify(root).match(/"#\/components\/(?:[^"\\]|\\.)*"/gu));
  const isUnused = (section: string, name: string): boolean => {
    const reference = `#/components/${section}/${name}`;
    return isSelected(reference) && !used.has(JSON.stringify(reference));
  };
  const reducedSections = Object.entries(components).map(([section, parts]): [string, Json] => [
    section,
    isObject(parts)
      ? Object.fromEntries(Object.entries(parts).filter(([name]) => !isUnused(section, name)))
      : parts,
  ]);
  const reduced = reducedSections.filter(
    ([section, parts]) => parts === components[section] || hasKeys(parts),
  );
  return { ...root, components: Object.fromEntries(reduced) };
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

/** Walks all schemas, innermost first. */
function walk(conversion: Conversion, value: Json, isSchema = false, keysAreNames = false): Json {
  if (Array.isArray(value)) return value.map((item) => walk(conversion, item, isSchema));
  if (!isObject(value)) return value;
  const { description, is30, isPlain32, writtenOut, deepReferences } = conversion;
  const { $ref: reference } = value;
  if (typeof reference === "string" && !keysAreNames) {
    if (writtenOut.has(reference)) {
      return walk(conversion, writeOut(conversion, value, isSchema), isSchema);
    }
    if (/^#(?:\/[^/]*){4}/u.test(reference)) deepReferences.set(reference, isSchema);
  }
  const children = Object.fromEntries(
    Object.entries(value).map(([key, child]): [string, Json] => {
      if (keysAreNames) return [key, walk(conversion, child, isSchema)];
      if (isOpaque(key, child)) return [key, child];
      const isMap = nameMaps.has(key);
      const canonicalChild = walk(
        conversion,
        isExtensible(key, value, description) ? withoutExtensions(child) : child,
        isMap ? schemaMaps.has(key) : schemaKeywords.has(key),
        isMap,
      );
      return [
        key,
        isSchema
          ? key === "discriminator"
            ? withReferences(description, canonicalChild)
            : canonicalChild
          : withSecurity(
              description,
              key,
              withoutCase(
                key,
                isPlain32 ? withoutNewIn32(key, canonicalChild) : canonicalChild,
                value === description["components"],
              ),
            ),
      ];
    }),
  );
  if (keysAreNames) return children;
  if (typeof children["$ref"] === "string" && (is30 || !isSchema))
    return toReference(children, is30);
  return isSchema
    ? canonicalSchema(description, is30 ? upgradeSchema(description, children) : children)
    : children;
}

/** Replaces a reference by its target, together with what stands next to it. */
function writeOut({ description, is30 }: Conversion, value: JsonObject, isSchema: boolean): Json {
  const { $ref: reference, ...beside } =
    isSchema && !is30 ? withReferenceApart(value) : toReference(value, is30);
  return { ...objectOf(targetOf(description, reference)), ...beside };
}

/** Gives an operation the security of the root, unless it has its own. Only a path item has such keys. */
function withSecurity({ security }: JsonObject, key: string, value: Json): Json {
  const inherits = isMethod(key) && isObject(value) && !("security" in value);
  return inherits && Array.isArray(security) ? { ...value, security } : value;
}

/**
 * Drops what is ignored next to a reference: everything in OpenAPI 3.0 (§4.7.23), everything except texts in
 * 3.1 (§4.8.23), where schemas are not concerned. What stands next to the reference of a path item counts.
 */
function toReference(object: JsonObject, is30: boolean): JsonObject {
  if ([...methods, "parameters", "servers"].some((key) => key in object)) return object;
  const kept = new Set(is30 ? ["$ref"] : ["$ref", "summary", "description"]);
  return Object.fromEntries(Object.entries(object).filter(([key]) => kept.has(key)));
}

/** OpenAPI 3.1 §4.8.25: the mapping of a discriminator has references or names of schemas. */
function withReferences(description: JsonObject, discriminator: Json): Json {
  const schemas = objectOf(objectOf(description["components"])["schemas"]);
  const { mapping } = objectOf(discriminator);
  if (!isObject(discriminator) || !isObject(mapping)) return discriminator;
  const references = Object.entries(mapping).map(([value, target]): [string, Json] => [
    value,
    typeof target === "string" && Object.hasOwn(schemas, target) ? schemaReference(target) : target,
  ]);
  return { ...discriminator, mapping: Object.fromEntries(references) };
}

/** Converts case-insensitive texts to lower case: names of headers, media types, schemes and hosts. */
function withoutCase(key: string, value: Json, isComponent: boolean): Json {
  if (key === "content" && isObject(value)) {
    return withKeys(value, mediaTypeWithoutCase);
  }
  if (key === "headers" && isObject(value) && !isComponent) {
    return withKeys(value, (name) => name.toLowerCase());
  }
  if (key === "servers" && Array.isArray(value)) return value.map(serverWithoutCase);
  if ((key === "parameters" || key === "securitySchemes") && typeof value === "object") {
    if (Array.isArray(value)) return value.map(namedWithoutCase);
    if (!isObject(value)) return value;
    return Object.fromEntries(
      Object.entries(value).map(([name, child]) => [name, namedWithoutCase(child)]),
    );
  }
  return value;
}

/**
 * RFC 9110 §8.3.1 and §5.6.6: space around a semicolon has no meaning, and only the values of parameters other
 * than `charset` may be case-sensitive.
 */
function mediaTypeWithoutCase(mediaType: string): string {
  if (mediaType.includes('"')) return mediaType.replace(/^[^;]+/u, (type) => type.toLowerCase());
  return mediaType
    .replaceAll(/\s*;\s*/gu, ";")
    .replaceAll(/(?:^|;)(?:charset=[^;]*|[^;=]*)/giu, (part) => part.toLowerCase());
}

/** Leaves the keys alone if two of them would become equal. */
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

/** RFC 3986 §6.2.2.1 and §6.2.3. A host that looks like another in Unicode does not in ASCII (RFC 5891 §4). */
export function serverWithoutCase(server: Json): Json {
  const url = objectOf(server)["url"];
  if (!isObject(server) || typeof url !== "string") return server;
  const [origin = ""] = /^[a-z][a-z0-9+.-]*:\/\/[^/?#@{}]*(?=[/?#]|$)/iu.exec(url) ?? [];
  const plain =
    /^https?:/iu.test(origin) && URL.canParse(origin)
      ? new URL(origin).origin
      : origin.toLowerCase();
  return { ...server, url: plain + url.slice(origin.length) };
}

/** Converts a schema of OpenAPI 3.0 to 3.1. */
function upgradeSchema(description: JsonObject, schema: JsonObject): JsonObject {
  const { nullable } = schema;
  const upgraded: Record<string, Json> = { ...schema };
  if (typeof nullable === "boolean") delete upgraded["nullable"];
  for (const [exclusive, bound] of [
    ["exclusiveMinimum", "minimum"],
    ["exclusiveMaximum", "maximum"],
  ] as const) {
    const value = upgraded[bound];
    if (typeof upgraded[exclusive] !== "boolean") continue;
    const isExclusive = upgraded[exclusive];
    delete upgraded[exclusive];
    if (isExclusive && value !== undefined) {
      upgraded[exclusive] = value;
      delete upgraded[bound];
    }
  }
  if (nullable !== true) return upgraded;
  const all = Object.entries(upgraded);
  const annotationsOfSchema = Object.fromEntries(all.filter(([key]) => annotations.has(key)));
  const rest = Object.fromEntries(all.filter(([key]) => !annotations.has(key)));
  return Object.keys(rest).length === 0
    ? upgraded
    : { ...annotationsOfSchema, anyOf: [canonicalSchema(description, rest), { type: "null" }] };
}

/** Keywords of a property that apply to it with any value, including null. */
const annotations = new Set(
  "title description default example deprecated readOnly writeOnly".split(" "),
);

/** Keywords that null always satisfies, so that adding null to the type is enough. */
const nullCompatible = new Set(
  (
    "title description default example examples deprecated readOnly writeOnly externalDocs $comment xml " +
    "type format pattern minLength maxLength contentEncoding contentMediaType " +
    "minimum maximum exclusiveMinimum exclusiveMaximum multipleOf " +
    "items prefixItems minItems maxItems uniqueItems contains minContains maxContains " +
    "properties required additionalProperties patternProperties minProperties maxProperties"
  ).split(" "),
);

/** Keywords that say nothing about the values of a schema. */
const remarks = new Set([
  ...annotations,
  ..."examples externalDocs xml $comment $defs definitions".split(" "),
]);

/** Makes a reference a part of allOf if what stands next to it says more about the values. */
function withReferenceApart(schema: JsonObject): JsonObject {
  const { $ref: reference, ...beside } = schema;
  if (
    typeof reference !== "string" ||
    Object.keys(beside).every((key) => remarks.has(key) || key.startsWith("x-"))
  ) {
    return schema;
  }
  // Last, because references may lead to the other parts by their position.
  const { allOf = [] } = beside;
  const parts = Array.isArray(allOf) ? allOf : [{ allOf }];
  return { ...beside, allOf: [...parts, { $ref: reference }] };
}

function canonicalSchema(description: JsonObject, schema: JsonObject): JsonObject {
  if (typeof schema["$ref"] === "string") return withReferenceApart(schema);
  const [[sole, parts] = [], ...beside] = Object.entries(schema);
  if (/^(?:allOf|anyOf|oneOf)$/u.test(sole ?? "") && beside.length === 0) {
    if (Array.isArray(parts) && parts.length === 1 && isObject(parts[0])) return parts[0];
  }
  const { const: value, ...besideConst } = schema;
  const { type = "null" } = besideConst;
  const names = typeNames(type);
  if (value === null && names.includes("null")) {
    return canonicalSchema(description, { ...besideConst, type: "null" });
  }
  if (Array.isArray(type) && names.length > 0) {
    const types = [...new Set(names.filter((name) => name !== "null"))];
    const all = names.includes("null") ? [...types, "null"] : types;
    const plain = all.length === 1 ? all : [all];
    if (!isEqual(plain[0], type)) {
      return canonicalSchema(description, { ...schema, type: plain[0] ?? null });
    }
  }
  for (const keyword of ["anyOf", "oneOf"]) {
    const { [keyword]: alternatives, ...rest } = schema;
    if (!Array.isArray(alternatives)) continue;
    const others = alternatives.filter((alternative) => !isNull(alternative));
    const [only] = others;
    if (alternatives.length !== 2 || others.length !== 1 || !isObject(only)) continue;
    // If the other alternative accepts null as well, null matches both, and oneOf rejects it.
    if (keyword === "oneOf" && !excludesNull(description, only)) continue;
    const merged = withNull(only, rest);
    if (merged !== undefined) return merged;
    return withTypesOfChoice({ ...rest, anyOf: [only, { type: "null" }] });
  }
  return withTypesOfChoice(schema);
}

/** The names in a `type`; none if it is not one or more names. */
function typeNames(type: Json | undefined): readonly string[] {
  const names = [type].flat();
  return names.every((name) => typeof name === "string") ? names : [];
}

/** Replaces a choice whose alternatives are only types by these types. */
export function withTypesOfChoice(schema: JsonObject): JsonObject {
  const { anyOf, oneOf, ...rest } = schema;
  const choice = anyOf ?? oneOf;
  if (!Array.isArray(choice) || "type" in rest || (anyOf !== undefined && oneOf !== undefined)) {
    return schema;
  }
  if (choice.length === 0 || !choice.every((each) => Object.keys(each ?? {}).join() === "type"))
    return schema;
  const names = choice.map((alternative) => typeNames(objectOf(alternative)["type"]));
  if (names.some(({ length }) => length === 0)) return schema;
  const types = names.flat();
  const distinct = [...new Set(types)];
  const overlap =
    distinct.length < types.length || (types.includes("integer") && types.includes("number"));
  // A value that matches two alternatives is rejected by oneOf.
  if (oneOf !== undefined && overlap) return schema;
  return canonicalSchema({}, { ...rest, type: distinct });
}

/**
 * Adds null to the type of a schema, and merges in the surrounding keywords; undefined if that would change
 * the meaning.
 */
export function withNull(schema: JsonObject, siblings: JsonObject): JsonObject | undefined {
  const { type } = schema;
  const isPlain =
    typeof type === "string" &&
    type !== "null" &&
    [...Object.keys(schema), ...Object.keys(siblings)].every(
      (key) => nullCompatible.has(key) || key.startsWith("x-"),
    );
  if (!isPlain || "type" in siblings) return undefined;
  return mergeSchemas(siblings, { ...schema, type: [type, "null"] });
}

function isNull(schema: Json): boolean {
  return isObject(schema) && schema["type"] === "null" && Object.keys(schema).length === 1;
}

/** Whether a schema certainly rejects null. */
function excludesNull(
  description: JsonObject,
  schema: Json | undefined,
  seen: ReadonlySet<string> = new Set(),
): boolean {
  if (!isObject(schema) || schema["nullable"] === true) return false;
  const { $ref: reference, type, enum: values, allOf, anyOf, oneOf } = schema;
  const excludesNullIn = (one: Json): boolean => excludesNull(description, one, seen);
  if (type !== undefined && ![type].flat().includes("null")) return true;
  if (Array.isArray(values) && !values.includes(null)) return true;
  if ("const" in schema && schema["const"] !== null) return true;
  if (Array.isArray(allOf) && allOf.some(excludesNullIn)) return true;
  if ([anyOf, oneOf].some((list) => Array.isArray(list) && list.every(excludesNullIn))) return true;
  if (typeof reference !== "string" || seen.has(reference)) return false;
  return excludesNull(description, targetOf(description, reference), new Set([...seen, reference]));
}
