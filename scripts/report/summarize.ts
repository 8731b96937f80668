import { listOf, objectOf, type Json, type JsonObject } from "../description/tree.ts";
import { factsOf } from "../emit/facts.ts";
import { methodNameOf } from "../emit/operations.ts";
import { whyUnsupported } from "../emit/unsupported.ts";

/** A property of a description, at the last release and now. */
interface Row {
  readonly what: string;
  readonly released: string;
  readonly current: string;
}

/** An operation, at the last release or now. */
interface OperationRow {
  /** Method and path. */
  readonly operation: string;
  /** The client's method, by the later of both descriptions. */
  readonly method: string;
  readonly isReleased: boolean;
  readonly isCurrent: boolean;
  /** Why a client cannot call it, if it cannot. */
  readonly unsupported: string | undefined;
}

/** Lists what distinguishes two descriptions at first sight. */
export function summarize(released: JsonObject | undefined, current: JsonObject): Row[] {
  const row = (what: string, read: (description: JsonObject) => string): Row => ({
    what,
    released: released === undefined ? "" : read(released),
    current: read(current),
  });
  return [
    row("Title", ({ info }) => textOf(objectOf(info)["title"])),
    row("The vendor’s version", ({ info }) => textOf(objectOf(info)["version"])),
    row("Servers", ({ servers }) =>
      listOf(servers)
        .map((server) => textOf(objectOf(server)["url"]))
        .join(", "),
    ),
    row("Authentication", ({ components }) =>
      Object.keys(objectOf(objectOf(components)["securitySchemes"])).join(", "),
    ),
    row("Operations", (description) => String(factsOf(description).length)),
    row("Schemas", ({ components }) =>
      String(Object.keys(objectOf(objectOf(components)["schemas"])).length),
    ),
  ];
}

/** Lists the operations of both descriptions, the current ones first. */
export function listOperations(
  released: JsonObject | undefined,
  current: JsonObject,
): OperationRow[] {
  const rows = new Map<string, OperationRow>();
  for (const [operations, isCurrent] of [
    [factsOf(current), true],
    [released === undefined ? [] : factsOf(released), false],
  ] as const) {
    for (const operation of operations) {
      const name = `${operation.method.toUpperCase()} ${operation.path}`;
      const earlier = rows.get(name);
      rows.set(
        name,
        earlier === undefined
          ? {
              operation: name,
              method: methodNameOf(operation) ?? "",
              isReleased: !isCurrent,
              isCurrent,
              unsupported: whyUnsupported(operation),
            }
          : { ...earlier, isReleased: true },
      );
    }
  }
  return [...rows.values()];
}

function textOf(value: Json | undefined): string {
  return typeof value === "string" ? value : "";
}
