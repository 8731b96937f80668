import { CommandError, type Problem } from "../command/problem.js";
import type { Stage } from "../command/define-command.js";
import { lint } from "../description/lint.ts";
import { load } from "../description/load.ts";
import type { ActionOutcome } from "../description/overlay-action.ts";
import { applyOverlays, requireSuccess } from "../description/overlay.ts";
import type { Api } from "../description/project.ts";
import { readProvenances, type Provenance } from "../description/sources.ts";
import type { JsonObject } from "../description/tree.ts";
import { makeDiffPage } from "../judge/description-diff.ts";
import { judge } from "../judge/judge.ts";
import { readRelease, readReleasedDescription, type Release } from "../judge/released.ts";
import type { Verdict } from "../judge/verdict.ts";
import type { ClientPackage } from "../packages/client-packages.ts";

/** All that a person needs to decide about a change of an API. */
export interface ApiReport {
  readonly api: string;
  readonly client: ClientPackage | undefined;
  readonly sources: readonly Provenance[];
  /** What stops `generate`, if anything does. */
  readonly problems: readonly Problem[];
  readonly actions: readonly ActionOutcome[];
  /** The last release's description; undefined before the first release. */
  readonly released: JsonObject | undefined;
  /** The effective description now; undefined if something stops. */
  readonly current: JsonObject | undefined;
  readonly judgement: Judgement | undefined;
}

/** What both say about the change from the last release to now. */
export interface Judgement {
  readonly verdict: Verdict;
  /** Whether the package's declarations were also compared, for which the package has to be built. */
  readonly includesDeclarations: boolean;
  /** The page that `redocly diff` makes. */
  readonly diffPage: string;
}

/** Gathers what is known about an API. It does not rely on `generated/`, which a stop leaves behind. */
export async function gather(
  root: string,
  api: Api,
  client: ClientPackage | undefined,
  stage: Stage,
): Promise<ApiReport> {
  const sources = await readProvenances(root, api.folder);
  const description = await stage(`${api.name}: description`, () => describe(root, api));
  const released = client && (await readReleasedDescription(root, client));
  const { current } = description;
  const judgement =
    client && released && current
      ? await stage(`${api.name}: judge`, () => compare(root, client, released, current))
      : undefined;
  return { api: api.name, client, sources, ...description, released, judgement };
}

/** Makes the effective description as `generate` does, and notes what stops it. */
async function describe(
  root: string,
  api: Api,
): Promise<Pick<ApiReport, "problems" | "actions" | "current">> {
  let actions: readonly ActionOutcome[] = [];
  try {
    const loaded = await load(root, api);
    const result = await applyOverlays(api, loaded);
    actions = result.outcomes;
    const { effective } = requireSuccess(loaded, result);
    await lint(api, effective, actions);
    return { problems: [], actions, current: effective };
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    return { problems: error.problems, actions, current: undefined };
  }
}

async function compare(
  root: string,
  client: ClientPackage,
  released: JsonObject,
  current: JsonObject,
): Promise<Judgement> {
  const declarations = await readEntries(root, client);
  const [verdict, diffPage] = await Promise.all([
    judge(released, current, declarations),
    makeDiffPage([released, current]),
  ]);
  return { verdict, includesDeclarations: declarations !== undefined, diffPage };
}

/** If the change stops the build, the descriptions still can be compared. */
async function readEntries(
  root: string,
  client: ClientPackage,
): Promise<Release["declarations"] | undefined> {
  try {
    return (await readRelease(root, client))?.declarations;
  } catch (error) {
    if (error instanceof CommandError) return undefined;
    throw error;
  }
}
