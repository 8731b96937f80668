import type { WireChange } from "./wire.ts";
import { toVerdict, type Reason, type Verdict } from "./verdict.ts";

/** What the consumer's witness has to say. */
export interface Testimony {
  readonly reasons: readonly Reason[];
  /** Whether the texts for people, which stand in comments, are the same ones. */
  readonly sameTexts: boolean;
}

const textTypes = new Set(
  (
    "Info Contact License Tag TagList TagGroup TagGroups Logo ExternalDocs Example ExamplesMap " +
    "ExampleList SpecExtension XCodeSample XCodeSampleList"
  ).split(" "),
);
const textKeywords = new Set(
  "description summary title example examples tags version $comment externalDocs termsOfService".split(
    " ",
  ),
);

// What the policy names and generated files show in a comment, or in part, or not at all.
const unseen = new Set([
  "default-added",
  "default-changed",
  "default-removed",
  "deprecated",
  "security-requirement-changed",
  "security-scheme-changed",
  "server-removed",
]);

/**
 * Weighs both witnesses: the bump is never lower than either saw, except where nothing changed for
 * whoever compiles against the generated files and calls the API through them.
 */
export function decide(wire: readonly Reason[], consumer: Testimony): Verdict {
  if (consumer.reasons.length > 0) return toVerdict([...wire, ...consumer.reasons]);
  const heard = wire.filter(({ rule }) => unseen.has(rule));
  return toVerdict(consumer.sameTexts ? heard : [...heard, texts]);
}

const texts: Reason = {
  bump: "patch",
  witness: "consumer",
  rule: "texts-changed",
  where: "schema.ts",
  message: "Only the texts for people changed",
};

/** Translates what `redocly diff` reports into the policy's terms. */
export function weighWire(changes: readonly WireChange[]): Reason[] {
  return changes.flatMap((change) => {
    const reasons = change.verdicts.map(({ rule, message }): Reason => {
      const bump = isOpenEnum(rule, change) ? "minor" : "major";
      return { bump, witness: "wire", rule, where: change.path, message };
    });
    return reasons.length > 0 ? reasons : [weighUnjudged(change)];
  });
}

/** A list of values in an answer is open: others may come, but null is no value. */
function isOpenEnum(rule: string, { before, after }: WireChange): boolean {
  return (
    rule === "enum-values-added" &&
    Array.isArray(after) &&
    Array.isArray(before) &&
    after.includes(null) === before.includes(null)
  );
}

/** A change that `redocly diff` lists and has no rule for. */
function weighUnjudged({
  path,
  typeName,
  kind,
  impact,
  property,
  before,
  after,
}: WireChange): Reason {
  const reason = (bump: Reason["bump"], rule: string, message: string): Reason => ({
    bump,
    witness: "wire",
    rule,
    where: path,
    message,
  });
  if (property === "default") {
    const [was, is] = [before, after].map((value) => JSON.stringify(value));
    if (was === undefined) return reason("minor", "default-added", `The default is now ${is}`);
    if (is === undefined) return reason("major", "default-removed", `The default was ${was}`);
    return reason("major", "default-changed", `The default changed from ${was} to ${is}`);
  }
  if (property === "deprecated" && after === true) {
    // A minor change by SemVer 2.0.0 §7.
    return reason("minor", "deprecated", "It is deprecated now");
  }
  if (textTypes.has(typeName) || (property !== undefined && textKeywords.has(property))) {
    return reason("patch", "texts-changed", `${property ?? typeName} was ${kind}`);
  }
  const what = property === undefined ? typeName : `\`${property}\` of ${typeName}`;
  const bump = impact === "major" || impact === "minor" ? impact : "patch";
  return reason(bump, `other-${kind}`, `${what} was ${kind}`);
}
