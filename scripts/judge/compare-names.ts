import { objectOf, type JsonObject } from "../description/tree.ts";
import type { Operation } from "../emit/facts.ts";
import { methodNameOf } from "../emit/operations.ts";
import { supportedAuthentication, whyUnsupported } from "../emit/unsupported.ts";
import type { Pair } from "./parts.ts";
import type { Place } from "./place.ts";
import { keyOf, type Successors } from "./successors.ts";
import { typeReason } from "./type-changes.ts";
import type { Reason } from "./verdict.ts";

/** The sections of components that have types. */
const typedSections = new Set([
  "schemas",
  "responses",
  "parameters",
  "requestBodies",
  "headers",
  "pathItems",
]);

/** Names that can be looked up in an exported type must stay, and so must the names of methods. */
export function compareNames(
  descriptions: Pair<JsonObject>,
  operations: Pair<readonly Operation[]>,
  successors: Successors,
): Reason[] {
  const old = namesOf(descriptions[0], operations[0]);
  const now = namesOf(descriptions[1], operations[1]);
  return [
    ...without(old, now).map((place) =>
      typeReason("major", "type-removed", place, "The type with this name was removed"),
    ),
    ...without(now, old).map((place) =>
      typeReason("minor", "type-added", place, "The type with this name was added"),
    ),
    ...compareMethods(operations[0], successors),
    ...compareSchemes(operations),
  ];
}

/** A client takes the credentials of the schemes that its methods use. */
function compareSchemes([before, after]: Pair<readonly Operation[]>): Reason[] {
  const now = schemesIn(after);
  return [...schemesIn(before)]
    .filter((scheme) => !now.has(scheme))
    .map((name) => {
      const place: Place = { in: "component", section: "securitySchemes", name, keyPath: [] };
      return typeReason("major", "authentication", place, "Clients no longer take its credential");
    });
}

function schemesIn(operations: readonly Operation[]): Set<string> {
  const called = operations.filter(
    (operation) => methodNameOf(operation) !== undefined && whyUnsupported(operation) === undefined,
  );
  const alternatives = called.flatMap(({ facts }) => supportedAuthentication(facts));
  return new Set(alternatives.flat().map(({ scheme }) => scheme));
}

function compareMethods(before: readonly Operation[], successors: Successors): Reason[] {
  return before.flatMap((operation) => {
    const { method, path } = operation;
    const successor = successors.get(keyOf(operation));
    const [was, is] = [methodNameOf(operation), successor && methodNameOf(successor)];
    if (successor === undefined || was === is) return [];
    const place: Place = { in: "operation", method, path, keyPath: [] };
    if (was === undefined) {
      return [typeReason("minor", "operation-added", place, `Its method \`${is}\` was added`)];
    }
    const message = `Its method \`${was}\` ${is === undefined ? "was removed" : `is now \`${is}\``}`;
    const reason = typeReason("major", "operation-renamed", place, message);
    return [{ ...reason, renamed: { from: was, to: is } }];
  });
}

type Names = ReadonlyMap<string, Place>;

function without(from: Names, other: Names): Place[] {
  return [...from].filter(([name]) => !other.has(name)).map(([, place]) => place);
}

function namesOf({ components }: JsonObject, operations: readonly Operation[]): Names {
  const names = new Map<string, Place>();
  for (const [section, parts] of Object.entries(objectOf(components))) {
    if (!typedSections.has(section)) continue;
    for (const name of Object.keys(objectOf(parts))) {
      names.set(`${section}.${name}`, { in: "component", section, name, keyPath: [] });
    }
  }
  for (const { id } of operations) {
    if (id !== undefined) {
      names.set(`operations.${id}`, { in: "description", keyPath: ["operations", id] });
    }
  }
  return names;
}
