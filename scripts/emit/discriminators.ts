import {
  entries,
  isObject,
  listOf,
  objectOf,
  ownValue,
  schemaReference,
  targetOf,
  type Json,
  type JsonObject,
} from "../description/tree.ts";
import { accepts, partsOf, allPropertiesOf, type Follow } from "./shapes.ts";

/** A schema that a discriminator can choose. */
interface Candidate {
  readonly schema: unknown;
  readonly reference: string;
  readonly discriminator: JsonObject;
}

/** The values of a discriminator's property by which a schema is chosen. */
interface Limit {
  readonly schema: Record<string, Json>;
  readonly property: string;
  readonly values: readonly string[];
}

/**
 * Limits the property of each discriminator, in place, in the members of its `oneOf` and in the components that
 * extend its schema. openapi-typescript would override what these schemas themselves say about the property,
 * so the discriminators are removed.
 */
export function withoutDiscriminators(description: JsonObject): JsonObject {
  const follow: Follow = (reference) => targetOf(description, reference);
  const limits = candidatesIn(description, follow).flatMap((each) => limitsOf(each, follow));
  const parts = new Map(limits.map(({ schema }) => [schema, partsOf(schema, follow)]));
  for (const [index, { schema, property }] of limits.entries()) {
    const isSame = (other: Limit): boolean =>
      other.schema === schema && other.property === property;
    if (limits.findIndex(isSame) !== index) continue;
    // A schema also has the values of those that extend it.
    const all = limits.filter(
      (other) => other.property === property && parts.get(other.schema)?.includes(schema),
    );
    const values = new Set(all.flatMap((limit) => limit.values));
    apply({ schema, property, values: [...values] }, follow);
  }
  for (const { key, isName, parent } of entries(description)) {
    if (!isName && key === "discriminator") delete (parent as Record<string, Json>)[key];
  }
  return description;
}

/** A copy of a description in which the mapping of each discriminator has all schemas that it can choose. */
export function withMappings(description: JsonObject): JsonObject {
  const copy = structuredClone(description);
  const follow: Follow = (reference) => targetOf(copy, reference);
  for (const { schema, reference, discriminator } of candidatesIn(copy, follow)) {
    if (mappedValues(schema, discriminator, follow).length > 0) continue;
    const mapping = { [nameIn(reference)]: reference, ...objectOf(discriminator["mapping"]) };
    Object.assign(discriminator, { mapping });
  }
  return copy;
}

function candidatesIn(description: JsonObject, follow: Follow): Candidate[] {
  return [...membersIn(description, follow), ...extensionsIn(description, follow)];
}

function* membersIn(description: JsonObject, follow: Follow): Generator<Candidate> {
  for (const { key, isName, value, parent } of entries(description)) {
    if (isName || key !== "discriminator" || !isObject(value)) continue;
    if (!Array.isArray(parent["oneOf"])) continue;
    const members = parent["oneOf"].map((member) => objectOf(member)["$ref"]);
    const targets = Object.values(objectOf(value["mapping"]));
    for (const reference of new Set([...members, ...targets])) {
      if (typeof reference !== "string") continue;
      yield { schema: follow(reference), reference, discriminator: value };
    }
  }
}

/** A component that declares no property is only another view of the schema, unless it has a value. */
function* extensionsIn(description: JsonObject, follow: Follow): Generator<Candidate> {
  const schemas = objectOf(objectOf(description["components"])["schemas"]);
  for (const [name, schema] of Object.entries(schemas)) {
    if (!isObject(schema) || !Array.isArray(schema["allOf"])) continue;
    const base = partsOf(schema, follow).find(
      (part) => part !== schema && "discriminator" in part && !("oneOf" in part || "anyOf" in part),
    );
    const { discriminator } = base ?? {};
    if (!isObject(discriminator)) continue;
    const others = schema["allOf"].filter((part) => !partsOf(part, follow).includes(base ?? {}));
    const isMapped = mappedValues(schema, discriminator, follow).length > 0;
    if (!isMapped && allPropertiesOf({ ...schema, allOf: others }, follow).size === 0) continue;
    const reference = schemaReference(name);
    yield { schema, reference, discriminator };
  }
}

function mappedValues(schema: unknown, { mapping }: JsonObject, follow: Follow): string[] {
  const all = Object.entries(objectOf(mapping));
  return all.filter(([, target]) => follow(String(target)) === schema).map(([value]) => value);
}

/** The name of a schema, which is its value without a mapping (OpenAPI 3.1 §4.8.25). */
function nameIn(reference: string): string {
  return reference.slice(reference.lastIndexOf("/") + 1);
}

/** The limit by the mapping or else by the name, as far as the schema allows the values. */
function limitsOf({ schema, reference, discriminator }: Candidate, follow: Follow): Limit[] {
  if (!isObject(schema)) return [];
  const property = String(discriminator["propertyName"]);
  const mapped = mappedValues(schema, discriminator, follow);
  const values = (mapped.length > 0 ? mapped : [nameIn(reference)]).filter((value) =>
    partsOf(schema, follow).every(({ properties }) =>
      accepts(ownValue(objectOf(properties), property), value, follow),
    ),
  );
  return values.length > 0 ? [{ schema, property, values }] : [];
}

function apply({ schema, property, values }: Limit, follow: Follow): void {
  const { properties, required, allOf } = schema;
  const known = objectOf(allPropertiesOf(schema, follow).get(property));
  const kept = Object.entries(known).filter(([key]) =>
    /^(?:description|deprecated|readOnly|writeOnly)$/u.test(key),
  );
  const limited = { ...Object.fromEntries(kept), type: "string", enum: values };
  if (isObject(properties)) {
    schema["properties"] = { ...properties, [property]: limited };
    schema["required"] = [...new Set([...listOf(required), property])];
  } else if (Array.isArray(allOf)) {
    schema["allOf"] = [...allOf, { required: [property], properties: { [property]: limited } }];
  }
}
