import { sha256 } from "../command/digest.ts";
import {
  find,
  fromPointer,
  isObject,
  isOpaque,
  methods,
  nameMaps,
  type Json,
  type JsonObject,
} from "../description/tree.ts";
import { inside, type Place } from "./place.ts";

/**
 * Which way values go. A consumer reads a result, so a new one must be what an old one could be; it
 * writes an input, so an old one must still be accepted.
 */
export type Direction = "result" | "input";
export const directions = ["result", "input"] as const;

export const opposite: Readonly<Record<Direction, Direction>> = {
  result: "input",
  input: "result",
};

/** What a component of the copy was in the description. */
export interface Origin {
  readonly place: Place;
  readonly direction: Direction;
}

/** A description in which each component goes one way only. */
export interface Directed {
  readonly description: JsonObject;
  /** By section and name, such as `schemas.Thing`. */
  readonly origins: ReadonlyMap<string, Origin>;
}

/**
 * Copies a description so that a component that goes both ways becomes two. What is only read is left
 * out of inputs, and what is only written out of results: so a change has one direction wherever it is,
 * and `readOnly` needs no rules. Each parameter becomes a component, because `redocly diff` pairs the
 * items of lists by their references, and by likeness where they have none.
 *
 * @param unused the components that are to be there in both directions, whether used or not
 */
export function splitByDirection(
  description: JsonObject,
  unused: Iterable<readonly [section: string, name: string]> = [],
): Directed {
  const origins = new Map<string, Origin>();
  const components: Record<string, Record<string, Json>> = {};
  const needed = new Set<string>();

  /** Copies a component, if that was not done yet. */
  const request = (section: string, name: string, direction: Direction): void => {
    const own = named(name, direction);
    const key = `${section}.${own}`;
    const source = find(description, ["components", section, name]);
    if (!origins.has(key) && source !== undefined) {
      origins.set(key, { place: { in: "component", section, name, way: [] }, direction });
      (components[section] ??= {})[own] = copy(source, direction);
    }
  };

  const redirect = (reference: string, direction: Direction): string => {
    const [root, section, name] = fromPointer(reference.slice(1)) ?? [];
    if (root !== "components" || section === undefined || name === undefined) return reference;
    request(section, name, direction);
    const keys = reference.split("/");
    return keys.map((key, index) => (index === 3 ? named(key, direction) : key)).join("/");
  };

  const copy = (value: Json, direction: Direction, keysAreNames = false): Json => {
    if (Array.isArray(value)) return value.map((item) => copy(item, direction));
    if (!isObject(value)) return value;
    if (keysAreNames) return mapEntries(value, (_, child) => copy(child, direction));
    return mapEntries(withoutOtherWay(description, value, direction), (key, child) => {
      if (key === "$ref") return redirect(String(child), direction);
      if (key === "mapping") return redirectMapping(child, direction);
      if (isOpaque(key, child) || key === "enum") return child;
      return copy(child, direction, nameMaps.has(key));
    });
  };

  /** A discriminator names schemas by references or by their names. */
  const redirectMapping = (mapping: Json, direction: Direction): Json =>
    mapEntries(mapping, (_, target) =>
      redirect(
        /[#/]/u.test(String(target)) ? String(target) : `#/components/schemas/${String(target)}`,
        direction,
      ),
    );

  const copyOperation = (operation: Json, sent: Direction, place: Place): Json =>
    mapEntries(without(operation, "servers"), (key, child) => {
      if (key === "parameters" && Array.isArray(child)) {
        return child.map((parameter) => copyParameter(parameter, sent, place));
      }
      if (key === "requestBody") return copy(child, sent);
      if (key === "responses") return copy(child, opposite[sent], true);
      if (key === "security" && Array.isArray(child)) {
        for (const name of child.flatMap((one) => Object.keys(objectOf(one)))) needed.add(name);
      }
      if (key !== "callbacks") return child;
      return mapEntries(child, (name, callback) =>
        mapEntries(follow(description, callback), (expression, item) =>
          copyItem(item, opposite[sent], () => inside(place, "callbacks", name, expression)),
        ),
      );
    });

  const copyParameter = (value: Json, direction: Direction, operation: Place): Json => {
    const parameter = follow(description, value);
    const { in: location, name } = parameter;
    const place = inside(operation, "parameters", String(location), String(name));
    const own = sha256(JSON.stringify(place)).slice(0, 32);
    origins.set(`parameters.${own}`, { place, direction });
    (components["parameters"] ??= {})[own] = copy(parameter, direction);
    return { $ref: `#/components/parameters/${own}` };
  };

  const copyItem = (item: Json, sent: Direction, placeOf: (method: string) => Place): Json =>
    mapEntries(without(item, "servers"), (key, child) =>
      (methods as readonly string[]).includes(key)
        ? copyOperation(child, sent, placeOf(key))
        : child,
    );

  const copyRoot = (root: string, sent: Direction): JsonObject =>
    description[root] === undefined
      ? {}
      : {
          [root]: mapEntries(description[root], (path, item) =>
            copyItem(item, sent, (method) => ({ in: "operation", method, path, way: [] })),
          ),
        };

  const operations = { ...copyRoot("paths", "input"), ...copyRoot("webhooks", "result") };
  for (const [section, name] of unused) {
    for (const direction of directions) request(section, name, direction);
  }
  // Credentials and servers of other operations are nobody's concern, and facts say where calls go.
  const rest = without(description, "servers");
  const schemes = Object.entries(objectOf(objectOf(description["components"])["securitySchemes"]));
  const securitySchemes = Object.fromEntries(schemes.filter(([name]) => needed.has(name)));
  return {
    description: { ...rest, ...operations, components: { ...components, securitySchemes } },
    origins,
  };
}

/** The name that a component has in a direction; it cannot be that of another one. */
function named(name: string, direction: Direction): string {
  return direction === "input" ? `${name} (input)` : name;
}

/** The components of a description that no operation leads to. */
export function unusedIn(
  description: JsonObject,
  { origins }: Directed,
): (readonly [section: string, name: string])[] {
  return Object.entries(objectOf(description["components"]))
    .filter(([section]) => section !== "securitySchemes")
    .flatMap(([section, parts]) =>
      Object.keys(objectOf(parts)).map((name) => [section, name] as const),
    )
    .filter(
      ([section, name]) =>
        !directions.some((direction) => origins.has(`${section}.${named(name, direction)}`)),
    );
}

/** A schema without the properties that go the other way only, and without the keywords that say so. */
function withoutOtherWay(root: JsonObject, schema: JsonObject, direction: Direction): JsonObject {
  const { readOnly: _, writeOnly: __, ...rest } = schema;
  const { properties, required } = rest;
  if (!isObject(properties)) return rest;
  const gone = new Set(
    Object.keys(properties).filter((name) => goesOtherWay(root, properties[name], direction)),
  );
  if (gone.size === 0) return rest;
  return {
    ...rest,
    properties: Object.fromEntries(Object.entries(properties).filter(([name]) => !gone.has(name))),
    ...(Array.isArray(required)
      ? { required: required.filter((name) => !gone.has(String(name))) }
      : {}),
  };
}

/** By itself, by what it refers to, or by a part of either. */
function goesOtherWay(
  root: JsonObject,
  schema: Json | undefined,
  direction: Direction,
  seen: readonly Json[] = [],
): boolean {
  if (!isObject(schema) || seen.includes(schema)) return false;
  const { allOf, readOnly, writeOnly } = schema;
  const goesItself = direction === "input" ? readOnly === true : writeOnly === true;
  const parts = [targetOf(root, schema), ...(Array.isArray(allOf) ? allOf : [])];
  return goesItself || parts.some((part) => goesOtherWay(root, part, direction, [...seen, schema]));
}

function targetOf(root: JsonObject, value: JsonObject): Json | undefined {
  const { $ref: reference } = value;
  if (typeof reference !== "string" || !reference.startsWith("#")) return undefined;
  return find(root, fromPointer(reference.slice(1)) ?? []);
}

/** Gives the object itself, or what its reference leads to. */
function follow(root: JsonObject, value: Json): JsonObject {
  const object = objectOf(value);
  const target = targetOf(root, object);
  return target === undefined ? object : objectOf(target);
}

function objectOf(value: Json | undefined): JsonObject {
  return isObject(value) ? value : {};
}

function without(value: Json, key: string): JsonObject {
  const { [key]: _, ...rest } = objectOf(value);
  return rest;
}

function mapEntries(
  value: Json | undefined,
  change: (key: string, child: Json) => Json,
): JsonObject {
  return Object.fromEntries(
    Object.entries(objectOf(value)).map(([key, child]) => [key, change(key, child)]),
  );
}
