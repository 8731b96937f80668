import { fileURLToPath } from "node:url";
import {
  createConfig,
  lintDocument,
  resolvePlugins,
  Source,
  type Document,
  type NormalizedProblem,
} from "@redocly/openapi-core";
import { CommandError, type Problem } from "../command/problem.js";
import { blameOverlays } from "./blame.ts";
import { ClosedResolver } from "./closed-resolver.ts";
import { checkMarkdown } from "./markdown.ts";
import type { ActionOutcome } from "./overlay-action.ts";
import type { Api } from "./project.ts";
import { checkPatterns } from "./patterns.ts";
import { checkParameters } from "./parameters.ts";
import { checkReferences } from "./references.ts";
import { checkNumbers } from "./numbers.ts";
import { checkOperationIds } from "./operation-ids.ts";
import {
  entries,
  isInExtension,
  parsePointer,
  type Entry,
  type Json,
  type JsonObject,
} from "./tree.ts";
import { checkVersion } from "./version.ts";

const houseRules = fileURLToPath(new URL("house-rules.js", import.meta.url));

/**
 * Lints an effective description by its rules in `redocly.yaml`. Throws a CommandError if there are errors;
 * those in what an overlay action wrote name the action.
 */
export async function lint(
  api: Api,
  effective: JsonObject,
  outcomes: readonly ActionOutcome[] = [],
): Promise<void> {
  try {
    await lintDescription(api, effective);
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    throw new CommandError(blameOverlays(error.problems, effective, outcomes), error.exitCode);
  }
}

async function lintDescription(api: Api, effective: JsonObject): Promise<void> {
  checkVersion(api.description, effective);
  const unsafe = [
    ...checkReferences(api.description, effective),
    ...checkOperationIds(api.description, effective),
    ...checkParameters(api.description, effective),
    ...checkNumbers(api.description, effective),
    ...checkPatterns(api.description, effective),
    ...checkMarkdown(api.description, effective),
  ];
  if (unsafe.length > 0) throw new CommandError(unsafe);

  const { config } = api;
  // Names that could be mistaken for code are refused in any project, unless its redocly.yaml explicitly
  // turns the rule off.
  if (!config.plugins.some(({ id }) => id === "house")) {
    config.plugins.push(...(await resolvePlugins([houseRules], "")));
  }
  for (const version of ["oas3_0", "oas3_1"] as const) {
    config.rules[version]["house/inert-names"] ??= "error";
    config.rules[version]["house/extensions"] ??= "error";
  }
  const findings = await explainFailure(api, effective, () =>
    lintDocument({
      document: documentOf(api, withVisibleExamples(effective)),
      config,
      externalRefResolver,
    }),
  ).catch((error: unknown) => {
    if (error instanceof CommandError) throw error;
    throw failureOf(api, error);
  });
  const errors = outsideConditions(outsideExtensions(effective, findings)).filter(
    ({ severity }) => severity === "error",
  );
  if (errors.length > 0) throw new CommandError(groupByRule(api, errors));
}

/** Names the rule that failed: some call `hasOwnProperty` of an object, which may be a name in it. */
function failureOf({ name, description }: Api, error: unknown): CommandError {
  const stack = error instanceof Error ? error.stack : undefined;
  const [, rule = "a rule"] = /[\\/]rules[\\/]\w+[\\/]([\w-]+)\.js:/u.exec(stack ?? "") ?? [];
  return new CommandError({
    file: description,
    fault: `The linter fails in ${rule}: ${String(error)}`,
    remedy: `Turn the rule off under apis/${name}/rules in redocly.yaml, with the reason`,
  });
}

/**
 * Redocly has its own idea of some extensions, and follows references in all of them, but their meaning is
 * unknown. The rules of plugins and of redocly.yaml, which have a slash in their names, may know it.
 */
function outsideExtensions(
  effective: JsonObject,
  findings: readonly NormalizedProblem[],
): NormalizedProblem[] {
  return findings.filter(
    ({ ruleId, location: [place] }) =>
      ruleId.includes("/") ||
      !isInExtension(effective, parsePointer(place?.pointer?.slice(1) ?? "")),
  );
}

/**
 * A condition may require what the schema around it defines. Redocly expects each required property to be
 * defined in the condition itself.
 */
function outsideConditions(findings: readonly NormalizedProblem[]): NormalizedProblem[] {
  const inCondition =
    /(?<!\/(?:properties|schemas))\/(?:if|then|else|not|dependentSchemas\/[^/]+)(?:\/(?:allOf|anyOf|oneOf)\/\d+)*\/required\/\d+$/u;
  return findings.filter(
    ({ ruleId, location: [place] }) =>
      ruleId !== "no-required-schema-properties-undefined" ||
      !inCondition.test(place?.pointer ?? ""),
  );
}

/**
 * Moves references that have examples next to them into `allOf`. Redocly only visits the target of a
 * reference, so it would miss the examples.
 */
function withVisibleExamples(description: JsonObject): JsonObject {
  if (!hasHiddenExamples(description)) return description;
  const copy = structuredClone(description);
  for (const entry of entries(copy)) {
    if (!hidesExamples(entry)) continue;
    const { value, parent } = entry;
    const { allOf = [] } = parent;
    Object.assign(parent, { allOf: [{ $ref: value }, ...[allOf].flat()] });
    delete (parent as Record<string, Json>)["$ref"];
  }
  return copy;
}

function hidesExamples({ key, isName, parent }: Entry): boolean {
  return !isName && key === "$ref" && Array.isArray(parent["examples"]);
}

/** The ordinary description has none, and need not be copied. */
function hasHiddenExamples(description: JsonObject): boolean {
  for (const entry of entries(description)) if (hidesExamples(entry)) return true;
  return false;
}

const externalRefResolver = new ClosedResolver();

function documentOf(api: Api, parsed: JsonObject): Document<JsonObject> {
  return { source: new Source(api.description, ""), parsed };
}

/**
 * Runs work that may fail if the description is not valid OpenAPI, because a project may have disabled the
 * `struct` rule. If it fails, the findings of that rule become the error.
 */
export async function explainFailure<T>(
  api: Api,
  effective: JsonObject,
  work: () => T | Promise<T>,
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof CommandError) throw error;
    const config = await createConfig({ rules: { struct: "error" } });
    const document = documentOf(api, effective);
    const findings = outsideExtensions(
      effective,
      await lintDocument({ document, config, externalRefResolver }),
    );
    throw findings.length > 0 ? new CommandError(groupByRule(api, findings)) : error;
  }
}

const shown = 3;

/** Groups the findings by rule: the first three, and how many there are in total. */
function groupByRule(api: Api, findings: readonly NormalizedProblem[]): Problem[] {
  const rules = [...new Set(findings.map(({ ruleId }) => ruleId))];
  return rules.flatMap((rule) => {
    const all = findings.filter(({ ruleId }) => ruleId === rule);
    const rest = all.length - shown;
    const first = toProblems(api.description, all.slice(0, rest > 1 ? shown : all.length));
    if (rest <= 1) return first;
    return [
      ...first,
      {
        file: api.description,
        fault: `${rule} has ${all.length} findings; the first ${shown} are above`,
        remedy: `Correct them with one overlay action whose target describes the defect, or turn the rule off under apis/${api.name}/rules in redocly.yaml, with the reason`,
      },
    ];
  });
}

/** Converts Redocly's findings to problems, in the order of their places. */
export function toProblems(
  file: string,
  findings: readonly NormalizedProblem[],
  remedy = "Correct it with an overlay action",
): Problem[] {
  return findings.map(({ ruleId, message, location: [location], suggest }) => ({
    file,
    ...(location?.pointer === undefined ? {} : { place: location.pointer }),
    fault: `${message.replace(/\.$/u, "").replaceAll("\n", " ")} (${ruleId})`,
    remedy: suggest.length > 0 ? `Did you mean ${suggest.join(" or ")}?` : remedy,
  }));
}
