import type { IncomingHttpHeaders } from "node:http";
import { follow, isNode, items, segmentsOf, step, textOf, type NodeRef } from "./document.ts";
import { parseJson, type Check, type Schemas } from "./schemas.ts";

export interface Parameter {
  readonly in: "path" | "query" | "header";
  readonly name: string;
  readonly required: boolean;
  readonly style: string;
  readonly explode: boolean;
  /** Whether the value is sent as JSON. */
  readonly isJson: boolean;
  readonly schema: NodeRef | undefined;
}

/** The parameters of a request before they are decoded. */
export interface RawParameters {
  /** By parameter name. */
  readonly path: ReadonlyMap<string, string>;
  /** Pairs of a decoded name and a raw value. */
  readonly query: readonly (readonly [string, string])[];
  readonly headers: IncomingHttpHeaders;
}

/** An error that Ajv found in a request, and its location. */
export interface RequestError {
  readonly loc: readonly string[];
  readonly keyword: string;
  readonly message: string;
  readonly format?: unknown;
}

type Kind = "array" | "object" | "scalar";

const styles: Readonly<Record<Parameter["in"], readonly string[]>> = {
  path: ["simple", "label", "matrix"],
  query: ["form", "spaceDelimited", "pipeDelimited", "deepObject"],
  header: ["simple"],
};

/** Reads a parameter, or returns the reason why this server does not support it. */
export function readParameter(ref: NodeRef): Parameter | string {
  const { node } = ref;
  const { required, explode } = node;
  const name = textOf(node["name"]) ?? "";
  const where = (["path", "query", "header"] as const).find((each) => each === node["in"]);
  if (!where) return `its parameter ${name} is in ${String(node["in"])}`;
  const style = textOf(node["style"]) ?? (where === "query" ? "form" : "simple");
  const common = {
    in: where,
    name,
    required: required === true,
    style,
    explode: typeof explode === "boolean" ? explode : style === "form",
  };
  const { content } = node;
  if (isNode(content)) {
    const [mediaType = ""] = Object.keys(content);
    if (!isJsonType(mediaType)) return `its parameter ${name} is ${mediaType}`;
    return { ...common, isJson: true, schema: step(ref, "content", mediaType, "schema") };
  }
  if (!styles[where].includes(style)) return `its parameter ${name} has the style ${style}`;
  return { ...common, isJson: false, schema: step(ref, "schema") };
}

/** RFC 6839 §3.1; parameters such as a charset change nothing. */
export function isJsonType(mediaType: string): boolean {
  return /^(?:application\/|[^;]+\+)json *(?:;|$)/i.test(mediaType);
}

/** Returns a function that reads the parameters of an operation from a request. */
export function createParameterReader(
  parameters: readonly Parameter[],
  schemas: Schemas,
  /** The names of API keys, which may also be in a query. */
  otherNames: readonly string[],
): (raw: RawParameters) => {
  readonly values: ReadonlyMap<string, unknown>;
  readonly errors: readonly RequestError[];
} {
  const readers = parameters.map((parameter) => readerOf(parameter, schemas));
  const takesAll = readers.some(({ takesRest }) => takesRest);

  const isDeclared = (name: string): boolean =>
    otherNames.includes(name) || readers.some((reader) => reader.takes(name));

  return (raw) => {
    const values = new Map<string, unknown>();
    const errors: RequestError[] = [];
    for (const { parameter, read, check } of readers) {
      const loc = [parameter.in, parameter.name];
      if (isRepeated(parameter, raw)) {
        errors.push({ loc, keyword: "maxItems", message: "must NOT be repeated" });
        continue;
      }
      const [first, ...others] = read(raw, isDeclared).map((value) => {
        const wrapped = { value };
        return { wrapped, errors: check(wrapped) };
      });
      if (!first) {
        if (parameter.required) errors.push(missingError(loc));
        continue;
      }
      const reading = [first, ...others].find((each) => each.errors.length === 0) ?? first;
      errors.push(...toRequestErrors(loc, reading.errors, parameter.isJson ? 0 : 1));
      values.set(parameter.name, reading.wrapped.value);
    }
    for (const name of new Set(raw.query.map(([each]) => each))) {
      if (takesAll || isDeclared(name)) continue;
      errors.push({
        loc: ["query", name],
        keyword: "additionalProperties",
        message: "must NOT have additional properties",
      });
    }
    return { values, errors };
  };
}

export function missingError(loc: readonly string[]): RequestError {
  return { loc, keyword: "required", message: "is required" };
}

/** Puts Ajv's errors at a location in the request. Drops the first `skipped` segments of their pointers. */
export function toRequestErrors(
  loc: readonly string[],
  errors: ReturnType<Check>,
  skipped = 0,
): readonly RequestError[] {
  return errors.map(({ instancePath, keyword, message = "is invalid", params }) => {
    const property: unknown = params["missingProperty"] ?? params["additionalProperty"];
    const path = segmentsOf(instancePath).slice(skipped);
    return {
      loc: [...loc, ...path, ...(typeof property === "string" ? [property] : [])],
      keyword,
      message,
      format: params["format"],
    };
  });
}

/** Whether a query repeats a parameter that is sent as one value. */
function isRepeated({ in: where, name, isJson, explode }: Parameter, raw: RawParameters): boolean {
  if (where !== "query" || (explode && !isJson)) return false;
  return raw.query.filter(([each]) => each === name).length > 1;
}

interface Reader {
  readonly parameter: Parameter;
  /** Whether a name in the query is the parameter's. */
  readonly takes: (name: string) => boolean;
  /** Whether the parameter takes all query parameters that no other parameter declares. */
  readonly takesRest: boolean;
  /** Returns the value as each kind that the schema allows. */
  readonly read: (raw: RawParameters, isDeclared: (name: string) => boolean) => readonly unknown[];
  readonly check: (value: { value: unknown }) => ReturnType<Check>;
}

function readerOf(parameter: Parameter, schemas: Schemas): Reader {
  const { in: where, name, schema, isJson, style, explode } = parameter;
  const stated = kindsOf(schema);
  const kinds = (["array", "object", "scalar"] as const).filter((kind) => stated.has(kind));
  if (kinds.length === 0) kinds.push(style === "deepObject" ? "object" : "scalar");
  const isForm = where === "query" && !isJson && style === "form" && explode;
  const isDeep = where === "query" && !isJson && style === "deepObject";
  /** Whether the fields of the value are in the query under their own names. */
  const isSpread = (kind: Kind): boolean =>
    (isDeep && kind !== "scalar") || (isForm && kind === "object");
  const validate = schema && (isJson ? schemas.request : schemas.parameter)(schema);
  const readAs = (
    kind: Kind,
    { path, query, headers }: RawParameters,
    isDeclared: (name: string) => boolean,
  ): unknown => {
    if (where === "header") {
      const value = [headers[name.toLowerCase()] ?? []].flat();
      // `fetch` sends this if the caller sets no languages (RFC 9110 §12.5.4).
      if (name.toLowerCase() === "accept-language" && String(value) === "*") return undefined;
      return value.length === 0 ? undefined : decodeValue(kind, value.join(","), (text) => text);
    }
    if (where === "path") return decodeValue(kind, path.get(name), decodeURIComponent);
    if (isDeep && kind !== "scalar") return readDeepObject(name, query);
    if (isForm && kind === "object") return fields(query.filter(([each]) => !isDeclared(each)));
    const values = query.filter(([each]) => each === name).map(([, value]) => value);
    if (explode && !isJson && (kind === "array" || values.length > 1)) {
      return values.length === 0 ? undefined : values.map(decodeQuery);
    }
    return decodeValue(kind, values[0], decodeQuery);
  };
  const decodeValue = (
    kind: Kind,
    text: string | undefined,
    decode: (text: string) => string,
  ): unknown => {
    if (text === undefined) return undefined;
    return isJson ? parseJson(decode(text)) : readStyled(parameter, kind, text, decode);
  };
  return {
    parameter,
    takes: (each) =>
      where === "query" &&
      ((isDeep && each.startsWith(`${name}[`)) || (each === name && !kinds.every(isSpread))),
    takesRest: isForm && kinds.includes("object"),
    read: (raw, isDeclared) =>
      kinds.map((kind) => readAs(kind, raw, isDeclared)).filter((value) => value !== undefined),
    check: (wrapped) => validate?.(isJson ? wrapped.value : wrapped) ?? [],
  };
}

const separators: Readonly<Record<string, string | RegExp>> = {
  spaceDelimited: /%20|\+| /,
  pipeDelimited: /\||%7C/i,
};

/** Reads a value in one of OpenAPI's "Style Values": prefix, separators, and pairs for objects. */
function readStyled(
  { name, style, explode }: Parameter,
  kind: Kind,
  raw: string,
  decode: (text: string) => string,
): unknown {
  const prefix =
    { label: ".", matrix: explode && kind === "object" ? ";" : `;${name}=` }[style] ?? "";
  if (!raw.startsWith(prefix)) return undefined;
  const text = raw.slice(prefix.length);
  if (kind === "scalar") return decode(text);
  const exploded = { label: ".", matrix: kind === "array" ? `;${name}=` : ";" }[style];
  const parts = text
    .split((explode ? exploded : undefined) ?? separators[style] ?? ",")
    .map((part) => part.trim());
  if (kind === "array") return parts.map(decode);
  if (explode) {
    return Object.fromEntries(
      parts.map((part) => {
        const [key = "", ...value] = part.split("=");
        return [decode(key), decode(value.join("="))];
      }),
    );
  }
  return Object.fromEntries(
    parts.flatMap((part, index) =>
      index % 2 === 0 ? [[decode(part), decode(parts[index + 1] ?? "")]] : [],
    ),
  );
}

function readDeepObject(name: string, query: RawParameters["query"]): unknown {
  return fields(
    query.flatMap(([each, value]) => {
      const isMember = each.startsWith(`${name}[`) && each.endsWith("]");
      return isMember ? [[each.slice(name.length + 1, -1), value] as const] : [];
    }),
  );
}

/** Builds an object from its fields. A repeated field becomes an array. */
function fields(pairs: RawParameters["query"]): unknown {
  if (pairs.length === 0) return undefined;
  const grouped = new Map<string, string[]>();
  for (const [key, value] of pairs) {
    grouped.set(key, [...(grouped.get(key) ?? []), decodeQuery(value)]);
  }
  return Object.fromEntries(
    [...grouped].map(([key, values]) => [key, values.length === 1 ? values[0] : values]),
  );
}

export function decodeQuery(text: string): string {
  return decodeURIComponent(text.replaceAll("+", " "));
}

/** The kinds of values that a schema allows, if it says so. */
function kindsOf(schema: NodeRef | undefined, seen: Set<string> = new Set()): ReadonlySet<Kind> {
  const ref = schema && follow(schema);
  if (!ref || seen.has(ref.pointer)) return new Set();
  seen.add(ref.pointer);
  const { node } = ref;
  const type = "properties" in node && !("type" in node) ? "object" : node["type"];
  const types = [type ?? []]
    .flat()
    .map((each) => (each === "array" || each === "object" ? each : "scalar"));
  const parts = ["allOf", "anyOf", "oneOf"].flatMap((key) => items(ref, key));
  return new Set<Kind>([...types, ...parts.flatMap((part) => [...kindsOf(part, seen)])]);
}
