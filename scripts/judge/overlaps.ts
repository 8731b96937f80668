import {
  entries,
  isEqual,
  listOf,
  objectOf,
  ownValue,
  type Json,
  type JsonObject,
} from "../description/tree.ts";
import { withParts } from "./schema-parts.ts";

/**
 * Finds the schemas that belong to an alternative of a `oneOf`, at any depth, whose values may match another
 * alternative, too. If such a schema accepts more, a value may begin to match both, and `oneOf` refuses it.
 */
export function findOverlaps(description: JsonObject): ReadonlySet<Json> {
  const all = new Set<Json>();
  for (const { key, isName, value, parent } of entries(description)) {
    if (isName || key !== "oneOf" || !Array.isArray(value)) continue;
    for (const each of value) {
      if (overlaps(description, parent, each)) all.add(each);
    }
  }
  for (const each of all) {
    for (const child of [...Object.values(each ?? {}), ...withParts(description, each)]) {
      if (typeof child === "object") all.add(child);
    }
  }
  return all;
}

/** Finds what a path leads to, also by reference. */
export function findByReference(root: JsonObject, path: readonly string[]): Json | undefined {
  return path.reduce<Json | undefined>((node, key) => {
    if (Array.isArray(node)) return node[Number(key)];
    return withParts(root, node).find((part) => Object.hasOwn(part, key))?.[key];
  }, root);
}

/** Whether a value may match an alternative and another one. A discriminator selects one. */
function overlaps(root: JsonObject, choice: JsonObject, alternative: Json): boolean {
  const { oneOf, ...shared } = choice;
  if ("discriminator" in choice || !Array.isArray(oneOf)) return false;
  const whole = (each: Json): Json => ({ allOf: [shared, each] });
  return oneOf.some(
    (other) => other !== alternative && !areDisjoint(root, whole(alternative), whole(other)),
  );
}

/** How deeply choices and properties are compared. Schemas that differ only below may overlap. */
const maximumDepth = 4;

/** Whether certainly no value matches both schemas. */
function areDisjoint(root: JsonObject, first: Json, second: Json, depth = 0): boolean {
  if (depth > maximumDepth) return false;
  const [one, other] = [withParts(root, first), withParts(root, second)];
  const areApart = (a: Json, b: Json): boolean => areDisjoint(root, a, b, depth + 1);
  const types = possibleTypes(one).filter((type) => possibleTypes(other).includes(type));
  return (
    types.length === 0 ||
    valueListsOf(one).some((list) =>
      valueListsOf(other).some((others) => haveNoneInCommon(list, others)),
    ) ||
    choicesOf(one).some((choice) => choice.every((each) => areApart(each, second))) ||
    choicesOf(other).some((choice) => choice.every((each) => areApart(first, each))) ||
    (types.join() === "object" &&
      (requiresWhatIsRefused(one, other, areApart) || requiresWhatIsRefused(other, one, areApart)))
  );
}

/** Whether the first schema requires a property that the second refuses, or accepts only with other values. */
function requiresWhatIsRefused(
  first: Parts,
  second: Parts,
  areApart: (one: Json, other: Json) => boolean,
): boolean {
  const propertiesOf = (parts: Parts, name: string): Json[] =>
    parts.flatMap(({ properties }) => ownValue(objectOf(properties), name) ?? []);
  return first
    .flatMap(({ required }) => listOf(required).map(String))
    .some(
      (name) =>
        second.some((part) => isClosed(part) && propertiesOf([part], name).length === 0) ||
        propertiesOf(first, name).some((one) =>
          propertiesOf(second, name).some((other) => areApart(one, other)),
        ),
    );
}

type Parts = readonly JsonObject[];

const allTypes = ["array", "boolean", "integer", "null", "number", "object", "string"];

function possibleTypes(parts: Parts): string[] {
  const lists = parts.flatMap(({ type }) => (type === undefined ? [] : [[type].flat()]));
  return allTypes.filter((type) =>
    lists.every((list) => list.includes(type) || (type === "integer" && list.includes("number"))),
  );
}

function valueListsOf(parts: Parts): (readonly Json[])[] {
  return parts.flatMap(({ enum: values }) => (Array.isArray(values) ? [values] : []));
}

function haveNoneInCommon(one: readonly Json[], other: readonly Json[]): boolean {
  return !one.some((value) => other.some((each) => isEqual(value, each)));
}

function choicesOf(parts: Parts): (readonly Json[])[] {
  return parts.flatMap(({ anyOf, oneOf }) => [anyOf, oneOf].filter((each) => Array.isArray(each)));
}

/** Whether a schema refuses properties without a schema. */
export function isClosed({ additionalProperties = true, patternProperties }: JsonObject): boolean {
  return additionalProperties === false && patternProperties === undefined;
}
