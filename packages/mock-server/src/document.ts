/** Any object of a description. */
export type Node = Readonly<Record<string, unknown>>;

/** An object of a description, and where it is. */
export interface NodeRef {
  readonly root: Node;
  readonly node: Node;
  /** A reference to it, such as `#/components/schemas/Job`. */
  readonly pointer: string;
}

export function isNode(value: unknown): value is Node {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** @throws TypeError if the value is not an OpenAPI 3.0 or 3.1 description */
export function checkDescription(value: unknown): Node {
  if (!isNode(value) || !/^3\.[01]\.\d/.test(String(value["openapi"]))) {
    throw new TypeError("the description is not an OpenAPI 3.0 or 3.1 document");
  }
  if (!isNode(value["paths"])) throw new TypeError("the description has no paths");
  return value;
}

export function textOf(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}

export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

export function rootOf(root: Node): NodeRef {
  return { root, node: root, pointer: "#" };
}

/** Finds the object at a path below another. Follows references, except at the end of the path. */
export function step(ref: NodeRef, ...keys: readonly (string | number)[]): NodeRef | undefined {
  let { pointer } = ref;
  let node: unknown = ref.node;
  for (const key of keys) {
    const from = isNode(node) ? follow({ ...ref, node, pointer }) : { node, pointer };
    if (!from || !(isNode(from.node) || Array.isArray(from.node))) return undefined;
    if (!Object.hasOwn(from.node, key)) return undefined;
    pointer = `${from.pointer}/${encodeURIComponent(escapeKey(String(key)))}`;
    node = Reflect.get(from.node, key);
  }
  return isNode(node) ? { root: ref.root, node, pointer } : undefined;
}

/** Resolves a reference, and references that it leads to; `undefined` if the target does not exist. */
export function follow(ref: NodeRef): NodeRef | undefined {
  const seen = new Set<string>();
  let at: NodeRef | undefined = ref;
  for (;;) {
    const reference = at && textOf(at.node["$ref"]);
    if (reference === undefined) return at;
    if (!reference.startsWith("#") || seen.has(reference)) return undefined;
    seen.add(reference);
    at = step(rootOf(ref.root), ...keysOf(reference));
  }
}

/** The objects directly below another, by key. Other values are left out. */
export function children(ref: NodeRef | undefined): readonly (readonly [string, NodeRef])[] {
  if (!ref) return [];
  return Object.keys(ref.node).flatMap((key) => {
    const child = step(ref, key);
    return child ? [[key, child] as const] : [];
  });
}

/** The objects of a list below another object. */
export function items(ref: NodeRef, key: string): readonly NodeRef[] {
  return listOf(ref.node[key]).flatMap((_, index) => step(ref, key, index) ?? []);
}

function escapeKey(key: string): string {
  return key.replaceAll("~", "~0").replaceAll("/", "~1");
}

/** The keys in a JSON pointer (RFC 6901 §4), as in Ajv's errors. */
export function segmentsOf(pointer: string): readonly string[] {
  const segments = pointer.split("/").slice(1);
  return segments.map((segment) => segment.replaceAll("~1", "/").replaceAll("~0", "~"));
}

/** The keys in a reference, which is a URI fragment (RFC 6901 §6). */
export function keysOf(reference: string): readonly string[] {
  return segmentsOf(decodeURIComponent(reference));
}
