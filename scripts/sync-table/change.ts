import type { Json } from "../description/tree.ts";
import { bumps as allBumps, type Bump } from "../judge/verdict.ts";
import type { Draft } from "./draft.ts";
import type { PlayResult } from "./scenario.ts";

/** A change that the vendor could make, and its correct outcome. */
export interface Change extends Evidence {
  readonly change: string;
  readonly edits: readonly Edit[];
  /**
   * `absorbed`: it passes all stages without manual work. `stopped`: it needs a person, and a message names
   * it. `either`: both outcomes are correct.
   */
  readonly expected: "absorbed" | "stopped" | "either";
  /** The lowest and the highest correct bump, if the change is absorbed. */
  readonly bumps?: readonly [least: Bump, greatest: Bump];
  /** Words that the message must contain. Bars separate alternatives. */
  readonly names: readonly string[];
}

/** The evidence that a change takes effect, and what is needed to obtain it. */
export interface Evidence {
  /** The description to change: the pulled page, or a description with all five operations. */
  readonly base?: "page" | "whole";
  /** Edits that are applied before the change and are not part of it. */
  readonly before?: readonly Edit[];
  /** A part of what `operations.ts` must contain; null for values that must be absent. */
  readonly facts?: Readonly<Record<string, unknown>>;
  /** A type of the client, and the expected type. */
  readonly type?: readonly [type: string, expected: string];
  /** Checks the requests of the calls. */
  readonly calls?: (playResult: PlayResult) => boolean;
  /** Additional inputs for the calls of operations. */
  readonly inputs?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  /** Why stopping or a higher bump than necessary is tolerated. */
  readonly overstrict?: string;
}

/** Edits of the description are applied before edits of the page that contains it. */
export type Edit =
  | {
      readonly of: "description";
      readonly place: string;
      readonly apply: (draft: Draft) => void;
    }
  | { readonly of: "page"; readonly apply: (page: string) => string }
  | { readonly of: "files"; readonly apply: (page: string, description: Json) => SourceFiles };

/** Sources to pull, by name. */
export type SourceFiles = Readonly<Record<string, string>>;

/** Changes of the same kind. */
export interface Kind {
  readonly kind: string;
  readonly changes: readonly Change[];
}

type Bumps = Bump | `${Bump}..${Bump}`;

export function absorbed(
  change: string,
  bumps: Bumps,
  edits: readonly Edit[],
  evidence: Evidence = {},
): Change {
  return { change, edits, expected: "absorbed", bumps: rangeOf(bumps), names: [], ...evidence };
}

export function stopped(
  change: string,
  names: readonly string[],
  edits: readonly Edit[],
  evidence: Evidence = {},
): Change {
  return { change, edits, expected: "stopped", names, ...evidence };
}

export function either(
  change: string,
  bumps: Bumps,
  names: readonly string[],
  edits: readonly Edit[],
  evidence: Evidence = {},
): Change {
  return { change, edits, expected: "either", bumps: rangeOf(bumps), names, ...evidence };
}

function rangeOf(bumps: Bumps): readonly [Bump, Bump] {
  const [least, greatest = least] = bumps
    .split("..")
    .map((name) => allBumps.find((bump) => bump === name));
  if (least === undefined || greatest === undefined) throw new Error(`${bumps} is not a bump`);
  return [least, greatest];
}

/** Sets the value at a place, such as `job.properties.id.type`. */
export function set(place: string, value: Json): Edit {
  return { of: "description", place, apply: (draft) => draft.set(place, value) };
}

export function remove(place: string): Edit {
  return { of: "description", place, apply: (draft) => draft.remove(place) };
}

/** Renames a key, and keeps its position. */
export function rename(place: string, key: string): Edit {
  return { of: "description", place, apply: (draft) => draft.rename(place, key) };
}

/** Appends an item to a list, or creates the list. */
export function add(place: string, item: Json): Edit {
  return { of: "description", place, apply: (draft) => draft.add(place, item) };
}

/** Removes an item from a list. */
export function drop(place: string, item: Json): Edit {
  return { of: "description", place, apply: (draft) => draft.drop(place, item) };
}

/** Replaces every object by the result of a function. */
export function rewrite(change: (value: Json) => Json): Edit {
  return { of: "description", place: "root", apply: (draft) => draft.rewrite(change) };
}

/** Replaces all occurrences of a text in the page. */
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

export function files(apply: (page: string, description: Json) => SourceFiles): Edit {
  return { of: "files", apply };
}
