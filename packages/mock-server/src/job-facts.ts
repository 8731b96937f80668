import { follow, isNode, items, listOf, step, type Node, type NodeRef } from "./document.ts";
import { jsonOf, type Operation } from "./operation.ts";
import { sampleRequired } from "./sample.ts";
import { once } from "./once.ts";
import type { Schemas } from "./schemas.ts";

/** The facts that a description states about a job. */
export interface JobFacts {
  /** The property that holds the job's state. */
  readonly property: string;
  /** The states that are not final, in the description's order. */
  readonly working: readonly string[];
  /** The first final state of each outcome. If there is only one outcome, both are its state. */
  readonly succeeded: string;
  readonly failed: string;
  /** A check for each property that the schema names: whether the schema accepts a value for it. */
  readonly properties: ReadonlyMap<string, (value: unknown) => boolean>;
  /** Samples of the properties that the schema requires. */
  readonly required: () => Node;
}

/** Reads the facts of a job from the JSON of an operation's success, if a property has final states. */
export function readJobFacts(operation: Operation, schemas: Schemas): JobFacts | undefined {
  const schema = jsonOf(operation)?.schema;
  if (!schema) return undefined;
  const properties = propertiesOf(schema);
  for (const [property, reference] of properties) {
    // Keywords beside a reference count, too.
    const parts = [reference, ...partsOf(reference)];
    const node = parts.find((part) => isNode(part.node["x-final-states"]))?.node;
    const outcomes = node?.["x-final-states"];
    if (!node || !isNode(outcomes)) continue;
    const states = [...listOf(node["x-extensible-enum"]), ...listOf(node["enum"])].map(String);
    const finalStates = Object.keys(outcomes);
    const stateOf = (outcome: string): string | undefined =>
      finalStates.find((state) => outcomes[state] === outcome);
    const [anyFinal = ""] = finalStates;
    const working = states.filter((state) => !finalStates.includes(state));
    return {
      property,
      working: working.length > 0 ? working : [anyFinal],
      succeeded: stateOf("succeeded") ?? anyFinal,
      failed: stateOf("failed") ?? anyFinal,
      properties: new Map(
        [...properties].map(([name, ref]) => [
          name,
          (value: unknown): boolean => schemas.response(ref)(value).length === 0,
        ]),
      ),
      required: once(() => sampleRequired(schema, schemas)),
    };
  }
  return undefined;
}

/** The properties that an object's schema and its parts name. */
export function propertiesOf(schema: NodeRef): ReadonlyMap<string, NodeRef> {
  const properties = new Map<string, NodeRef>();
  for (const part of partsOf(schema)) {
    const holder = step(part, "properties");
    for (const name of Object.keys(holder?.node ?? {})) {
      const property = holder && step(holder, name);
      if (property) properties.set(name, property);
    }
  }
  return properties;
}

/** A schema, and the schemas that it is composed of. */
function partsOf(schema: NodeRef, seen: Set<string> = new Set()): readonly NodeRef[] {
  const ref = follow(schema);
  if (!ref || seen.has(ref.pointer)) return [];
  seen.add(ref.pointer);
  const parts = ["allOf", "anyOf", "oneOf"].flatMap((key) => items(ref, key));
  return [ref, ...parts.flatMap((part) => partsOf(part, seen))];
}
