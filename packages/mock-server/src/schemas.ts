import { Ajv2020, type ErrorObject, type ValidateFunction } from "ajv/dist/2020.js";
import formats from "ajv-formats";
import { isNode, keysOf, rootOf, step, type Node, type Place } from "./document.ts";

/** What the description says cannot be played. */
export class DescriptionError extends Error {
  override readonly name = "DescriptionError";
}

/** Says what is wrong with a value; nothing if it is as its schema has it. */
export type Check = (value: unknown) => readonly ErrorObject[];

/** Validators of a description's schemas, compiled when they are first needed. */
export interface Schemas {
  /** Of a request's JSON. */
  readonly request: (schema: Place) => Check;
  /** Of a parameter, whose text becomes what the schema wants: `value` of what is checked. */
  readonly parameter: (schema: Place) => Check;
  /** Of an answer's JSON. */
  readonly response: (schema: Place) => Check;
  /** The schemas of answers in JSON Schema 2020-12, without examples and defaults. */
  readonly plainResponse: (schema: Place) => Place;
}

/** Each throws a DescriptionError for a schema that cannot be compiled. */
export function createSchemas(root: Node): Schemas {
  const requests = once(() => adapt(root, "readOnly"));
  const responses = once(() => adapt(root, "writeOnly"));
  const requestAjv = once(() => createAjv(requests(), false));
  const parameterAjv = once(() => createAjv(requests(), true));
  const responseAjv = once(() => createAjv(responses(), false));
  return {
    request: compiler(requestAjv, refTo),
    parameter: compiler(parameterAjv, (pointer) => ({ properties: { value: refTo(pointer) } })),
    response: compiler(responseAjv, refTo),
    plainResponse: (schema) => step(rootOf(responses()), ...keysOf(schema.pointer)) ?? schema,
  };
}

export function once<Value>(make: () => Value): () => Value {
  let made: { readonly value: Value } | undefined;
  return () => (made ??= { value: make() }).value;
}

const base = "description:";

function refTo(pointer: string): Node {
  return { $ref: base + pointer };
}

function createAjv(document: Node, coerces: boolean): Ajv2020 {
  const ajv = new Ajv2020({
    // A description is no schema of ours: what is unknown in it is left alone.
    strict: false,
    validateSchema: false,
    logger: false,
    allErrors: true,
    coerceTypes: coerces && "array",
    code: { regExp: lenientRegExp },
  });
  formats.default(ajv);
  ajv.addSchema({ ...document, $id: base });
  return ajv;
}

/** Compiles a schema once. */
function compiler(ajv: () => Ajv2020, schemaOf: (pointer: string) => Node): (at: Place) => Check {
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

/** A pattern is Unicode by JSON Schema, and often written by somebody who did not know. */
function lenientRegExp(pattern: string, flags: string): RegExp {
  try {
    return new RegExp(pattern, flags);
  } catch {
    return new RegExp(pattern);
  }
}
lenientRegExp.code = "";

/** Maps whose keys are names, and so no keywords. */
const maps = new Set([
  ..."properties patternProperties $defs definitions dependentSchemas".split(" "),
  ..."paths content responses headers schemas parameters requestBodies callbacks".split(" "),
]);
const values = new Set(["const", "enum"]);
/** What may be wrong, and refuses nothing. */
const annotations = new Set(["default", "example", "examples"]);

/**
 * A description whose schemas are those of JSON Schema 2020-12. Properties that go the other way are
 * not required, and examples and defaults, which may be anything, are gone.
 */
function adapt(root: Node, otherWay: "readOnly" | "writeOnly"): Node {
  const isThreeZero = String(root["openapi"]).startsWith("3.0");

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
    raise(adapted, isThreeZero);
    const { required, properties } = adapted;
    if (!isNode(properties)) return adapted;
    const gone = new Set(
      Object.entries(properties)
        .filter(([, property]) => goes(property))
        .map(([name]) => name),
    );
    if (Array.isArray(required)) {
      adapted["required"] = required.filter((name: unknown) => !gone.has(String(name)));
    }
    // An answer must not hold it; a request that does is one whose sender got it from an answer.
    if (otherWay === "writeOnly") {
      const refused = [...gone].map((name) => [name, { writeOnly: true, not: {} }]);
      adapted["properties"] = { ...properties, ...Object.fromEntries(refused) };
    }
    return adapted;
  }

  /** By itself, by what it refers to, or by a part of either. */
  function goes(property: unknown, seen: readonly unknown[] = []): boolean {
    if (!isNode(property) || seen.includes(property)) return false;
    const { $ref: reference, allOf, [otherWay]: goesItself } = property;
    const target =
      typeof reference === "string" && reference.startsWith("#")
        ? step(rootOf(root), ...keysOf(reference))?.node
        : undefined;
    const parts = [target, ...(Array.isArray(allOf) ? allOf : [])];
    return goesItself === true || parts.some((part) => goes(part, [...seen, property]));
  }

  return adaptNode(root, false);
}

/** OpenAPI 3.0's own keywords become those of JSON Schema, or go where they mean nothing. */
function raise(schema: Record<string, unknown>, isThreeZero: boolean): void {
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
  if (isThreeZero && nullable === true && typeof type === "string") {
    schema["type"] = [type, "null"];
  }
}
