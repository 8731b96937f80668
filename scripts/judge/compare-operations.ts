import ts from "typescript";
import type { Direction } from "./direction.ts";
import { inside, type Place } from "./place.ts";
import { keyOf, type Successors } from "./successors.ts";
import { typeReason } from "./type-changes.ts";
import { TypeComparer } from "./type-comparer.ts";
import type { Reason } from "./verdict.ts";

/**
 * The properties of a type that can have a value, such as the methods of a path or the statuses of a
 * response.
 */
type Properties = ReadonlyMap<string, ts.Type>;

export function propertiesOf(checker: ts.TypeChecker, type: ts.Type | undefined): Properties {
  return new Map(
    (type === undefined ? [] : checker.getPropertiesOfType(type))
      .map((property) => [property.name, checker.getTypeOfSymbol(property)] as const)
      .filter(([, value]) => !checker.isTypeAssignableTo(value, checker.getUndefinedType())),
  );
}

export function propertiesOfInterface(
  checker: ts.TypeChecker,
  source: ts.SourceFile,
  name: string,
): Properties {
  const declaration = source.statements.find(
    (statement) => ts.isInterfaceDeclaration(statement) && statement.name.text === name,
  );
  return propertiesOf(checker, declaration && checker.getTypeAtLocation(declaration));
}

/** Compares the operations of two generated `schema.ts` files, one by one. */
export function compareOperations(
  checker: ts.TypeChecker,
  comparer: TypeComparer,
  before: ts.SourceFile,
  after: ts.SourceFile,
  successors: Successors,
): Reason[] {
  return (["paths", "webhooks"] as const).flatMap((root) => {
    const [old, now] = [
      propertiesOfInterface(checker, before, root),
      propertiesOfInterface(checker, after, root),
    ];
    return union(old, now).flatMap((path) => {
      const [had, has] = [
        propertiesOf(checker, old.get(path)),
        propertiesOf(checker, now.get(path)),
      ];
      return union(had, has).flatMap((method): Reason[] => {
        if (method === "parameters") return [];
        const place: Place = { in: "operation", method, path, keyPath: [] };
        const [oldMethod, newMethod] = [had.get(method), has.get(method)];
        if (oldMethod === undefined)
          return [typeReason("minor", "operation-added", place, "It was added")];
        const moved = successors.get(keyOf({ method, path }));
        const to: Place = { ...place, ...(moved && { method: moved.method, path: moved.path }) };
        const successor =
          newMethod ?? (moved && propertiesOf(checker, now.get(moved.path)).get(moved.method));
        return [
          ...(newMethod === undefined
            ? [typeReason("major", "operation-removed", place, "It was removed")]
            : []),
          ...(successor === undefined
            ? []
            : compareOperation(checker, comparer, oldMethod, successor, to, root === "webhooks")),
        ];
      });
    });
  });
}

function union(left: Properties, right: Properties): string[] {
  return [...new Set([...left.keys(), ...right.keys()])];
}

function compareOperation(
  checker: ts.TypeChecker,
  comparer: TypeComparer,
  before: ts.Type,
  after: ts.Type,
  place: Place,
  isWebhook: boolean,
): Reason[] {
  const sent: Direction = isWebhook ? "result" : "input";
  const received: Direction = isWebhook ? "input" : "result";
  const [old, now] = [before, after].map((type) => propertiesOf(checker, type).get("responses"));
  const parametersOf = (type: ts.Type, location: string): ts.Type | undefined => {
    const parameters = propertiesOf(checker, propertiesOf(checker, type).get("parameters"));
    return parameters.get(location)?.getNonNullableType();
  };
  const reasons = [
    // A location without parameters has no type.
    ...["query", "header", "path", "cookie"].flatMap((location) => {
      const [given, taken] = [parametersOf(before, location), parametersOf(after, location)];
      return comparer.compareKeys(given, taken, sent, inside(place, "parameters", location));
    }),
    ...comparer.compareKeys(before, after, sent, place, ["requestBody"]),
  ];
  if (old === undefined || now === undefined) return reasons;
  // The receiver of a webhook chooses a status, so a new status requires nothing.
  const statuses = isWebhook ? [...propertiesOf(checker, old).keys()] : undefined;
  const at = inside(place, "responses");
  return [
    ...reasons,
    ...comparer.compareKeys(old, now, received, at, statuses),
    ...(isWebhook ? [] : compareSuccesses(checker, old, now, at)),
  ];
}

/** The result of a call is the union of these bodies, so an additional body widens it. */
function compareSuccesses(
  checker: ts.TypeChecker,
  before: ts.Type,
  after: ts.Type,
  place: Place,
): Reason[] {
  const old = successesOf(checker, before);
  if (old.length === 0) return [];
  const isCovered = (known: ts.Type | undefined, body: ts.Type | undefined): boolean =>
    known === body ||
    (known !== undefined &&
      body !== undefined &&
      // A new comparer each time, because a comparer reports each change only once.
      new TypeComparer(checker, () => false, true)
        .compare(known, body, "result", place)
        .every(({ bump }) => bump !== "major"));
  return successesOf(checker, after).flatMap(({ keyPath, body }) => {
    const isKnown = old.some(
      (known) => known.keyPath.join() === keyPath.join() || isCovered(known.body, body),
    );
    if (isKnown) return [];
    return [
      typeReason(
        "major",
        "success-added",
        inside(place, ...keyPath),
        "A successful response with another body was added",
      ),
    ];
  });
}

/** The body of a successful response by status and media type; undefined for no body. */
interface Success {
  readonly keyPath: readonly string[];
  readonly body: ts.Type | undefined;
}

function successesOf(checker: ts.TypeChecker, responses: ts.Type): Success[] {
  const all = [...propertiesOf(checker, responses)];
  const successes = all.filter(([status]) => status.startsWith("2"));
  // If no other status is a success, `default` is one.
  const relevant =
    successes.length > 0 ? successes : all.filter(([status]) => status === "default");
  return relevant.flatMap(([status, response]): Success[] => {
    const content = propertiesOf(checker, propertiesOf(checker, response).get("content"));
    // Some statuses have no content (RFC 9110 §15.3.5 and §15.3.6), whatever is described.
    if (content.size === 0 || /^20[45]$/u.test(status)) {
      return [{ keyPath: [status], body: undefined }];
    }
    return [...content].map(([type, body]) => ({ keyPath: [status, "content", type], body }));
  });
}
