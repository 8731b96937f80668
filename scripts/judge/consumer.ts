import ts from "typescript";
import type { JsonObject } from "../description/tree.ts";
import { factsOf } from "../emit/operations.ts";
import { emitSchema } from "../emit/schema.ts";
import { compareFacts } from "./compare-facts.ts";
import { fits, makeCompareTypes, nameOf, type Direction } from "./compare-types.ts";
import { check, findReached, findSame, takeApart, type Declarations } from "./declarations.ts";
import type { Testimony } from "./policy.ts";
import type { Reason } from "./verdict.ts";

/**
 * Asks the compiler what becomes of code that was written against the types and facts of the base,
 * operation by operation.
 */
export function askConsumer(base: JsonObject, revision: JsonObject): Testimony {
  const [checker, [one, other]] = check([emitSchema(base), emitSchema(revision)]);
  if (one === undefined || other === undefined) throw new Error("The compiler took no text");
  const [before, after] = [takeApart(one), takeApart(other)];
  return {
    reasons: [
      ...compareFacts(factsOf(base), factsOf(revision)),
      ...compareNames(before, after),
      ...compareDeclarations(checker, before, after),
    ],
    sameTexts:
      before.comments.size === after.comments.size &&
      [...before.comments].every((comment) => after.comments.has(comment)),
  };
}

/** A name that can be imported, or looked up in an exported type, must stay. */
function compareNames(before: Declarations, after: Declarations): Reason[] {
  return [
    ...namesWithout(before, after).map((where) =>
      tell("major", "type-removed", where, "The type of this name is gone"),
    ),
    ...namesWithout(after, before).map((where) =>
      tell("minor", "type-added", where, "The type of this name is new"),
    ),
  ];
}

function namesWithout({ units }: Declarations, other: Declarations): string[] {
  return [...units.keys()].filter((name) => !roots.test(name) && !other.units.has(name));
}

/** The declarations that lead to operations. */
const roots = /^(?:paths|webhooks)\./u;

/** The methods of a path, or the statuses of a response: what can hold something, by its key. */
type Properties = ReadonlyMap<string, ts.Type>;

function compareDeclarations(
  checker: ts.TypeChecker,
  before: Declarations,
  after: Declarations,
): Reason[] {
  const same = findSame(before, after);
  const { compare, compareKeys } = makeCompareTypes(checker, (one, other) => {
    const name = nameOf(one);
    return name !== undefined && name === nameOf(other) && same.has(`components.schemas.${name}`);
  });
  const reasons: Reason[] = [];
  const unproved: [ts.Type, ts.Type, Direction, string][] = [];

  const propertiesOf = (type: ts.Type | undefined): Properties =>
    new Map(
      (type === undefined ? [] : checker.getPropertiesOfType(type))
        .map((property) => [property.name, checker.getTypeOfSymbol(property)] as const)
        .filter(([, value]) => !checker.isTypeAssignableTo(value, checker.getUndefinedType())),
    );
  const rootOf = ({ source }: Declarations, name: string): Properties => {
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
    const [sent, received]: Direction[] = isWebhook ? ["result", "input"] : ["input", "result"];
    if (sent === undefined || received === undefined) return;
    reasons.push(...compareKeys(one, other, sent, where, ["parameters", "requestBody"]));
    const [old, now] = [propertiesOf(one).get("responses"), propertiesOf(other).get("responses")];
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
    [before, after].flatMap((declarations) => [
      ...findReached(
        declarations,
        [...declarations.units.keys()].filter((name) => roots.test(name)),
      ),
    ]),
  );
  const schemasOf = (declarations: Declarations): Properties =>
    propertiesOf(rootOf(declarations, "components").get("schemas"));
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
    .filter(([one, other, direction]) => !fits(checker, one, other, direction))
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
