import { isEqual } from "../description/tree.ts";
import type { KeyPath, Place } from "../judge/place.ts";
import { isShownByTypes, type Rule } from "../judge/rules.ts";
import { isLess, type Reason } from "../judge/verdict.ts";

/** The rules of the comparison of facts that correspond to rules of `redocly diff`. */
const counterparts: Partial<Readonly<Record<Rule, Rule>>> = {
  "default-added": "default-added",
  "default-changed": "default-changed",
  "default-removed": "default-removed",
  "operation-id-changed": "type-removed",
  "parameter-serialization-changed": "serialization",
  "security-requirement-changed": "authentication",
  "security-scheme-changed": "authentication",
};

/** Schemes are shown at the operations that use them, and operationIds at the names of types. */
const shownElsewhere = new Set<Rule>(["operation-id-changed", "security-scheme-changed"]);

/**
 * Keeps what the types and facts show, which is described in terms of code, and removes the reasons of
 * `redocly diff` that they duplicate.
 */
export function withoutDuplicates(reasons: readonly Reason[]): readonly Reason[] {
  const shown = reasons.filter(({ witness }) => witness === "types");
  // Comparing each with each would take quadratic time.
  const byHolder = new Map<string, Reason[]>();
  for (const reason of shown) {
    const holder = holderOf(reason.place);
    byHolder.set(holder, [...(byHolder.get(holder) ?? []), reason]);
  }
  const isAdditional = (reason: Reason): boolean => {
    if (reason.witness !== "diff") return false;
    const neighbours = shownElsewhere.has(reason.rule)
      ? shown
      : (byHolder.get(holderOf(reason.place)) ?? []);
    return !neighbours.some((other) => isSameChange(reason, other));
  };
  return [...reasons.filter(isAdditional), ...shown];
}

/** Whether the types or facts show a change that `redocly diff` reports. */
function isSameChange(reason: Reason, shown: Reason): boolean {
  const isCovered = !isLess(shown.bump, reason.bump);
  const isCounterpart = counterparts[reason.rule] === shown.rule;
  if (isCounterpart && shownElsewhere.has(reason.rule)) return isCovered;
  if (holderOf(reason.place) !== holderOf(shown.place)) return false;
  const [keys, shownKeys] = [comparableKeys(reason.place), comparableKeys(shown.place)];
  if (isCounterpart) return isCovered && isEqual(keys, shownKeys);
  if (!isShownByTypes(reason.rule)) return false;
  const isInside = isWithin(keys, shownKeys);
  // Nothing depends on what was added, whatever `redocly diff` compares it with.
  if (isInside && /^(?:input|result)-added$/u.test(shown.rule)) return true;
  if (!isCovered) return false;
  if (!isWithin(shownKeys, keys)) {
    return (
      isInside &&
      /^(?:input-removed|result-removed|operation-added|operation-removed)$/u.test(shown.rule)
    );
  }
  // Whether there is a value says nothing about the value.
  return !(valueRules.has(reason.rule) && /-(?:optional|required)$/u.test(shown.rule));
}

const valueRules = new Set<Rule>([
  "enum-values-added",
  "enum-values-removed",
  "schema-combinator-changed",
]);

function holderOf(place: Place): string {
  return JSON.stringify({ ...place, keyPath: [] });
}

function isWithin(keyPath: KeyPath, outer: KeyPath): boolean {
  return outer.every((key, index) => key === keyPath[index]);
}

/** Unifies the key paths of the witnesses: types have no choices, and facts have no locations of parameters. */
function comparableKeys({ keyPath }: Place): KeyPath {
  const [part = "", ...rest] = keyPath;
  if (part === "security") return ["authentication"];
  if (part === "parameters") return [part, ...(rest.length > 1 ? rest.slice(1) : rest)];
  return keyPath.flatMap((key, index) => {
    const isIndex = /^\d+$/u.test(key) && choices.has(keyPath[index - 1] ?? "");
    if (choices.has(key) || isIndex) return [];
    return key === "additionalProperties" ? ["[string]"] : [key];
  });
}

const choices = new Set(["allOf", "anyOf", "oneOf"]);
