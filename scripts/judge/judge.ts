import type { JsonObject } from "../description/tree.ts";
import { askConsumer } from "./consumer.ts";
import { compareExports } from "./compare-exports.ts";
import { decide, weighWire } from "./policy.ts";
import { toVerdict, type Reason, type Verdict } from "./verdict.ts";
import { askWire } from "./wire.ts";

/** Old and new declaration files of a package's entries, by the entries' names. */
export type Entries = ReadonlyMap<string, readonly [before: string, after: string]>;

/**
 * Judges what a change of an effective description means for whoever uses its client: asks both
 * witnesses at once, and weighs what they say. When one fails, the bump is `hold`.
 *
 * Both descriptions must have passed lint. A package's entries are judged too, if there are any.
 */
export async function judge(
  base: JsonObject,
  revision: JsonObject,
  entries: Entries = new Map(),
): Promise<Verdict> {
  // The wire's process works while the compiler keeps this one busy.
  const [wire, consumer] = await Promise.allSettled([
    askWire(base, revision),
    Promise.resolve().then(() => {
      const { reasons, sameTexts } = askConsumer(base, revision);
      return { reasons: [...reasons, ...compareExports(entries)], sameTexts };
    }),
  ]);
  if (wire.status === "fulfilled" && consumer.status === "fulfilled") {
    return decide(weighWire(wire.value), consumer.value);
  }
  return toVerdict([
    ...(wire.status === "rejected" ? [noAnswer("wire", wire.reason)] : []),
    ...(consumer.status === "rejected" ? [noAnswer("consumer", consumer.reason)] : []),
  ]);
}

function noAnswer(witness: Reason["witness"], error: unknown): Reason {
  return {
    bump: "hold",
    witness,
    rule: "no-answer",
    where: witness === "wire" ? "redocly diff" : "typescript",
    message: error instanceof Error ? error.message.trim() : String(error),
  };
}
