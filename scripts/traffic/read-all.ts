import {
  createMethods,
  createSession,
  type Operation,
  type Operations,
} from "../../packages/runtime/src/index.ts";
import { listOf, objectOf } from "../description/tree.ts";

interface CallResults {
  /** The names of the operations that were called. */
  readonly called: readonly string[];
  /** The operations that were skipped, and why. */
  readonly skipped: readonly string[];
  /** The responses that a client could not read, and refused requests. */
  readonly failures: readonly string[];
}

/** The operations that are read-only. */
export function readersOf(operations: Operations): [name: string, operation: Operation][] {
  return Object.entries(operations)
    .filter((entry): entry is [string, Operation] => !("unsupported" in entry[1]))
    .filter(([, { method }]) => method === "get");
}

/**
 * Calls every read-only operation. A path parameter comes from `parameterValues`, or else is the id of the
 * first item in the list at the parent path.
 */
export async function readAll(
  operations: Operations,
  options: Parameters<typeof createSession>[0],
  parameterValues: Readonly<Record<string, string>>,
): Promise<CallResults> {
  const methods = createMethods<unknown, Operations>(createSession(options), operations);
  const readers = readersOf(operations).toSorted(
    ([, left], [, right]) => left.path.length - right.path.length,
  );
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
      const value =
        parameterValues[key] === undefined
          ? found
          : readValue(parameterValues[key], parameter.type);
      if (value !== undefined) input[key] = value;
    }
    const missing = Object.entries(parameters).find(
      ([key, { required }]) => required && input[key] === undefined,
    );
    if (missing !== undefined) {
      skipped.push(
        `${name} was not called: it needs ${missing[0]}; pass it with --with ${missing[0]}=…`,
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

/** The id of the first item of a response that is a list or contains one. */
function firstId(data: unknown): unknown {
  const list = [data, ...Object.values(objectOf(data))].find(Array.isArray);
  const [first] = listOf(list);
  return objectOf(first)["id"];
}
