import ts from "typescript";
import type { Reason } from "./verdict.ts";

/**
 * Which way values go. A consumer reads a result, so it must stay assignable new → old; it writes an
 * input, so that must stay assignable old → new.
 */
export type Direction = "result" | "input";

/** Tells what changed between two types, for someone who reads or writes values of them. */
type CompareTypes = (
  before: ts.Type,
  after: ts.Type,
  direction: Direction,
  where: string,
  /** The keys to look at, if not all; of object types only. */
  only?: readonly string[],
) => Reason[];

interface Comparer {
  readonly compare: CompareTypes;
  /** The same for the keys of two object types alone. */
  readonly compareKeys: CompareTypes;
  /** Whether a pair was met on the way. */
  readonly isCompared: (before: ts.Type, after: ts.Type) => boolean;
}

const opposite: Readonly<Record<Direction, Direction>> = { result: "input", input: "result" };

/** The members of a union, sorted by what can be done with them. */
interface Members {
  readonly isNullable: boolean;
  /** Types that hold values without number, such as string. */
  readonly kinds: ReadonlySet<string>;
  /** Single values, and the kind that holds each. */
  readonly values: ReadonlyMap<string, string>;
  /** Whether other strings than those listed may come. */
  readonly isOpen: boolean;
  readonly objects: readonly ts.Type[];
}

/**
 * Compares types by what they hold, not by how they are written: the order of a union or of keys,
 * and names, make no difference. Assignability alone would not see that an optional key is gone.
 *
 * A pair of types that was compared once in a direction is not told again. `isSame` may cut the
 * search short for a pair that is known to be the same.
 */
export function makeCompareTypes(
  checker: ts.TypeChecker,
  isSame: (before: ts.Type, after: ts.Type) => boolean,
): Comparer {
  const seen = new Map<ts.Type, Map<ts.Type, Set<Direction>>>();

  const isNew = (before: ts.Type, after: ts.Type, direction: Direction): boolean => {
    const others = seen.get(before) ?? new Map<ts.Type, Set<Direction>>();
    const directions = others.get(after) ?? new Set();
    seen.set(before, others.set(after, directions));
    if (directions.has(direction)) return false;
    directions.add(direction);
    return true;
  };

  const compare: CompareTypes = (before, after, direction, where) => {
    if (before === after || isSame(before, after) || !isNew(before, after, direction)) return [];
    // What can be anything has no members to compare.
    if (isAnything(before) !== isAnything(after)) {
      return [changed(checker, before, after, direction, where)];
    }
    const [old, now] = [membersOf(checker, before), membersOf(checker, after)];
    return [
      ...compareNull(old, now, direction, where),
      ...compareValues(old, now, direction, where),
      ...compareUnions(old.objects, now.objects, direction, where),
    ];
  };

  /** Pairs the object types of two unions: equal ones, then those of one name, then the rest. */
  const compareUnions = (
    before: readonly ts.Type[],
    after: readonly ts.Type[],
    direction: Direction,
    where: string,
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
      ...pairs.flatMap(([one, other]) => compareObjects(one, other, direction, where)),
      ...old.map((type) => lost(direction, where, show(checker, type))),
      ...now.map((type) => gained(direction, where, show(checker, type))),
    ];
  };

  const compareObjects = (
    before: ts.Type,
    after: ts.Type,
    direction: Direction,
    where: string,
  ): Reason[] => {
    return [
      ...compareItems(before, after, direction, where),
      ...compareKeys(before, after, direction, where),
      ...compareSignatures(before, after, direction, where),
    ];
  };

  const compareItems = (
    before: ts.Type,
    after: ts.Type,
    direction: Direction,
    where: string,
  ): Reason[] => {
    const isList = (type: ts.Type): boolean =>
      checker.isArrayType(type) || checker.isTupleType(type);
    if (isList(before) !== isList(after))
      return [changed(checker, before, after, direction, where)];
    if (!isList(before)) return [];
    const [one, other] = [before.getNumberIndexType(), after.getNumberIndexType()];
    const reasons =
      one === undefined || other === undefined ? [] : compare(one, other, direction, `${where}[]`);
    // The items of a tuple may have changed places.
    const isTuple = checker.isTupleType(before) || checker.isTupleType(after);
    return isTuple && reasons.length === 0 && !fits(checker, before, after, direction)
      ? [changed(checker, before, after, direction, where)]
      : reasons;
  };

  const compareKeys: CompareTypes = (before, after, direction, where, only) => {
    if (checker.isArrayType(before) || checker.isTupleType(before)) return [];
    if (isLibrary(before) && isLibrary(after)) {
      return compareLibrary(before, after, direction, where);
    }
    const [old, now] = [keysOf(checker, before), keysOf(checker, after)];
    const reasons: Reason[] = [];
    const isMeant = (name: string): boolean => only?.includes(name) ?? true;
    const prefix = where.endsWith(" ") ? where : `${where}.`;
    for (const [name, key] of old) {
      if (!isMeant(name)) continue;
      const successor = now.get(name);
      const at = `${prefix}${name}`;
      if (successor === undefined) {
        reasons.push(tell("major", `${direction}-removed`, at, "It is gone"));
        continue;
      }
      if (key.isOptional !== successor.isOptional) {
        reasons.push(optionality(direction, at, successor.isOptional));
      }
      reasons.push(...compare(key.type, successor.type, direction, at));
    }
    for (const [name, key] of now) {
      if (old.has(name) || !isMeant(name)) continue;
      // The media types of a request are a choice: a new one asks for nothing.
      const isChoice = /^[A-Z]+ \S+ requestBody\.content$/u.test(where);
      const isDemand = direction === "input" && !key.isOptional && !isChoice;
      reasons.push(
        isDemand
          ? tell("major", "input-required", `${prefix}${name}`, "It is new and required")
          : tell("minor", `${direction}-added`, `${prefix}${name}`, "It is new"),
      );
    }
    return reasons;
  };

  /** The keys of a library's type are the library's affair; what it is filled with is ours. */
  const compareLibrary: CompareTypes = (before, after, direction, where) => {
    if (before.symbol.name !== after.symbol.name) {
      return [changed(checker, before, after, direction, where)];
    }
    const now = argumentsOf(checker, after);
    return argumentsOf(checker, before).flatMap((type, index) => {
      const other = now[index];
      return other === undefined ? [] : compare(type, other, direction, where);
    });
  };

  const compareSignatures = (
    before: ts.Type,
    after: ts.Type,
    direction: Direction,
    where: string,
  ): Reason[] => {
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
        : [changed(checker, before, after, direction, where)];
    }
    return [
      ...one.parameters.flatMap((parameter, index) => {
        const types = [parameter, other.parameters[index] ?? parameter].map((symbol) =>
          checker.getTypeOfSymbol(symbol),
        );
        const [was, is] = types;
        return was === undefined || is === undefined
          ? []
          : compare(was, is, opposite[direction], `${where}(${parameter.name})`);
      }),
      ...compare(one.getReturnType(), other.getReturnType(), direction, `${where}()`),
    ];
  };

  return {
    compare,
    compareKeys,
    isCompared: (before, after) => seen.get(before)?.has(after) ?? false,
  };
}

/** Whether two generic signatures come from the same text. */
function isWrittenAlike(one?: ts.Signature, other?: ts.Signature): boolean {
  const text = one?.typeParameters && one.declaration?.getText();
  return text !== undefined && text === other?.declaration?.getText();
}

/** Whether the new type still serves whoever was content with the old one. */
export function fits(
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

function compareNull(old: Members, now: Members, direction: Direction, where: string): Reason[] {
  if (old.isNullable === now.isNullable) return [];
  if (direction === "result") {
    return now.isNullable
      ? [tell("major", "result-nullable", where, "It may now be null")]
      : [tell("minor", "result-not-null", where, "It is never null any more")];
  }
  return now.isNullable
    ? [tell("minor", "input-nullable", where, "It may now be null")]
    : [tell("major", "input-not-null", where, "It must not be null any more")];
}

function compareValues(old: Members, now: Members, direction: Direction, where: string): Reason[] {
  const reasons: Reason[] = [];
  for (const kind of now.kinds) {
    if (old.kinds.has(kind)) continue;
    // A list of values that is now said to be open: the policy takes it for open in any case.
    const isOpening = kind === "string" && now.isOpen && [...old.values.values()].includes(kind);
    reasons.push(
      isOpening
        ? tell("minor", `${direction}-values`, where, "Its list of values is open now")
        : gained(direction, where, kind),
    );
  }
  for (const kind of old.kinds)
    if (!now.kinds.has(kind)) reasons.push(lost(direction, where, kind));
  for (const [value, kind] of now.values) {
    if (old.values.has(value)) continue;
    // Neither a value of a list, nor one that could be before.
    const isForeign = ![...old.kinds, ...old.values.values()].includes(kind);
    reasons.push(
      isForeign
        ? gained(direction, where, value)
        : tell("minor", `${direction}-values`, where, `The value ${value} is new`),
    );
  }
  for (const [value, kind] of old.values) {
    if (now.values.has(value)) continue;
    const isRefused = direction === "input" && !now.kinds.has(kind);
    reasons.push(
      tell(
        isRefused ? "major" : "minor",
        `${direction}-values`,
        where,
        `The value ${value} is gone`,
      ),
    );
  }
  return reasons;
}

function optionality(direction: Direction, where: string, isOptional: boolean): Reason {
  if (direction === "result") {
    return isOptional
      ? tell("major", "result-optional", where, "It may now be missing")
      : tell("minor", "result-required", where, "It is always there now");
  }
  return isOptional
    ? tell("minor", "input-optional", where, "It need not be given any more")
    : tell("major", "input-required", where, "It is required now");
}

function gained(direction: Direction, where: string, type: string): Reason {
  return direction === "result"
    ? tell("major", "result-widened", where, `It may now be ${type}`)
    : tell("minor", "input-widened", where, `It may now be ${type}`);
}

function lost(direction: Direction, where: string, type: string): Reason {
  return direction === "result"
    ? tell("minor", "result-narrowed", where, `It is never ${type} any more`)
    : tell("major", "input-narrowed", where, `It must not be ${type} any more`);
}

function changed(
  checker: ts.TypeChecker,
  before: ts.Type,
  after: ts.Type,
  direction: Direction,
  where: string,
): Reason {
  const message = `It was ${show(checker, before)} and is now ${show(checker, after)}`;
  return fits(checker, before, after, direction)
    ? tell("minor", `${direction}-type`, where, message)
    : tell("major", `${direction}-type`, where, message);
}

function tell(bump: "major" | "minor", rule: string, where: string, message: string): Reason {
  return { bump, witness: "consumer", rule, where, message };
}

function show(checker: ts.TypeChecker, type: ts.Type): string {
  const text = nameOf(type) ?? checker.typeToString(type);
  return `\`${text.length > 80 ? `${text.slice(0, 80)}…` : text}\``;
}

/** The name of a component's own type; a literal type has only the key that it was declared for. */
export function nameOf(type: ts.Type): string | undefined {
  const declaration = type.symbol?.declarations?.[0];
  if (declaration === undefined || !ts.isTypeLiteralNode(declaration)) return undefined;
  const holder = declaration.parent;
  return ts.isPropertySignature(holder) ? holder.name.getText().replaceAll('"', "") : undefined;
}

function isAnything({ flags }: ts.Type): boolean {
  return (flags & (ts.TypeFlags.Unknown | ts.TypeFlags.Any)) !== 0;
}

interface Key {
  readonly isOptional: boolean;
  readonly type: ts.Type;
}

/** The keys that can hold something, with those of an index signature under `[type]`. */
function keysOf(checker: ts.TypeChecker, type: ts.Type): Map<string, Key> {
  const keys = new Map<string, Key>();
  for (const property of checker.getPropertiesOfType(type)) {
    const isOptional = (property.flags & ts.SymbolFlags.Optional) !== 0;
    const value = checker.getTypeOfSymbol(property);
    const held = isOptional ? withoutUndefined(checker, value) : value;
    if ((held.flags & ts.TypeFlags.Never) === 0)
      keys.set(property.name, { isOptional, type: held });
  }
  for (const { keyType, type: value } of checker.getIndexInfosOfType(type)) {
    if ((value.flags & ts.TypeFlags.Never) !== 0) continue;
    keys.set(`[${checker.typeToString(keyType)}]`, { isOptional: true, type: value });
  }
  return keys;
}

/** A key that may be missing has undefined in its type, which says nothing more. */
function withoutUndefined(checker: ts.TypeChecker, type: ts.Type): ts.Type {
  if ((type.flags & ts.TypeFlags.Undefined) !== 0) return checker.getNeverType();
  return type;
}

/** Whether a type is a class or an interface that comes from elsewhere, such as Promise. */
function isLibrary(type: ts.Type): boolean {
  return (type.symbol?.declarations ?? []).some(
    (declaration) =>
      (ts.isInterfaceDeclaration(declaration) || ts.isClassDeclaration(declaration)) &&
      declaration.getSourceFile().fileName.includes("/node_modules/"),
  );
}

function isReference(type: ts.Type): type is ts.TypeReference {
  return "target" in type;
}

/** What a type of the language's own library is filled with; others may use it in any direction. */
function argumentsOf(checker: ts.TypeChecker, type: ts.Type): readonly ts.Type[] {
  const isOurs = type.symbol.declarations?.some((declaration) =>
    declaration.getSourceFile().fileName.includes("/typescript/lib/"),
  );
  return isOurs === true && isReference(type) ? checker.getTypeArguments(type) : [];
}

function membersOf(checker: ts.TypeChecker, type: ts.Type): Members {
  const { TypeFlags } = ts;
  const kinds = new Set<string>();
  const values = new Map<string, string>();
  const objects: ts.Type[] = [];
  let isNullable = false;
  let isOpen = false;
  for (const member of type.isUnion() ? type.types : [type]) {
    const { flags } = member;
    if ((flags & (TypeFlags.Never | TypeFlags.Undefined)) !== 0) continue;
    if ((flags & TypeFlags.Null) !== 0) isNullable = true;
    else if (member.isStringLiteral()) values.set(JSON.stringify(member.value), "string");
    else if (member.isNumberLiteral()) values.set(String(member.value), "number");
    else if ((flags & TypeFlags.BooleanLiteral) !== 0) {
      values.set(checker.typeToString(member), "boolean");
    } else if (
      member.isIntersection() &&
      member.types.some((one) => one.flags & TypeFlags.String)
    ) {
      // string & {}: any string, beside values that an editor completes.
      kinds.add("string");
      isOpen = true;
    } else if ((flags & (TypeFlags.Object | TypeFlags.Intersection)) !== 0) objects.push(member);
    else kinds.add(checker.typeToString(member));
  }
  if (values.has("true") && values.has("false")) {
    values.delete("true");
    values.delete("false");
    kinds.add("boolean");
  }
  return { isNullable, kinds, values, isOpen, objects };
}
