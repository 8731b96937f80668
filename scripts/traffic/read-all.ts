import {
  createMethods,
  createSession,
  isObject,
  type Operation,
  type Operations,
} from "../../packages/runtime/src/index.ts";

/** What became of the calls. */
export interface Reading {
  /** What was called, by name. */
  readonly called: readonly string[];
  /** What was not, and why. */
  readonly skipped: readonly string[];
  /** What a client could not read, or was refused. */
  readonly failures: readonly string[];
}

/**
 * Calls every operation that only reads. What a path needs is taken from `given`, or is the id of
 * the first item that the path above it lists.
 */
export async function readAll(
  operations: Operations,
  options: Parameters<typeof createSession>[0],
  given: Readonly<Record<string, string>>,
): Promise<Reading> {
  const methods = createMethods<unknown, Operations>(createSession(options), operations);
  const readers = Object.entries(operations)
    .filter((entry): entry is [string, Operation] => !("unsupported" in entry[1]))
    .filter(([, { method }]) => method === "get")
    .toSorted(([, one], [, other]) => one.path.length - other.path.length);
  const ids = new Map<string, unknown>();
  const called: string[] = [];
  const skipped: string[] = [];
  const failures: string[] = [];
  for (const [name, { path, parameters }] of readers) {
    const input: Record<string, unknown> = {};
    for (const [key, parameter] of Object.entries(parameters)) {
      const found = path.endsWith(`/{${parameter.name}}`)
        ? ids.get(path.slice(0, path.lastIndexOf("/")))
        : undefined;
      const value = given[key] === undefined ? found : readValue(given[key], parameter.type);
      if (value !== undefined) input[key] = value;
    }
    const missing = Object.entries(parameters).find(
      ([key, { required }]) => required && input[key] === undefined,
    );
    if (missing !== undefined) {
      skipped.push(
        `${name} was not called: it needs ${missing[0]}, which --with ${missing[0]}=… gives`,
      );
      continue;
    }
    called.push(name);
    try {
      const data: unknown = await Reflect.get(methods, name)(input);
      if (data instanceof Response) await data.body?.cancel();
      ids.set(path, firstId(data));
    } catch (error) {
      failures.push(`${name}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  return { called, skipped, failures };
}

function readValue(text: string, type: string): unknown {
  if (type === "integer" || type === "number") return Number(text);
  if (type === "boolean") return text === "true";
  return type === "array" ? text.split(",") : text;
}

/** The id of the first item of an answer that is a list, or that holds one. */
function firstId(data: unknown): unknown {
  const list = [data, ...(isObject(data) ? Object.values(data) : [])].find(Array.isArray);
  const [first]: readonly unknown[] = Array.isArray(list) ? list : [];
  return isObject(first) ? first["id"] : undefined;
}
