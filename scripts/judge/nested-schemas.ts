import {
  entries,
  find,
  fromPointer,
  objectOf,
  toPointer,
  type Json,
  type JsonObject,
} from "../description/tree.ts";
import { nestedReference } from "../description/references.ts";

/**
 * Makes a component of each nested schema that a reference leads to. A form for comparison may no longer have
 * the path to it. The name is that path, so no other component can have it.
 */
export function nameNestedSchemas(description: JsonObject): JsonObject {
  const copy = objectOf(structuredClone(description));
  const named: Record<string, Json> = {};
  for (const { key, isName, value, parent } of entries(copy)) {
    if (isName || key !== "$ref" || typeof value !== "string" || !nestedReference.test(value))
      continue;
    const path = fromPointer(value.slice(1)) ?? [];
    const schema = find(copy, path);
    if (schema === undefined) continue;
    const name = (path[0] === "components" ? path.slice(2) : path).join("/");
    named[name] = schema;
    const reference = toPointer(["components", "schemas", name]).replaceAll("%", "%25");
    Object.assign(parent, { $ref: reference });
  }
  if (Object.keys(named).length === 0) return description;
  const components = objectOf(copy["components"]);
  const schemas = { ...objectOf(components["schemas"]), ...named };
  return { ...copy, components: { ...components, schemas } };
}
