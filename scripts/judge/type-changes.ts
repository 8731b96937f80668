import type { Direction } from "./direction.ts";
import type { Place } from "./place.ts";
import type { Rule } from "./rules.ts";
import type { Members } from "./type-members.ts";
import type { Reason } from "./verdict.ts";

/** Creates a reason of the comparison of types. */
export function typeReason(
  bump: "major" | "minor",
  rule: Rule,
  place: Place,
  message: string,
): Reason {
  return { bump, witness: "types", rule, place, message };
}

/** Compares nullability, kinds and single values. */
export function compareMembers(
  old: Members,
  now: Members,
  direction: Direction,
  place: Place,
): Reason[] {
  return [
    ...compareNull(old, now, direction, place),
    ...compareKinds(old, now, direction, place),
    ...compareValues(old, now, direction, place),
  ];
}

function compareNull(old: Members, now: Members, direction: Direction, place: Place): Reason[] {
  if (old.isNullable === now.isNullable) return [];
  if (direction === "result") {
    return now.isNullable
      ? [typeReason("major", "result-nullable", place, "It may now be null")]
      : [typeReason("minor", "result-not-null", place, "It can no longer be null")];
  }
  return now.isNullable
    ? [typeReason("minor", "input-nullable", place, "It may now be null")]
    : [typeReason("major", "input-not-null", place, "Null is no longer accepted")];
}

function compareKinds(old: Members, now: Members, direction: Direction, place: Place): Reason[] {
  const added = [...now.kinds].filter((kind) => !old.kinds.has(kind));
  const removed = [...old.kinds].filter((kind) => !now.kinds.has(kind));
  return [
    ...added.map((kind) => {
      // A list of values that is now marked as open. By the policy, all lists were open before.
      const isOpening = kind === "string" && now.isOpen && [...old.values.values()].includes(kind);
      return isOpening
        ? typeReason("minor", `${direction}-values`, place, "Its list of values is now open")
        : widened(direction, place, kind);
    }),
    ...removed.map((kind) => narrowed(direction, place, kind)),
  ];
}

function compareValues(old: Members, now: Members, direction: Direction, place: Place): Reason[] {
  const rule = `${direction}-values` as const;
  const added = [...now.values].filter(([value]) => !old.values.has(value));
  const removed = [...old.values].filter(([value]) => !now.values.has(value));
  return [
    ...added.map(([value, kind]) => {
      // The value is neither from an extended list nor of a kind that was possible before.
      const isNewKind = ![...old.kinds, ...old.values.values()].includes(kind);
      return isNewKind
        ? widened(direction, place, value)
        : typeReason("minor", rule, place, `The value ${value} was added`);
    }),
    ...removed.map(([value, kind]) => {
      // An open list accepts any string in the types, but the server may no longer accept this value.
      const isAccepted = now.kinds.has(kind) && !(now.isOpen && kind === "string");
      const bump = direction === "input" && !isAccepted ? "major" : "minor";
      return typeReason(bump, rule, place, `The value ${value} was removed`);
    }),
  ];
}

export function optionality(direction: Direction, place: Place, isOptional: boolean): Reason {
  if (direction === "result") {
    return isOptional
      ? typeReason("major", "result-optional", place, "It may now be missing")
      : typeReason("minor", "result-required", place, "It is now always present");
  }
  return isOptional
    ? typeReason("minor", "input-optional", place, "It is now optional")
    : typeReason("major", "input-required", place, "It is now required");
}

export function widened(direction: Direction, place: Place, type: string): Reason {
  return direction === "result"
    ? typeReason("major", "result-widened", place, `It may now be ${type}`)
    : typeReason("minor", "input-widened", place, `It may now be ${type}`);
}

export function narrowed(direction: Direction, place: Place, type: string): Reason {
  return direction === "result"
    ? typeReason("minor", "result-narrowed", place, `It can no longer be ${type}`)
    : typeReason("major", "input-narrowed", place, `It no longer accepts ${type}`);
}
