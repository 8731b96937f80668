/** A description, or a part of one, as JSON. */
export type Json = null | boolean | number | string | readonly Json[] | JsonObject;
export interface JsonObject {
  readonly [key: string]: Json;
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Writes the way to a value as a JSON Pointer in a URI fragment (RFC 6901 §6), unescaped for people. */
export function toPointer(path: readonly (string | number)[]): string {
  return `#${path.map((key) => `/${String(key).replaceAll("~", "~0").replaceAll("/", "~1")}`).join("")}`;
}

/** Reads the fragment of a `$ref` as the way to a value; undefined if it is no JSON Pointer. */
export function fromPointer(fragment: string): string[] | undefined {
  if (fragment === "") return [];
  if (!fragment.startsWith("/")) return undefined;
  try {
    return decodeURIComponent(fragment)
      .slice(1)
      .split("/")
      .map((key) => key.replaceAll("~1", "/").replaceAll("~0", "~"));
  } catch {
    return undefined;
  }
}

/** Keywords of OpenAPI and JSON Schema whose keys are names that the author chose. */
export const nameMaps: ReadonlySet<string> = new Set(
  (
    "paths webhooks callbacks responses headers content encoding examples links parameters variables " +
    "schemas requestBodies securitySchemes pathItems mapping scopes " +
    "properties patternProperties dependentSchemas dependentRequired $defs definitions"
  ).split(" "),
);

/** The keys of a path item that are operations, in the order of the specification. */
export const methods = [
  "get",
  "put",
  "post",
  "delete",
  "options",
  "head",
  "patch",
  "trace",
] as const;

/** Keywords whose values only people read. */
export const textKeywords: ReadonlySet<string> = new Set(
  "description summary title example examples externalDocs tags $comment".split(" "),
);

// Keywords whose values are data: a `$ref` or a `pattern` in them means nothing. `enum` is not among
// them, because openapi-typescript reads the values of an object's enum as schemas.
const dataKeywords = new Set(["example", "default", "const", "value"]);

/** One value of a description, where it stands and what its key means there. */
export interface Entry {
  readonly path: readonly (string | number)[];
  readonly key: string;
  /** Whether the key is a name that the author chose, as under `properties`, and no keyword. */
  readonly isName: boolean;
  readonly value: Json;
  /** The object that holds it. */
  readonly parent: JsonObject;
}

/**
 * Walks the entries of all objects of a description that mean something to OpenAPI: not those in
 * examples and other data, and not those in `x-*` extensions.
 */
export function* entries(
  value: Json,
  path: readonly (string | number)[] = [],
  keysAreNames = false,
): Generator<Entry> {
  if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) yield* entries(item, [...path, index]);
  } else if (isObject(value)) {
    for (const [key, child] of Object.entries(value)) {
      const childPath = [...path, key];
      if (!keysAreNames && isOpaque(key, child)) continue;
      yield { path: childPath, key, isName: keysAreNames, value: child, parent: value };
      yield* entries(child, childPath, !keysAreNames && nameMaps.has(key));
    }
  }
}

/** Whether a keyword holds data, or what only its author knows. */
export function isOpaque(key: string, value: Json): boolean {
  return (
    key.startsWith("x-") || dataKeywords.has(key) || (key === "examples" && Array.isArray(value))
  );
}

/**
 * Follows a pointer; undefined if nothing is there, or if the way leads through an extension. The
 * keys of a file that is a part of a description are names (`rootKeysAreNames`).
 */
export function find(
  root: Json,
  path: readonly string[],
  rootKeysAreNames = false,
): Json | undefined {
  let node: Json | undefined = root;
  let keysAreNames = rootKeysAreNames;
  for (const key of path) {
    if (Array.isArray(node)) {
      node = node[Number(key)];
      keysAreNames = false;
    } else if (isObject(node) && Object.hasOwn(node, key)) {
      if (!keysAreNames && key.startsWith("x-")) return undefined;
      node = node[key];
      keysAreNames = !keysAreNames && nameMaps.has(key);
    } else {
      return undefined;
    }
  }
  return node;
}
