import { listOf, targetOf, type Json, type JsonObject } from "../description/tree.ts";
import { partsOf } from "../emit/shapes.ts";

/** A schema, the target of its reference and the items of its `allOf`, and theirs. */
export function withParts(root: JsonObject, schema: Json | undefined): JsonObject[] {
  return partsOf(schema, (reference) => targetOf(root, reference));
}

/** The target of a schema's reference and the items of its `allOf`. */
export function directPartsOf(root: JsonObject, { $ref, allOf }: JsonObject): Json[] {
  return [targetOf(root, $ref) ?? [], listOf(allOf)].flat();
}
