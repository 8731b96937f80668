import { dequal } from "@redocly/openapi-core";
import ts from "typescript";
import type { JsonObject } from "../description/tree.ts";
import { factsOf, type Operation } from "../emit/facts.ts";
import { emitSchema } from "../emit/schema.ts";
import { compareFacts } from "./compare-facts.ts";
import { fits, makeCompareTypes, nameOf, type Direction } from "./compare-types.ts";
import { check, commentsIn } from "./declarations.ts";
import { findReached, findSame, keepParts, partsOf, withoutTexts, type Parts } from "./parts.ts";
import type { Testimony } from "./policy.ts";
import type { Reason } from "./verdict.ts";

/** A description in all the forms that it is looked at. */
interface Seen {
  readonly parts: Parts;
  readonly operations: readonly Operation[];
  /** The types of the parts that can differ. */
  readonly source: ts.SourceFile;
}

/**
 * Asks the compiler what becomes of code that was written against the types and facts of the base,
 * operation by operation.
 */
export function askConsumer(base: JsonObject, revision: JsonObject): Testimony {
  const reasons = compareDescriptions(withoutTexts(base), withoutTexts(revision));
  return {
    reasons,
    // Of interest only when nothing else changed.
    sameTexts:
      reasons.length === 0 &&
      dequal(commentsIn(emitSchema(base)), commentsIn(emitSchema(revision))),
  };
}

/** The compiler gets no more than the parts that can differ, which is most of the work saved. */
function compareDescriptions(base: JsonObject, revision: JsonObject): Reason[] {
  const [old, now] = [partsOf(base), partsOf(revision)];
  const same = findSame(old, now);
  const typesOf = (description: JsonObject, parts: Parts): string => {
    const differing = [...parts.keys()].filter((name) => !same.has(name));
    return emitSchema(keepParts(description, findReached(parts, differing)));
  };
  const { checker, sources } = check([typesOf(base, old), typesOf(revision, now)]);
  const before = { parts: old, operations: factsOf(base), source: sources[0] };
  const after = { parts: now, operations: factsOf(revision), source: sources[1] };
  return [
    ...compareFacts(before.operations, after.operations),
    ...compareNames(before, after),
    ...compareDeclarations(checker, same, before, after),
  ];
}

/** A name that can be looked up in an exported type must stay. */
function compareNames(before: Seen, after: Seen): Reason[] {
  const [old, now] = [namesOf(before), namesOf(after)];
  return [
    ...namesWithout(old, now).map((where) =>
      tell("major", "type-removed", where, "The type of this name is gone"),
    ),
    ...namesWithout(now, old).map((where) =>
      tell("minor", "type-added", where, "The type of this name is new"),
    ),
  ];
}

function namesWithout(from: ReadonlySet<string>, other: ReadonlySet<string>): string[] {
  return [...from].filter((name) => !other.has(name));
}

function namesOf({ parts, operations }: Seen): Set<string> {
  const typed = /^components\.(?:schemas|responses|parameters|requestBodies|headers|pathItems)\./u;
  return new Set([
    ...[...parts.keys()].filter((name) => typed.test(name)),
    ...operations.flatMap(({ id }) => (id === undefined ? [] : [`operations.${id}`])),
  ]);
}

/** The parts that lead to operations. */
const roots = /^(?:paths|webhooks)\./u;

/** The methods of a path, or the statuses of a response: what can hold something, by its key. */
type Properties = ReadonlyMap<string, ts.Type>;

function compareDeclarations(
  checker: ts.TypeChecker,
  same: ReadonlySet<string>,
  before: Seen,
  after: Seen,
): Reason[] {
  const { compare, compareKeys } = makeCompareTypes(checker, (one, other) => {
    const name = nameOf(one);
    return name !== undefined && name === nameOf(other) && same.has(`components.schemas.${name}`);
  });
  const reasons: Reason[] = [];
  const unproved: [ts.Type | undefined, ts.Type | undefined, Direction, string][] = [];

  const propertiesOf = (type: ts.Type | undefined): Properties =>
    new Map(
      (type === undefined ? [] : checker.getPropertiesOfType(type))
        .map((property) => [property.name, checker.getTypeOfSymbol(property)] as const)
        .filter(([, value]) => !checker.isTypeAssignableTo(value, checker.getUndefinedType())),
    );
  const rootOf = ({ source }: Seen, name: string): Properties => {
    const declaration = source.statements.find(
      (statement) => ts.isInterfaceDeclaration(statement) && statement.name.text === name,
    );
    return propertiesOf(declaration && checker.getTypeAtLocation(declaration));
  };

  /** The bodies of the successful answers, by status and media type; undefined for none. */
  const successes = (responses: ts.Type | undefined): Map<string, ts.Type | undefined> => {
    const bodies = new Map<string, ts.Type | undefined>();
    for (const [status, response] of propertiesOf(responses)) {
      if (!status.startsWith("2")) continue;
      const content = [...propertiesOf(propertiesOf(response).get("content"))];
      if (content.length === 0) bodies.set(status, undefined);
      for (const [type, body] of content) bodies.set(`${status} ${type}`, body);
    }
    return bodies;
  };

  /** What a call gives is the union of these bodies, so another one widens it. */
  const compareSuccesses = (
    one: ts.Type | undefined,
    other: ts.Type | undefined,
    where: string,
  ): void => {
    const old = successes(one);
    if (old.size === 0) return;
    for (const [name, body] of successes(other)) {
      const isKnown = [...old].some(
        ([known, type]) =>
          known === name ||
          type === body ||
          (type !== undefined &&
            body !== undefined &&
            makeCompareTypes(checker, () => false).compare(type, body, "result", "").length === 0),
      );
      if (isKnown) continue;
      reasons.push(
        tell(
          "major",
          "success-added",
          `${where}responses.${name}`,
          "A success with another body is new",
        ),
      );
    }
  };

  const compareOperation = (
    one: ts.Type,
    other: ts.Type,
    where: string,
    isWebhook: boolean,
  ): void => {
    const sent: Direction = isWebhook ? "result" : "input";
    const received: Direction = isWebhook ? "input" : "result";
    reasons.push(...compareKeys(one, other, sent, where, ["parameters", "requestBody"]));
    const [had, has] = [propertiesOf(one), propertiesOf(other)];
    for (const key of ["parameters", "requestBody"])
      unproved.push([had.get(key), has.get(key), sent, where]);
    const [old, now] = [had.get("responses"), has.get("responses")];
    if (old === undefined || now === undefined) return;
    // The statuses that a webhook's receiver may answer with are a choice: a new one asks for nothing.
    const statuses = isWebhook ? [...propertiesOf(old).keys()] : undefined;
    reasons.push(...compareKeys(old, now, received, `${where}responses`, statuses));
    if (!isWebhook) compareSuccesses(old, now, where);
    unproved.push([old, now, received, where]);
  };

  for (const root of ["paths", "webhooks"]) {
    const [old, now] = [rootOf(before, root), rootOf(after, root)];
    for (const path of new Set([...old.keys(), ...now.keys()])) {
      if (same.has(`${root}.${path}`)) continue;
      const [had, has] = [propertiesOf(old.get(path)), propertiesOf(now.get(path))];
      for (const method of new Set([...had.keys(), ...has.keys()])) {
        if (method === "parameters") continue;
        const where = `${method.toUpperCase()} ${path} `;
        const [one, other] = [had.get(method), has.get(method)];
        if (one === undefined) {
          reasons.push(tell("minor", "operation-added", where.trim(), "It is new"));
        } else if (other === undefined) {
          reasons.push(tell("major", "operation-removed", where.trim(), "It is gone"));
        } else compareOperation(one, other, where, root === "webhooks");
      }
    }
  }

  // What no operation leads to can be used in any way.
  const reached = new Set(
    [before, after].flatMap(({ parts }) => [
      ...findReached(
        parts,
        [...parts.keys()].filter((name) => roots.test(name)),
      ),
    ]),
  );
  const schemasOf = (seen: Seen): Properties =>
    propertiesOf(rootOf(seen, "components").get("schemas"));
  const now = schemasOf(after);
  for (const [name, one] of schemasOf(before)) {
    const where = `components.schemas.${name}`;
    const other = now.get(name);
    if (other === undefined || same.has(where) || reached.has(where)) continue;
    reasons.push(...compare(one, other, "result", where), ...compare(one, other, "input", where));
  }

  if (reasons.length > 0) return reasons;
  // Nothing was found: the compiler has the last word.
  return unproved
    .filter(
      ([one, other, direction]) =>
        one !== undefined && other !== undefined && !fits(checker, one, other, direction),
    )
    .map(([, , , where]) =>
      tell(
        "major",
        "not-assignable",
        where.trim(),
        "Code for the old types cannot take the new ones",
      ),
    );
}

function tell(bump: "major" | "minor", rule: string, where: string, message: string): Reason {
  return { bump, witness: "consumer", rule, where, message };
}
