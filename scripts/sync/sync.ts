import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { formatProblem, CommandError, type Problem } from "../command/problem.js";
import type { Stage } from "../command/define-command.js";
import { readProject, type Api, type Project } from "../description/project.ts";
import { isFetched, readProvenances } from "../description/sources.ts";
import { publicForm } from "../description/acquire.ts";
import { pull } from "../description/pull.ts";
import { decode, parse } from "../description/read.ts";
import type { JsonObject } from "../description/tree.ts";
import { readClientPackages } from "../packages/client-packages.ts";
import { generate } from "../emit/generate.ts";
import { listChanges } from "./changes.ts";
import { writeReport, type Section } from "./report.ts";
import { readRootScripts, runRootScript, RootScriptError } from "./root-script.ts";

interface SyncResult {
  /** The APIs whose descriptions changed. */
  readonly changed: readonly string[];
  /** A line for each API that could be read. */
  readonly lines: readonly string[];
  /** For people, in Markdown. */
  readonly report: string;
  /** The problems of all stages that failed, if any. */
  readonly error: CommandError | undefined;
}

/**
 * Pulls every API from the URLs given for it, or else from where it was last pulled, and runs the
 * changes through the rest of the pipeline: `generate`, and, as far as the root's package.json has them,
 * `build`, `typecheck:all`, `spec:diff` of the APIs that have a package, and `release:plan`. An API that
 * cannot be read remains unchanged and does not prevent the others. If nothing changed, it only checks what
 * is generated.
 */
export async function sync(
  root: string,
  urls: ReadonlyMap<string, readonly string[]>,
  stage: Stage,
): Promise<SyncResult> {
  const project = await readProject(root);
  const changed: string[] = [];
  const summary: string[] = [];
  const sections: Section[] = [];
  const errors: CommandError[] = [];
  const tasks: string[] = [];

  /** Does the work. If it fails, adds a section to the report that names the stage. */
  const attemptStage = async (
    name: string,
    work: (stage: Stage) => Promise<void>,
  ): Promise<void> => {
    let currentStage = name;
    try {
      await work((stageName, runWork) => {
        currentStage = stageName;
        return stage(stageName, runWork);
      });
    } catch (error) {
      if (!(error instanceof CommandError)) throw error;
      errors.push(error);
      const lines =
        error instanceof RootScriptError ? error.lines : error.problems.map(formatProblem);
      sections.push({ title: `Stopped at ${currentStage}`, lines });
      tasks.push(taskAfterFailure(currentStage, lines));
    }
  };

  for (const api of project.apis) {
    await attemptStage(`${api.name}: pull`, async (runStage) => {
      const from = urls.get(api.name) ?? (await readUrls(root, api));
      const { lines, change } = await pullApi(root, api, from, runStage);
      summary.push(...lines);
      if (change === undefined) return;
      changed.push(api.name);
      sections.push(change);
    });
  }

  await attemptStage("generate", async (runStage) => {
    const pipeline = runPipeline(project, changed, runStage);
    // An earlier sync may have stopped after it pulled.
    if (changed.length === 0) await generate(root, true, stage);
    else for await (const section of pipeline) sections.push(section);
  });

  if (sections.length === 0) sections.push({ title: "Nothing changed", lines: [] });
  if (changed.length > 0 && errors.length === 0) {
    tasks.push(
      "Review what changed and the judge's verdict, then merge. Nothing needs to be corrected.",
    );
  }
  if (tasks.length > 0) sections.push({ title: "What to do", lines: tasks });
  const problems = errors.flatMap((each) => each.problems);
  const exitCode = errors.some((each) => each.exitCode === 2) ? 2 : 1;
  const error = errors.length === 0 ? undefined : new CommandError(problems, exitCode);
  return { changed, lines: summary, report: writeReport(sections), error };
}

/** Pulls an API. Returns what to print, and a section for the report if anything changed. */
async function pullApi(
  root: string,
  api: Api,
  from: readonly string[],
  stage: Stage,
): Promise<{ readonly lines: readonly string[]; readonly change?: Section }> {
  const before = await readCurrent(root, api);
  const { data, lines } = await stage(`${api.name}: pull`, () => pull(root, api.name, from));
  if (data["changed"] !== true) return { lines };
  const changes = listChanges(before, await readCurrent(root, api));
  const sources = from.map((source) => publicForm(source)).join(", ");
  const note = changes.length === 0 ? ": nothing but the text around the description" : "";
  return {
    lines: lines.slice(0, 1),
    change: { title: `${api.name} changed`, lines: [`${sources}${note}`, ...changes] },
  };
}

/** Runs the stages after pulling, and yields a section for each root script. */
async function* runPipeline(
  project: Project,
  changed: readonly string[],
  stage: Stage,
): AsyncGenerator<Section> {
  const { root } = project;
  await generate(root, false, stage);
  const scripts = await readRootScripts(root);
  const packages = await readClientPackages(project);
  const judgedApis = changed.filter((name) => packages.some(({ api }) => api === name));
  const steps = [
    ["build"],
    ["typecheck:all"],
    ...judgedApis.map((name) => ["spec:diff", name]),
    ...(judgedApis.length > 0 ? [["release:plan"]] : []),
  ];
  for (const [script = "", ...args] of steps) {
    if (!scripts.includes(script)) continue;
    const title = [script, ...args].join(" ");
    yield { title, lines: await stage(title, () => runRootScript(root, script, args)) };
  }
}

/** Says what a person has to do after a stage failed. */
function taskAfterFailure(currentStage: string, lines: readonly string[]): string {
  const rest = "then run pnpm generate, commit spec/ and generated/ together, and push";
  const [, api = "", stage = ""] = /^(\S+): (.+)$/u.exec(currentStage) ?? [];
  if (stage === "pull") {
    return `${api}: do what the message says. If a page has moved, pass the URLs of all sources of ${api}: pnpm spec:sync ${api}=https://…. Nothing of ${api} was changed.`;
  }
  if (stage === "guard") {
    return `${api}: the vendor's files cannot be read. Ask the vendor, or pull another source with pnpm spec:pull ${api}.`;
  }
  if (stage === "overlay") {
    return `${api}: check out this branch and correct the overlay actions named above, ${rest}.`;
  }
  if (api !== "") {
    return `${api}: check out this branch and correct each finding above with an overlay action, ${rest}.`;
  }
  if (currentStage === "build" || currentStage === "typecheck:all") {
    return `${describeCompileErrors(lines)} Check out this branch, decide what the users of the package should see, change the places that the compiler names above, run npm test, commit and push.`;
  }
  return `Check out this branch, run pnpm ${currentStage} there, and follow its messages.`;
}

/** Says which packages do not compile, and of which ones only the tests do not. */
function describeCompileErrors(lines: readonly string[]): string {
  const sentences = lines
    .join("\n")
    .split(/^✘ /mu)
    .flatMap((section) => {
      const [label, name = "the scripts"] =
        /^(?:(\S+) )?(?:build|typecheck) after /u.exec(section) ?? [];
      if (label === undefined) return [];
      const files = [...section.matchAll(/^ +(\S+)\(\d+,\d+\): error /gmu)].map(([, file]) => file);
      const areTests = files.every((file) =>
        /^(?:bench|picture|rehearsal|test)\//u.test(file ?? ""),
      );
      return files.length > 0 && areTests
        ? `Only the tests of ${name} no longer fit the description.`
        : `The code of ${name} no longer fits the description.`;
    });
  return sentences.join(" ") || "The code of a package no longer fits the description.";
}

/** Reads the URLs that the sources of a description were last pulled from. */
async function readUrls(root: string, api: Api): Promise<string[]> {
  const all = (await readProvenances(root, api.folder))
    .filter(({ isPart }) => isPart !== true)
    .map(({ from }) => from);
  const files = all.filter((from) => !isFetched(from));
  if (all.length > 0 && files.length === 0) return all;
  const problem: Problem = {
    file: `${api.folder}/sources.json`,
    fault: `The description was pulled from ${files.join(" and ") || "an unknown source"}, so its URL is unknown`,
    remedy: `Pass the URLs of all its sources once, each as ${api.name}=https://…`,
  };
  throw new CommandError(problem, 2);
}

/** Reads the current description for the report; an invalid one counts as empty. */
async function readCurrent(root: string, api: Api): Promise<JsonObject> {
  try {
    const file = api.description;
    return parse(file, decode(file, await readFile(join(root, file))));
  } catch {
    return {};
  }
}
