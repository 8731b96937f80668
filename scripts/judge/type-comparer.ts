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

/** The result for a pair of types, or `open` while the comparison is in progress. */
type State = "same" | "changed" | "open";

/**
 * Compares types by structure, not by notation: names and the order of unions and keys do not matter.
 * Assignability alone would not notice a removed optional key.
 *
 * A pair of types is reported only once in each direction.
 */
export class TypeComparer {
  readonly #checker: ts.TypeChecker;
  readonly #isSame: (before: ts.Type, after: ts.Type) => boolean;
  readonly #checksAssignability: boolean;
  readonly #states = new Map<ts.Type, Map<ts.Type, Map<Direction, State>>>();
  /** Counts the changes found that make types incompatible, including repeated ones. */
  #changeCount = 0;

  /**
   * @param isSame returns true for pairs that are known to be equal, to end the search early
   * @param checksAssignability whether to check assignability if no change was found that explains a lack of it
   */
  constructor(
    checker: ts.TypeChecker,
    isSame: (before: ts.Type, after: ts.Type) => boolean,
    checksAssignability: boolean,
  ) {
    this.#checker = checker;
    this.#isSame = isSame;
    this.#checksAssignability = checksAssignability;
  }

  /** Whether a pair has been compared. */
  isCompared(before: ts.Type, after: ts.Type): boolean {
    return this.#states.get(before)?.has(after) ?? false;
  }

  /** Finds the changes between two types, for code that reads or writes their values. */
  compare(before: ts.Type, after: ts.Type, direction: Direction, place: Place): Reason[] {
    if (before === after || this.#isSame(before, after)) return [];
    const others = this.#states.get(before) ?? new Map<ts.Type, Map<Direction, State>>();
    const known = others.get(after) ?? new Map<Direction, State>();
    const state = known.get(direction);
    if (state !== undefined) {
      if (state !== "same") this.#changeCount += 1;
      return [];
    }
    this.#states.set(before, others.set(after, known.set(direction, "open")));
    const start = this.#changeCount;
    const reasons = this.#comparePair(before, after, direction, place);
    this.#changeCount += reasons.filter(isIncompatible).length;
    if (this.#changeCount === start && this.#isUnassignable(before, after, direction)) {
      this.#changeCount += 1;
      // No value has a forbidden key, so nothing depends on its type.
      if (!forbidsKeys(this.#checker, before) && !forbidsKeys(this.#checker, after)) {
        const message = "Code written for the old type does not accept the new type";
        reasons.push(typeReason("major", "not-assignable", place, message));
      }
    }
    known.set(direction, this.#changeCount === start ? "same" : "changed");
    return reasons;
  }

  #isUnassignable(before: ts.Type, after: ts.Type, direction: Direction): boolean {
    return (
      this.#checksAssignability &&
      // Optionality adds undefined to the type of a key, and has already been reported for the key.
      mayBeUndefined(before) === mayBeUndefined(after) &&
      !this.#isCompatible(before, after, direction)
    );
  }

  #comparePair(before: ts.Type, after: ts.Type, direction: Direction, place: Place): Reason[] {
    // `unknown` and `any` have no members to compare.
    if (isUnrestricted(before) !== isUnrestricted(after)) {
      return [this.#typeChange(before, after, direction, place)];
    }
    const [old, now] = [membersOf(this.#checker, before), membersOf(this.#checker, after)];
    const rest = pairTypes(
      old.objects,
      now.objects,
      (left, right) => this.#isSame(left, right) || this.#isInterchangeable(left, right),
    );
    return [
      ...compareMembers(old, now, direction, place),
      ...rest.pairs.flatMap(([left, right]) => this.#compareObjects(left, right, direction, place)),
      ...rest.old.map((type) => narrowed(direction, place, show(this.#checker, type))),
      ...rest.now.map((type) => widened(direction, place, show(this.#checker, type))),
    ];
  }

  #compareObjects(before: ts.Type, after: ts.Type, direction: Direction, place: Place): Reason[] {
    const pair = [before, after, direction, place] as const;
    const properties = (): Reason[] =>
      isLibrary(before) && isLibrary(after)
        ? this.#compareLibrary(...pair)
        : this.compareKeys(...pair);
    return [
      ...this.#compareItems(...pair),
      ...(isList(this.#checker, before) ? [] : properties()),
      ...this.#compareSignatures(...pair),
    ];
  }

  /** Compares lists position by position. A list that is no tuple has only the rest. */
  #compareItems(before: ts.Type, after: ts.Type, direction: Direction, place: Place): Reason[] {
    const [old, now] = [itemsOf(this.#checker, before), itemsOf(this.#checker, after)];
    if (old === undefined || now === undefined) {
      return old === now ? [] : [this.#typeChange(before, after, direction, place)];
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
        ...this.compare(was.type, is.type, direction, at),
      ];
    }).flat();
  }

  /**
   * Finds the changes between the keys of two object types, or only some of them. An absent type has none.
   */
  compareKeys(
    before: ts.Type | undefined,
    after: ts.Type | undefined,
    direction: Direction,
    place: Place,
    only?: readonly string[],
  ): Reason[] {
    const [old, now] = [keysOf(this.#checker, before), keysOf(this.#checker, after)];
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
        ...this.compare(key.type, successor.type, direction, at),
      ];
    });
    const added = [...now].filter(([name]) => isSelected(name) && !old.has(name));
    return [
      ...differing,
      ...added.map(([name, { isOptional }]) =>
        addition(direction, inside(place, name), isOptional || isChoice(place)),
      ),
    ];
  }

  /** Skips the keys of a library's type, and only compares its type arguments. */
  #compareLibrary(before: ts.Type, after: ts.Type, direction: Direction, place: Place): Reason[] {
    if (before.symbol.name !== after.symbol.name) {
      return [this.#typeChange(before, after, direction, place)];
    }
    const now = argumentsOf(this.#checker, after);
    return argumentsOf(this.#checker, before).flatMap((type, index) => {
      const other = now[index];
      return other === undefined ? [] : this.compare(type, other, direction, place);
    });
  }

  #compareSignatures(
    before: ts.Type,
    after: ts.Type,
    direction: Direction,
    place: Place,
  ): Reason[] {
    const [oldSignature, ...more] = signaturesOf(before);
    const [newSignature, ...others] = signaturesOf(after);
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
      return isSimilar && this.#isInterchangeable(before, after)
        ? []
        : [this.#typeChange(before, after, direction, place)];
    }
    return [
      ...oldSignature.parameters.flatMap((parameter, index) => {
        const types = [parameter, newSignature.parameters[index] ?? parameter].map((symbol) =>
          this.#checker.getTypeOfSymbol(symbol),
        );
        const [was, is] = types;
        return was === undefined || is === undefined
          ? []
          : this.compare(was, is, opposite[direction], inside(place, `(${parameter.name})`));
      }),
      ...this.compare(
        oldSignature.getReturnType(),
        newSignature.getReturnType(),
        direction,
        inside(place, "()"),
      ),
    ];
  }

  /** Whether the new type works for code that was written for the old one. */
  #isCompatible(before: ts.Type, after: ts.Type, direction: Direction): boolean {
    return direction === "result"
      ? this.#checker.isTypeAssignableTo(after, before)
      : this.#checker.isTypeAssignableTo(before, after);
  }

  #isInterchangeable(left: ts.Type, right: ts.Type): boolean {
    const keys = (type: ts.Type): string =>
      [...keysOf(this.#checker, type).keys()].toSorted().join("\n");
    return (
      this.#checker.isTypeAssignableTo(left, right) &&
      this.#checker.isTypeAssignableTo(right, left) &&
      keys(left) === keys(right)
    );
  }

  #typeChange(before: ts.Type, after: ts.Type, direction: Direction, place: Place): Reason {
    const bump = this.#isCompatible(before, after, direction) ? "minor" : "major";
    const message = describeTypes(this.#checker, before, after);
    return typeReason(bump, `${direction}-type`, place, message);
  }
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

function addition(direction: Direction, place: Place, isOptional: boolean): Reason {
  return direction === "input" && !isOptional
    ? typeReason("major", "input-required", place, "It was added and is required")
    : typeReason("minor", `${direction}-added`, place, "It was added");
}

/** An item that code does not expect makes a list too long for it. */
function addedItem({ isOptional }: Key, direction: Direction, place: Place): Reason {
  return direction === "input"
    ? addition(direction, place, isOptional)
    : typeReason("major", "result-widened", place, "It was added");
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

/** Describes two types by their names, or two functions of the same name by their signatures. */
function describeTypes(checker: ts.TypeChecker, before: ts.Type, after: ts.Type): string {
  let [was, is] = [show(checker, before), show(checker, after)];
  if (was === is) [was, is] = [showSignatures(checker, before), showSignatures(checker, after)];
  return was === is
    ? `It is a different type with the same name, ${show(checker, after)}`
    : `It was ${was} and is now ${is}`;
}

function showSignatures(checker: ts.TypeChecker, type: ts.Type): string {
  return signaturesOf(type)
    .map((signature) => `\`${checker.signatureToString(signature)}\``)
    .join(" and ");
}

function signaturesOf(type: ts.Type): ts.Signature[] {
  return [...type.getCallSignatures(), ...type.getConstructSignatures()];
}
