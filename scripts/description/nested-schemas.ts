import {
  entries,
  objectOf,
  schemaReference,
  targetOf,
  type Json,
  type JsonObject,
} from "./tree.ts";

/** A reference to a schema without a name: one within a path, or within another schema. */
const nestedReference =
  /^#\/(?:(?:paths|webhooks|components)\/.*\/schema(?:\/|$)|components\/schemas\/[^/]+\/)/u;

/**
 * Makes a component of each nested schema that a reference leads to, in place. Bundlers write such references.
 *
 * @param nameOf names the component of a reference, given the other components
 */
export function nameNestedSchemas(
  description: JsonObject,
  nameOf: (reference: string, others: JsonObject) => string,
): JsonObject {
  const components = objectOf(description["components"]);
  const others = objectOf(components["schemas"]);
  const named: Record<string, Json> = {};
  const names = new Map<string, string>();
  for (const { key, isName, value, parent } of entries(description)) {
    if (isName || key !== "$ref" || typeof value !== "string" || !nestedReference.test(value))
      continue;
    const name = names.get(value) ?? nameOf(value, { ...others, ...named });
    names.set(value, name);
    named[name] = targetOf(description, value) ?? {};
    Object.assign(parent, { $ref: schemaReference(name) });
  }
  return { ...description, components: { ...components, schemas: { ...named, ...others } } };
}
