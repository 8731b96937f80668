import type { Problem } from "../command/problem.ts";
import { entries, find, fromPointer, isObject, toPointer, type JsonObject } from "./tree.ts";

// The parts of a description that the generated types have a name for.
const referableRoots = new Set(["components", "paths", "webhooks"]);

/** A reference that leads out of its file: where it stands, and where it wants to go. */
export interface FileReference {
  readonly place: string;
  readonly path: string;
  readonly fragment: string;
}

/** What a file refers to outside itself, and which of its references are wrong. */
export interface References {
  readonly files: readonly FileReference[];
  readonly problems: readonly Problem[];
}

/**
 * Checks every reference of a file: it must lead to something inside the file, or to another file.
 * A whole description may be referred to in its components, paths and webhooks only; a file that is
 * a part of one (`isPart`) may be laid out in any way.
 */
export function checkReferences(file: string, root: JsonObject, isPart = false): References {
  const files: FileReference[] = [];
  const problems: Problem[] = [];
  for (const { path, key, isName, value, parent } of entries(root)) {
    if (isName) continue;
    const references =
      key === "$ref"
        ? [[path, value] as const]
        : key === "mapping" && isObject(value) && typeof parent["propertyName"] === "string"
          ? Object.entries(value)
              .filter(([, target]) => typeof target === "string" && /[#/:]/u.test(target))
              .map(([name, target]) => [[...path, name], target] as const)
          : [];
    for (const [at, reference] of references) {
      const refuse = (fault: string, remedy: string): void => {
        problems.push({ file, place: toPointer(at), fault, remedy });
      };
      if (typeof reference !== "string") {
        refuse("The $ref is not a string", "Write a reference such as #/components/schemas/Name");
      } else if (/^[a-z][a-z0-9+.-]*:|^\/\//iu.test(reference)) {
        refuse(
          `The reference ${reference} leads out of the description, and nothing is fetched`,
          "Bring what it refers to into the description's folder",
        );
      } else if (reference.startsWith("#")) {
        checkLocal(root, reference, isPart, refuse);
      } else {
        const [target = "", fragment = ""] = reference.split("#", 2);
        files.push({ place: toPointer(at), path: target, fragment });
      }
    }
  }
  return { files, problems };
}

function checkLocal(
  root: JsonObject,
  reference: string,
  isPart: boolean,
  refuse: (fault: string, remedy: string) => void,
): void {
  const pointer = fromPointer(reference.slice(1));
  if (pointer === undefined) {
    refuse(`The reference ${reference} is no JSON Pointer`, "Write #/components/…/Name");
  } else if (!isPart && !referableRoots.has(pointer[0] ?? "")) {
    refuse(
      `The reference ${reference} leads to "${pointer[0] ?? ""}", which no reference may lead to`,
      "Move its target under components",
    );
  } else {
    followChain(root, reference, pointer, refuse);
  }
}

/** Follows a reference to a reference to a reference, until it comes to something or goes round. */
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
        `The reference ${reference} leads to nothing, or into an x-* extension`,
        "Correct it, or add what it refers to under components",
      );
    }
    const next: unknown = isObject(target) ? target["$ref"] : undefined;
    if (typeof next !== "string" || !next.startsWith("#")) return;
    if (seen.has(next)) {
      return refuse(
        `The reference ${reference} comes back to itself: ${[...seen].join(" → ")}`,
        "Give one of these a content of its own",
      );
    }
    seen.add(next);
    pointer = fromPointer(next.slice(1));
  }
}
