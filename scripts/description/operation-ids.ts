import type { Problem } from "../command/problem.js";
import { entries, toPointer, type JsonObject } from "./tree.ts";

/** Finds operations with the same id: their types would have the same name, and neither would be right. */
export function checkOperationIds(file: string, root: JsonObject): Problem[] {
  const places = new Map<string, string>();
  const problems: Problem[] = [];
  for (const entry of entries(root)) {
    const { key, isName, value } = entry;
    if (isName || key !== "operationId" || typeof value !== "string") continue;
    const { path } = entry;
    // A link refers to an operation that is defined elsewhere.
    if (path[0] === "components" || path.at(-3) === "links") continue;
    const place = toPointer(path);
    const other = places.get(value);
    places.set(value, other ?? place);
    if (other === undefined) continue;
    problems.push({
      file,
      place,
      fault: `The operationId ${JSON.stringify(value)} is also used by ${other}`,
      remedy: "Give one of the two another operationId with an overlay action",
    });
  }
  return problems;
}
