import { createQuerySerializer, serializeArrayParam, serializeObjectParam } from "openapi-fetch";
import { checkPathSegment } from "./address.ts";
import { checkHeader } from "./header.ts";
import { isObject } from "./is-object.ts";
import type { Operation, Parameter } from "./types.ts";

/** The values of parameters by their names on the wire, in the form that openapi-fetch expects. */
export interface ParameterValues {
  path?: Values;
  query?: Values;
  header?: Values;
}
type Values = Readonly<Record<string, unknown>>;

function findParameter(
  { parameters }: Operation,
  location: Parameter["in"],
  wireName: string,
): Partial<Parameter> {
  return (
    Object.values(parameters).find((each) => each.in === location && each.name === wireName) ?? {}
  );
}

/**
 * Fills in the path parameters of a URL that ends with the operation's path.
 *
 * @throws TypeError if a value is missing, or would change the path
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

/** Serializes the query of an operation. Undeclared parameters use OpenAPI's default style. */
export function serializeQuery(operation: Operation, values: Values): string {
  return Object.entries(values)
    .map(([name, value]) => {
      const parameter = findParameter(operation, "query", name);
      const { explode = true, allowReserved = false, content } = parameter;
      // The types allow fewer styles for objects, but openapi-fetch treats arrays and objects alike.
      const style = (parameter.style ?? "form") as "form";
      const serialize = createQuerySerializer({
        array: { style, explode },
        object: { style, explode },
        allowReserved,
      });
      const prepared =
        content && value !== undefined ? JSON.stringify(value) : prepareQueryValue(value);
      // A "#" would end the query, even where reserved characters are allowed.
      return serialize({ [encodeURIComponent(name)]: prepared }).replaceAll("#", "%23");
    })
    .filter(Boolean)
    .join("&");
}

const isPresent = (item: unknown): boolean => item !== undefined && item !== null;

/** Drops missing values, and encodes the keys of objects, which openapi-fetch leaves as they are. */
function prepareQueryValue(value: unknown): unknown {
  if (Array.isArray(value)) return value.filter(isPresent);
  if (!isObject(value)) return value;
  const presentEntries = Object.entries(value).filter(([, item]) => isPresent(item));
  return Object.fromEntries(presentEntries.map(([key, item]) => [encodeURIComponent(key), item]));
}

/** Serializes the header parameters of an operation (style `simple`). Null suppresses a header. */
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

/** @throws TypeError if a value cannot be sent; the message does not quote it */
export function serializeHeader(name: string, value: unknown, explode = false): string {
  const isRecord = isObject(value) && !Array.isArray(value);
  const items = isRecord
    ? Object.entries(value).map((entry) => entry.join(explode ? "=" : ","))
    : value;
  return checkHeader(name, String(items));
}
