import { fromPointer, objectOf, type JsonObject } from "../description/tree.ts";

export type Pair<T> = readonly [before: T, after: T];

/** A path item, a webhook or a component. */
interface Part {
  readonly text: string;
  /** The names of the parts that it refers to. */
  readonly references: ReadonlySet<string>;
}

/** The parts of a description, keyed by names such as `paths./things` or `components.schemas.Thing`. */
type Parts = ReadonlyMap<string, Part>;

/** Splits a description into parts that can be compared independently. */
function splitIntoParts(description: JsonObject): Parts {
  const parts = new Map<string, Part>();
  for (const [holder, children] of holdersOf(description)) {
    for (const [name, child] of Object.entries(children)) {
      const text = JSON.stringify(child);
      parts.set(`${holder.join(".")}.${name}`, { text, references: possibleReferencesIn(text) });
    }
  }
  return parts;
}

/** The parts that are equal in both descriptions, and only refer to such parts. */
function findEqual(before: Parts, after: Parts): Set<string> {
  const same = new Set(
    [...before].filter(([name, { text }]) => text === after.get(name)?.text).map(([name]) => name),
  );
  for (let size = Infinity; size !== same.size;) {
    size = same.size;
    for (const name of same) {
      for (const reference of before.get(name)?.references ?? []) {
        if (before.has(reference) && !same.has(reference)) same.delete(name);
      }
    }
  }
  return same;
}

/** These parts and all parts that they refer to, directly or indirectly. */
function findReachable(parts: Parts, from: Iterable<string>): Set<string> {
  const reachable = new Set(from);
  for (const name of reachable) {
    for (const reference of parts.get(name)?.references ?? []) reachable.add(reference);
  }
  return reachable;
}

/**
 * Reduces two descriptions to the parts that may differ and the parts that these refer to. Also returns the
 * names of the equal parts.
 */
export function selectDifferences(pair: Pair<JsonObject>): {
  readonly differing: Pair<JsonObject>;
  readonly same: ReadonlySet<string>;
} {
  const [before, after] = [splitIntoParts(pair[0]), splitIntoParts(pair[1])];
  const same = findEqual(before, after);
  const reachable = [before, after].flatMap((parts) => {
    const differing = [...parts.keys()].filter((name) => !same.has(name));
    return [...findReachable(parts, differing)];
  });
  // Both descriptions keep the same names: a part that only one of them kept would look new.
  const names = new Set(reachable);
  return { differing: [keepParts(pair[0], names), keepParts(pair[1], names)], same };
}

/** Reduces a description to these parts. */
function keepParts(description: JsonObject, names: ReadonlySet<string>): JsonObject {
  let reduced = description;
  for (const [holder, children] of holdersOf(description)) {
    const [root, section] = holder;
    const selected = Object.fromEntries(
      Object.entries(children).filter(([name]) => names.has(`${holder.join(".")}.${name}`)),
    );
    reduced = {
      ...reduced,
      [root]:
        section === undefined ? selected : { ...objectOf(reduced[root]), [section]: selected },
    };
  }
  return reduced;
}

type Holder = readonly [root: string, section?: string];

/** The objects that contain parts. */
function holdersOf(description: JsonObject): [Holder, JsonObject][] {
  const components = objectOf(description["components"]);
  const holders: Holder[] = [
    ...["paths", "webhooks"].map((root): Holder => [root]),
    ...Object.keys(components).map((section): Holder => ["components", section]),
  ];
  return holders.map((holder) => {
    const [root, section] = holder;
    return [
      holder,
      section === undefined ? objectOf(description[root]) : objectOf(components[section]),
    ];
  });
}

/** Collects everything that may be a reference. A false one does no harm. */
function possibleReferencesIn(text: string): Set<string> {
  const references = new Set<string>();
  for (const [, fragment = ""] of text.matchAll(/"#(\/[^"]+)"/gu)) {
    const [root = "", ...keys] = fromPointer(fragment) ?? [];
    references.add([root, ...keys.slice(0, root === "components" ? 2 : 1)].join("."));
  }
  return references;
}
