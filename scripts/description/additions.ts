import { isObject, methods, type JsonObject } from "./tree.ts";

/** The operations and schemas that an action of `additions.yaml` adds. */
export interface Addition {
  readonly operations: readonly { readonly name: string; readonly id: string | undefined }[];
  /** Empty unless the action adds no operations. */
  readonly schemas: readonly string[];
}

/** The operations of a description (`GET /things`), their ids, and its schemas. */
interface PublishedParts {
  readonly operations: ReadonlySet<string>;
  readonly ids: ReadonlySet<string>;
  readonly schemas: ReadonlySet<string>;
}

function listOperations({ paths }: JsonObject): Addition["operations"] {
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

export function operationsOf(description: JsonObject): PublishedParts {
  const operations = listOperations(description);
  return {
    operations: new Set(operations.map(({ name }) => name)),
    ids: new Set(operations.flatMap(({ id }) => (id === undefined ? [] : [id]))),
    schemas: new Set(schemasOf(description)),
  };
}

/** Returns what an action adds to the root of a description, to its paths or to its schemas. */
export function additionOf({ target, update }: JsonObject): Addition | undefined {
  if (!isObject(update)) return undefined;
  if (target === "$.components.schemas") return { operations: [], schemas: Object.keys(update) };
  if (target === "$.paths") return { operations: listOperations({ paths: update }), schemas: [] };
  if (target !== "$") return undefined;
  const operations = listOperations(update);
  return { operations, schemas: operations.length > 0 ? [] : schemasOf(update) };
}

/** The names of all that an addition adds. */
export function namesOf({ operations, schemas }: Addition): string[] {
  return [...operations.map(({ name }) => name), ...schemas];
}

/**
 * The names of what the vendor has published of an addition. An operation matches by its method and path or
 * its id.
 */
export function publishedOf(
  { operations, schemas }: Addition,
  published: PublishedParts,
): string[] {
  return namesOf({
    operations: operations.filter(
      ({ name, id }) =>
        published.operations.has(name) || (id !== undefined && published.ids.has(id)),
    ),
    schemas: schemas.filter((name) => published.schemas.has(name)),
  });
}
