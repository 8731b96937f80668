import { step, type Node, type NodeRef } from "./document.ts";
import { propertiesOf } from "./job-facts.ts";
import { jsonOf, pathNames, withoutSlash, type Operation } from "./operation.ts";
import { DescriptionError, type Schemas } from "./schemas.ts";

/** The operations that return the events that the jobs export: all of them, and one by its id. */
interface EventOperations {
  readonly list: Operation | undefined;
  /** The property of the list's response that holds the events. */
  readonly property: string;
  readonly item: Operation | undefined;
}

/** Finds these operations by their schemas, which accept the events but do not accept an empty object. */
export function readEventOperations(
  operations: readonly Operation[],
  events: readonly Node[],
  schemas: Schemas,
): EventOperations {
  const isEvent = (schema: NodeRef | undefined): boolean => {
    if (!schema) return false;
    try {
      const check = schemas.response(schema);
      return check({}).length > 0 && events.every((event) => check(event).length === 0);
    } catch (error) {
      // A request to the operation reports the error.
      if (error instanceof DescriptionError) return false;
      throw error;
    }
  };

  const getOperations = operations.filter(({ method }) => method === "get");
  for (const list of getOperations) {
    const schema = jsonOf(list)?.schema;
    const path = withoutSlash(list.path);
    if (!schema || path.endsWith("}")) continue;
    for (const [property, ref] of propertiesOf(schema)) {
      if (!isEvent(step(ref, "items"))) continue;
      const item = getOperations.find(
        (each) => each.path.startsWith(`${path}/{`) && pathNames(each.path).length === 1,
      );
      return { list, property, item: item && isEvent(jsonOf(item)?.schema) ? item : undefined };
    }
  }
  return { list: undefined, property: "", item: undefined };
}

/**
 * Selects the requested page of the events, and counts all matching events. Recognizes parameters by their
 * usual names; `values` has only those that the operation declares.
 */
export function selectEvents(
  events: readonly Node[],
  values: ReadonlyMap<string, unknown>,
): { readonly page: readonly Node[]; readonly count: number } {
  const numberOf = (name: string): number | undefined => {
    const value = values.get(name);
    return typeof value === "number" ? value : undefined;
  };
  const from = timeOf(values.get("from_date")) ?? -Infinity;
  const to = timeOf(values.get("to_date")) ?? Infinity;
  const filters = [values.get("q") ?? []].flat().map(String).map(readFilter);
  const isAny = values.get("search_operator") !== "and";

  const selected = events.filter((event) => {
    const at = timeOf(event["occurred_at"]) ?? 0;
    if (at < from || at > to) return false;
    const matches = filters.map((isMatch) => isMatch(event));
    return matches.length === 0 || (isAny ? matches.includes(true) : !matches.includes(false));
  });
  const sorted = sortBy(selected, String(values.get("sort") ?? ""));
  const offset = numberOf("offset") ?? 0;
  return {
    page: sorted.slice(offset, offset + (numberOf("limit") ?? Infinity)),
    count: selected.length,
  };
}

function timeOf(value: unknown): number | undefined {
  const time = typeof value === "string" ? Date.parse(value) : Number.NaN;
  return Number.isNaN(time) ? undefined : time;
}

/** `column:value1,value2` */
function readFilter(text: string): (event: Node) => boolean {
  const [column = "", ...rest] = text.split(":");
  const wanted = rest.join(":").split(",");
  return (event) => wanted.includes(String(event[column]));
}

/** `column,-column` */
function sortBy(events: readonly Node[], sort: string): readonly Node[] {
  const keys = sort.split(",").filter(Boolean);
  return events.toSorted((a, b) => {
    for (const key of keys) {
      const column = key.replace(/^-/, "");
      const [first, second] = [String(a[column]), String(b[column])];
      if (first !== second) return first < second === key.startsWith("-") ? 1 : -1;
    }
    return 0;
  });
}
