import { isDeepStrictEqual } from "node:util";
import { stringifyYaml } from "@redocly/openapi-core";
import { isObject, methods, objectOf, type Json, type JsonObject } from "../description/tree.ts";
import type { Change, Edit, SourceFiles, Evidence } from "./change.ts";
import { Draft } from "./draft.ts";
import { play, type PlayResult } from "./scenario.ts";
import type { Pipeline } from "./pipeline.ts";

/** The result of a change, before the judge. */
export interface Trial {
  /** The message that stopped it, with the stage. */
  readonly stop?: string;
  /** What went wrong although nothing stopped it. */
  readonly fault?: string;
  /** The resulting effective description. */
  readonly effective?: JsonObject;
}

/** What the vendor publishes before the change. */
export interface Vendor {
  readonly page: string;
  readonly description: Json;
  readonly whole: Json;
}

const name = "get-export-job-status.md";

/** The files that the vendor would publish after a change. */
export function filesOf(base: Change["base"], edits: readonly Edit[], vendor: Vendor): SourceFiles {
  const draft = new Draft(base === "whole" ? vendor.whole : vendor.description);
  const before = JSON.stringify(draft.description);
  for (const edit of edits) if (edit.of === "description") edit.apply(draft);
  const { description } = draft;
  const isEdited = base === "whole" || JSON.stringify(description) !== before;
  let page = isEdited ? withDescription(vendor.page, description) : vendor.page;
  for (const edit of edits) if (edit.of === "page") page = edit.apply(page);
  const [replacement] = edits.flatMap((edit) =>
    edit.of === "files" ? [edit.apply(page, description)] : [],
  );
  return replacement ?? { [name]: page };
}

function withDescription(page: string, description: Json): string {
  const [, before = "", after = ""] =
    /^([^]*?\n````yaml \S+) [^\n]*\n[^]*?\n(````[^`]*)$/u.exec(page) ?? [];
  if (before === "") throw new Error("The vendor's page has no fence of four backticks");
  const { paths = null } = objectOf(description);
  const [operation = ""] = Object.entries(objectOf(paths)).flatMap(([path, item]) =>
    methods
      .filter((method) => isObject(item) && method in item)
      .map((method) => `${method} ${path}`),
  );
  return `${before} ${operation}\n${stringifyYaml(description)}${after}`;
}

/**
 * Takes a change through the same stages as a vendor's page, and uses the resulting client. `known` caches
 * the results for descriptions without a specific proof.
 */
export async function tryChange(
  { base, before = [], edits, ...proof }: Change,
  vendor: Vendor,
  pipeline: Pipeline,
  known: Map<string, Trial>,
): Promise<Trial> {
  const stop = await pipeline.pullAndGenerate(filesOf(base, [...before, ...edits], vendor));
  if (stop !== undefined) return { stop };
  const effective = await pipeline.effective();
  const { facts, type, calls, inputs } = proof;
  const key = JSON.stringify([effective, inputs]);
  const isPlain = facts === undefined && type === undefined && calls === undefined;
  const same = isPlain ? known.get(key) : undefined;
  if (same !== undefined) return same;
  const compileErrors = (await pipeline.build()) ?? (await pipeline.typeCheck());
  const trial =
    compileErrors === undefined
      ? { effective, ...(await findHarm(proof, effective, pipeline)) }
      : { stop: compileErrors };
  if (isPlain) known.set(key, trial);
  return trial;
}

async function findHarm(
  { facts, type, calls, inputs }: Evidence,
  effective: JsonObject,
  pipeline: Pipeline,
): Promise<{ fault?: string }> {
  const difference = facts && differenceOf(await pipeline.operations(), facts, "operations");
  if (difference !== undefined) return { fault: difference };
  const typeErrors = type && (await pipeline.typeCheck(type));
  if (typeErrors !== undefined) return { fault: typeErrors };
  let playResult: PlayResult;
  try {
    playResult = await play(await pipeline.createClient(), effective, inputs);
  } catch (error) {
    return { fault: error instanceof Error ? error.message : String(error) };
  }
  if (calls === undefined || calls(playResult)) return {};
  const seen = playResult.requests.map(({ method, url, headers, body }) =>
    JSON.stringify({ method, url, headers, body }),
  );
  return { fault: `The calls do not show it: ${[...new Set(seen)].join(" ")}` };
}

/**
 * Describes the first difference between a value and the expected parts of it. An expected `null` means that
 * the value must be absent.
 */
function differenceOf(value: unknown, expected: unknown, place: string): string | undefined {
  if (expected === null) {
    return value === undefined || value === null ? undefined : `${place} is there`;
  }
  if (typeof expected !== "object" || Array.isArray(expected)) {
    if (isDeepStrictEqual(value, expected)) return undefined;
    return `${place} is ${JSON.stringify(value)}, not ${JSON.stringify(expected)}`;
  }
  if (typeof value !== "object" || value === null) return `${place} is ${JSON.stringify(value)}`;
  const actual = new Map<string, unknown>(Object.entries(value));
  for (const [key, inner] of Object.entries(expected)) {
    const difference = differenceOf(actual.get(key), inner, `${place}.${key}`);
    if (difference !== undefined) return difference;
  }
  return undefined;
}
