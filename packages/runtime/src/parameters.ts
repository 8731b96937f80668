import { createQuerySerializer, serializeArrayParam, serializeObjectParam } from "openapi-fetch";
import { checkPathSegment } from "./address.ts";
import { checkHeader } from "./header.ts";
import { isObject } from "./is-object.ts";
import type { Operation, Parameter } from "./types.ts";

/** The values of parameters by their names on the wire, as openapi-fetch takes them. */
export interface ParameterValues {
  path?: Values;
  query?: Values;
  header?: Values;
}
type Values = Readonly<Record<string, unknown>>;

function findParameter(
  { parameters }: Operation,
  place: Parameter["in"],
  wireName: string,
): Partial<Parameter> {
  return (
    Object.values(parameters).find(({ in: own, name }) => own === place && name === wireName) ?? {}
  );
}

/**
 * Puts path parameters into a URL that ends with the operation's path.
 *
 * @throws TypeError if one is missing, or would leave its place
 */
export function serializePath(url: string, operation: Operation, values: Values): string {
  return url.replace(/\{([^{}]+)\}/g, (_, name: string) => {
    const parameter = findParameter(operation, "path", name);
    const { explode = false } = parameter;
    const style = (parameter.style ?? "simple") as "simple" | "label" | "matrix";
    const value = values[name];
    const items = isObject(value) ? Object.entries(value).flat() : [];
    for (const item of items.length > 0 ? items : [value]) checkPathSegment(name, item);
    if (Array.isArray(value)) return serializeArrayParam(name, value, { style, explode });
    if (isObject(value)) return serializeObjectParam(name, value, { style, explode });
    const text = encodeURIComponent(String(value));
    return style === "matrix" ? `;${name}=${text}` : style === "label" ? `.${text}` : text;
  });
}

/** Writes the query of an operation; what it does not declare, as OpenAPI does by default. */
export function serializeQuery(operation: Operation, values: Values): string {
  return Object.entries(values)
    .map(([name, value]) => {
      const parameter = findParameter(operation, "query", name);
      const { explode = true, allowReserved = false, content } = parameter;
      // openapi-fetch does the same with each, whatever its types say.
      const style = (parameter.style ?? "form") as "form";
      const serialize = createQuerySerializer({
        array: { style, explode },
        object: { style, explode },
        allowReserved,
      });
      const sent = content && value !== undefined ? JSON.stringify(value) : clean(value);
      // With reserved characters or without, the query ends at none.
      return serialize({ [encodeURIComponent(name)]: sent }).replaceAll("#", "%23");
    })
    .filter(Boolean)
    .join("&");
}

const isGiven = (item: unknown): boolean => item !== undefined && item !== null;

/** Leaves out what is not given, and encodes what openapi-fetch leaves as it is. */
function clean(value: unknown): unknown {
  if (Array.isArray(value)) return value.filter(isGiven);
  if (!isObject(value)) return value;
  const given = Object.entries(value).filter(([, item]) => isGiven(item));
  return Object.fromEntries(given.map(([key, item]) => [encodeURIComponent(key), item]));
}

/** Writes the header parameters of an operation (style `simple`); null means: not sent. */
export function serializeHeaders(
  operation: Operation,
  values: Values,
): Record<string, string | null> {
  const headers: Record<string, string | null> = {};
  for (const [name, value] of Object.entries(values)) {
    const { explode } = findParameter(operation, "header", name);
    if (value === null) headers[name] = value;
    else if (value !== undefined) headers[name] = serializeHeader(name, value, explode);
  }
  return headers;
}

/** @throws TypeError if a value cannot be sent, which it does not quote */
export function serializeHeader(name: string, value: unknown, explode = false): string {
  const isRecord = isObject(value) && !Array.isArray(value);
  const items = isRecord
    ? Object.entries(value).map((entry) => entry.join(explode ? "=" : ","))
    : value;
  return checkHeader(name, String(items));
}
