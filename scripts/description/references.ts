import type { Problem } from "../command/problem.js";
import {
  ambiguousFields,
  entries,
  find,
  fromPointer,
  isObject,
  targetOf,
  toPointer,
  type Json,
  type JsonObject,
} from "./tree.ts";

// The parts of a description whose content the generated types have names for.
const referableRoots = new Set(["components", "paths", "webhooks"]);

export interface Reference {
  readonly path: readonly (string | number)[];
  readonly value: Json;
  /** Whether the reference replaces a map whose keys are names, such as all `paths`. */
  readonly isOfMap: boolean;
  /** The object that contains the reference. */
  readonly parent: JsonObject;
}

/** Finds every reference in a value, given the place of the value in its file. */
export function* referencesIn(
  root: Json,
  at: readonly (string | number)[] = [],
  keysAreNames = false,
): Generator<Reference> {
  for (const entry of entries(root, at, keysAreNames)) {
    const { key, isName, value, parent } = entry;
    if (key !== "$ref" && key !== "mapping") continue;
    const { path } = entry;
    if (key === "$ref" && !isName) yield { path, value, isOfMap: false, parent };
    if (key === "$ref" && isName && typeof value === "string") {
      const isOfMap = !["mapping", "scopes"].includes(String(path.at(-2)));
      if (isOfMap) yield { path, value, isOfMap, parent };
    }
    if (key !== "mapping" || isName || !isObject(value)) continue;
    if (typeof parent["propertyName"] !== "string") continue;
    for (const [name, target] of Object.entries(value)) {
      if (typeof target !== "string" || !/[#/:]/u.test(target)) continue;
      yield { path: [...path, name], value: target, isOfMap: false, parent: value };
    }
  }
}

/** Whether a reference is a URL. URLs are never fetched. */
export function isUrl(reference: string): boolean {
  return /^[a-z][a-z0-9+.-]*:|^\/\//iu.test(reference);
}

export function isOfPathItem(path: readonly (string | number)[]): boolean {
  const isListed = path.length === 3 && (path[0] === "paths" || path[0] === "webhooks");
  return isListed || path.at(-4) === "callbacks";
}

export function ambiguity(reference: string, fields: readonly string[]): string {
  return `The path item and the one that it refers to, ${reference}, differ in ${fields.join(" and ")}, and either may be meant`;
}

/** Finds the problems of all references in a bundled description: each must have a target in it. */
export function checkReferences(file: string, root: JsonObject): Problem[] {
  const problems: Problem[] = [];
  for (const { path, value, isOfMap, parent } of referencesIn(root)) {
    const refuse = (fault: string, remedy: string): void => {
      problems.push({ file, place: toPointer(path), fault, remedy });
    };
    if (typeof value !== "string") {
      refuse("The $ref is not a string", "Write a reference such as #/components/schemas/Name");
    } else if (isUrl(value)) {
      refuse(
        `The reference ${value} points outside the description, and nothing is fetched`,
        "Write what it refers to into the description with an overlay action",
      );
    } else if (!value.startsWith("#")) {
      refuse(
        `The reference to ${value} is in an overlay, and overlays cannot add files`,
        "Write what it refers to into the action",
      );
    } else if (isOfMap) {
      refuse(
        `The reference ${value} is in a place that only allows names`,
        "Replace it with what it refers to, with overlay actions",
      );
    } else {
      checkLocal(root, value, refuse);
      if (isOfPathItem(path)) {
        const fields = ambiguousFields(parent, targetOf(root, value));
        if (fields.length > 0)
          refuse(ambiguity(value, fields), "Remove it from one of the two with an overlay action");
      }
    }
  }
  return problems;
}

function checkLocal(
  root: JsonObject,
  reference: string,
  refuse: (fault: string, remedy: string) => void,
): void {
  const pointer = fromPointer(reference.slice(1));
  if (pointer === undefined) {
    refuse(
      `The reference ${reference} is not a JSON Pointer`,
      "Write #/components/…/Name with an overlay action",
    );
  } else if (!referableRoots.has(pointer[0] ?? "")) {
    refuse(
      `The reference ${reference} points into "${pointer[0] ?? ""}", where no reference may point`,
      "Copy its target under components and refer to it there, with overlay actions",
    );
  } else {
    followChain(root, reference, pointer, refuse);
  }
}

/** Follows a chain of references until it reaches a value or returns to itself. */
function followChain(
  root: JsonObject,
  reference: string,
  start: readonly string[],
  refuse: (fault: string, remedy: string) => void,
): void {
  const seen = new Set<string>();
  for (let pointer: readonly string[] | undefined = start; pointer !== undefined;) {
    const target = find(root, pointer);
    if (target === undefined) {
      return refuse(
        `The reference ${reference} points to nothing, or into an x-* extension`,
        "Correct it, or add what it refers to under components, with an overlay action",
      );
    }
    const next: unknown = isObject(target) ? target["$ref"] : undefined;
    if (typeof next !== "string" || !next.startsWith("#")) return;
    if (seen.has(next)) {
      return refuse(
        `The reference ${reference} refers back to itself: ${[...seen].join(" → ")}`,
        "Give one of these its own content, with an overlay action",
      );
    }
    seen.add(next);
    pointer = fromPointer(next.slice(1));
  }
}
