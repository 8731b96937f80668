import {
  find,
  fromPointer,
  isEqual,
  isMethod,
  isObject,
  listOf,
  nameMaps,
  objectOf,
  type Json,
  type JsonObject,
} from "../description/tree.ts";
import { matches } from "../description/value-claims.js";
import { acceptsAll } from "./comparable.ts";
import type { Comparison } from "./comparison.ts";
import type { DescriptionChange } from "./description-diff.ts";
import { opposite, type Direction } from "./direction.ts";
import { originalName, toDiffable, withItems } from "./diffable.ts";
import { findByReference, findOverlaps, isClosed } from "./overlaps.ts";
import type { Pair } from "./parts.ts";
import type { Place } from "./place.ts";
import type { DiffRule, Rule } from "./rules.ts";
import { withParts } from "./schema-parts.ts";
import { conditionKeywords, type Origin } from "./split-description.ts";
import type { Bump, Reason } from "./verdict.ts";

/** A change with its place and direction; the direction is undefined if no value is sent. */
interface LocatedChange extends DescriptionChange {
  readonly place: Place;
  readonly direction: Direction | undefined;
  /** Whether it changes the encoding of a value or of a part of a body. */
  readonly isEncoding: boolean;
}

/** Keywords by which a schema constrains with another schema, and which the types express. */
const constraintKeywords = new Set(["items", "prefixItems", "additionalProperties"]);

/** Nobody has to comply with a constraint of a result, but `schema.json` is published with it. */
const constraint = { bump: "patch", rule: "schema-constraint-changed" } as const;

/** Keywords of schemas of which `redocly diff` judges a change that may rule out values. */
const judgedKeywords = new Set<string | undefined>(
  (
    "type enum const required minLength maxLength pattern format minimum maximum exclusiveMinimum " +
    "exclusiveMaximum multipleOf minItems maxItems uniqueItems minProperties maxProperties items " +
    "additionalProperties unevaluatedItems unevaluatedProperties"
  ).split(" "),
);

/** Keywords of schemas that the types express, and those by which a schema constrains without a type. */
const typedKeywords = new Set(
  "type enum const required items prefixItems key $ref x-extensible-enum".split(" "),
);
const untypedKeywords = new Set<string>(
  (
    "not if then else contains propertyNames unevaluatedItems unevaluatedProperties " +
    "dependentSchemas dependentRequired"
  ).split(" "),
);

/** Adding one of these keywords, or a schema inside one, is a restriction. */
const restrictiveKeywords = new Set<string | undefined>(["if", "then", "else", "dependentSchemas"]);

/** Types of Redocly's whose keys are names. */
const nameTypes = new Set(["DependentRequired", "SecurityRequirement"]);

/** Keywords that identify a schema or its dialect. No reference that passes lint uses them. */
const identifyingKeywords = new Set<string | undefined>(["$anchor", "$id", "$schema"]);

const encodingKeywords = new Set<string | undefined>(["contentEncoding", "contentMediaType"]);
const binaryFormats = new Set<Json | undefined>(["binary", "byte", "base64", "base64url"]);

/** Redocly's types that describe the encoding of a body. */
const encodingTypes = new Set(["Encoding", "EncodingMap", "Xml"]);

/** Keywords of a result whose non-breaking changes add information. */
const informativeKeywords = new Set(["enum", "required", "type"]);

/** Assigns bumps to the findings of `redocly diff` between two descriptions split by direction. */
export function weigh(
  changes: readonly DescriptionChange[],
  { differing, origins }: Pick<Comparison, "differing" | "origins">,
): Reason[] {
  const pair = toDiffable(differing);
  const overlaps = findOverlaps(pair[1]);
  return changes.flatMap((change) => {
    const side = change.kind === "removed" ? 0 : 1;
    const keys = followParameter(change.keys, pair[side]);
    // The facts show, by operation, whether credentials are accepted.
    if (change.typeName === "SecurityScheme" && change.kind !== "modified") return [];
    // The names of components are compared, too. An added copy of one for another direction is no change.
    if (change.kind === "added" && keys.length === 3 && keys[1] === "schemas") return [];
    if (isOfRemovedAlternative(change, pair)) return [];
    const isEncoding = isEncodingChange(change);
    const located = locate(keys, origins);
    const locatedChange = {
      ...change,
      ...located,
      place: withOldName(located.place, change),
      isEncoding,
    };
    const reasons = change.verdicts.map(({ rule, message }) =>
      diffReason(locatedChange, bumpOf(rule, locatedChange), ruleOf(rule, locatedChange), message),
    );
    const all = (reasons.length > 0 ? reasons : [weighUnjudged(locatedChange, origins, pair)]).map(
      (reason) => (isUntypedInResult(locatedChange) ? { ...reason, ...constraint } : reason),
    );
    // What was removed is missing in what contains it. The report has the indexes of the new description.
    const end = change.kind === "removed" ? -1 : undefined;
    const node = findByReference(pair[1], change.keys.slice(0, end));
    if (node === undefined || !overlaps.has(node)) return all;
    return all.map((reason) =>
      acceptsMore(reason, locatedChange, pair[1])
        ? {
            ...reason,
            bump: "major",
            rule: "alternatives-overlap",
            message: `${reason.message}. ${overlap}`,
          }
        : reason,
    );
  });
}

function diffReason(
  { place, typeName, property, before, after }: LocatedChange,
  bump: Bump,
  rule: Rule,
  message: string,
): Reason {
  const isRenamed = typeName === "PathItem" && property === "key";
  const renamed = { from: String(before), to: String(after) };
  return { bump, witness: "diff", rule, place, message, ...(isRenamed && { renamed }) };
}

const overlap = "A value may now match two alternatives of a `oneOf`, which refuses it";

const loosening = new Set<Rule>([
  "enum-values-added",
  "other-added",
  "other-modified",
  "other-removed",
  "schema-constraint-changed",
]);

/** Whether an input accepts more. An added property only describes what an open object accepted before. */
function acceptsMore(
  { bump, rule }: Reason,
  { keys, kind, direction }: LocatedChange,
  after: JsonObject,
): boolean {
  if (direction !== "input" || bump !== "minor" || !loosening.has(rule)) return false;
  const index = keys.lastIndexOf("properties");
  if (kind !== "added" || index < keys.length - 2 || keywordsOf(keys).at(-1) !== "properties")
    return true;
  const object = findByReference(after, keys.slice(0, index));
  return isObject(object) && isClosed(object);
}

function isEncodingChange({ keys, typeName, property, before, after }: DescriptionChange): boolean {
  return (
    encodingKeywords.has(property) ||
    (property === "format" && [before, after].some((format) => binaryFormats.has(format))) ||
    encodingTypes.has(typeName) ||
    (typeName === "Header" && (property === "style" || property === "explode")) ||
    keys.some((key, index) => key === "encoding" && keys[index - 1]?.includes("/"))
  );
}

/** Whether a mapping only lost the values for an alternative that was removed, which is a change itself. */
function isOfRemovedAlternative(
  { keys, kind, property }: DescriptionChange,
  [before, after]: Pair<JsonObject>,
): boolean {
  if (kind !== "removed" || property !== undefined || keys.at(-2) !== "mapping") return false;
  const target = findByReference(before, keys);
  if (keys.at(-3) !== "discriminator" || typeof target !== "string") return false;
  const [old, now] = [before, after].map((root) =>
    listOf(objectOf(findByReference(root, keys.slice(0, -3)))["oneOf"]),
  ) as [readonly Json[], readonly Json[]];
  const hasTarget = (list: readonly Json[]): boolean =>
    list.some((each) => isEqual(each, { $ref: target }));
  return now.length < old.length && hasTarget(old) && !hasTarget(now);
}

/** Replaces the index of a parameter in its list by the path of its component. */
function followParameter(keys: readonly string[], description: JsonObject): readonly string[] {
  const index = keys.indexOf("parameters");
  const item = keys[0] === "components" ? undefined : find(description, keys.slice(0, index + 2));
  const reference = isObject(item) && isMethod(keys[index - 1]) ? item["$ref"] : undefined;
  if (typeof reference !== "string") return keys;
  return [...(fromPointer(reference.slice(1)) ?? []), ...keys.slice(index + 2)];
}

/** Finds the place and the direction that a path in a description leads to. */
export function locate(
  keys: readonly string[],
  origins: ReadonlyMap<string, Origin>,
): Pick<LocatedChange, "place" | "direction"> {
  const [root = "", first = "", second = "", ...rest] = keys;
  if (root === "components" && second !== "") {
    const name = originalName(second);
    const origin = origins.get(`${first}.${name}`);
    const place: Place = origin?.place ?? {
      in: "component",
      section: first,
      name,
      keyPath: [],
    };
    const keyPath = [...place.keyPath, ...typeKeyPathOf(rest)];
    return { place: { ...place, keyPath }, direction: origin?.direction };
  }
  if ((root !== "paths" && root !== "webhooks") || second === "") {
    return { place: { in: "description", keyPath: keys }, direction: undefined };
  }
  const sent: Direction = root === "paths" ? "input" : "result";
  const received = rest[0] === "responses" ? opposite[sent] : undefined;
  return {
    place: { in: "operation", method: second, path: first, keyPath: typeKeyPathOf(rest) },
    direction: rest[0] === "requestBody" || rest[0] === "parameters" ? sent : received,
  };
}

/** What was renamed is missing at the place that it had. */
function withOldName(place: Place, { typeName, property, before }: DescriptionChange): Place {
  const isRename =
    (property === "key" && !nameTypes.has(typeName)) ||
    (property === "name" && typeName === "Parameter");
  return isRename && place.keyPath.length > 0
    ? { ...place, keyPath: [...place.keyPath.slice(0, -1), String(before)] }
    : place;
}

/** The path in the types: without keywords that are only containers. */
function typeKeyPathOf(keys: readonly string[]): string[] {
  let isName = false;
  return withItems(keys).flatMap((key) => {
    if (isName) {
      isName = false;
      return [key];
    }
    isName = nameMaps.has(key);
    if (key === "schema" || key === "properties") return [];
    return key === "items" ? ["[]"] : [key];
  });
}

/** The bump of a rule of `redocly diff` by our policy. */
function bumpOf(rule: DiffRule, { property, direction, isEncoding, after }: LocatedChange): Bump {
  // Lists of values in results are open. The types show if a list was removed.
  if (rule === "enum-values-added") return "minor";
  if (rule === "schema-constraint-changed" && direction === "result") {
    return isEncoding ? "major" : constraint.bump;
  }
  if (property === "allowEmptyValue" && after === true) return "minor";
  // RFC 6750 does not define it: it is a hint for people.
  return rule === "security-scheme-changed" && property === "bearerFormat" ? "patch" : "major";
}

/** Divides the rules of `redocly diff` whose changes the types show only in part. */
function ruleOf(rule: DiffRule, change: LocatedChange): Rule {
  if (rule === "schema-constraint-changed" && change.isEncoding) return "encoding-changed";
  return rule === "schema-type-changed" && isBetweenNumbers(change) ? "integer-changed" : rule;
}

/** Whether an integer becomes a number, or the reverse. */
function isBetweenNumbers({ property, before, after }: LocatedChange): boolean {
  const [was, is] = [before, after].map((type) => new Set([type].flat()));
  return (
    property === "type" && ["integer", "number"].every((name) => was?.has(name) !== is?.has(name))
  );
}

/** Classifies a change that `redocly diff` lists without judging it. */
function weighUnjudged(
  change: LocatedChange,
  origins: ReadonlyMap<string, Origin>,
  pair: Pair<JsonObject>,
): Reason {
  const { keys, typeName, kind, property, place, direction, isEncoding, before, after } = change;
  const reason = (bump: Bump, rule: Rule, message: string): Reason =>
    diffReason(change, bump, rule, message);
  const component = place.in === "component" ? place.name : undefined;
  const name = property ?? place.keyPath.at(-1) ?? component ?? keys.at(-1) ?? typeName;
  const what = `\`${name}\``;
  const keyword = nameTypes.has(typeName) ? undefined : property;
  const isAddition = kind === "added" || (kind === "modified" && before === undefined);
  const [holder, section] = keys.slice(-3);

  if (keyword === "default") return weighDefault(change);
  if (keyword === "deprecated") {
    // SemVer 2.0.0 §7.
    return after === true
      ? reason("minor", "deprecated", "It is now deprecated")
      : reason("patch", "deprecated", "It is no longer deprecated");
  }
  if (isEncoding) {
    return reason("major", "encoding-changed", `Its serialization changed: ${what} was ${kind}`);
  }
  // A change of a keyword is one of the schema that a value is mapped to.
  const isMapping = holder === "discriminator" && section === "mapping" && property === undefined;
  if (typeName.startsWith("Discriminator") || isMapping) {
    const message = `${what} of the discriminator was ${kind}`;
    return reason(isAddition ? "minor" : "major", "discriminator-changed", message);
  }
  if (keys[0] === "webhooks" && keys[3] === "security") {
    const message = "The server sends other credentials, which code may check";
    return reason("major", "security-requirement-changed", message);
  }
  if (keys[1] === "securitySchemes" && keys.length > 3) {
    return reason(isAddition ? "minor" : "major", "oauth-flow-changed", `${what} was ${kind}`);
  }
  if (keyword === "key") return weighRename(change, origins);
  if (property === "required" && typeName === "Header") {
    return after === undefined
      ? reason("major", "required-properties-removed", "It may now be missing")
      : reason("minor", "other-modified", "It is now always present");
  }
  if (identifyingKeywords.has(keyword)) {
    return reason("patch", "other-modified", `${what} was ${kind}`);
  }
  if (direction === "input" && mayRuleOut(change)) {
    return reason("major", "schema-constraint-changed", `${what} was ${kind}`);
  }
  if (direction === "input" && redeclares(change, pair)) {
    const message = "A field is now described, and may refuse values that it accepted before";
    return reason("major", "schema-constraint-changed", message);
  }
  const ruleFor = (rule: Rule): Rule => (isUntyped(change) ? "schema-constraint-changed" : rule);
  if (kind === "added") {
    return reason(
      isConstraintOfResult(change) ? "patch" : "minor",
      ruleFor("other-added"),
      `${what} was added`,
    );
  }
  if (kind === "removed") {
    // A credential is no longer required.
    const isLooser = direction === "input" || keys[3] === "security";
    return reason(isLooser ? "minor" : "patch", ruleFor("other-removed"), `${what} was removed`);
  }
  const isLooser = direction === "input" || informativeKeywords.has(property ?? "");
  return reason(
    isLooser || typeName === "SecurityRequirement" ? "minor" : "patch",
    ruleFor("other-modified"),
    `${what} was modified`,
  );
}

function weighDefault(change: LocatedChange): Reason {
  const { direction, before, after } = change;
  // Both are JSON texts.
  const [was, is] = [String(before), String(after)];
  if (before === undefined) {
    return diffReason(change, "minor", "default-added", `The default is now ${is}`);
  }
  const bump = direction === "input" ? "major" : "minor";
  return after === undefined
    ? diffReason(change, bump, "default-removed", `The default was ${was}`)
    : diffReason(change, bump, "default-changed", `The default changed from ${was} to ${is}`);
}

function weighRename(change: LocatedChange, origins: ReadonlyMap<string, Origin>): Reason {
  const { keys, typeName, direction } = change;
  const [, section = ""] = keys.slice(-3);
  const [was, is] = [change.before, change.after].map((key) => {
    const place = keys.length === 3 ? origins.get(`${section}.${String(key)}`)?.place : undefined;
    return `\`${place?.in === "component" ? place.name : String(key)}\``;
  });
  const reason = (bump: Bump, rule: Rule): Reason =>
    diffReason(change, bump, rule, `${was} was renamed to ${is}`);
  if (typeName === "PathItem") return reason("major", "path-removed");
  if (section === "properties") return reason("major", "property-removed");
  if (section === "mapping") return reason("major", "discriminator-changed");
  // The names of components are compared too. Other names are patterns.
  if (keys.length === 3) return reason("minor", "other-modified");
  return reason(direction === "input" ? "major" : "patch", "schema-constraint-changed");
}

function isConstraintOfResult({ keys, direction }: LocatedChange): boolean {
  return direction === "result" && constraintKeywords.has(keys.at(-1) ?? "");
}

/** Whether the types do not show a change of a schema. */
function isUntyped(change: LocatedChange): boolean {
  const { keys, typeName, property } = change;
  return (
    isBetweenNumbers(change) ||
    (typeName === "Schema" && property !== undefined && !typedKeywords.has(property)) ||
    keywordsOf(keys).some((key) => untypedKeywords.has(key))
  );
}

function isUntypedInResult({ keys, direction }: LocatedChange): boolean {
  return direction === "result" && keywordsOf(keys).some((key) => untypedKeywords.has(key));
}

/** Whether a change of an input that `redocly diff` does not judge may rule out values. */
function mayRuleOut({ keys, typeName, kind, property, before, after }: LocatedChange): boolean {
  const keywords = keywordsOf(keys);
  const changed = property === undefined ? keywords.pop() : undefined;
  if (keywords.some((key) => conditionKeywords.has(key))) return true;
  // Names that match a pattern are either restricted by it, or exempt from `additionalProperties`.
  if (changed === "patternProperties") return true;
  if (kind === "added") {
    // An alternative only permits more.
    if (keywords.at(-1) === "anyOf") return false;
    return [...keywords, changed].some((key) => restrictiveKeywords.has(key));
  }
  if (kind === "removed") return false;
  if (typeName === "DependentRequired")
    return !listOf(after).every((name) => listOf(before).includes(name));
  if (property === "minContains") return Number(after ?? 1) > Number(before ?? 1);
  if (property === "maxContains") return Number(after ?? Infinity) < Number(before ?? Infinity);
  return typeName === "Schema" && !judgedKeywords.has(property);
}

/** Whether the values of an added property had another schema before, as those of a map have. */
function redeclares(
  { keys, kind, property }: LocatedChange,
  [before, after]: Pair<JsonObject>,
): boolean {
  if (kind !== "added" || property !== undefined || keywordsOf(keys).at(-1) !== "properties")
    return false;
  // An object without properties gets all of them at once.
  const isAll = keywordsOf([...keys, ""]).at(-1) === "properties";
  const added = findByReference(after, keys) ?? {};
  const properties = isAll ? objectOf(added) : { [keys.at(-1) ?? ""]: added };
  const parts = withParts(before, findByReference(before, keys.slice(0, isAll ? -1 : -2)));
  return Object.entries(properties).some(([name, schema]) => {
    const earlier = parts.flatMap((part) => schemasOfOthers(part, name));
    return (
      !acceptsAll(schema) &&
      !earlier.some(acceptsNone) &&
      !earlier.every((each) => acceptsAll(each) || isEqual(each, schema))
    );
  });
}

function acceptsNone(schema: Json): boolean {
  return schema === false || isEqual(schema, { not: {} });
}

/** The schemas that an object has for a property which it does not describe. */
function schemasOfOthers(object: JsonObject, name: string): readonly Json[] {
  const { unevaluatedProperties = {}, additionalProperties = unevaluatedProperties } = object;
  const matching = Object.entries(objectOf(object["patternProperties"])).filter(([pattern]) =>
    matches(name, pattern),
  );
  return matching.length > 0 ? matching.map(([, schema]) => schema) : [additionalProperties];
}

/** The keys that are no names. */
function keywordsOf(keys: readonly string[]): string[] {
  let isName = false;
  return keys.filter((key) => {
    const isKeyword = !isName;
    isName = isKeyword && nameMaps.has(key);
    return isKeyword;
  });
}
