import type { ErrorObject } from "ajv";
import { listOf, segmentsOf } from "./document.ts";
import { lenientRegExp, type Check } from "./schemas.ts";

/** A valid value, or the errors of the candidate that has the fewest. */
export type Repaired = { readonly value: unknown } | { readonly errors: readonly ErrorObject[] };

interface Invalid {
  readonly value: unknown;
  readonly errors: readonly ErrorObject[];
}

/** Ends the search for a schema that accepts nothing. */
const maxVariants = 1000;

/** Returns the first valid candidate; or else varies the one with the fewest errors until one is valid. */
export async function repair(candidates: Iterable<unknown>, check: Check): Promise<Repaired> {
  const open: Invalid[] = [];
  for (const value of candidates) {
    const errors = check(value);
    if (errors.length === 0) return { value };
    // Among candidates with as many errors, the last comes first: it has the fewest properties.
    open.unshift({ value, errors });
  }
  const next = (): Invalid | undefined => {
    const fewest = Math.min(...open.map(({ errors }) => errors.length));
    const index = open.findIndex(({ errors }) => errors.length === fewest);
    return open.splice(index, 1)[0];
  };

  const closest = next();
  const tried = new Set<string>();
  for (let invalid = closest; invalid && tried.size < maxVariants; invalid = next()) {
    for await (const value of variants(invalid)) {
      const text = JSON.stringify(value);
      if (tried.has(text)) continue;
      tried.add(text);
      const errors = check(value);
      if (errors.length === 0) return { value };
      open.push({ value, errors });
      if (errors.length < invalid.errors.length) {
        // Its other variants are tried if this one leads nowhere.
        open.push(invalid);
        break;
      }
    }
  }
  return { errors: closest?.errors ?? [] };
}

/** Variants of a value: with an invalid part replaced, without the part, and without its parents. */
async function* variants({ value, errors }: Invalid): AsyncGenerator<unknown> {
  for (const error of errors) {
    const path = segmentsOf(error.instancePath);
    const part = path.reduce<unknown>((each, key) => Reflect.get(Object(each), key), value);
    const replacements = await replacementsFor(part, error);
    yield* replacements.map((replacement) => replace(value, path, replacement));
    yield* path.map((_, index) => replace(value, path.slice(0, path.length - index), undefined));
  }
}

/** One value of each type. */
const plainValues = ["string", 0, true, {}, [], null];
/** Texts in the formats that the sampler does not know. */
const formattedTexts = ["", "P1D", "https://example.com", "12:00:00Z", "2026-01-01T12:00:00Z"];

/** Values that may satisfy the keyword that a part violates. */
async function replacementsFor(part: unknown, error: ErrorObject): Promise<readonly unknown[]> {
  const { propertyName: name, ...violation } = error;
  const { keyword, params } = violation;
  if (name !== undefined) {
    const property: unknown = Reflect.get(Object(part), name);
    const others = replace(part, [name], undefined);
    const names = await replacementsFor(name, violation);
    return names.map((better) => replace(others, [String(better)], property));
  }
  const limit = Number(params["limit"]);
  switch (keyword) {
    case "enum":
      return listOf(params["allowedValues"]);
    case "const":
      return [params["allowedValue"]];
    case "pattern":
      return textsMatching(String(params["pattern"]));
    case "format":
      return formattedTexts;
    case "minLength":
    case "maxLength":
      return [String(part).padEnd(limit, "x").slice(0, limit)];
    case "minimum":
    case "maximum":
    case "exclusiveMinimum":
    case "exclusiveMaximum":
      return [limit, limit + 1, limit - 1];
    case "multipleOf": {
      const quotient = Number(part) / Number(params["multipleOf"]);
      const multiples = [Math.ceil(quotient), Math.floor(quotient)];
      return multiples.map((factor) => factor * Number(params["multipleOf"]));
    }
    case "required":
    case "dependentRequired":
      return withProperty(part, String(params["missingProperty"]));
    case "minProperties":
      return withProperty(part, `property${Object.keys(Object(part)).length + 1}`);
    case "minItems":
      return plainValues.map((item) => [...listOf(part), item]);
    case "uniqueItems": {
      const index = Number(params["j"]);
      return differing(listOf(part)[index]).map((item) => listOf(part).with(index, item));
    }
    default:
      return plainValues;
  }
}

function withProperty(object: unknown, name: string): readonly unknown[] {
  return plainValues.map((value) => replace(object, [name], value));
}

/** Values that differ from another in one place. */
function differing(value: unknown): readonly unknown[] {
  if (typeof value === "string") return [`${value}2`];
  if (typeof value === "number") return [value + 1];
  if (typeof value === "boolean") return [!value];
  return Object.entries(Object(value)).flatMap(([key, child]) =>
    differing(child).map((other) => replace(value, [key], other)),
  );
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
    const texts = generate(stringMatching(lenientRegExp(pattern, "u")), { seed: 1, numRuns: 50 });
    return texts.toSorted((a, b) => a.length - b.length);
  } catch {
    // fast-check does not support everything, such as look-behinds.
    return [];
  }
}

/** Copies a value with a change at a path. `undefined` removes a property, and empties an array. */
function replace(value: unknown, path: readonly string[], replacement: unknown): unknown {
  const [key, ...rest] = path;
  if (key === undefined) return replacement;
  if (typeof value !== "object" || value === null) return value;
  const changed = replace(Reflect.get(value, key), rest, replacement);
  if (Array.isArray(value)) {
    return changed === undefined ? [] : value.with(Number(key), changed);
  }
  const copy: Record<string, unknown> = { ...value };
  delete copy[key];
  return changed === undefined ? copy : { ...copy, [key]: changed };
}
