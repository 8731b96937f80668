import { isObject, methods, type JsonObject } from "./tree.ts";

/** What an action of `additions.yaml` brings. */
export interface Added {
  readonly operations: readonly { readonly name: string; readonly id: string | undefined }[];
  /** Given only where there is no operation. */
  readonly schemas: readonly string[];
}

/** The operations of a description: `GET /things`, and their ids; its schemas. */
export interface Published {
  readonly operations: ReadonlySet<string>;
  readonly ids: ReadonlySet<string>;
  readonly schemas: ReadonlySet<string>;
}

function listOperations({ paths }: JsonObject): Added["operations"] {
  return Object.entries(isObject(paths) ? paths : {}).flatMap(([path, item]) =>
    methods.flatMap((method) => {
      const operation = isObject(item) ? item[method] : undefined;
      if (!isObject(operation)) return [];
      const { operationId } = operation;
      return [
        {
          name: `${method.toUpperCase()} ${path}`,
          id: typeof operationId === "string" ? operationId : undefined,
        },
      ];
    }),
  );
}

function schemasOf({ components }: JsonObject): string[] {
  const { schemas } = isObject(components) ? components : {};
  return Object.keys(isObject(schemas) ? schemas : {});
}

export function operationsOf(description: JsonObject): Published {
  const operations = listOperations(description);
  return {
    operations: new Set(operations.map(({ name }) => name)),
    ids: new Set(operations.flatMap(({ id }) => (id === undefined ? [] : [id]))),
    schemas: new Set(schemasOf(description)),
  };
}

/** What an action adds to the root of a description, or to its schemas. */
export function addedBy({ target, update }: JsonObject): Added | undefined {
  if (!isObject(update)) return undefined;
  if (target === "$.components.schemas") return { operations: [], schemas: Object.keys(update) };
  if (target !== "$") return undefined;
  const operations = listOperations(update);
  return { operations, schemas: operations.length > 0 ? [] : schemasOf(update) };
}

/** Whether the vendor publishes all of it by now: an operation by its place or by its id. */
export function isThere({ operations, schemas }: Added, published: Published): boolean {
  return (
    operations.length + schemas.length > 0 &&
    operations.every(
      ({ name, id }) =>
        published.operations.has(name) || (id !== undefined && published.ids.has(id)),
    ) &&
    schemas.every((name) => published.schemas.has(name))
  );
}
