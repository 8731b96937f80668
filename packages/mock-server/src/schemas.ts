import { Ajv2020, type ErrorObject, type ValidateFunction } from "ajv/dist/2020.js";
import formats from "ajv-formats";
import { isNode, keysOf, rootOf, step, type Node, type NodeRef } from "./document.ts";
import { once } from "./once.ts";

/** This server does not support something in the description. */
export class DescriptionError extends Error {
  override readonly name = "DescriptionError";
}

/** Validates a value, and returns its errors; none if it matches the schema. */
export type Check = (value: unknown) => readonly ErrorObject[];

/** Validators of a description's schemas, compiled on first use. */
export interface Schemas {
  /** For a request's JSON. */
  readonly request: (schema: NodeRef) => Check;
  /** For a parameter. Takes `{ value }`, and converts its text to the type that the schema requires. */
  readonly parameter: (schema: NodeRef) => Check;
  /** For a response's JSON. */
  readonly response: (schema: NodeRef) => Check;
  /** The schemas of responses in JSON Schema 2020-12, without examples and defaults. */
  readonly plainResponse: (schema: NodeRef) => NodeRef;
}

/** Each throws a DescriptionError for a schema that cannot be compiled. */
export function createSchemas(root: Node): Schemas {
  const requests = once(() => adapt(root, "readOnly"));
  const responses = once(() => adapt(root, "writeOnly"));
  const requestAjv = once(() => createAjv(requests(), false));
  const parameterAjv = once(() => createAjv(requests(), true));
  const responseAjv = once(() => createAjv(responses(), false));
  const request = createCompiler(requestAjv, refTo);
  const coerce = createCompiler(parameterAjv, (pointer) => ({
    properties: { value: refTo(pointer) },
  }));
  return {
    request,
    parameter: (schema) => createConvertingCheck(coerce(schema), request(schema)),
    response: createCompiler(responseAjv, refTo),
    plainResponse: (schema) => step(rootOf(responses()), ...keysOf(schema.pointer)) ?? schema,
  };
}

const base = "description:";

function refTo(pointer: string): Node {
  return { $ref: base + pointer };
}

function createAjv(document: Node, coerces: boolean): Ajv2020 {
  const ajv = new Ajv2020({
    // Ajv should ignore unknown keywords in a description that somebody else wrote.
    strict: false,
    // `1e999` is parsed as Infinity, which JSON does not have.
    strictNumbers: true,
    validateSchema: false,
    logger: false,
    allErrors: true,
    // A property may have the name of an inherited one, such as "constructor".
    ownProperties: true,
    coerceTypes: coerces && "array",
    code: { regExp: Object.assign(lenientRegExp, { code: "" }) },
  });
  formats.default(ajv);
  ajv.addSchema({ ...document, $id: base });
  return ajv;
}

/** Compiles a schema once. */
function createCompiler(
  ajv: () => Ajv2020,
  schemaOf: (pointer: string) => Node,
): (at: NodeRef) => Check {
  const checks = new Map<string, Check>();
  return ({ pointer }) => {
    const check = checks.get(pointer) ?? compile(ajv(), schemaOf(pointer));
    checks.set(pointer, check);
    return check;
  };
}

function compile(ajv: Ajv2020, schema: Node): Check {
  let validate: ValidateFunction;
  try {
    validate = ajv.compile(schema);
  } catch (error) {
    throw new DescriptionError(`a schema cannot be used: ${String(error)}`);
  }
  return (value) => (validate(value) ? [] : (validate.errors ?? []));
}

/**
 * Converts the text in `{ value }` while it is checked. Ajv converts for every alternative of a `oneOf`, so
 * that several match, and not for an `enum` without a type; and it converts texts that are not JSON
 * numbers, such as `0x10`. What it refuses or misreads is checked as it was sent, and then as the JSON that it
 * may be.
 */
function createConvertingCheck(coerce: Check, check: Check): Check {
  return (wrapped) => {
    if (!isNode(wrapped)) return check(wrapped);
    const texts = structuredClone(wrapped["value"]);
    const errors = coerce(wrapped);
    if (errors.length === 0 && hasNumbersOf(texts, wrapped["value"])) return errors;
    const value = [texts, parseScalars(texts)].find((each) => check(each).length === 0);
    if (value === undefined) {
      // The items of a list that could be converted are right.
      const others = check(parseScalars(texts));
      if (errors.length > 0 && others.length >= errors.length) return errors;
      return others.map((error) => ({ ...error, instancePath: `/value${error.instancePath}` }));
    }
    Object.assign(wrapped, { value });
    return [];
  };
}

/** Replaces each text that is a number, a boolean or null in JSON. */
function parseScalars(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(parseScalars);
  if (isNode(value)) {
    return Object.fromEntries(
      Object.entries(value).map(([key, each]) => [key, parseScalars(each)]),
    );
  }
  return /^(?:true|false|null|-?\d\S*)$/.test(String(value)) ? parseJson(String(value)) : value;
}

/** Whether each number in a value is the one that its text is in JSON. */
function hasNumbersOf(texts: unknown, value: unknown): boolean {
  const read = scalarsIn(parseScalars(texts));
  return scalarsIn(value).every(
    (scalar, index) =>
      typeof scalar !== "number" || (Number.isFinite(scalar) && scalar === read[index]),
  );
}

function scalarsIn(value: unknown): readonly unknown[] {
  return typeof value === "object" && value !== null
    ? Object.values(value).flatMap(scalarsIn)
    : [value];
}

/** Leaves what is not JSON a string, for the schema to refuse. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** JSON Schema patterns are Unicode, but many authors do not know that, so this falls back to plain ones. */
export function lenientRegExp(pattern: string, flags: string): RegExp {
  try {
    return new RegExp(pattern, flags);
  } catch {
    return new RegExp(pattern);
  }
}

/** Maps whose keys are names, not keywords. */
const maps = new Set([
  ..."properties patternProperties $defs definitions dependentSchemas".split(" "),
  ..."paths content responses headers schemas parameters requestBodies callbacks".split(" "),
]);
const values = new Set(["const", "enum"]);
/** Keywords that may be wrong, and do not affect validation. */
const annotations = new Set(["default", "example", "examples"]);

/**
 * Converts a description's schemas to JSON Schema 2020-12 for one direction. Properties of the other
 * direction (`excludedBy`) are not required. Examples and defaults, which may be invalid, are removed.
 */
function adapt(root: Node, excludedBy: "readOnly" | "writeOnly"): Node {
  const isOpenApi30 = String(root["openapi"]).startsWith("3.0");

  function adaptValue(value: unknown, isMap: boolean): unknown {
    if (Array.isArray(value)) return value.map((each) => adaptValue(each, false));
    return isNode(value) ? adaptNode(value, isMap) : value;
  }

  function adaptNode(node: Node, isMap: boolean): Node {
    const adapted: Record<string, unknown> = {};
    for (const [key, value] of Object.entries(node)) {
      if (!isMap && (annotations.has(key) || key.startsWith("x-"))) continue;
      const kept = !isMap && values.has(key) ? value : adaptValue(value, !isMap && maps.has(key));
      // A name may be `__proto__`.
      Object.defineProperty(adapted, key, {
        value: kept,
        enumerable: true,
        writable: true,
        configurable: true,
      });
    }
    if (isMap) return adapted;
    upgradeKeywords(adapted, isOpenApi30);
    const { required, properties } = adapted;
    if (!isNode(properties)) return adapted;
    const excluded = new Set(
      Object.entries(properties)
        .filter(([, property]) => isExcluded(property))
        .map(([name]) => name),
    );
    if (Array.isArray(required)) {
      adapted["required"] = required.filter((name: unknown) => !excluded.has(String(name)));
    }
    // A response must not have write-only properties. A request may have read-only ones, because a client
    // may send back an object that it received.
    if (excludedBy === "writeOnly") {
      const forbidden = [...excluded].map((name) => [name, { writeOnly: true, not: {} }]);
      adapted["properties"] = { ...properties, ...Object.fromEntries(forbidden) };
    }
    return adapted;
  }

  /** Whether a property has the keyword, in its own schema, the referenced schema, or a part of either. */
  function isExcluded(property: unknown, seen: readonly unknown[] = []): boolean {
    if (!isNode(property) || seen.includes(property)) return false;
    const { $ref: reference, allOf, [excludedBy]: keyword } = property;
    const target =
      typeof reference === "string" && reference.startsWith("#")
        ? step(rootOf(root), ...keysOf(reference))?.node
        : undefined;
    const parts = [target, ...(Array.isArray(allOf) ? allOf : [])];
    return keyword === true || parts.some((part) => isExcluded(part, [...seen, property]));
  }

  return adaptNode(root, false);
}

/** Converts OpenAPI 3.0's keywords to JSON Schema's, and removes them where they mean nothing. */
function upgradeKeywords(schema: Record<string, unknown>, isOpenApi30: boolean): void {
  for (const [keyword, bound] of [
    ["exclusiveMinimum", "minimum"],
    ["exclusiveMaximum", "maximum"],
  ] as const) {
    if (typeof schema[keyword] !== "boolean") continue;
    const isExclusive = schema[keyword];
    delete schema[keyword];
    if (!isExclusive) continue;
    schema[keyword] = schema[bound];
    delete schema[bound];
  }
  const { nullable, type } = schema;
  delete schema["nullable"];
  if (isOpenApi30 && nullable === true && typeof type === "string") {
    schema["type"] = [type, "null"];
  }
}
