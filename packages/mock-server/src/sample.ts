import { sample } from "openapi-sampler";
import { children, follow, step, type Node, type NodeRef } from "./document.ts";
import { hasNoSchema, type MediaType } from "./operation.ts";
import { repair, type Repaired } from "./repair.ts";
import { DescriptionError, type Schemas } from "./schemas.ts";

/**
 * Finds a valid value of a media type: one of its examples, or a sample of its schema. Examples may be
 * wrong, and samples ignore patterns and other keywords, so each candidate is validated and, if necessary,
 * repaired.
 */
export function sampleMediaType(mediaType: MediaType, schemas: Schemas): Promise<Repaired> {
  const { schema } = mediaType;
  return repair(candidates(mediaType, schemas), schema ? schemas.response(schema) : () => []);
}

/** A sample of a schema's required properties. */
export function sampleRequired(schema: NodeRef, schemas: Schemas): Node {
  const value = sampleSchema(schemas.plainResponse(schema), true);
  return typeof value === "object" && value !== null ? { ...value } : {};
}

function* candidates(mediaType: MediaType, schemas: Schemas): Generator<unknown> {
  const { ref, schema, kind } = mediaType;
  yield* examplesOf(ref);
  if (!schema || hasNoSchema(mediaType)) {
    yield kind === "other" ? "string" : {};
    return;
  }
  yield sampleSchema(schema, false);
  const plain = schemas.plainResponse(schema);
  yield sampleSchema(plain, false);
  yield sampleSchema(plain, true);
}

/** The examples of a parameter or a media type. */
export function* examplesOf(ref: NodeRef): Generator<unknown> {
  if ("example" in ref.node) yield ref.node["example"];
  for (const [, reference] of children(step(ref, "examples"))) {
    const example = follow(reference)?.node;
    if (example && "value" in example) yield example["value"];
  }
}

/** @throws DescriptionError if the schema cannot be sampled */
export function sampleSchema(
  { node, root }: NodeRef,
  skipNonRequired: boolean,
  skipped: "skipReadOnly" | "skipWriteOnly" = "skipWriteOnly",
): unknown {
  const options = { [skipped]: true, enablePatterns: true, quiet: true, skipNonRequired };
  const { warn } = console;
  // In spite of `quiet`, it warns about some schemas, without saying where they are.
  console.warn = () => undefined;
  try {
    return sample(node, options, root);
  } catch (error) {
    throw new DescriptionError(`a schema cannot be sampled: ${String(error)}`);
  } finally {
    console.warn = warn;
  }
}
