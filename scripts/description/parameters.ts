import type { Problem } from "../command/problem.js";
import { entries, isObject, toPointer, type JsonObject } from "./tree.ts";

/** Finds parameters that an operation lists twice: one of them would be lost. */
export function checkParameters(file: string, root: JsonObject): Problem[] {
  const problems: Problem[] = [];
  for (const entry of entries(root)) {
    const { key, isName, value } = entry;
    if (isName || key !== "parameters" || !Array.isArray(value)) continue;
    const places = new Map<string, string>();
    for (const [index, parameter] of value.entries()) {
      if (!isObject(parameter) || "$ref" in parameter) continue;
      const { in: location, name } = parameter;
      const place = toPointer([...entry.path, index]);
      const identity = JSON.stringify([location, name]);
      const other = places.get(identity);
      places.set(identity, place);
      if (other === undefined) continue;
      problems.push({
        file,
        place,
        fault: `The parameter ${JSON.stringify(name)} of the ${String(location)} is listed before, at ${other}`,
        remedy: "Remove one of the two with an overlay action",
      });
    }
  }
  return problems;
}
