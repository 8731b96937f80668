import { sessionOptionNames } from "../../packages/runtime/src/options.ts";
import {
  isObject,
  listOf,
  methods,
  objectOf,
  targetOf,
  type Json,
  type JsonObject,
} from "../description/tree.ts";

/** What a client has to know at run time to call an operation and to validate its response. */
export interface Facts {
  /** The URLs of all servers, including those that a client cannot use. */
  readonly servers: readonly string[];
  /** Keyed by the names that the client gives them. */
  readonly parameters: Readonly<Record<string, Parameter>>;
  readonly body?: { readonly required: boolean; readonly mediaTypes: readonly string[] };
  /** The media types of each successful status. */
  readonly responses: Readonly<Record<string, readonly string[]>>;
  /** The statuses that redirect instead of succeeding. No client follows them automatically. */
  readonly redirects?: readonly string[];
  /** Alternatives, each a set of credentials. No alternatives, or an empty set, means anonymous access. */
  readonly authentication: readonly (readonly Credential[])[];
  readonly job?: Job;
}

export interface Parameter {
  readonly in: string;
  readonly name: string;
  readonly required: boolean;
  readonly style?: string;
  readonly explode?: boolean;
  /** The media type that the value is serialized as, instead of with a style. */
  readonly content?: string;
  readonly allowReserved?: true;
  /** Whether it contains lists or objects within a list or an object, which no style can serialize. */
  readonly nested?: true;
  readonly type: string;
  readonly default?: Json;
  readonly clientOption?: true;
}

export interface Credential {
  /** Its key among the security schemes. */
  readonly scheme: string;
  /** `none` if it is not a header, query parameter or cookie. */
  readonly in: string;
  readonly name: string;
  readonly prefix: string;
}

export interface Job {
  readonly property: string;
  readonly states: readonly Json[];
  readonly succeeded: readonly string[];
  readonly failed: readonly string[];
}

/** An operation of a description, with a name or without one. */
export interface Operation {
  readonly id: string | undefined;
  readonly method: string;
  readonly path: string;
  /** The operation in the description. */
  readonly source: JsonObject;
  readonly facts: Facts;
}

/** Returns the object, or the target of its `$ref` with the keywords next to it; empty if there is none. */
type Resolve = (value: Json | undefined) => JsonObject;

/** Gathers the facts of all operations, in the order of the description. */
export function factsOf(effective: JsonObject): Operation[] {
  const resolve: Resolve = (value) => {
    if (!isObject(value)) return {};
    const { $ref: reference, ...siblings } = value;
    if (typeof reference !== "string") return value;
    return { ...resolve(targetOf(effective, reference)), ...siblings };
  };

  return Object.entries(resolve(effective["paths"])).flatMap(([path, pathItem]) => {
    const { parameters: shared, servers, ...item } = resolve(pathItem);
    return methods
      .filter((method) => item[method] !== undefined)
      .map((method): Operation => {
        const source = resolve(item[method]);
        const { operationId: id, requestBody } = source;
        const parameters = [...listOf(shared), ...listOf(source["parameters"])];
        return {
          id: typeof id === "string" ? id : undefined,
          method,
          path,
          source,
          facts: {
            servers: serversOf(source["servers"] ?? servers ?? effective["servers"]),
            parameters: parametersOf(parameters, requestBody !== undefined, resolve),
            ...(requestBody === undefined ? {} : { body: bodyOf(resolve(requestBody), resolve) }),
            responses: responsesOf(source, resolve),
            ...redirectsOf(source, resolve),
            authentication: authenticationOf(effective, source, resolve),
            ...jobOf(source, resolve),
          },
        };
      });
  });
}

/** Returns the URL of each server, with its variables replaced by their defaults. */
function serversOf(servers: Json | undefined): string[] {
  return listOf(servers)
    .filter(isObject)
    .map(({ url, variables }) =>
      String(url).replace(/\{([^{}]+)\}/gu, (template, name: string) => {
        const variable = objectOf(variables)[name];
        return isObject(variable) ? String(variable["default"]) : template;
      }),
    );
}

const optionNames: ReadonlySet<string> = new Set(sessionOptionNames);

/**
 * The parameters, keyed by the name that the client gives them: `x-client-name`, or else their own. If that
 * name is already used, by another parameter, by an option of every client or by every object, the location is
 * put before it, as in `query.id`.
 */
function parametersOf(
  parameters: readonly Json[],
  hasBody: boolean,
  resolve: Resolve,
): Record<string, Parameter> {
  // A parameter of the operation overrides the path's with the same name and location.
  const sources = new Map(
    parameters
      .map(resolve)
      .map((source) => [JSON.stringify([source["in"], source["name"]]), source]),
  );
  const clientNames = new Set([...sources.values()].map((source) => source["x-client-name"]));
  const byName = new Map<string, Parameter>();
  for (const source of sources.values()) {
    const { "x-client-name": clientName } = source;
    const parameter = parameterOf(source, resolve);
    const isTaken = (key: string): boolean =>
      byName.has(key) ||
      (key !== clientName && clientNames.has(key)) ||
      (hasBody && key === "body") ||
      (parameter.clientOption === true && optionNames.has(key)) ||
      // TypeScript refuses `{}` where one of these names is an optional text.
      key in {};
    let key = String(clientName ?? parameter.name);
    while (isTaken(key)) key = `${parameter.in}.${key}`;
    byName.set(key, parameter);
  }
  return Object.fromEntries(byName);
}

function parameterOf(source: JsonObject, resolve: Resolve): Parameter {
  const { in: location, name, required, content, allowReserved } = source;
  const [mediaType, media] = Object.entries(objectOf(content))[0] ?? [];
  const schema = resolve(media === undefined ? source["schema"] : resolve(media)["schema"]);
  // OpenAPI 3.1 §4.8.12.2: the default is form in a query or cookie, and simple elsewhere.
  const { style = location === "query" || location === "cookie" ? "form" : "simple" } = source;
  const { default: fallback } = flatten(schema, resolve);
  return {
    in: String(location),
    name: String(name),
    required: required === true,
    ...(mediaType === undefined
      ? { style: String(style), explode: (source["explode"] ?? style === "form") === true }
      : { content: mediaType }),
    ...(allowReserved === true ? { allowReserved } : {}),
    ...(mediaType === undefined && isNested(schema, resolve) ? { nested: true as const } : {}),
    type: typeOf(schema, resolve),
    ...(fallback === undefined ? {} : { default: fallback }),
    ...(source["x-client-option"] === true ? { clientOption: true } : {}),
  };
}

/** Merges a schema with its parts, at any depth. The schema's own keywords take precedence. */
function flatten(
  schema: JsonObject,
  resolve: Resolve,
  seen: Set<Json | undefined> = new Set(),
): JsonObject {
  const { allOf, ...own } = schema;
  const parts = listOf(allOf).flatMap((part) => {
    // A schema may refer back to itself.
    const { $ref: reference } = objectOf(part);
    if (reference !== undefined && seen.has(reference)) return [];
    return [flatten(resolve(part), resolve, seen.add(reference))];
  });
  const properties = new Map<string, Json>();
  for (const part of [...parts, own]) {
    for (const [name, property] of Object.entries(resolve(part["properties"]))) {
      const other = properties.get(name);
      properties.set(name, other === undefined ? property : { allOf: [other, property] });
    }
  }
  return {
    ...(Object.assign({}, ...parts) as JsonObject),
    ...own,
    ...(properties.size > 0 ? { properties: Object.fromEntries(properties) } : {}),
  };
}

/** The JSON type of a schema's values, apart from null; `unknown` if there may be several. */
function typeOf(schema: JsonObject, resolve: Resolve): string {
  const types = new Set(jsonTypesOf(schema, resolve));
  types.delete("null");
  if (types.has("number")) types.delete("integer");
  const [only = "unknown"] = types;
  return types.size === 1 ? only : "unknown";
}

function isNested(schema: JsonObject, resolve: Resolve): boolean {
  return schemasFor(schema, resolve)
    .flatMap((one) => [
      ...["items", "unevaluatedItems", "additionalProperties", "unevaluatedProperties"].map(
        (keyword) => one[keyword],
      ),
      ...listOf(one["prefixItems"]),
      ...["properties", "patternProperties"].flatMap((keyword) =>
        Object.values(resolve(one[keyword])),
      ),
    ])
    .flatMap((child) => schemasFor(child, resolve))
    .map((one) => jsonTypesOf(one, resolve))
    .some((types) => types.has("array") || types.has("object"));
}

/** A schema, and all schemas that it may apply to the same value. */
function schemasFor(
  value: Json | undefined,
  resolve: Resolve,
  seen: Set<Json | undefined> = new Set(),
): JsonObject[] {
  const { $ref: reference } = objectOf(value);
  // A schema may refer back to itself.
  if (reference !== undefined && seen.has(reference)) return [];
  seen.add(reference);
  const schema = resolve(value);
  const { allOf, anyOf, oneOf, then, else: otherwise, dependentSchemas } = schema;
  const lists = [allOf, anyOf, oneOf, [then, otherwise], Object.values(resolve(dependentSchemas))];
  const others = lists.flatMap(listOf);
  return [schema, ...others.filter(isObject).flatMap((other) => schemasFor(other, resolve, seen))];
}

type Types = ReadonlySet<string>;

/** All JSON types that a schema's values may have; empty if the schema does not restrict them. */
function jsonTypesOf(
  schema: JsonObject,
  resolve: Resolve,
  known: Map<Json | undefined, Types> = new Map(),
): Types {
  const { type, enum: values, const: value, anyOf, oneOf, allOf, properties, items } = schema;
  if (type !== undefined) return new Set([type].flat().map(String));
  if (value !== undefined) return new Set([jsonTypeOf(value)]);
  if (values !== undefined) return new Set(listOf(values).map(jsonTypeOf));
  const nested = (schemas: readonly Json[]): Types[] =>
    schemas.map((subschema) => {
      const { $ref: reference } = objectOf(subschema);
      const before = reference === undefined ? undefined : known.get(reference);
      if (before !== undefined) return before;
      // A schema may refer back to itself, which adds no types.
      known.set(reference, new Set());
      const types = jsonTypesOf(resolve(subschema), resolve, known);
      known.set(reference, types);
      return types;
    });
  const alternatives = nested([...listOf(anyOf), ...listOf(oneOf)]);
  if (alternatives.length > 0 && alternatives.every(({ size }) => size > 0)) {
    return new Set(alternatives.flatMap((types) => [...types]));
  }
  const part = nested(listOf(allOf)).find(({ size }) => size > 0);
  if (part !== undefined) return part;
  if (isObject(properties)) return new Set(["object"]);
  return new Set(items === undefined ? [] : ["array"]);
}

function jsonTypeOf(value: Json): string {
  if (value === null) return "null";
  return Array.isArray(value) ? "array" : typeof value;
}

function bodyOf({ required, content }: JsonObject, resolve: Resolve): NonNullable<Facts["body"]> {
  return { required: required === true, mediaTypes: mediaTypesOf(content, resolve) };
}

/** The media types of a content. A range that a client would take for JSON may hold bytes or text. */
function mediaTypesOf(content: Json | undefined, resolve: Resolve): string[] {
  return Object.entries(objectOf(content)).map(([mediaType, media]) => {
    const schema = flatten(resolve(resolve(media)["schema"]), resolve);
    const isBinary = schema["format"] === "binary";
    if (!/^(?:application|\*)\/\*/u.test(mediaType)) return mediaType;
    if (!isBinary && typeOf(schema, resolve) !== "string") return mediaType;
    return isBinary || mediaType.startsWith("app") ? "application/octet-stream" : "text/plain";
  });
}

/** The successful statuses; `default` counts if there is no other. */
function successesOf({ responses }: JsonObject, resolve: Resolve): [string, JsonObject][] {
  const all = Object.entries(resolve(responses));
  const successes = all.filter(([status]) => /^2(?:\d\d|XX)$/iu.test(status));
  return (successes.length > 0 ? successes : all.filter(([status]) => status === "default")).map(
    ([status, response]) => [status, resolve(response)],
  );
}

function responsesOf(operation: JsonObject, resolve: Resolve): Facts["responses"] {
  return Object.fromEntries(
    successesOf(operation, resolve).map(([status, { content }]) => [
      status,
      // These have no content (RFC 9110 §15.3.5 and §15.3.6), whatever is described.
      /^20[45]$/u.test(status) ? [] : mediaTypesOf(content, resolve),
    ]),
  );
}

/**
 * The statuses with which a successful call leads to something other than its response: another protocol, a
 * choice, or another URL (RFC 9110 §15.2.2, §15.4.1, §15.4.3 and §15.4.4). Interim responses do not
 * matter, nor does 304, which is the response to a conditional request that no client sends. 301, 307 and 308 ask to
 * repeat the request elsewhere, and are errors.
 */
const redirectStatus = /^(?:101|1XX|300|302|303|3XX)$/iu;

function redirectsOf({ responses }: JsonObject, resolve: Resolve): Pick<Facts, "redirects"> {
  const redirects = Object.keys(resolve(responses)).filter((status) => redirectStatus.test(status));
  return redirects.length > 0 ? { redirects } : {};
}

function authenticationOf(
  root: JsonObject,
  operation: JsonObject,
  resolve: Resolve,
): Facts["authentication"] {
  const schemes = resolve(resolve(root["components"])["securitySchemes"]);
  return listOf(operation["security"] ?? root["security"])
    .filter(isObject)
    .map((requirement) =>
      Object.keys(requirement).map((scheme) => ({
        scheme,
        ...credentialOf(resolve(schemes[scheme])),
      })),
    );
}

function credentialOf({
  type,
  scheme,
  in: location,
  name,
}: JsonObject): Omit<Credential, "scheme"> {
  if (type === "apiKey") return { in: String(location), name: String(name), prefix: "" };
  const authorization = { in: "header", name: "Authorization" };
  // RFC 6750 §2.1 and RFC 7617 §2.
  if (type === "oauth2" || type === "openIdConnect") {
    return { ...authorization, prefix: "Bearer " };
  }
  if (type === "http" && /^bearer$/iu.test(String(scheme))) {
    return { ...authorization, prefix: "Bearer " };
  }
  if (type === "http" && /^basic$/iu.test(String(scheme))) {
    return { ...authorization, prefix: "Basic " };
  }
  return { in: "none", name: [type, scheme].filter(Boolean).join(" "), prefix: "" };
}

/** The states of a job, if a successful response has a property with `x-final-states`. */
function jobOf(operation: JsonObject, resolve: Resolve): { job?: Job } {
  for (const [, { content }] of successesOf(operation, resolve)) {
    for (const mediaType of Object.values(resolve(content))) {
      const { properties } = flatten(resolve(resolve(mediaType)["schema"]), resolve);
      for (const [property, schema] of Object.entries(resolve(properties))) {
        const { "x-final-states": final, ...rest } = flatten(resolve(schema), resolve);
        if (!isObject(final)) continue;
        const statesWithOutcome = (outcome: string): string[] =>
          Object.keys(final).filter((state) => final[state] === outcome);
        return {
          job: {
            property,
            states: listOf(rest["x-extensible-enum"] ?? rest["enum"]),
            succeeded: statesWithOutcome("succeeded"),
            failed: statesWithOutcome("failed"),
          },
        };
      }
    }
  }
  return {};
}
