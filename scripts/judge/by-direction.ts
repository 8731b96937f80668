import { sha256 } from "../command/digest.js";
import { canonicalPathItem } from "../description/canonical.ts";
import { mergeSchemas } from "../description/merge-schemas.ts";
import {
  find,
  fromPointer,
  isMethod,
  isObject,
  isOpaque,
  mapEntries,
  nameMaps,
  objectOf,
  targetOf,
  type Json,
  type JsonObject,
} from "../description/tree.ts";
import { directions, opposite, type Direction } from "./direction.ts";
import {
  discriminatingNames,
  withoutMarkedParts,
  withoutOppositeProperties,
} from "./opposite-properties.ts";
import { formatPlace, inside, type Place } from "./place.ts";
import { directPartsOf } from "./schema-parts.ts";

/**
 * Keywords with a schema that decides whether something else is allowed. A schema there that accepts more
 * values may make the surrounding one reject some.
 */
export const conditionKeywords: ReadonlySet<string> = new Set(["not", "if", "contains"]);

/** How deeply merged schemas may contain others. Deeper ones are compared part by part. */
const maximumDepth = 4;

/** The use of a component: one copy for each. Nobody has to satisfy a condition of a result. */
type Use = Direction | "condition";
type ComponentUse = readonly [section: string, name: string, use: Use];

/** The original of a component in the copy. */
export interface Origin {
  readonly place: Place;
  readonly direction: Direction;
}

/** A description in which each component has one direction. */
interface SplitDescription {
  readonly description: JsonObject;
  /** Keyed by section and name of the copy, such as `schemas.Thing (input)`. */
  readonly origins: ReadonlyMap<string, Origin>;
  readonly uses: readonly ComponentUse[];
  /** The components that are used, keyed by section and name. */
  readonly used: ReadonlySet<string>;
}

/**
 * Copies a description so that a component with both directions becomes two, and one more if conditions of
 * inputs use it: `redocly diff` reports a change of a component only where it is used first. Inputs omit
 * read-only properties, and results omit write-only ones: so every change has one direction, and `readOnly`
 * needs no rules. Each parameter becomes a component, because `redocly diff` matches the items of lists by
 * their references, or else by similarity. Callbacks become webhooks, whose types are generated.
 *
 * @param included the uses of components to include, although no operation may use them so
 */
export function splitByDirection(
  description: JsonObject,
  included: Iterable<ComponentUse> = [],
): SplitDescription {
  const origins = new Map<string, Origin>();
  const components: Record<string, Record<string, Json>> = {};
  const uses: ComponentUse[] = [];
  const used = new Set<string>();
  const usedSchemes = new Set<string>();
  const replaced = new Set<Json>();
  const discriminating = discriminatingNames(description);
  const callbacks = { input: {} as Record<string, Json>, result: {} as Record<string, Json> };

  /** Copies a component, unless it has been copied before. */
  const copyComponent = (section: string, name: string, use: Use): void => {
    const splitName = nameInUse(name, use);
    const key = `${section}.${splitName}`;
    const source = find(description, ["components", section, name]);
    used.add(`${section}.${name}`);
    if (!origins.has(key) && source !== undefined) {
      origins.set(key, {
        place: { in: "component", section, name, keyPath: [] },
        direction: directionOf(use),
      });
      uses.push([section, name, use]);
      (components[section] ??= {})[splitName] = copy(source, use);
    }
  };

  const redirectReference = (reference: string, use: Use): string => {
    const [root, section, name] = fromPointer(reference.slice(1)) ?? [];
    if (root !== "components" || section === undefined || name === undefined) return reference;
    copyComponent(section, name, use);
    const keys = reference.split("/");
    return keys.map((key, index) => (index === 3 ? nameInUse(key, use) : key)).join("/");
  };

  const copy = (value: Json, use: Use, keysAreNames = false): Json => {
    if (Array.isArray(value)) return value.map((item) => copy(item, use));
    if (!isObject(value)) return value;
    if (keysAreNames) return mapEntries(value, (_, child) => copy(child, use));
    const { allOf, ...own } = value;
    const replacement =
      withoutMarkedParts(description, value, directionOf(use)) ??
      (Array.isArray(allOf) ? wholeOf(description, value) : undefined);
    if (replacement !== undefined) {
      // The components that it refers to are still used.
      if (Array.isArray(allOf)) copy(allOf, use);
      if (typeof own["$ref"] === "string") redirectReference(own["$ref"], use);
      const key = allOf ?? value;
      if (!replaced.has(key) && replaced.size < maximumDepth) {
        replaced.add(key);
        const copied = copy(replacement, use);
        replaced.delete(key);
        return copied;
      }
      // A schema may contain itself. `redocly diff` merges a reference with the keywords next to it.
      const [only, ...more] = Array.isArray(allOf) ? allOf : [];
      if (isObject(only) && more.length === 0) return copy({ ...own, ...only }, use);
    }
    return mapEntries(
      withoutOppositeProperties(description, value, directionOf(use), discriminating),
      (key, child) => {
        if (key === "$ref") return redirectReference(String(child), use);
        if (key === "mapping") {
          return mapEntries(child, (_, target) => redirectReference(String(target), use));
        }
        if (isOpaque(key, child)) return child;
        const isCondition = use === "input" && conditionKeywords.has(key);
        return copy(child, isCondition ? "condition" : use, nameMaps.has(key));
      },
    );
  };

  const copyOperation = (
    operation: Json,
    sent: Direction,
    place: Place,
    above: readonly Json[],
  ): Json => {
    const { servers: _, callbacks: called, ...rest } = objectOf(operation);
    copyCallbacks(called, opposite[sent], place, above);
    return mapEntries(rest, (key, child) => {
      if (key === "parameters" && Array.isArray(child)) {
        return child.map((parameter) => copyParameter(parameter, sent, place));
      }
      if (key === "requestBody") return copy(child, sent);
      if (key === "responses") return copy(child, opposite[sent], true);
      if (key === "security" && Array.isArray(child)) {
        for (const name of child.flatMap((requirement) => Object.keys(objectOf(requirement))))
          usedSchemes.add(name);
      }
      return child;
    });
  };

  /** Copies callbacks, each to a path that says where it is, as a webhook or as the callback of one. */
  const copyCallbacks = (
    called: Json | undefined,
    sent: Direction,
    place: Place,
    above: readonly Json[],
  ): void => {
    for (const [name, reference] of Object.entries(objectOf(called))) {
      const references = new Set<string>();
      const { $ref } = objectOf(reference);
      if (typeof $ref === "string") references.add($ref);
      for (const [expression, item] of Object.entries(follow(description, reference))) {
        if (above.includes(item)) continue;
        // `redocly diff` ignores other paths.
        const slash = sent === "input" ? "/" : "";
        const path = `${slash}${expression} (callback ${name} of ${formatPlace(place)})`;
        const whole = canonicalPathItem(description, item, references);
        callbacks[sent][path] = copyItem(whole, sent, path, [...above, item]);
      }
      for (const [, section, key] of [...references].map(
        (each) => fromPointer(each.slice(1)) ?? [],
      ))
        used.add(`${section}.${key}`);
    }
  };

  const copyParameter = (value: Json, direction: Direction, operation: Place): Json => {
    const parameter = follow(description, value);
    const { in: location, name } = parameter;
    const place = inside(operation, "parameters", String(location), String(name));
    const splitName = sha256(JSON.stringify(place)).slice(0, 32);
    origins.set(`parameters.${splitName}`, { place, direction });
    (components["parameters"] ??= {})[splitName] = copy(parameter, direction);
    return { $ref: `#/components/parameters/${splitName}` };
  };

  const copyItem = (item: Json, sent: Direction, path: string, above: readonly Json[]): Json =>
    // The operations have the path's parameters; without one, nobody can send them.
    mapEntries(without(without(item, "servers"), "parameters"), (key, child) =>
      isMethod(key)
        ? copyOperation(child, sent, { in: "operation", method: key, path, keyPath: [] }, above)
        : child,
    );

  const copyRoot = (root: string, sent: Direction): JsonObject =>
    mapEntries(description[root], (path, item) => copyItem(item, sent, path, []));

  const roots = { paths: copyRoot("paths", "input"), webhooks: copyRoot("webhooks", "result") };
  const operations = {
    paths: { ...roots.paths, ...callbacks.input },
    webhooks: { ...roots.webhooks, ...callbacks.result },
  };
  for (const use of included) copyComponent(...use);
  // Unused credentials are irrelevant, and the facts contain the servers.
  const rest = without(description, "servers");
  const schemes = Object.entries(objectOf(objectOf(description["components"])["securitySchemes"]));
  const securitySchemes = Object.fromEntries(schemes.filter(([name]) => usedSchemes.has(name)));
  return {
    description: { ...rest, ...operations, components: { ...components, securitySchemes } },
    origins,
    uses,
    used,
  };
}

/**
 * A schema and its parts as one; undefined if they cannot be merged. `redocly diff` compares a part only with
 * a part, and not with the same keywords next to `allOf`, or of the target of a `$ref`.
 */
function wholeOf(
  root: JsonObject,
  schema: Json,
  seen: readonly Json[] = [],
): JsonObject | undefined {
  if (!isObject(schema) || seen.includes(schema)) return undefined;
  const { $ref: _, allOf: __, ...own } = schema;
  const wholes = directPartsOf(root, schema).map((part) => wholeOf(root, part, [...seen, schema]));
  return [...wholes, own].reduce<JsonObject | undefined>((all, part) => {
    if (all === undefined || part === undefined || "discriminator" in part) return undefined;
    return mergeSchemas(all, part);
  }, {});
}

/** The name of a component's copy. No other component can have it. */
function nameInUse(name: string, use: Use): string {
  return use === "result" ? name : `${name} (${use})`;
}

function directionOf(use: Use): Direction {
  return use === "result" ? "result" : "input";
}

/** The sections whose components have one direction. */
const directionsBySection: Readonly<Record<string, readonly Direction[]>> = {
  parameters: ["input"],
  requestBodies: ["input"],
  responses: ["result"],
};

/** The components of a description that no operation uses. Most may be used in either direction. */
export function unusedComponents(
  description: JsonObject,
  { used }: SplitDescription,
): ComponentUse[] {
  return Object.entries(objectOf(description["components"]))
    .filter(([section]) => section !== "securitySchemes")
    .flatMap(([section, parts]) =>
      Object.keys(objectOf(parts)).map((name) => [section, name] as const),
    )
    .filter(([section, name]) => !used.has(`${section}.${name}`))
    .flatMap(([section, name]) =>
      (directionsBySection[section] ?? directions).map((use) => [section, name, use] as const),
    );
}

/** Returns the object, or the target of its reference. */
function follow(root: JsonObject, value: Json): JsonObject {
  const object = objectOf(value);
  return objectOf(targetOf(root, object["$ref"]) ?? object);
}

function without(value: Json, key: string): JsonObject {
  const { [key]: _, ...rest } = objectOf(value);
  return rest;
}
