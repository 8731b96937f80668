import { unmarkRounded } from "../description/numbers.ts";
import { isObject, toPointer, type Json } from "../description/tree.ts";

/**
 * Lists the differences between two descriptions by place: `+` added, `-` removed, `~` changed. Lists are
 * compared by position.
 */
export function listChanges(
  before: Json,
  after: Json,
  path: readonly (string | number)[] = [],
): string[] {
  const [old, now] = [childrenOf(before), childrenOf(after)];
  if (old === undefined || now === undefined) {
    const [was, is] = [JSON.stringify(before), JSON.stringify(after)];
    return was === is ? [] : [unmarkRounded(`~ ${toPointer(path)}: ${was} is now ${is}`)];
  }
  return [...new Set([...old.keys(), ...now.keys()])].flatMap((key) => {
    const [was, is] = [old.get(key), now.get(key)];
    const place = [...path, key];
    if (was === undefined) return [`+ ${toPointer(place)}`];
    if (is === undefined) return [`- ${toPointer(place)}`];
    return listChanges(was, is, place);
  });
}

function childrenOf(value: Json): Map<string | number, Json> | undefined {
  if (Array.isArray(value)) return new Map(value.entries());
  return isObject(value) ? new Map(Object.entries(value)) : undefined;
}
