import type ts from "typescript";
import { opposite, type Direction } from "./by-direction.ts";
import { inside, type Place } from "./place.ts";
import { compareMembers, gained, lost, optionality, toReason } from "./type-changes.ts";
import {
  argumentsOf,
  isAnything,
  isLibrary,
  isList,
  keysOf,
  mayBeUndefined,
  membersOf,
  nameOf,
  show,
} from "./type-members.ts";
import type { Reason } from "./verdict.ts";

type Compare = (before: ts.Type, after: ts.Type, direction: Direction, place: Place) => Reason[];

export interface TypeComparer {
  /** Finds out what changed between two types, for someone who reads or writes values of them. */
  readonly compare: Compare;
  /** The same for some keys alone of two object types. */
  readonly compareKeys: (...args: [...Parameters<Compare>, only?: readonly string[]]) => Reason[];
  /** Whether a pair was met on the way. */
  readonly isCompared: (before: ts.Type, after: ts.Type) => boolean;
}

/** What became of a pair of types: whether something changed, or it is still under way. */
type State = "same" | "changed" | "open";

/**
 * Compares types by what they hold, not by how they are written: the order of a union or of keys,
 * and names, make no difference. Assignability alone would not see that an optional key is gone.
 *
 * A pair of types that was compared once in a direction is not told again.
 *
 * @param isSame cuts the search short for a pair that is known to be the same
 * @param isProved whether assignability has the last word where nothing else was seen
 */
export function makeTypeComparer(
  checker: ts.TypeChecker,
  isSame: (before: ts.Type, after: ts.Type) => boolean,
  isProved: boolean,
): TypeComparer {
  const states = new Map<ts.Type, Map<ts.Type, Map<Direction, State>>>();
  /** How many changes were met, told or told before. */
  let met = 0;

  const compare: Compare = (before, after, direction, place) => {
    if (before === after || isSame(before, after)) return [];
    const others = states.get(before) ?? new Map<ts.Type, Map<Direction, State>>();
    const known = others.get(after) ?? new Map<Direction, State>();
    const state = known.get(direction);
    if (state !== undefined) {
      if (state !== "same") met += 1;
      return [];
    }
    states.set(before, others.set(after, known.set(direction, "open")));
    const start = met;
    const reasons = comparePair(before, after, direction, place);
    met += reasons.length;
    // That a key may be missing is in its type, and was told of the key.
    const isAlike = mayBeUndefined(before) === mayBeUndefined(after);
    if (isProved && isAlike && met === start && !fits(checker, before, after, direction)) {
      met += 1;
      const message = "Code for the old type cannot take the new one";
      reasons.push(toReason("major", "not-assignable", place, message));
    }
    known.set(direction, met === start ? "same" : "changed");
    return reasons;
  };

  const comparePair: Compare = (before, after, direction, place) => {
    // What can be anything has no members to compare.
    if (isAnything(before) !== isAnything(after)) {
      return [changed(checker, before, after, direction, place)];
    }
    const [old, now] = [membersOf(checker, before), membersOf(checker, after)];
    return [
      ...compareMembers(old, now, direction, place),
      ...compareUnions(old.objects, now.objects, direction, place),
    ];
  };

  /** Pairs the object types of two unions: equal ones, then those of one name, then the rest. */
  const compareUnions = (
    before: readonly ts.Type[],
    after: readonly ts.Type[],
    direction: Direction,
    place: Place,
  ): Reason[] => {
    const pairs: [ts.Type, ts.Type][] = [];
    let old = before;
    let now = after;
    const pair = (belong: (one: ts.Type, other: ts.Type) => boolean): void => {
      for (const one of old) {
        const other = now.find((candidate) => belong(one, candidate));
        if (other === undefined) continue;
        pairs.push([one, other]);
        old = old.filter((type) => type !== one);
        now = now.filter((type) => type !== other);
      }
    };
    if (before.length > 1 || after.length > 1) {
      pair((one, other) => isSame(one, other) || isInterchangeable(checker, one, other));
      pair((one, other) => nameOf(one) !== undefined && nameOf(one) === nameOf(other));
    }
    pair(() => true);
    return [
      ...pairs.flatMap(([one, other]) => compareObjects(one, other, direction, place)),
      ...old.map((type) => lost(direction, place, show(checker, type))),
      ...now.map((type) => gained(direction, place, show(checker, type))),
    ];
  };

  const compareObjects: Compare = (before, after, direction, place) => [
    ...compareItems(before, after, direction, place),
    ...compareKeys(before, after, direction, place),
    ...compareSignatures(before, after, direction, place),
  ];

  const compareItems: Compare = (before, after, direction, place) => {
    if (isList(checker, before) !== isList(checker, after)) {
      return [changed(checker, before, after, direction, place)];
    }
    if (!isList(checker, before)) return [];
    const [one, other] = [before.getNumberIndexType(), after.getNumberIndexType()];
    return one === undefined || other === undefined
      ? []
      : compare(one, other, direction, inside(place, "[]"));
  };

  const compareKeys: TypeComparer["compareKeys"] = (before, after, direction, place, only) => {
    if (isList(checker, before)) return [];
    if (isLibrary(before) && isLibrary(after)) {
      return compareLibrary(before, after, direction, place);
    }
    const [old, now] = [keysOf(checker, before), keysOf(checker, after)];
    const isMeant = (name: string): boolean => only?.includes(name) ?? true;
    const kept = [...old].flatMap(([name, key]): Reason[] => {
      if (!isMeant(name)) return [];
      const successor = now.get(name);
      const at = inside(place, name);
      if (successor === undefined) {
        return [toReason("major", `${direction}-removed`, at, "It is gone")];
      }
      return [
        ...(key.isOptional === successor.isOptional
          ? []
          : [optionality(direction, at, successor.isOptional)]),
        ...compare(key.type, successor.type, direction, at),
      ];
    });
    const added = [...now].filter(([name]) => isMeant(name) && !old.has(name));
    return [
      ...kept,
      ...added.map(([name, { isOptional }]) => {
        const isDemand = direction === "input" && !isOptional && !isChoice(place);
        return isDemand
          ? toReason("major", "input-required", inside(place, name), "It is new and required")
          : toReason("minor", `${direction}-added`, inside(place, name), "It is new");
      }),
    ];
  };

  /** The keys of a library's type are the library's affair; what it is filled with is ours. */
  const compareLibrary: Compare = (before, after, direction, place) => {
    if (before.symbol.name !== after.symbol.name) {
      return [changed(checker, before, after, direction, place)];
    }
    const now = argumentsOf(checker, after);
    return argumentsOf(checker, before).flatMap((type, index) => {
      const other = now[index];
      return other === undefined ? [] : compare(type, other, direction, place);
    });
  };

  const compareSignatures: Compare = (before, after, direction, place) => {
    const [one, ...more] = [...before.getCallSignatures(), ...before.getConstructSignatures()];
    const [other, ...others] = [...after.getCallSignatures(), ...after.getConstructSignatures()];
    if (one === undefined && other === undefined) return [];
    if (
      one === undefined ||
      other === undefined ||
      more.length + others.length > 0 ||
      one.typeParameters !== undefined ||
      other.typeParameters !== undefined ||
      one.parameters.length !== other.parameters.length
    ) {
      // What a generic call takes and gives is the description's, which is compared by itself; and two
      // copies of one declaration are no reason to ask the compiler, which takes long over them.
      if (more.length + others.length === 0 && isWrittenAlike(one, other)) return [];
      const isAlike = one?.parameters.length === other?.parameters.length;
      return isAlike && isInterchangeable(checker, before, after)
        ? []
        : [changed(checker, before, after, direction, place)];
    }
    return [
      ...one.parameters.flatMap((parameter, index) => {
        const types = [parameter, other.parameters[index] ?? parameter].map((symbol) =>
          checker.getTypeOfSymbol(symbol),
        );
        const [was, is] = types;
        return was === undefined || is === undefined
          ? []
          : compare(was, is, opposite[direction], inside(place, `(${parameter.name})`));
      }),
      ...compare(one.getReturnType(), other.getReturnType(), direction, inside(place, "()")),
    ];
  };

  return {
    compare,
    compareKeys,
    isCompared: (before, after) => states.get(before)?.has(after) ?? false,
  };
}

/** The media types of a request are a choice: a new one asks for nothing. */
function isChoice({ in: kind, way }: Place): boolean {
  return kind === "operation" && way.join(".") === "requestBody.content";
}

/** Whether two generic signatures come from the same text. */
function isWrittenAlike(one?: ts.Signature, other?: ts.Signature): boolean {
  const text = one?.typeParameters && one.declaration?.getText();
  return text !== undefined && text === other?.declaration?.getText();
}

/** Whether the new type still serves whoever was content with the old one. */
function fits(
  checker: ts.TypeChecker,
  before: ts.Type,
  after: ts.Type,
  direction: Direction,
): boolean {
  return direction === "result"
    ? checker.isTypeAssignableTo(after, before)
    : checker.isTypeAssignableTo(before, after);
}

function isInterchangeable(checker: ts.TypeChecker, one: ts.Type, other: ts.Type): boolean {
  const keys = (type: ts.Type): string => [...keysOf(checker, type).keys()].toSorted().join("\n");
  return (
    checker.isTypeAssignableTo(one, other) &&
    checker.isTypeAssignableTo(other, one) &&
    keys(one) === keys(other)
  );
}

function changed(
  checker: ts.TypeChecker,
  before: ts.Type,
  after: ts.Type,
  direction: Direction,
  place: Place,
): Reason {
  const message = `It was ${show(checker, before)} and is now ${show(checker, after)}`;
  return fits(checker, before, after, direction)
    ? toReason("minor", `${direction}-type`, place, message)
    : toReason("major", `${direction}-type`, place, message);
}
