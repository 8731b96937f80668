import { basename } from "node:path";
import { bundle, lintDocument } from "@redocly/openapi-core";
import { CommandError, type Problem } from "../command/problem.js";
import { canonicalAddition, findOverlap, namedPartsOf, type Overlap } from "./additions.ts";
import { toCanonical } from "./canonical.ts";
import { ClosedResolver } from "./closed-resolver.ts";
import { toProblems } from "./lint.ts";
import type { ApiFiles, ParsedFile } from "./load.ts";
import { ActionError, applyAction, type ActionOutcome, type Effect } from "./overlay-action.ts";
import type { Api } from "./project.ts";
import { unmarkRounded } from "./numbers.ts";
import { referencesIn } from "./references.ts";
import { isEqual, isObject, listOf, toPointer, type Json, type JsonObject } from "./tree.ts";

/** The corrected description, and notices for people about the corrections. */
export interface OverlayResult {
  readonly effective: JsonObject;
  readonly notices: readonly string[];
  readonly outcomes: readonly ActionOutcome[];
}

/**
 * Bundles the files of a description into one, converts it to its canonical form and applies the overlays
 * strictly. An action fails if it changes nothing, or if it replaces a value without naming it. The others are
 * still applied, because several actions may target the same removed operation.
 */
export async function applyOverlays(api: Api, loaded: ApiFiles): Promise<OverlayResult> {
  // A YAML alias makes several places share one object. An action must change only one of them, hence the
  // copy.
  const { whole, notices } = await bundleFiles(api, loaded);
  let effective = toCanonical(JSON.parse(JSON.stringify(whole)) as JsonObject);
  const vendor = namedPartsOf(effective);
  const outcomes: ActionOutcome[] = [];
  for (const { file, document } of loaded.overlays) {
    await checkOverlay(api, file, document);
    const isAdditions = /^additions\.[a-z]+$/u.test(basename(file));
    for (const [index, action] of listOf(document.parsed["actions"]).filter(isObject).entries()) {
      const place = toPointer(["actions", index]);
      const applied = isAdditions
        ? correctable(file, index, () => canonicalAddition(effective, action))
        : action;
      const overlap = isAdditions ? findOverlap(effective, applied, vendor) : undefined;
      if (overlap?.isComplete) {
        const notice = skippedNotice(file, index, action, overlap.vendorNames);
        outcomes.push({ file, place, action, notice });
        continue;
      }
      const effect = correctable(file, index, () => applyAction(effective, applied));
      const fault = findOverlapFault(overlap) ?? findFault(applied, effect);
      if (fault === undefined) {
        outcomes.push({ file, place, action });
        continue;
      }
      const { what, remedy } = fault;
      const problem = {
        file,
        place,
        fault: `The action "${nameOf(action, index)}" ${what}`,
        remedy,
      };
      outcomes.push({ file, place, action, problem });
    }
    effective = toCanonical(effective);
  }
  return { effective, notices, outcomes };
}

/** Returns the corrected description. Throws a CommandError if an action failed or a reference has no target. */
export function requireSuccess(
  { followed, unresolved }: ApiFiles,
  { effective, notices, outcomes }: OverlayResult,
): OverlayResult {
  const problems = outcomes.flatMap(({ problem = [] }) => problem);
  if (problems.length > 0) throw new CommandError(problems);
  const remaining = [...referencesIn(effective)].map(({ value }) => String(value));
  // A reference to an unresolved reference also remains as it is.
  const hasBrokenChain = remaining.some((reference) => followed.has(reference));
  const unresolvedProblems = [...unresolved].flatMap(([reference, all]) =>
    hasBrokenChain || remaining.includes(reference) ? all : [],
  );
  if (unresolvedProblems.length > 0) throw new CommandError(unresolvedProblems);
  const allNotices = [...notices, ...outcomes.flatMap(({ notice = [] }) => notice)];
  return { effective, notices: allNotices, outcomes };
}

async function bundleFiles(
  api: Api,
  { description, documents }: ApiFiles,
): Promise<{ whole: JsonObject; notices: readonly string[] }> {
  const { source, parsed } = description;
  // A single file needs no bundling.
  if (documents.size === 1) return { whole: parsed, notices: [] };
  const { openapi = null } = parsed;
  const doc = structuredClone(parsed);
  // Redocly refuses to bundle unknown versions, but an overlay may correct the version.
  const isKnown = typeof openapi === "string" && /^3\.[012]\.\d+$/u.test(openapi);
  const result = await bundle({
    doc: { source, parsed: isKnown ? doc : { ...doc, openapi: "3.1.0" } },
    config: api.config,
    externalRefResolver: new ClosedResolver(documents.values()),
  });
  const root = source.absoluteRef.slice(0, -api.description.length);
  const problemsOf = (severity: "error" | "warn"): Problem[] =>
    result.problems
      .filter(
        (problem) =>
          problem.severity === severity && !problem.message.startsWith("Can't resolve $ref"),
      )
      .flatMap((problem) => {
        const file = problem.location[0]?.source.absoluteRef.replace(root, "");
        return toProblems(file ?? api.description, [problem]);
      });
  const errors = problemsOf("error");
  if (errors.length > 0) throw new CommandError(errors);
  return {
    whole: { ...(result.bundle.parsed as JsonObject), openapi },
    notices: problemsOf("warn").map(({ file, place, fault }) => `${file} ${place}: ${fault}`),
  };
}

async function checkOverlay(api: Api, file: string, document: ParsedFile): Promise<void> {
  const { overlay } = document.parsed;
  if (typeof overlay !== "string" || !/^1\.[01]\.\d+$/u.test(overlay)) {
    throw new CommandError({
      file,
      place: "#/overlay",
      fault: `The overlay version ${JSON.stringify(overlay)} is not supported`,
      remedy: 'Write "1.1.0" or "1.0.0", as a string',
    });
  }
  const all = await lintDocument({
    document,
    config: api.config,
    externalRefResolver: new ClosedResolver(),
  });
  // What an action writes refers to parts of the description, and is checked there.
  const isWritten = /^#\/actions\/\d+\/update\b/u;
  const findings = all.filter(
    ({ ruleId, location: [place] }) =>
      ruleId !== "no-unresolved-refs" || !isWritten.test(place?.pointer ?? ""),
  );
  if (findings.length > 0)
    throw new CommandError(toProblems(file, findings, "Correct the overlay"));
}

/** Reports an error in an action with its place. */
function correctable<T>(file: string, index: number, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof ActionError)) throw error;
    const place = toPointer(["actions", index]);
    throw new CommandError({ file, place, fault: error.message, remedy: "Correct the action" });
  }
}

interface Fault {
  readonly what: string;
  readonly remedy: string;
}

/** An addition must not be merged into the vendor's own parts. */
function findOverlapFault(overlap: Overlap | undefined): Fault | undefined {
  if (overlap === undefined) return undefined;
  if (overlap.shared.length > 0) {
    return {
      what: `adds ${overlap.shared.join(" and ")}, which would also apply to the vendor's operations`,
      remedy: "Move that to the operations that the action adds",
    };
  }
  if (overlap.published.length === 0) return undefined;
  const [added, published, vendorNames] = [
    overlap.added,
    overlap.published,
    overlap.vendorNames,
  ].map((names) => names.join(" and "));
  return {
    what: `adds ${added}, but the vendor's description now has ${vendorNames}`,
    remedy: `Remove ${published} from the action`,
  };
}

function findFault(
  action: JsonObject,
  { isChanged, replaced, repeated }: Effect,
): Fault | undefined {
  const { target, remove, "x-replaces": expected } = action;
  if (!isChanged) {
    return {
      what: `changes nothing: ${String(target)} matches nothing, or the description already has what the action writes`,
      remedy: `Check what the vendor changed there, then delete the action or correct its target${hint(String(target))}`,
    };
  }
  const [repetition] = repeated;
  if (repetition !== undefined) {
    const list = toJson(repetition.list);
    return {
      what: `appends ${repetition.values.map(toJson).join(", ")} to the list ${list}, which has that already`,
      remedy: `Leave the vendor's values out of the action, or remove the vendor's list with an action before it that has x-replaces: ${list}`,
    };
  }
  const isRemoval = remove === true;
  if (expected === undefined && (isRemoval || replaced.length === 0)) return undefined;
  if (replaced.length > 0 && replaced.every((value) => isEqual(value, expected))) return undefined;
  const verb = isRemoval ? "remove" : "replace";
  const [first, ...others] = replaced.filter(
    (value, index) => replaced.findIndex((each) => isEqual(each, value)) === index,
  );
  if (others.length > 0) {
    return {
      what: `${verb}s different values: ${[first, ...others].map(toJson).join(" and ")}`,
      remedy: `Split the action into one for each value, with that value as its x-replaces`,
    };
  }
  return {
    what:
      expected === undefined
        ? `replaces ${toJson(first)} without an x-replaces`
        : `expects to ${verb} ${toJson(expected)}, but finds ${first === undefined ? "nothing" : toJson(first)}`,
    remedy:
      first === undefined
        ? "Check what the vendor changed there, then delete the x-replaces or the action"
        : `If it is still right, give the action x-replaces: ${toJson(first)}`,
  };
}

/** A name copied from the vendor's description may have capitals that the canonical form does not have. */
function hint(target: string): string {
  const isAboutCase = /header|content|scheme/iu.test(target) && /'[^']*\p{Lu}[^']*'/u.test(target);
  return isAboutCase
    ? "; names of headers and media types are in lower case here, whatever the vendor writes"
    : "";
}

function toJson(value: Json | undefined): string {
  return unmarkRounded(JSON.stringify(value));
}

function nameOf(action: JsonObject, index: number): string {
  return String(action["description"] ?? index);
}

function skippedNotice(
  file: string,
  index: number,
  action: JsonObject,
  vendorNames: readonly string[],
): string {
  const what = vendorNames.join(" and ");
  return `${file} ${toPointer(["actions", index])}: The action "${nameOf(action, index)}" was skipped, because the vendor's description now has ${what}. Delete the action`;
}
