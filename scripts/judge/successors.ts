import type { Operation } from "../emit/facts.ts";
import { methodNameOf } from "../emit/operations.ts";
import type { Pair } from "./parts.ts";

/** The new operations by the method and the path of the old ones. */
export type Successors = ReadonlyMap<string, Operation>;

/** Finds the operations that have stayed, and those that have moved: a client has the same name for them. */
export function findSuccessors([before, after]: Pair<readonly Operation[]>): Successors {
  const kept = new Map(after.map((operation) => [keyOf(operation), operation]));
  const old = new Set(before.map(keyOf));
  const added = new Map(
    after.filter((one) => !old.has(keyOf(one))).map((one) => [methodNameOf(one), one]),
  );
  return new Map(
    before.flatMap((operation) => {
      const [key, name] = [keyOf(operation), methodNameOf(operation)];
      const successor = kept.get(key) ?? (name === undefined ? undefined : added.get(name));
      return successor === undefined ? [] : [[key, successor]];
    }),
  );
}

export function keyOf({ method, path }: Pick<Operation, "method" | "path">): string {
  return `${method} ${path}`;
}
