import {
  astToString,
  resolveRef,
  scanDiscriminators,
  transformSchema,
  type GlobalContext,
  type OpenAPI3,
  type SchemaObject,
} from "openapi-typescript";
import ts from "typescript";
import type { JsonObject } from "../description/tree.ts";

/**
 * Writes the types of an effective description, and nothing but types.
 *
 * The steps are those of openapi-typescript's own entry less its validation, which uses an old
 * version of Redocly's rules; the description has passed the current ones.
 */
export function emitSchema(effective: JsonObject): string {
  // scanDiscriminators changes what it is given.
  const description = structuredClone(effective) as unknown as OpenAPI3;
  const context: Omit<GlobalContext, "redoc"> = {
    transform: openUnion,
    transformProperty: undefined,
    postTransform: undefined,
    discriminators: scanDiscriminators(description, { silent: true }),
    resolve: ($ref) => resolveRef(description, $ref, { silent: true }),
    injectFooter: [],
    silent: true,
    // A default is what the server takes where nothing is sent; only `required` promises an answer.
    defaultNonNullable: false,
    additionalProperties: false,
    alphabetize: false,
    arrayLength: false,
    emptyObjectsUnknown: false,
    excludeDeprecated: false,
    exportType: false,
    immutable: false,
    propertiesRequiredByDefault: false,
    readWriteMarkers: false,
    // These turn texts of the description into code.
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
  // The configuration that is left out belongs to the validation that is left out.
  return astToString(transformSchema(description, context as GlobalContext));
}

/**
 * A string whose `x-extensible-enum` lists the values known today: they complete in an editor and
 * narrow in a switch, and a value of tomorrow is still a string.
 */
function openUnion(schema: SchemaObject): ts.TypeNode | undefined {
  const known: unknown = schema["x-extensible-enum" as keyof SchemaObject];
  const types: readonly unknown[] = [schema.type].flat();
  if (!types.includes("string") || !Array.isArray(known)) return undefined;
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
