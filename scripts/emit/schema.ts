import {
  astToString,
  resolveRef,
  scanDiscriminators,
  transformSchema,
  type GlobalContext,
  type OpenAPI3,
  type SchemaObject,
  type TransformNodeOptions,
} from "openapi-typescript";
import ts from "typescript";
import {
  entries,
  find,
  fromPointer,
  isObject,
  type Json,
  type JsonObject,
} from "../description/tree.ts";
import { nameRecursiveTypes } from "./recursive-types.ts";

/**
 * Writes the types of an effective description, and only types.
 *
 * Takes the same steps as openapi-typescript's entry point, except for its validation. That uses an old
 * version of Redocly's rules, and the description has passed the current ones.
 */
export function emitSchema(effective: JsonObject): string {
  // scanDiscriminators modifies its argument.
  const description = withDirections(
    withoutNestedReferences(structuredClone(effective)),
  ) as unknown as OpenAPI3;
  const context: Omit<GlobalContext, "redoc"> = {
    transform: openUnion,
    transformProperty: undefined,
    postTransform: undefined,
    discriminators: scanDiscriminators(description, { silent: true }),
    resolve: ($ref) => resolveRef(description, $ref, { silent: true }),
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
    markTypes + types.replace(/\n(?: {4})+/gu, (indent) => indent.slice(0, (indent.length + 1) / 2))
  );
}

const isHelper = (node: ts.Node): boolean =>
  ts.isTypeAliasDeclaration(node) &&
  /^(?:\$?Read|\$?Write|Readable|Writable)$/u.test(node.name.text);

/**
 * Only the marks. The runtime defines the meaning of a marked type, in `read-write.ts`.
 * openapi-typescript's helpers turn the string in an open union into an object and a tuple into a list, and
 * lose a property that is always null.
 */
const markTypes = `export type $Read<T> = { readonly $read: T };
export type $Write<T> = { readonly $write: T };
`;

/** A reference to a schema without a name: one within a path, or within another schema. */
const nested =
  /^#\/(?:(?:paths|webhooks|components)\/.*\/schema(?:\/|$)|components\/schemas\/[^/]+\/)/u;

/**
 * Turns each nested schema that a reference leads to into a component, in place. The types around it may be
 * optional, and an optional type has no parts that can be named. Bundlers write such references.
 */
function withoutNestedReferences(description: JsonObject): JsonObject {
  const { components } = description;
  const others = isObject(components) ? components : {};
  const known = isObject(others["schemas"]) ? others["schemas"] : {};
  const schemas: Record<string, Json> = {};
  for (const { key, isName, value, parent } of entries(description)) {
    if (isName || key !== "$ref" || typeof value !== "string") continue;
    if (!nested.test(value)) continue;
    let name = value.slice(2).replace(/[^\p{L}\p{N}]+/gu, "_");
    while (Object.hasOwn(known, name)) name += "_";
    schemas[name] = find(description, fromPointer(value.slice(1)) ?? []) ?? {};
    Object.assign(parent, { $ref: `#/components/schemas/${name}` });
  }
  return { ...description, components: { ...others, schemas: { ...schemas, ...known } } };
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
    const target = find(description, fromPointer(reference.slice(1)) ?? []);
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
  const known: unknown = schema["x-extensible-enum" as keyof SchemaObject];
  if (!Array.isArray(known)) return undefined;
  const types = typesOf(schema, ctx);
  if (!types.includes("string")) return undefined;
  if (types.some((type) => type !== "string" && type !== "null")) return undefined;
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

/** The types that a schema names, by itself, by its reference or by its parts. */
function typesOf(schema: unknown, ctx: GlobalContext, seen: Set<unknown> = new Set()): unknown[] {
  if (!isObject(schema) || seen.has(schema)) return [];
  seen.add(schema);
  const { $ref: reference, type, enum: values, allOf, anyOf, oneOf } = schema;
  if (type !== undefined) return [type].flat();
  if (Array.isArray(values)) return values.map((value) => (value === null ? "null" : typeof value));
  const target = typeof reference === "string" ? ctx.resolve(reference) : undefined;
  return [target, allOf, anyOf, oneOf].flat().flatMap((part) => typesOf(part, ctx, seen));
}
