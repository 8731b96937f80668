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

/**
 * A copy of a description in which a component with both directions is two, and one more if conditions of
 * inputs use it: `redocly diff` reports a change of a component only where it is used first. Inputs omit
 * read-only properties, and results omit write-only ones: so every change has one direction, and `readOnly`
 * needs no rules. Each parameter becomes a component, because `redocly diff` matches the items of lists by
 * their references, or else by similarity. Callbacks become webhooks, whose types are generated.
 */
export class SplitDescription {
  readonly description: JsonObject;
  /** Keyed by section and name of the copy, such as `schemas.Thing (input)`. */
  readonly origins = new Map<string, Origin>();
  readonly uses: ComponentUse[] = [];
  /** The components that are used, by section and name. */
  readonly #used = new Set<string>();
  readonly #source: JsonObject;
  readonly #components: Record<string, Record<string, Json>> = {};
  readonly #callbacks: Record<Direction, Record<string, Json>> = { input: {}, result: {} };
  readonly #usedSchemes = new Set<string>();
  readonly #discriminating: ReadonlySet<Json | undefined>;
  /** The schemas being copied in another form. */
  readonly #replaced = new Set<Json>();

  /** @param included the uses of components to include, although no operation may use them so */
  constructor(source: JsonObject, included: Iterable<ComponentUse> = []) {
    this.#source = source;
    this.#discriminating = discriminatingNames(source);
    const paths = this.#copyRoot("paths", "input");
    const webhooks = this.#copyRoot("webhooks", "result");
    for (const use of included) this.#copyComponent(...use);
    // Unused credentials are irrelevant, and the facts contain the servers.
    const { securitySchemes } = objectOf(source["components"]);
    const schemes = Object.entries(objectOf(securitySchemes));
    const used = Object.fromEntries(schemes.filter(([name]) => this.#usedSchemes.has(name)));
    this.description = {
      ...without(source, "servers"),
      paths: { ...paths, ...this.#callbacks.input },
      webhooks: { ...webhooks, ...this.#callbacks.result },
      components: { ...this.#components, securitySchemes: used },
    };
  }

  /** The components that no operation uses. Most may be used in either direction. */
  get unused(): ComponentUse[] {
    return Object.entries(objectOf(this.#source["components"]))
      .filter(([section]) => section !== "securitySchemes")
      .flatMap(([section, parts]) =>
        Object.keys(objectOf(parts))
          .filter((name) => !this.#used.has(`${section}.${name}`))
          .flatMap((name) =>
            (directionsBySection[section] ?? directions).map(
              (use) => [section, name, use] as const,
            ),
          ),
      );
  }

  #copyRoot(root: string, sent: Direction): JsonObject {
    return mapEntries(this.#source[root], (path, item) => this.#copyItem(item, sent, path, []));
  }

  #copyItem(item: Json, sent: Direction, path: string, above: readonly Json[]): Json {
    // The operations have the path's parameters; without one, nobody can send them.
    return mapEntries(without(without(item, "servers"), "parameters"), (key, child) =>
      isMethod(key)
        ? this.#copyOperation(
            child,
            sent,
            { in: "operation", method: key, path, keyPath: [] },
            above,
          )
        : child,
    );
  }

  #copyOperation(operation: Json, sent: Direction, place: Place, above: readonly Json[]): Json {
    const { servers: _, callbacks, ...rest } = objectOf(operation);
    this.#copyCallbacks(callbacks, opposite[sent], place, above);
    return mapEntries(rest, (key, child) => {
      if (key === "parameters" && Array.isArray(child)) {
        return child.map((parameter) => this.#copyParameter(parameter, sent, place));
      }
      if (key === "requestBody") return this.#copy(child, sent);
      if (key === "responses") return this.#copy(child, opposite[sent], true);
      if (key === "security" && Array.isArray(child)) {
        for (const name of child.flatMap((requirement) => Object.keys(objectOf(requirement))))
          this.#usedSchemes.add(name);
      }
      return child;
    });
  }

  /** Copies callbacks, each to a path that says where it is, as a webhook or as the callback of one. */
  #copyCallbacks(
    callbacks: Json | undefined,
    sent: Direction,
    place: Place,
    above: readonly Json[],
  ): void {
    for (const [name, reference] of Object.entries(objectOf(callbacks))) {
      const references = new Set<string>();
      const { $ref } = objectOf(reference);
      if (typeof $ref === "string") references.add($ref);
      for (const [expression, item] of Object.entries(follow(this.#source, reference))) {
        if (above.includes(item)) continue;
        // `redocly diff` ignores other paths.
        const slash = sent === "input" ? "/" : "";
        const path = `${slash}${expression} (callback ${name} of ${formatPlace(place)})`;
        const whole = canonicalPathItem(this.#source, item, references);
        this.#callbacks[sent][path] = this.#copyItem(whole, sent, path, [...above, item]);
      }
      for (const followed of references) {
        const [, section, key] = fromPointer(followed.slice(1)) ?? [];
        this.#used.add(`${section}.${key}`);
      }
    }
  }

  #copyParameter(value: Json, direction: Direction, operation: Place): Json {
    const parameter = follow(this.#source, value);
    const { in: location, name } = parameter;
    const place = inside(operation, "parameters", String(location), String(name));
    const splitName = sha256(JSON.stringify(place)).slice(0, 32);
    this.origins.set(`parameters.${splitName}`, { place, direction });
    (this.#components["parameters"] ??= {})[splitName] = this.#copy(parameter, direction);
    return { $ref: `#/components/parameters/${splitName}` };
  }

  #copy(value: Json, use: Use, keysAreNames = false): Json {
    if (Array.isArray(value)) return value.map((item) => this.#copy(item, use));
    if (!isObject(value)) return value;
    if (keysAreNames) return mapEntries(value, (_, child) => this.#copy(child, use));
    return this.#copyWhole(value, use) ?? this.#copyKeywords(value, use);
  }

  /** Copies a schema that has to be merged with its parts; undefined for other schemas. */
  #copyWhole(value: JsonObject, use: Use): Json | undefined {
    const { allOf, ...own } = value;
    const replacement =
      withoutMarkedParts(this.#source, value, directionOf(use)) ??
      (Array.isArray(allOf) ? wholeOf(this.#source, value) : undefined);
    if (replacement === undefined) return undefined;
    // The components that it refers to are still used.
    if (Array.isArray(allOf)) this.#copy(allOf, use);
    if (typeof own["$ref"] === "string") this.#redirectReference(own["$ref"], use);
    const key = allOf ?? value;
    if (!this.#replaced.has(key) && this.#replaced.size < maximumDepth) {
      this.#replaced.add(key);
      const copied = this.#copy(replacement, use);
      this.#replaced.delete(key);
      return copied;
    }
    // A schema may contain itself. `redocly diff` merges a reference with the keywords next to it.
    const [only, ...more] = Array.isArray(allOf) ? allOf : [];
    return isObject(only) && more.length === 0 ? this.#copy({ ...own, ...only }, use) : undefined;
  }

  #copyKeywords(value: JsonObject, use: Use): JsonObject {
    const kept = withoutOppositeProperties(
      this.#source,
      value,
      directionOf(use),
      this.#discriminating,
    );
    return mapEntries(kept, (key, child) => {
      if (key === "$ref") return this.#redirectReference(String(child), use);
      if (key === "mapping") {
        return mapEntries(child, (_, target) => this.#redirectReference(String(target), use));
      }
      if (isOpaque(key, child)) return child;
      const isCondition = use === "input" && conditionKeywords.has(key);
      return this.#copy(child, isCondition ? "condition" : use, nameMaps.has(key));
    });
  }

  #redirectReference(reference: string, use: Use): string {
    const [root, section, name] = fromPointer(reference.slice(1)) ?? [];
    if (root !== "components" || section === undefined || name === undefined) return reference;
    this.#copyComponent(section, name, use);
    const keys = reference.split("/");
    return keys.map((key, index) => (index === 3 ? nameInUse(key, use) : key)).join("/");
  }

  /** Copies a component, unless it has been copied before. */
  #copyComponent(section: string, name: string, use: Use): void {
    const splitName = nameInUse(name, use);
    const key = `${section}.${splitName}`;
    const source = find(this.#source, ["components", section, name]);
    this.#used.add(`${section}.${name}`);
    if (this.origins.has(key) || source === undefined) return;
    this.origins.set(key, {
      place: { in: "component", section, name, keyPath: [] },
      direction: directionOf(use),
    });
    this.uses.push([section, name, use]);
    (this.#components[section] ??= {})[splitName] = this.#copy(source, use);
  }
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

/** Returns the object, or the target of its reference. */
function follow(root: JsonObject, value: Json): JsonObject {
  const object = objectOf(value);
  return objectOf(targetOf(root, object["$ref"]) ?? object);
}

function without(value: Json, key: string): JsonObject {
  const { [key]: _, ...rest } = objectOf(value);
  return rest;
}
