import { paths } from "jsonpath-rfc9535";
import parseJsonPath from "jsonpath-rfc9535/parser";
import type { Problem } from "../command/problem.js";
import { isEqual, isObject, type Json, type JsonObject } from "./tree.ts";

type Mutable = Record<string, Json>;
type Keys = readonly (string | number)[];

/** The effect of an action: whether anything changed, and which of the vendor's values it affected. */
export interface Effect {
  readonly isChanged: boolean;
  /** The values that were replaced or removed. */
  readonly replaced: readonly Json[];
  /** The appended values that a list already had. */
  readonly repeated: readonly {
    readonly values: readonly Json[];
    readonly list: readonly Json[];
  }[];
}

/** What came of an overlay action. */
export interface ActionOutcome {
  readonly file: string;
  /** Where in the file: a JSON Pointer. */
  readonly place: string;
  readonly action: JsonObject;
  /** Why the action has to be corrected or deleted, if it has to. */
  readonly problem?: Problem;
  /** Why the action was skipped, if it was. */
  readonly notice?: string;
}

/** An error in the action itself. */
export class ActionError extends Error {}

/** Applies one action of an overlay (Overlay Specification 1.1 §4.4.3) to a description, in place. */
export function applyAction(description: JsonObject, action: JsonObject): Effect {
  const targets = select(description, action["target"], "target").toSorted(innerAndLastFirst);
  const deeds = ["update", "copy", "remove"].filter((key) => (action[key] ?? false) !== false);
  if (deeds.length > 1) {
    throw new ActionError(`Only one of ${deeds.join(" and ")} would have an effect`);
  }
  if (action["remove"] === true) return remove(description, targets);
  const { copy } = action;
  const value = copy === undefined ? action["update"] : copyOf(description, copy);
  if (value === undefined) return { isChanged: false, replaced: [], repeated: [] };

  const replaced: Json[] = [];
  const repeated: Effect["repeated"][number][] = [];
  let isChanged = false;
  for (const keys of targets) {
    const target = getAt(description, keys);
    const [effect, result] = merge(target, Array.isArray(target) ? [value].flat() : value);
    if (keys.length === 0 && !isObject(result)) {
      throw new ActionError("The root of the description must be an object");
    }
    isChanged ||= effect.isChanged;
    replaced.push(...effect.replaced);
    repeated.push(...effect.repeated);
    if (keys.length > 0) setAt(description, keys, result);
    else Object.assign(description, result);
  }
  return { isChanged, replaced, repeated };
}

/** Returns the places that a JSONPath expression selects. */
export function select(
  description: JsonObject,
  expression: Json | undefined,
  field: string,
): Keys[] {
  if (typeof expression !== "string") {
    throw new ActionError(`The \`${field}\` field must be a JSONPath expression`);
  }
  if (joinsThree(expression)) {
    throw new ActionError(
      `${expression} joins more than two conditions with &&, which is read wrongly. Put two in parentheses, as in (a && b) && c`,
    );
  }
  try {
    return [...new Set(paths(description as Parameters<typeof paths>[0], expression))].map((path) =>
      parseJsonPath(path).segments.flatMap(({ node }) =>
        node.type === "BracketedSelection"
          ? node.selectors.flatMap((selector) =>
              selector.type === "NameSelector" || selector.type === "IndexSelector"
                ? [selector.value]
                : [],
            )
          : [],
      ),
    );
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const reason = message.replaceAll("\n", " ").replace(/\.$/u, "");
    throw new ActionError(`Invalid JSONPath expression ${expression}: ${reason}`, { cause: error });
  }
}

/** Whether there are more than two conditions at one level: jsonpath-rfc9535 reads `a && b && c` as `a && (b || c)`. */
function joinsThree(expression: string): boolean {
  const withoutStrings = expression.replace(/'(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*"/gu, "");
  const innermost = /\([^()[\]]*\)|\[[^()[\]]*\]/u;
  for (let rest = withoutStrings; ; rest = rest.replace(innermost, "")) {
    const group = innermost.exec(rest)?.[0];
    if (group === undefined) return false;
    if (/&&[^|,]*&&/u.test(group)) return true;
  }
}

function copyOf(description: JsonObject, expression: Json): Json {
  const [source, ...more] = select(description, expression, "copy");
  if (source === undefined || more.length > 0) {
    const count = source === undefined ? 0 : more.length + 1;
    throw new ActionError(
      `The copy expression must select exactly one node, but ${String(expression)} selected ${count}`,
    );
  }
  return getAt(description, source);
}

function getAt(root: Json, keys: Keys): Json {
  return keys.reduce((node: Json, key) => (node as Mutable)[key] ?? null, root);
}

function setAt(root: JsonObject, keys: Keys, value: Json): void {
  const parent = getAt(root, keys.slice(0, -1)) as Mutable;
  parent[keys.at(-1) ?? ""] = value;
}

/**
 * Sorts places so that a change of one never moves or removes a later one. A selection may have any order (RFC
 * 9535 §2.5.1.2).
 */
function innerAndLastFirst(left: Keys, right: Keys): number {
  const indexOf = (keys: Keys): number => Number(keys.at(-1)) || 0;
  return right.length - left.length || indexOf(right) - indexOf(left);
}

function remove(root: JsonObject, targets: readonly Keys[]): Effect {
  if (targets.some((keys) => keys.length === 0)) {
    throw new ActionError("The root of the description cannot be removed");
  }
  const replaced = targets.map((keys) => structuredClone(getAt(root, keys)));
  for (const keys of targets) {
    const [parent, key] = [getAt(root, keys.slice(0, -1)), keys.at(-1) ?? ""];
    if (Array.isArray(parent)) parent.splice(Number(key), 1);
    else delete (parent as Mutable)[key];
  }
  return { isChanged: targets.length > 0, replaced, repeated: [] };
}

/** Merges objects and appends lists to lists; replaces any other value. */
export function merge(target: Json, value: Json): [Effect, Json] {
  if (Array.isArray(target) && Array.isArray(value)) {
    const values = value.filter((item) => target.some((existing) => isEqual(item, existing)));
    const repeated = values.length > 0 ? [{ values, list: target }] : [];
    const result = [...target, ...structuredClone(value)];
    return [{ isChanged: values.length < value.length, replaced: [], repeated }, result];
  }
  if (isObject(target) && isObject(value)) {
    const result: Mutable = { ...target };
    const replaced: Json[] = [];
    const repeated: Effect["repeated"][number][] = [];
    let isChanged = false;
    for (const [key, child] of Object.entries(value)) {
      const existing = result[key];
      if (existing === undefined || !Object.hasOwn(result, key)) {
        result[key] = structuredClone(child);
        isChanged = true;
        continue;
      }
      const [effect, merged] = merge(existing, child);
      result[key] = merged;
      isChanged ||= effect.isChanged;
      replaced.push(...effect.replaced);
      repeated.push(...effect.repeated);
    }
    return [{ isChanged, replaced, repeated }, result];
  }
  if (isEqual(target, value)) return [{ isChanged: false, replaced: [], repeated: [] }, target];
  return [{ isChanged: true, replaced: [target], repeated: [] }, structuredClone(value)];
}
