import type { Json } from "../description/tree.ts";
import type { Bump } from "../judge/verdict.ts";
import type { Draft } from "./draft.ts";
import type { Played } from "./scenario.ts";

/** One change that the vendor could make, and what is right. */
export interface Change extends Proof {
  readonly change: string;
  readonly edits: readonly Edit[];
  /**
   * `absorbed`: it goes through everything without a hand on it. `stopped`: it needs a person, and a
   * message names it. `either`: both are right.
   */
  readonly right: "absorbed" | "stopped" | "either";
  /** The least and the greatest bump that are right, if it is absorbed. */
  readonly bumps?: readonly [least: Bump, greatest: Bump];
  /** Words of the message that names it; those with a bar between them are alternatives. */
  readonly names: readonly string[];
}

/** How it shows that a change is honoured, and what that takes. */
export interface Proof {
  /** What is changed: the page that was pulled, or all five operations in one description. */
  readonly base?: "page" | "whole";
  /** Edits that come before the change and are no part of it. */
  readonly before?: readonly Edit[];
  /** What `operations.ts` has to hold, in part; null for what it must not. */
  readonly facts?: Readonly<Record<string, unknown>>;
  /** A type of the client, and what it has to be. */
  readonly type?: readonly [type: string, expected: string];
  /** What the calls have to show. */
  readonly calls?: (played: Played) => boolean;
  /** What the calls of operations take that is not theirs by default. */
  readonly inputs?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  /** Why it may stop, or be rated higher than it needs to be. */
  readonly overstrict?: string;
}

/** Edits of the description come before those of the page that it stands in. */
export type Edit =
  | {
      readonly of: "description";
      readonly place: string;
      readonly apply: (draft: Draft) => void;
    }
  | { readonly of: "page"; readonly apply: (page: string) => string }
  | { readonly of: "files"; readonly apply: (page: string, description: Json) => Files };

/** Files to pull, by their names. */
export type Files = Readonly<Record<string, string>>;

/** The changes of one kind. */
export interface Kind {
  readonly kind: string;
  readonly changes: readonly Change[];
}

type Bumps = Bump | `${Bump}..${Bump}`;

export function absorbed(
  change: string,
  bumps: Bumps,
  edits: readonly Edit[],
  proof: Proof = {},
): Change {
  return { change, edits, right: "absorbed", bumps: rangeOf(bumps), names: [], ...proof };
}

export function stopped(
  change: string,
  names: readonly string[],
  edits: readonly Edit[],
  proof: Proof = {},
): Change {
  return { change, edits, right: "stopped", names, ...proof };
}

export function either(
  change: string,
  bumps: Bumps,
  names: readonly string[],
  edits: readonly Edit[],
  proof: Proof = {},
): Change {
  return { change, edits, right: "either", bumps: rangeOf(bumps), names, ...proof };
}

const all: readonly Bump[] = ["none", "patch", "minor", "major", "hold"];

function rangeOf(bumps: Bumps): readonly [Bump, Bump] {
  const [least, greatest = least] = bumps
    .split("..")
    .map((name) => all.find((bump) => bump === name));
  if (least === undefined || greatest === undefined) throw new Error(`${bumps} is no bump`);
  return [least, greatest];
}

/** Gives a value to a place, such as `job.properties.id.type`. */
export function set(place: string, value: Json): Edit {
  return { of: "description", place, apply: (draft) => draft.set(place, value) };
}

export function remove(place: string): Edit {
  return { of: "description", place, apply: (draft) => draft.remove(place) };
}

/** Gives a key another name, and leaves its place among the others. */
export function rename(place: string, key: string): Edit {
  return { of: "description", place, apply: (draft) => draft.rename(place, key) };
}

/** Puts an item at the end of a list, or at the end of a new one. */
export function add(place: string, item: Json): Edit {
  return { of: "description", place, apply: (draft) => draft.add(place, item) };
}

/** Takes an item out of a list. */
export function drop(place: string, item: Json): Edit {
  return { of: "description", place, apply: (draft) => draft.drop(place, item) };
}

/** Puts another value in place of every object that it is given for. */
export function rewrite(change: (value: Json) => Json): Edit {
  return { of: "description", place: "root", apply: (draft) => draft.rewrite(change) };
}

/** Puts another text in place of all that are like it, in the page. */
export function replace(text: string | RegExp, other: string): Edit {
  return {
    of: "page",
    apply(page) {
      const edited = page.replaceAll(text, other);
      if (edited === page) throw new Error(`The page does not have ${String(text)}`);
      return edited;
    },
  };
}

export function files(apply: (page: string, description: Json) => Files): Edit {
  return { of: "files", apply };
}
