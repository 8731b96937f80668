import { toCanonical } from "./canonical.ts";
import { operationName } from "./operation-name.ts";
import { merge, select } from "./overlay-action.ts";
import { find, isEqual, isObject, methods, objectOf, type Json, type JsonObject } from "./tree.ts";

/** The operations and components of a description, or those that an action of `additions.yaml` adds. */
interface Parts {
  readonly operations: readonly {
    readonly path: string;
    readonly name: string;
    readonly id: Json | undefined;
    /** The name of its method, unless an overlay names it. */
    readonly methodName: string | undefined;
  }[];
  /** By their places, such as `schemas/Thing`. */
  readonly components: ReadonlyMap<string, Json>;
}

/** How much of an addition the vendor has published. */
export interface Overlap {
  /** The names of all that counts: of the operations; of the components, if there are no operations. */
  readonly added: readonly string[];
  /** The names of the published parts, including those of components that the addition would change. */
  readonly published: readonly string[];
  /** The names that these parts have in the vendor's description. */
  readonly vendorNames: readonly string[];
  /** Whether the vendor has published all that counts. */
  readonly isComplete: boolean;
  /** The added fields that would also apply to the vendor's operations, such as `servers of /things`. */
  readonly shared: readonly string[];
}

export function namedPartsOf({ paths, components }: JsonObject): Parts {
  const operations = Object.entries(objectOf(paths)).flatMap(([path, item]) =>
    methods.flatMap((method) => {
      const operation = objectOf(item)[method];
      const name = `${method.toUpperCase()} ${path}`;
      if (!isObject(operation)) return [];
      const { operationId: id } = operation;
      const methodName = typeof id === "string" ? operationName(id, method, path) : undefined;
      return [{ path, name, id, methodName }];
    }),
  );
  const named = Object.entries(objectOf(components)).flatMap(([kind, all]) =>
    Object.entries(objectOf(all)).map(([name, value]) => [`${kind}/${name}`, value] as const),
  );
  return { operations, components: new Map(named) };
}

/**
 * Converts the update of an action to the canonical form, which the vendor's parts have. What it gives to all
 * operations of a path, or to all, becomes part of those that it adds.
 */
export function canonicalAddition(description: JsonObject, action: JsonObject): JsonObject {
  const { target, update } = action;
  const [keys] = select(description, target, "target");
  if (keys === undefined || update === undefined) return action;
  const whole = wholeUpdate(keys, update);
  const canonical: Record<string, Json> = { ...toCanonical(whole) };
  if (isObject(whole["components"])) {
    // All of them: another action may refer to one that has become part of the operations here.
    const components = objectOf(toCanonical({ components: whole["components"] })["components"]);
    canonical["components"] =
      namedPartsOf(whole).operations.length > 0
        ? withoutRepeated(components, objectOf(description["components"]))
        : components;
  }
  return { ...action, update: find(canonical, keys.map(String)) ?? update };
}

/** Drops the components that a description already has. The pages of several operations may describe the same. */
function withoutRepeated(components: JsonObject, existing: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(components).map(([section, parts]): [string, Json] => {
      const known = objectOf(existing[section]);
      const isNew = ([name, part]: [string, Json]): boolean => !isEqual(part, known[name]);
      return [
        section,
        isObject(parts) ? Object.fromEntries(Object.entries(parts).filter(isNew)) : parts,
      ];
    }),
  );
}

/** Returns an update of the root that has the same effect as one of the target. */
function wholeUpdate(keys: readonly (string | number)[], update: Json): JsonObject {
  return objectOf(keys.reduceRight((value, key) => ({ [key]: value }), update));
}

/** Finds the fields that would also apply to the vendor's operations. */
function findShared(update: JsonObject, vendor: Parts): string[] {
  if (vendor.operations.length === 0) return [];
  const ofRoot = ["security", "servers"].filter((key) => key in update);
  const ofPaths = Object.entries(objectOf(update["paths"]))
    .filter(([path]) => vendor.operations.some((operation) => operation.path === path))
    .flatMap(([path, item]) =>
      ["$ref", "parameters", "servers"]
        .filter((key) => key in objectOf(item))
        .map((key) => `${key} of ${path}`),
    );
  return [...ofRoot, ...ofPaths];
}

/** Compares what an action adds with what the vendor has published; undefined for a removal or a copy. */
export function findOverlap(
  description: JsonObject,
  { target, update }: JsonObject,
  vendor: Parts,
): Overlap | undefined {
  if (update === undefined) return undefined;
  const wholes = select(description, target, "target").map((keys) => wholeUpdate(keys, update));
  const all = wholes.map(namedPartsOf);
  const shared = wholes.flatMap((whole) => findShared(whole, vendor));
  const operations = all.flatMap((parts) => parts.operations);
  const components = all.flatMap((parts) => [...parts.components]);
  const own = operations.flatMap(({ name, id }) => {
    if (vendor.operations.some((each) => each.name === name)) return [{ name, vendorName: name }];
    const same = vendor.operations.find((each) => id !== undefined && each.id === id);
    if (same === undefined) return [];
    return [{ name, vendorName: `${same.name} with the same operationId` }];
  });
  // Either the vendor has moved the operation, or it is another one: a person has to decide.
  const namesakes = operations.flatMap(({ name, methodName }) => {
    const same = vendor.operations.find((each) => each.methodName === methodName);
    if (same === undefined || methodName === undefined || own.some((each) => each.name === name))
      return [];
    return [{ name, vendorName: `${same.name}, whose method has the same name` }];
  });
  const names = operations.map(({ name }) => name);
  if (names.length === 0) {
    const added = components.map(([name]) => name);
    const published = added.filter((name) => vendor.components.has(name));
    const isComplete = added.length > 0 && published.length === added.length;
    return { added, published, vendorNames: published, isComplete, shared };
  }
  // The pages of several operations may describe the same component.
  const changed = components.flatMap(([name, value]) => {
    const existing = vendor.components.get(name);
    return existing !== undefined && merge(existing, value)[0].isChanged ? [name] : [];
  });
  const published = [...own, ...namesakes];
  return {
    added: names,
    published: [...published.map(({ name }) => name), ...changed],
    vendorNames: [...published.map(({ vendorName }) => vendorName), ...changed],
    isComplete: own.length === names.length,
    shared,
  };
}
