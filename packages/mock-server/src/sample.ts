import type { ErrorObject } from "ajv";
import { sample } from "openapi-sampler";
import { children, follow, segmentsOf, step, type Node, type NodeRef } from "./document.ts";
import { hasNoSchema, type MediaType } from "./operation.ts";
import { DescriptionError, type Check, type Schemas } from "./schemas.ts";

/** A value that a schema accepts, or the errors of the last candidate. */
type Sample = { readonly value: unknown } | { readonly errors: readonly ErrorObject[] };

/**
 * Finds a valid value of a media type: one of its examples, or a sample of its schema. Examples may be
 * wrong, and samples ignore patterns and other keywords, so each candidate is validated and, if necessary,
 * repaired.
 */
export async function sampleMediaType(mediaType: MediaType, schemas: Schemas): Promise<Sample> {
  const { schema } = mediaType;
  const check = schema ? schemas.response(schema) : () => [];
  let last: Sample = { errors: [] };
  for (const value of candidates(mediaType, schemas)) {
    const errors = check(value);
    if (errors.length === 0) return { value };
    last = await repair(value, errors, check);
  }
  return last;
}

/** A sample of a schema's required properties. */
export function sampleRequired(schema: NodeRef, schemas: Schemas): Node {
  const value = sampleSchema(schemas.plainResponse(schema), true);
  return typeof value === "object" && value !== null ? { ...value } : {};
}

function* candidates(mediaType: MediaType, schemas: Schemas): Generator<unknown> {
  const { ref, schema, kind } = mediaType;
  if ("example" in ref.node) yield ref.node["example"];
  for (const [, reference] of children(step(ref, "examples"))) {
    const example = follow(reference)?.node;
    if (example && "value" in example) yield example["value"];
  }
  if (!schema || hasNoSchema(mediaType)) {
    yield kind === "other" ? "string" : {};
    return;
  }
  yield sampleSchema(schema, false);
  const plain = schemas.plainResponse(schema);
  yield sampleSchema(plain, false);
  yield sampleSchema(plain, true);
}

function sampleSchema({ node, root }: NodeRef, skipNonRequired: boolean): unknown {
  const options = { skipWriteOnly: true, enablePatterns: true, quiet: true, skipNonRequired };
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

type Path = readonly string[];

/** Replaces strings that violate a pattern with matching ones, and removes other invalid values. */
async function repair(
  invalidValue: unknown,
  initialErrors: readonly ErrorObject[],
  check: Check,
): Promise<Sample> {
  let value = invalidValue;
  let errors = initialErrors;
  while (errors.length > 0) {
    const [error] = errors;
    if (!error) break;
    const better = (await variants(value, error)).find(
      (variant) => check(variant).length < errors.length,
    );
    if (better === undefined) return { errors };
    value = better;
    errors = check(value);
  }
  return { value };
}

/** Variants of a value: with another string, then without the invalid part, then without its parents. */
async function variants(value: unknown, error: ErrorObject): Promise<readonly unknown[]> {
  const path = segmentsOf(error.instancePath);
  const texts =
    error.keyword === "pattern" ? await textsMatching(String(error.params["pattern"])) : [];
  return [
    ...texts.map((text) => replace(value, path, () => text)),
    ...path.map((_, index) => replace(value, path.slice(0, path.length - index), () => undefined)),
  ];
}

const textsByPattern = new Map<string, Promise<readonly string[]>>();

/** Strings that match a pattern, shortest first. */
function textsMatching(pattern: string): Promise<readonly string[]> {
  const texts = textsByPattern.get(pattern) ?? generateTexts(pattern);
  textsByPattern.set(pattern, texts);
  return texts;
}

async function generateTexts(pattern: string): Promise<readonly string[]> {
  const { sample: generate, stringMatching } = await import("fast-check");
  try {
    const texts = generate(stringMatching(new RegExp(pattern)), { seed: 1, numRuns: 50 });
    return texts.toSorted((a, b) => a.length - b.length);
  } catch {
    // fast-check does not support everything, such as look-behinds.
    return [];
  }
}

/** Copies a value with a change at a path. `undefined` removes a property, and empties an array. */
function replace(value: unknown, path: Path, change: () => string | undefined): unknown {
  const [key, ...rest] = path;
  if (key === undefined) return change();
  if (typeof value !== "object" || value === null) return value;
  const changed = replace(Reflect.get(value, key), rest, change);
  if (Array.isArray(value)) {
    return changed === undefined ? [] : value.with(Number(key), changed);
  }
  const copy: Record<string, unknown> = { ...value };
  delete copy[key];
  return changed === undefined ? copy : { ...copy, [key]: changed };
}
