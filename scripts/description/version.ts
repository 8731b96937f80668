import { CommandError } from "../command/problem.js";
import { isOfPathItem } from "./references.ts";
import { entries, isObject, mapEntries, toPointer, type Json, type JsonObject } from "./tree.ts";

/** Refuses with a clear message what no overlay could turn into an OpenAPI description. */
export function checkIsOpenApi(file: string, description: JsonObject): void {
  const refuse = (place: string, fault: string, remedy: string): never => {
    throw new CommandError({ file, place, fault, remedy });
  };
  if ("swagger" in description) {
    refuse(
      "#/swagger",
      `It is Swagger ${String(description["swagger"])}`,
      "Convert it to OpenAPI 3 first",
    );
  }
  if (!("openapi" in description)) {
    refuse(
      "#",
      'It has no "openapi" key, so it is not an OpenAPI description',
      "Give an OpenAPI 3 description; the older docs format with path, method, request and response is not one",
    );
  }
}

export function is32(openapi: Json | undefined): boolean {
  return typeof openapi === "string" && /^3\.2\.\d+$/u.test(openapi);
}

/** Finds a feature of OpenAPI 3.2 that affects requests or responses and has no equivalent in 3.1. */
export function findNewIn32(description: JsonObject): string | undefined {
  for (const entry of entries(description)) {
    const { key, isName, value } = entry;
    const isNew = isName
      ? false
      : /^(?:\$self|additionalOperations|itemSchema|itemEncoding|prefixEncoding|mediaTypes|defaultMapping)$/u.test(
          key,
        ) ||
        (key === "query" && isInPathItem(entry.path)) ||
        (key === "in" && value === "querystring") ||
        (key === "style" && value === "cookie");
    if (isNew) return toPointer(entry.path);
  }
  return undefined;
}

function isInPathItem(path: readonly (string | number)[]): boolean {
  return isOfPathItem(path) || (path.length === 4 && path[1] === "pathItems");
}

/**
 * What OpenAPI 3.2 adds to the members of a list or map without an effect on requests or responses, by the key
 * of the list or map.
 */
const addedIn32: ReadonlyMap<string, readonly string[]> = new Map([
  ["servers", ["name"]],
  ["tags", ["summary", "parent", "kind"]],
  ["responses", ["summary"]],
  ["securitySchemes", ["deprecated", "oauth2MetadataUrl"]],
  ["examples", ["dataValue", "serializedValue"]],
]);

/** Drops what OpenAPI 3.2 adds without an effect, and adds the description that it no longer requires. */
export function withoutNewIn32(key: string, value: Json): Json {
  if (key === "flows" && isObject(value)) {
    const { deviceAuthorization: _, ...flows } = value;
    return flows;
  }
  const added = addedIn32.get(key);
  if (added === undefined || typeof value !== "object" || value === null) return value;
  const convert = (member: Json): Json => {
    if (!isObject(member) || "$ref" in member) return member;
    const kept = Object.entries(member).filter(([name]) => !added.includes(name));
    return {
      ...(key === "responses" ? { description: "" } : {}),
      ...(key === "examples" && "dataValue" in member
        ? { value: member["dataValue"] ?? null }
        : {}),
      ...Object.fromEntries(kept),
    };
  };
  return Array.isArray(value)
    ? value.map(convert)
    : mapEntries(value, (_, member) => convert(member));
}

/** Refuses with a clear message a version other than OpenAPI 3.0 or 3.1. */
export function checkVersion(file: string, description: JsonObject): void {
  const { openapi } = description;
  if (typeof openapi === "string" && /^3\.[01]\.\d+(?:-.+)?$/u.test(openapi)) return;
  const refuse = (place: string, fault: string, remedy: string): never => {
    throw new CommandError({ file, place, fault, remedy });
  };
  if (typeof openapi !== "string") {
    refuse(
      "#/openapi",
      `The version ${JSON.stringify(openapi)} is not a string`,
      `Write it as "3.1.0", with an overlay action`,
    );
  }
  const place = is32(openapi) ? findNewIn32(description) : undefined;
  if (place !== undefined) {
    refuse(
      place,
      "This is new in OpenAPI 3.2, which openapi-typescript does not support",
      "Express it in OpenAPI 3.1 with overlay actions",
    );
  }
  refuse(
    "#/openapi",
    `OpenAPI ${JSON.stringify(openapi)} is not supported, only 3.0.x, 3.1.x, and 3.2.x where it uses nothing new`,
    `If nothing in it is newer, write "3.1.0" with an overlay action`,
  );
}
