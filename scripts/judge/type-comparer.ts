import type ts from "typescript";
import { opposite, type Direction } from "./direction.ts";
import { inside, type Place } from "./place.ts";
import { compareMembers, widened, narrowed, optionality, typeReason } from "./type-changes.ts";
import {
  argumentsOf,
  forbidsKeys,
  isUnrestricted,
  isLibrary,
  isList,
  itemsOf,
  keysOf,
  mayBeUndefined,
  membersOf,
  nameOf,
  show,
  type Key,
} from "./type-members.ts";
import type { Reason } from "./verdict.ts";

type Compare = (before: ts.Type, after: ts.Type, direction: Direction, place: Place) => Reason[];

export interface TypeComparer {
  /** Finds the changes between two types, for code that reads or writes their values. */
  readonly compare: Compare;
  /** The same for the keys of two object types, or only some of them. An absent type has none. */
  readonly compareKeys: (
    before: ts.Type | undefined,
    after: ts.Type | undefined,
    direction: Direction,
    place: Place,
    only?: readonly string[],
  ) => Reason[];
  /** Whether a pair has been compared. */
  readonly isCompared: (before: ts.Type, after: ts.Type) => boolean;
}

/** The result for a pair of types, or `open` while the comparison is in progress. */
type State = "same" | "changed" | "open";

/**
 * Compares types by structure, not by notation: names and the order of unions and keys do not matter.
 * Assignability alone would not notice a removed optional key.
 *
 * A pair of types is reported only once in each direction.
 *
 * @param isSame returns true for pairs that are known to be equal, to end the search early
 * @param checksAssignability whether to check assignability if no change was found that explains a lack of it
 */
export function makeTypeComparer(
  checker: ts.TypeChecker,
  isSame: (before: ts.Type, after: ts.Type) => boolean,
  checksAssignability: boolean,
): TypeComparer {
  const states = new Map<ts.Type, Map<ts.Type, Map<Direction, State>>>();
  /** Counts the changes found that make types incompatible, including repeated ones. */
  let changeCount = 0;

  const compare: Compare = (before, after, direction, place) => {
    if (before === after || isSame(before, after)) return [];
    const others = states.get(before) ?? new Map<ts.Type, Map<Direction, State>>();
    const known = others.get(after) ?? new Map<Direction, State>();
    const state = known.get(direction);
    if (state !== undefined) {
      if (state !== "same") changeCount += 1;
      return [];
    }
    states.set(before, others.set(after, known.set(direction, "open")));
    const start = changeCount;
    const reasons = comparePair(before, after, direction, place);
    changeCount += reasons.filter(isIncompatible).length;
    // Optionality adds undefined to the type of a key, and has already been reported for the key.
    const isSimilar = mayBeUndefined(before) === mayBeUndefined(after);
    if (
      checksAssignability &&
      isSimilar &&
      changeCount === start &&
      !isCompatible(checker, before, after, direction)
    ) {
      changeCount += 1;
      // No value has a forbidden key, so nothing depends on its type.
      if (!forbidsKeys(checker, before) && !forbidsKeys(checker, after)) {
        const message = "Code written for the old type does not accept the new type";
        reasons.push(typeReason("major", "not-assignable", place, message));
      }
    }
    known.set(direction, changeCount === start ? "same" : "changed");
    return reasons;
  };

  const comparePair: Compare = (before, after, direction, place) => {
    // `unknown` and `any` have no members to compare.
    if (isUnrestricted(before) !== isUnrestricted(after)) {
      return [typeChange(checker, before, after, direction, place)];
    }
    const [old, now] = [membersOf(checker, before), membersOf(checker, after)];
    return [
      ...compareMembers(old, now, direction, place),
      ...compareUnions(old.objects, now.objects, direction, place),
    ];
  };

  const compareUnions = (
    before: readonly ts.Type[],
    after: readonly ts.Type[],
    direction: Direction,
    place: Place,
  ): Reason[] => {
    const { pairs, old, now } = pairTypes(
      before,
      after,
      (left, right) => isSame(left, right) || isInterchangeable(checker, left, right),
    );
    return [
      ...pairs.flatMap(([left, right]) => compareObjects(left, right, direction, place)),
      ...old.map((type) => narrowed(direction, place, show(checker, type))),
      ...now.map((type) => widened(direction, place, show(checker, type))),
    ];
  };

  const compareProperties: Compare = (before, after, direction, place) => {
    if (isList(checker, before)) return [];
    return isLibrary(before) && isLibrary(after)
      ? compareLibrary(before, after, direction, place)
      : compareKeys(before, after, direction, place);
  };

  const compareObjects: Compare = (before, after, direction, place) => [
    ...compareItems(before, after, direction, place),
    ...compareProperties(before, after, direction, place),
    ...compareSignatures(checker, compare, before, after, direction, place),
  ];

  /** Compares lists position by position. A list that is no tuple has only the rest. */
  const compareItems: Compare = (before, after, direction, place) => {
    const [old, now] = [itemsOf(checker, before), itemsOf(checker, after)];
    if (old === undefined || now === undefined) {
      return old === now ? [] : [typeChange(checker, before, after, direction, place)];
    }
    const end = Math.max(old.fixed.length, now.fixed.length);
    return Array.from({ length: end + 1 }, (_, index): Reason[] => {
      const at = inside(place, index === end ? "[]" : `[${index}]`);
      const [was, is] = [old.fixed[index] ?? old.rest, now.fixed[index] ?? now.rest];
      if (was === undefined) return is === undefined ? [] : [addedItem(is, direction, at)];
      if (is === undefined)
        return [typeReason("major", `${direction}-removed`, at, "It was removed")];
      return [
        ...(was.isOptional === is.isOptional ? [] : [optionality(direction, at, is.isOptional)]),
        ...compare(was.type, is.type, direction, at),
      ];
    }).flat();
  };

  const compareKeys: TypeComparer["compareKeys"] = (before, after, direction, place, only) => {
    const [old, now] = [keysOf(checker, before), keysOf(checker, after)];
    const isSelected = (name: string): boolean => only?.includes(name) ?? true;
    const differing = [...old].flatMap(([name, key]): Reason[] => {
      if (!isSelected(name)) return [];
      const successor = now.get(name);
      const at = inside(place, name);
      if (successor === undefined) {
        return [typeReason("major", `${direction}-removed`, at, "It was removed")];
      }
      return [
        ...(key.isOptional === successor.isOptional
          ? []
          : [optionality(direction, at, successor.isOptional)]),
        ...compare(key.type, successor.type, direction, at),
      ];
    });
    const added = [...now].filter(([name]) => isSelected(name) && !old.has(name));
    return [
      ...differing,
      ...added.map(([name, { isOptional }]) => {
        const isNewRequirement = direction === "input" && !isOptional && !isChoice(place);
        return isNewRequirement
          ? typeReason(
              "major",
              "input-required",
              inside(place, name),
              "It was added and is required",
            )
          : typeReason("minor", `${direction}-added`, inside(place, name), "It was added");
      }),
    ];
  };

  /** Skips the keys of a library's type, and only compares its type arguments. */
  const compareLibrary: Compare = (before, after, direction, place) => {
    if (before.symbol.name !== after.symbol.name) {
      return [typeChange(checker, before, after, direction, place)];
    }
    const now = argumentsOf(checker, after);
    return argumentsOf(checker, before).flatMap((type, index) => {
      const other = now[index];
      return other === undefined ? [] : compare(type, other, direction, place);
    });
  };

  return {
    compare,
    compareKeys,
    isCompared: (before, after) => states.get(before)?.has(after) ?? false,
  };
}

/** Pairs the object types of two unions: first equal ones, then those with the same name, then the rest. */
function pairTypes(
  before: readonly ts.Type[],
  after: readonly ts.Type[],
  isEqual: (left: ts.Type, right: ts.Type) => boolean,
): {
  readonly pairs: readonly (readonly [ts.Type, ts.Type])[];
  readonly old: readonly ts.Type[];
  readonly now: readonly ts.Type[];
} {
  const pairs: [ts.Type, ts.Type][] = [];
  let old = before;
  let now = after;
  const pair = (matches: (left: ts.Type, right: ts.Type) => boolean): void => {
    for (const left of old) {
      const right = now.find((candidate) => matches(left, candidate));
      if (right === undefined) continue;
      pairs.push([left, right]);
      old = old.filter((type) => type !== left);
      now = now.filter((type) => type !== right);
    }
  };
  if (before.length > 1 || after.length > 1) {
    pair(isEqual);
    pair((left, right) => nameOf(left) !== undefined && nameOf(left) === nameOf(right));
  }
  pair(() => true);
  return { pairs, old, now };
}

function compareSignatures(
  checker: ts.TypeChecker,
  compare: Compare,
  before: ts.Type,
  after: ts.Type,
  direction: Direction,
  place: Place,
): Reason[] {
  const [oldSignature, ...more] = [
    ...before.getCallSignatures(),
    ...before.getConstructSignatures(),
  ];
  const [newSignature, ...others] = [
    ...after.getCallSignatures(),
    ...after.getConstructSignatures(),
  ];
  if (oldSignature === undefined && newSignature === undefined) return [];
  if (
    oldSignature === undefined ||
    newSignature === undefined ||
    more.length + others.length > 0 ||
    oldSignature.typeParameters !== undefined ||
    newSignature.typeParameters !== undefined ||
    oldSignature.parameters.length !== newSignature.parameters.length
  ) {
    // The parameters and results of a generic call are types of the description, which is compared
    // separately. Copies of the same declaration are equal without asking the compiler, for which they are
    // slow.
    if (more.length + others.length === 0 && haveSameText(oldSignature, newSignature)) return [];
    const isSimilar = oldSignature?.parameters.length === newSignature?.parameters.length;
    return isSimilar && isInterchangeable(checker, before, after)
      ? []
      : [typeChange(checker, before, after, direction, place)];
  }
  return [
    ...oldSignature.parameters.flatMap((parameter, index) => {
      const types = [parameter, newSignature.parameters[index] ?? parameter].map((symbol) =>
        checker.getTypeOfSymbol(symbol),
      );
      const [was, is] = types;
      return was === undefined || is === undefined
        ? []
        : compare(was, is, opposite[direction], inside(place, `(${parameter.name})`));
    }),
    ...compare(
      oldSignature.getReturnType(),
      newSignature.getReturnType(),
      direction,
      inside(place, "()"),
    ),
  ];
}

/** An item that code does not expect makes a list too long for it. */
function addedItem({ isOptional }: Key, direction: Direction, place: Place): Reason {
  if (direction === "input") {
    return isOptional
      ? typeReason("minor", "input-added", place, "It was added")
      : typeReason("major", "input-required", place, "It was added and is required");
  }
  return typeReason("major", "result-widened", place, "It was added");
}

/** Whether a change makes types incompatible: by the policy, some such changes do no harm. */
function isIncompatible({ bump, rule, place }: Reason): boolean {
  const holder = { ...place, keyPath: place.keyPath.slice(0, -1) };
  return bump === "major" || rule.endsWith("-values") || isChoice(holder);
}

/** A client chooses a media type for its request, so a new one requires nothing. */
function isChoice({ in: kind, keyPath }: Place): boolean {
  return kind === "operation" && keyPath.join(".") === "requestBody.content";
}

/** Whether two generic signatures have the same source text. */
function haveSameText(left?: ts.Signature, right?: ts.Signature): boolean {
  const text = left?.typeParameters && left.declaration?.getText();
  return text !== undefined && text === right?.declaration?.getText();
}

/** Whether the new type works for code that was written for the old one. */
function isCompatible(
  checker: ts.TypeChecker,
  before: ts.Type,
  after: ts.Type,
  direction: Direction,
): boolean {
  return direction === "result"
    ? checker.isTypeAssignableTo(after, before)
    : checker.isTypeAssignableTo(before, after);
}

function isInterchangeable(checker: ts.TypeChecker, left: ts.Type, right: ts.Type): boolean {
  const keys = (type: ts.Type): string => [...keysOf(checker, type).keys()].toSorted().join("\n");
  return (
    checker.isTypeAssignableTo(left, right) &&
    checker.isTypeAssignableTo(right, left) &&
    keys(left) === keys(right)
  );
}

function typeChange(
  checker: ts.TypeChecker,
  before: ts.Type,
  after: ts.Type,
  direction: Direction,
  place: Place,
): Reason {
  const message = describeTypes(checker, before, after);
  return isCompatible(checker, before, after, direction)
    ? typeReason("minor", `${direction}-type`, place, message)
    : typeReason("major", `${direction}-type`, place, message);
}

/** Describes two types by their names, or two functions of the same name by their signatures. */
function describeTypes(checker: ts.TypeChecker, before: ts.Type, after: ts.Type): string {
  let [was, is] = [show(checker, before), show(checker, after)];
  if (was === is) [was, is] = [showSignatures(checker, before), showSignatures(checker, after)];
  return was === is
    ? `It is a different type with the same name, ${show(checker, after)}`
    : `It was ${was} and is now ${is}`;
}

function showSignatures(checker: ts.TypeChecker, type: ts.Type): string {
  return [...type.getCallSignatures(), ...type.getConstructSignatures()]
    .map((signature) => `\`${checker.signatureToString(signature)}\``)
    .join(" and ");
}
