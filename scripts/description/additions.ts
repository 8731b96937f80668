import { merge, select } from "./overlay-action.ts";
import { isObject, methods, objectOf, type Json, type JsonObject } from "./tree.ts";

/** The operations and components of a description, or those that an action of `additions.yaml` adds. */
export interface Parts {
  readonly operations: readonly { readonly name: string; readonly id: Json | undefined }[];
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
}

export function namedPartsOf({ paths, components }: JsonObject): Parts {
  const operations = Object.entries(objectOf(paths)).flatMap(([path, item]) =>
    methods.flatMap((method) => {
      const operation = objectOf(item)[method];
      const name = `${method.toUpperCase()} ${path}`;
      return isObject(operation) ? [{ name, id: operation["operationId"] }] : [];
    }),
  );
  const named = Object.entries(objectOf(components)).flatMap(([kind, all]) =>
    Object.entries(objectOf(all)).map(([name, value]) => [`${kind}/${name}`, value] as const),
  );
  return { operations, components: new Map(named) };
}

/** Compares what an action adds with what the vendor has published; undefined for a removal or a copy. */
export function findOverlap(
  description: JsonObject,
  { target, update }: JsonObject,
  vendor: Parts,
): Overlap | undefined {
  if (!isObject(update)) return undefined;
  const all = select(description, target, "target").map((keys) =>
    namedPartsOf(keys.reduceRight((value: JsonObject, key) => ({ [key]: value }), update)),
  );
  const operations = all.flatMap((parts) => parts.operations);
  const components = all.flatMap((parts) => [...parts.components]);
  const own = operations.flatMap(({ name, id }) => {
    if (vendor.operations.some((each) => each.name === name)) return [{ name, vendorName: name }];
    const same = vendor.operations.find((each) => id !== undefined && each.id === id);
    if (same === undefined) return [];
    return [{ name, vendorName: `${same.name} with the same operationId` }];
  });
  const names = operations.map(({ name }) => name);
  if (names.length === 0) {
    const added = components.map(([name]) => name);
    const published = added.filter((name) => vendor.components.has(name));
    const isComplete = added.length > 0 && published.length === added.length;
    return { added, published, vendorNames: published, isComplete };
  }
  // The pages of several operations may describe the same component.
  const changed = components.flatMap(([name, value]) => {
    const existing = vendor.components.get(name);
    return existing !== undefined && merge(existing, value)[0].isChanged ? [name] : [];
  });
  return {
    added: names,
    published: [...own.map(({ name }) => name), ...changed],
    vendorNames: [...own.map(({ vendorName }) => vendorName), ...changed],
    isComplete: own.length === names.length,
  };
}
