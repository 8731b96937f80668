import {
  astToString,
  resolveRef,
  transformSchema,
  transformSchemaObject,
  type GlobalContext,
  type OpenAPI3,
  type SchemaObject,
  type TransformNodeOptions,
} from "openapi-typescript";
import ts from "typescript";
import {
  entries,
  isObject,
  isOpaque,
  mapEntries,
  nameMaps,
  objectOf,
  targetOf,
  type Json,
  type JsonObject,
} from "../description/tree.ts";
import { nameNestedSchemas } from "../description/nested-schemas.ts";
import { withoutDiscriminators } from "./discriminators.ts";
import { escapeTags } from "./escape-tags.ts";
import { nameRecursiveTypes } from "./recursive-types.ts";
import {
  combining,
  isOpenList,
  allPropertiesOf,
  typesOf,
  listedValuesOf,
  withShapes,
  type Follow,
} from "./shapes.ts";

/**
 * Writes the types of an effective description, and only types.
 *
 * Takes the same steps as openapi-typescript's entry point, except for its validation. That uses an old
 * version of Redocly's rules, and the description has passed the current ones.
 */
export function emitSchema(effective: JsonObject): string {
  const text = JSON.stringify(effective);
  const percent = placeholderIn(text);
  // A copy, because the next steps modify their argument.
  const copy = withoutEncoding(JSON.parse(text.replaceAll("%", percent)), percent);
  const named = nameNestedSchemas(
    withContentSchemas(objectOf(withoutTags(copy))),
    nameNestedSchema,
  );
  const description = withShapes(
    withoutDiscriminators(withDirections(named)),
  ) as unknown as OpenAPI3;
  const resolve = ($ref: string): JsonObject | undefined =>
    resolveRef(description, $ref, { silent: true });
  const context: Omit<GlobalContext, "redoc"> = {
    transform: (schema, options) => openUnion(schema, options) ?? listType(schema, options),
    transformProperty: undefined,
    postTransform: undefined,
    discriminators: { objects: {}, refsHandled: [] },
    // To find out which properties an `allOf` can require, it looks at `properties` only.
    resolve: <T>($ref: string) => withProperties(resolve($ref), resolve) as T | undefined,
    injectFooter: [],
    silent: true,
    // The server uses a default if the request has no value. Only `required` guarantees a value in a
    // response.
    defaultNonNullable: false,
    additionalProperties: false,
    alphabetize: false,
    arrayLength: false,
    emptyObjectsUnknown: false,
    excludeDeprecated: false,
    exportType: false,
    immutable: false,
    propertiesRequiredByDefault: false,
    readWriteMarkers: true,
    // These options turn texts of the description into code.
    conditionalEnums: false,
    dedupeEnums: false,
    enum: false,
    enumValues: false,
    generatePathParams: false,
    makePathsEnum: false,
    pathParamsAsTypes: false,
    rootTypes: false,
    rootTypesKeepCasing: false,
    rootTypesNoSchemaPrefix: false,
  };
  // The omitted configuration is only used by the omitted validation.
  const declarations = transformSchema(description, context as GlobalContext);
  const types = astToString(nameRecursiveTypes(declarations.filter((node) => !isHelper(node))));
  // Everything else in this repository is indented by two spaces; the compiler's printer writes four.
  return (
    markTypes +
    (types.includes("WithRequired<") ? withRequired : "") +
    types
      .replaceAll(percent, "%")
      .replace(/\n(?: {4})+/gu, (indent) => indent.slice(0, (indent.length + 1) / 2))
  );
}

const isHelper = (node: ts.Node): boolean =>
  ts.isTypeAliasDeclaration(node) &&
  /^(?:\$?Read|\$?Write|Readable|Writable|WithRequired)$/u.test(node.name.text);

/**
 * Only the marks. The runtime defines the meaning of a marked type, in `read-write.ts`.
 * openapi-typescript's helpers turn the string in an open union into an object and a tuple into a list, and
 * lose a property that is always null.
 */
const markTypes = `export type $Read<T> = { readonly $read: T };
export type $Write<T> = { readonly $write: T };
`;

/** Unlike openapi-typescript's, it also works for a type that may be null. */
const withRequired = `type WithRequired<T, K> = T extends null ? T : T & Required<Pick<T, K & keyof T>>;
`;

/**
 * Text that stands for `%`: openapi-typescript decodes the names in a path again at each level. Like `%`, it
 * makes a name need quotes. Its end is not its start, so that it is found exactly where it was inserted.
 */
function placeholderIn(text: string): string {
  let placeholder = "^!";
  while (text.includes(placeholder)) placeholder += "!";
  return placeholder;
}

/** Decodes the references, in place, because the names that they lead to are not encoded. */
function withoutEncoding(description: JsonObject, percent: string): JsonObject {
  const decode = (reference: string): string =>
    decodeURIComponent(reference.replaceAll(percent, "%")).replaceAll("%", percent);
  for (const { key, isName, value, parent } of entries(description)) {
    if (isName) continue;
    if (key === "$ref" && typeof value === "string") Object.assign(parent, { $ref: decode(value) });
    if (key !== "mapping" || !isObject(value)) continue;
    for (const [name, target] of Object.entries(value)) {
      if (String(target).startsWith("#")) Object.assign(value, { [name]: decode(String(target)) });
    }
  }
  return description;
}

/** What openapi-typescript writes into comments. */
const commented = ["title", "summary", "format", "description", "default", "example", "examples"];

/** Escapes the tags in comments. */
function withoutTags(value: Json, keysAreNames = false): Json {
  if (Array.isArray(value)) return value.map((item) => withoutTags(item));
  if (!isObject(value)) return value;
  return mapEntries(value, (key, child) => {
    if (keysAreNames) return withoutTags(child);
    if (commented.includes(key)) return JSON.parse(JSON.stringify(child), escapeText);
    return isOpaque(key, child) ? child : withoutTags(child, nameMaps.has(key));
  });
}

function escapeText(_key: string, value: unknown): unknown {
  return typeof value === "string" ? escapeTags(value) : value;
}

/**
 * Gives each parameter and header that has `content` the schema of its media type, in place:
 * openapi-typescript takes such a parameter for a string, and such a header for an object of media types.
 */
function withContentSchemas(description: JsonObject): JsonObject {
  for (const { key, isName, value } of entries(description)) {
    if (isName || (key !== "parameters" && key !== "headers")) continue;
    if (typeof value !== "object" || value === null) continue;
    for (const item of Object.values(value).filter(isObject)) {
      const [media] = Object.values(isObject(item["content"]) ? item["content"] : {});
      if (isObject(media)) Object.assign(item, { schema: media["schema"] ?? {} });
    }
  }
  return description;
}

/** The schema with the properties of its parts and alternatives, too. */
function withProperties(schema: JsonObject | undefined, follow: Follow): JsonObject | undefined {
  if (schema === undefined || !combining.some((keyword) => keyword in schema)) return schema;
  return { ...schema, properties: Object.fromEntries(allPropertiesOf(schema, follow)) };
}

/** The types around a nested schema may be optional, and an optional type has no parts that can be named. */
function nameNestedSchema(reference: string, others: JsonObject): string {
  let name = reference.slice(2).replace(/[^\p{L}\p{N}]+/gu, "_");
  while (Object.hasOwn(others, name)) name += "_";
  return name;
}

/**
 * Marks each property whose target is readOnly or writeOnly, in place: openapi-typescript only looks at the
 * property itself.
 */
function withDirections(description: JsonObject): JsonObject {
  const directionsOf = (schema: Json | undefined, seen: Set<string>): string[] => {
    if (!isObject(schema)) return [];
    const { $ref: reference, allOf } = schema;
    const own = ["readOnly", "writeOnly"].filter((direction) => schema[direction] === true);
    const parts = (Array.isArray(allOf) ? allOf : []).flatMap((part) => directionsOf(part, seen));
    if (typeof reference !== "string" || seen.has(reference)) return [...own, ...parts];
    const target = targetOf(description, reference);
    return [...own, ...parts, ...directionsOf(target, seen.add(reference))];
  };
  for (const { key, isName, value } of entries(description)) {
    if (isName || key !== "properties" || !isObject(value)) continue;
    for (const property of Object.values(value)) {
      for (const direction of directionsOf(property, new Set()))
        Object.assign(property as object, { [direction]: true });
    }
  }
  return description;
}

/**
 * A string whose `x-extensible-enum` lists the known values. They complete in an editor and narrow in a
 * switch, and a future value is still a string.
 */
function openUnion(schema: SchemaObject, { ctx }: TransformNodeOptions): ts.TypeNode | undefined {
  if (!isObject(schema) || !isOpenList(schema, ctx.resolve)) return undefined;
  const known = [schema["x-extensible-enum"] ?? []].flat();
  const types = typesOf(schema, ctx.resolve);
  const { factory, SyntaxKind } = ts;
  return factory.createUnionTypeNode([
    ...known
      .filter((value) => value !== null)
      .map((value) => factory.createLiteralTypeNode(factory.createStringLiteral(String(value)))),
    factory.createParenthesizedType(
      factory.createIntersectionTypeNode([
        factory.createKeywordTypeNode(SyntaxKind.StringKeyword),
        factory.createTypeLiteralNode([]),
      ]),
    ),
    ...(types.includes("null") ? [factory.createLiteralTypeNode(factory.createNull())] : []),
  ]);
}

/**
 * A list or a tuple. openapi-typescript makes a list of lists one list, and takes a tuple's length as fixed.
 * What the schema does not guarantee is optional.
 */
function listType(schema: SchemaObject, options: TransformNodeOptions): ts.TypeNode | undefined {
  if (!isObject(schema) || schema["type"] !== "array" || listedValuesOf(schema)) return undefined;
  const { factory } = ts;
  const typeOf = (item: unknown): ts.TypeNode =>
    transformSchemaObject(item as SchemaObject, options);
  const { prefixItems, unevaluatedItems = true } = schema;
  if (!Array.isArray(prefixItems)) {
    return factory.createArrayTypeNode(typeOf(schema["items"] ?? true));
  }
  const { items = unevaluatedItems } = schema;
  const { minItems = 0, maxItems = Number.POSITIVE_INFINITY } = schema;
  const types = prefixItems
    .slice(0, Number(maxItems))
    .map((item, index) =>
      index < Number(minItems) ? typeOf(item) : factory.createOptionalTypeNode(typeOf(item)),
    );
  const isClosed = items === false || Number(maxItems) <= prefixItems.length;
  const rest = isClosed
    ? []
    : [factory.createRestTypeNode(factory.createArrayTypeNode(typeOf(items)))];
  return factory.createTupleTypeNode([...types, ...rest]);
}
