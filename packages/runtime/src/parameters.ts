import { serializeArrayParam, serializeObjectParam, serializePrimitiveParam } from "openapi-fetch";
import { encodePathSegment } from "./address.ts";
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

/** The parameters of an operation in one place. */
function parametersIn(operation: Operation, place: Parameter["in"]): readonly Parameter[] {
  return Object.values(operation.parameters).filter((parameter) => parameter.in === place);
}

/**
 * Puts path parameters into a URL that ends with the operation's path.
 *
 * @throws TypeError if one is missing, or would leave its place
 */
export function serializePath(url: string, operation: Operation, values: Values): string {
  const parameters = parametersIn(operation, "path");
  return url.replace(/\{([^{}]+)\}/g, (_, name: string) =>
    serializePathParameter(
      parameters.find((parameter) => parameter.name === name) ?? { name },
      values[name],
    ),
  );
}

function serializePathParameter(
  { name, style = "simple", explode = false }: Pick<Parameter, "name" | "style" | "explode">,
  value: unknown,
): string {
  const check = (item: unknown): string => encodePathSegment(name, item);
  const options = { style, explode, allowReserved: true } as const;
  if (Array.isArray(value) && value.length > 0)
    return serializeArray(name, value.map(check), options);
  if (isObject(value) && !Array.isArray(value) && Object.keys(value).length > 0) {
    const entries = Object.entries(value).map(([key, item]) => [check(key), check(item)]);
    return serializeObject(name, Object.fromEntries(entries), options);
  }
  const text = check(value);
  if (style === "label") return `.${text}`;
  return style === "matrix" ? `;${name}=${text}` : text;
}

/** Writes the query of an operation; what it does not declare, as openapi-fetch does by default. */
export function serializeQuery(operation: Operation, values: Values): string {
  const parameters = parametersIn(operation, "query");
  return Object.entries(values)
    .map(([name, value]) =>
      serializeQueryParameter(
        parameters.find((parameter) => parameter.name === name) ?? { name },
        value,
      ),
    )
    .filter((text) => text !== "")
    .join("&");
}

function serializeQueryParameter(
  {
    name: key,
    style = "form",
    explode = true,
    allowReserved = false,
    content,
  }: Pick<Parameter, "name" | "style" | "explode" | "allowReserved" | "content">,
  value: unknown,
): string {
  const name = encodeURIComponent(key);
  if (value === undefined || value === null) return "";
  if (content !== undefined) return serializePrimitiveParam(name, JSON.stringify(value));
  const options = { style, explode, allowReserved };
  // Nothing reserved means the end of the query.
  const text = (item: unknown): string =>
    allowReserved ? String(item).replaceAll("#", "%23") : String(item);
  if (Array.isArray(value)) {
    const items = value.filter(isGiven).map(text);
    return items.length > 0 ? serializeArray(name, items, options) : "";
  }
  if (isObject(value)) {
    const entries = Object.entries(value)
      .filter(([, item]) => isGiven(item))
      .map(([property, item]) => [encodeURIComponent(property), text(item)]);
    return serializeObject(name, Object.fromEntries(entries), options);
  }
  return serializePrimitiveParam(name, text(value), options);
}

/** Writes the header parameters of an operation (style `simple`); null means: not sent. */
export function serializeHeaders(
  operation: Operation,
  values: Values,
): Record<string, string | null> {
  const headers: Record<string, string | null> = {};
  for (const [name, value] of Object.entries(values)) {
    const parameter = parametersIn(operation, "header").find(
      (known) => known.name.toLowerCase() === name.toLowerCase(),
    );
    if (value === null) headers[name] = null;
    else if (value !== undefined) headers[name] = serializeHeader(name, value, parameter?.explode);
  }
  return headers;
}

/** @throws TypeError if a value cannot be sent, which it does not quote */
export function serializeHeader(name: string, value: unknown, explode = false): string {
  const entries = isObject(value) && !Array.isArray(value) ? Object.entries(value) : undefined;
  const text = entries
    ? entries.map((entry) => entry.join(explode ? "=" : ",")).join(",")
    : Array.isArray(value)
      ? value.join(",")
      : String(value);
  return checkHeader(name, text);
}

const isGiven = (value: unknown): boolean => value !== undefined && value !== null;

type Style = NonNullable<Parameter["style"]>;
interface StyleOptions {
  readonly style: Style;
  readonly explode: boolean;
  readonly allowReserved: boolean;
}

function serializeArray(name: string, values: readonly string[], options: StyleOptions): string {
  const { style } = options;
  return style === "deepObject"
    ? ""
    : serializeArrayParam(name, [...values], { ...options, style });
}

function serializeObject(
  name: string,
  value: Record<string, unknown>,
  options: StyleOptions,
): string {
  const { style } = options;
  return style === "spaceDelimited" || style === "pipeDelimited"
    ? ""
    : serializeObjectParam(name, value, { ...options, style });
}
