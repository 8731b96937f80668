import type { ErrorObject } from "ajv";
import { sample } from "openapi-sampler";
import { children, follow, segmentsOf, step, type Node, type Place } from "./document.ts";
import { hasNoSchema, type MediaType } from "./operation.ts";
import { DescriptionError, type Check, type Schemas } from "./schemas.ts";

/** A value that a schema accepts, or what is wrong with all that were tried. */
export type Sample = { readonly value: unknown } | { readonly errors: readonly ErrorObject[] };

/**
 * Makes a value of a media type: one of its examples, or one of its schema. Examples may be wrong, and
 * samples miss patterns and more, so each is checked, and mended if none is accepted.
 */
export async function sampleMediaType(mediaType: MediaType, schemas: Schemas): Promise<Sample> {
  const { schema } = mediaType;
  const check = schema ? schemas.response(schema) : () => [];
  let last: Sample = { errors: [] };
  for (const value of candidates(mediaType, schemas)) {
    const errors = check(value);
    if (errors.length === 0) return { value };
    last = await mend(value, errors, check);
  }
  return last;
}

/** An object of a schema with what it requires, and nothing else. */
export function sampleRequired(schema: Place, schemas: Schemas): Node {
  const value = sampleSchema(schemas.plainResponse(schema), true);
  return typeof value === "object" && value !== null ? { ...value } : {};
}

function* candidates(mediaType: MediaType, schemas: Schemas): Generator<unknown> {
  const { place, schema, kind } = mediaType;
  if ("example" in place.node) yield place.node["example"];
  for (const [, reference] of children(step(place, "examples"))) {
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

function sampleSchema({ node, root }: Place, skipNonRequired: boolean): unknown {
  const options = { skipWriteOnly: true, enablePatterns: true, quiet: true, skipNonRequired };
  try {
    return sample(node, options, root);
  } catch (error) {
    throw new DescriptionError(`a schema cannot be sampled: ${String(error)}`);
  }
}

type Path = readonly string[];

/** Puts a matching text where a pattern refuses one, and leaves out what is refused all the same. */
async function mend(
  refused: unknown,
  refusals: readonly ErrorObject[],
  check: Check,
): Promise<Sample> {
  let value = refused;
  let errors = refusals;
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

/** A value without what is refused, or without the least that holds it; first with another text. */
async function variants(value: unknown, error: ErrorObject): Promise<readonly unknown[]> {
  const path = segmentsOf(error.instancePath);
  const texts = error.keyword === "pattern" ? await textsLike(String(error.params["pattern"])) : [];
  return [
    ...texts.map((text) => replace(value, path, () => text)),
    ...path.map((_, index) => replace(value, path.slice(0, path.length - index), () => undefined)),
  ];
}

const known = new Map<string, Promise<readonly string[]>>();

/** Texts that match a pattern, the shortest first. */
function textsLike(pattern: string): Promise<readonly string[]> {
  const texts = known.get(pattern) ?? generateTexts(pattern);
  known.set(pattern, texts);
  return texts;
}

async function generateTexts(pattern: string): Promise<readonly string[]> {
  const { sample: generate, stringMatching } = await import("fast-check");
  try {
    const texts = generate(stringMatching(new RegExp(pattern)), { seed: 1, numRuns: 50 });
    return texts.toSorted((a, b) => a.length - b.length);
  } catch {
    // It holds what cannot be generated, such as a look-behind.
    return [];
  }
}

/** A copy with something else at a path; a list in which nothing comes of it is empty. */
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
