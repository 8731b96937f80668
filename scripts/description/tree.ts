/** A description, or a part of one, as JSON. */
export type Json = null | boolean | number | string | readonly Json[] | JsonObject;
export interface JsonObject {
  readonly [key: string]: Json;
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The value if it is an object, or else an empty one. */
export function objectOf(value: unknown): JsonObject {
  return isObject(value) ? value : {};
}

/** The value if it is a list, or else an empty one. */
export function listOf(value: unknown): readonly Json[] {
  return Array.isArray(value) ? value : [];
}

/** An object with transformed values; an empty one for any other value. */
export function mapEntries(
  value: Json | undefined,
  transform: (key: string, child: Json) => Json,
): JsonObject {
  return Object.fromEntries(
    Object.entries(objectOf(value)).map(([key, child]) => [key, transform(key, child)]),
  );
}

/**
 * Whether two JSON values are equal, apart from the order of keys. Any name may be a key, even `constructor`,
 * which Redocly's `dequal` does not allow. Node's `isDeepStrictEqual` distinguishes -0 from 0.
 */
export function isEqual(left: unknown, right: unknown): boolean {
  if (!isContainer(left) || !isContainer(right)) return left === right;
  const keys = Object.keys(left);
  return (
    Array.isArray(left) === Array.isArray(right) &&
    keys.length === Object.keys(right).length &&
    keys.every((key) => Object.hasOwn(right, key) && isEqual(left[key], right[key]))
  );
}

function isContainer(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}

/** The value of a name that a description may give; not one that every object inherits. */
export function ownValue<T>(map: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(map, name) ? map[name] : undefined;
}

/**
 * Formats a path as a JSON Pointer in a URI fragment (RFC 6901 §6), without percent-encoding for readability.
 */
export function toPointer(path: readonly (string | number)[]): string {
  return `#${path.map((key) => `/${String(key).replaceAll("~", "~0").replaceAll("/", "~1")}`).join("")}`;
}

/** A reference to a schema by its name. Its pointer is a URI fragment, where only the percent sign is special. */
export function schemaReference(name: string): string {
  return toPointer(["components", "schemas", name]).replaceAll("%", "%25");
}

/** Parses the fragment of a `$ref` into a path; undefined if it is not a JSON Pointer. */
export function fromPointer(fragment: string): string[] | undefined {
  if (fragment !== "" && !fragment.startsWith("/")) return undefined;
  try {
    return parsePointer(decodeURIComponent(fragment));
  } catch {
    return undefined;
  }
}

/** The target of a `$ref`; undefined if it has none in this description. */
export function targetOf(root: Json, reference: Json | undefined): Json | undefined {
  if (typeof reference !== "string" || !reference.startsWith("#")) return undefined;
  const path = fromPointer(reference.slice(1));
  return path && find(root, path);
}

/** Parses a JSON Pointer that is not percent-encoded, such as one of Redocly's. */
export function parsePointer(pointer: string): string[] {
  return pointer
    .split("/")
    .slice(1)
    .map((key) => key.replaceAll("~1", "/").replaceAll("~0", "~"));
}

/** Whether a path leads into an extension. */
export function isInExtension(root: Json, path: readonly string[]): boolean {
  return path.some((key, index) => {
    const parent = key.startsWith("x-") ? find(root, path.slice(0, index)) : undefined;
    return (
      isObject(parent) &&
      Object.hasOwn(parent, key) &&
      find(root, path.slice(0, index + 1)) === undefined
    );
  });
}

/** Keywords of OpenAPI and JSON Schema whose keys are names chosen by the author. */
export const nameMaps: ReadonlySet<string> = new Set(
  (
    "paths webhooks callbacks responses headers content encoding examples links parameters variables " +
    "schemas requestBodies securitySchemes pathItems mapping scopes " +
    "properties patternProperties dependentSchemas dependentRequired $defs definitions"
  ).split(" "),
);

/** The keys of a path item that are operations, in the specification's order. */
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

/** The fields of a path item that say what an operation is. */
const pathItemFields = [...methods, "parameters", "servers"];

/**
 * The fields that both a path item and the target of its reference have, in different forms: OpenAPI 3.1
 * §4.8.9.1 does not say which of them count.
 */
export function ambiguousFields(item: JsonObject, target: Json | undefined): string[] {
  const other = objectOf(target);
  return pathItemFields.filter(
    (key) => key in item && key in other && !isEqual(item[key], other[key]),
  );
}

export function isMethod(key: string | undefined): boolean {
  return methods.some((method) => method === key);
}

/** Keywords whose values are only for people. */
export const textKeywords: ReadonlySet<string> = new Set(
  "description summary title example examples externalDocs tags $comment".split(" "),
);

// Keywords whose values are data: a `$ref` or a `pattern` inside has no meaning.
const dataKeywords = new Set(["example", "default", "const", "enum", "value"]);

type Path = readonly (string | number)[];

/** A value of a description, with its place and the meaning of its key. */
export class Entry {
  readonly key: string;
  /** Whether the key is a name chosen by the author, as under `properties`, and not a keyword. */
  readonly isName: boolean;
  readonly value: Json;
  /** The object that contains the entry. */
  readonly parent: JsonObject;
  readonly #above: Position;

  constructor(above: Position, key: string, isName: boolean, value: Json, parent: JsonObject) {
    this.#above = above;
    this.key = key;
    this.isName = isName;
    this.value = value;
    this.parent = parent;
  }

  /** Built on request: a list for each value of a large description takes longer than the walk. */
  get path(): Path {
    return [...pathOf(this.#above), this.key];
  }
}

/** An item of a list, which the walk passes through. */
interface Item {
  readonly above: Position;
  readonly index: number;
  readonly value: Json;
}

type Position = Path | Entry | Item;

function pathOf(position: Position): Path {
  if (position instanceof Entry) return position.path;
  return "index" in position ? [...pathOf(position.above), position.index] : position;
}

/**
 * Walks all entries of a description's objects that have a meaning in OpenAPI. It skips examples and other
 * data, and `x-*` extensions.
 */
export function* entries(
  root: Json,
  path: Path = [],
  rootKeysAreNames = false,
): Generator<Entry, void> {
  // Not nested generators: every value would pass through all of them.
  const pending = childrenOf(root, path, rootKeysAreNames);
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    if (next instanceof Entry) yield next;
    const map = next instanceof Entry && !next.isName && nameMaps.has(next.key) ? next : undefined;
    const value =
      map !== undefined && isExtensible(map.key, map.parent, root)
        ? withoutExtensions(map.value)
        : next.value;
    for (const child of childrenOf(value, next, map !== undefined)) pending.push(child);
  }
}

/** The children of a value, the last one first. */
function childrenOf(value: Json, above: Position, keysAreNames: boolean): (Entry | Item)[] {
  if (Array.isArray(value)) {
    return value.map((item, index) => ({ above, index, value: item })).toReversed();
  }
  if (!isObject(value)) return [];
  return Object.entries(value)
    .filter(([key, child]) => keysAreNames || !isOpaque(key, child))
    .map(([key, child]) => new Entry(above, key, keysAreNames, child, value))
    .toReversed();
}

/** Whether the value of a keyword is data, or belongs to an extension. */
export function isOpaque(key: string, value: Json): boolean {
  return (
    key.startsWith("x-") || dataKeywords.has(key) || (key === "examples" && Array.isArray(value))
  );
}

/**
 * Whether keys of a map that begin with `x-` are extensions and not names (OpenAPI 3.1 §4.8.8 and §4.8.16).
 * They are names of components, which may also be the root of a file.
 */
export function isExtensible(key: string, parent: JsonObject, root: Json): boolean {
  const isOfComponents = parent === root || parent === objectOf(root)["components"];
  return key === "paths" || (key === "responses" && !isOfComponents);
}

export function withoutExtensions(map: Json): Json {
  if (!isObject(map)) return map;
  return Object.fromEntries(Object.entries(map).filter(([key]) => !key.startsWith("x-")));
}

/**
 * Follows a pointer; undefined if it has no target, or if it leads through an extension. `rootKeysAreNames`
 * is for a file that is a part of a description: its keys are names.
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
