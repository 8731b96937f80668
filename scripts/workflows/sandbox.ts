import { mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { integrityOf } from "../command/digest.js";
import { CommandError } from "../command/problem.js";
import { objectOf } from "../description/tree.ts";
import { readProject } from "../description/project.ts";
import { readReleasedPackages } from "../packages/client-packages.ts";
import { sortByDependencies } from "../release/dependencies.js";
import { findUpstream, startLoopback } from "../release/loopback.ts";
import { createGitHub, type GitHub } from "./github.ts";
import { writeNpmWrapper } from "./npm-wrapper.ts";
import { readWorkflow } from "./read-workflow.ts";
import type { JobResult, StepResult } from "./run-job.ts";
import { runWorkflow, type RunOptions } from "./run-workflow.ts";

/** How a job has to end: with a failure, its output says why. */
export type Expected = "success" | "skipped" | RegExp;

/** Everything that one story happens in: a GitHub and an npm registry without any package. */
export interface Sandbox extends AsyncDisposable {
  readonly folder: string;
  readonly github: GitHub;
  /** The names of the released packages, each after those that it depends on. */
  readonly names: readonly string[];
  /** Runs the jobs that are named in `expected`, and fails if one ends otherwise. */
  run(
    workflow: string,
    expected: Readonly<Record<string, Expected>>,
    options?: Omit<RunOptions, "jobs"> & {
      readonly variables?: Readonly<Record<string, string>>;
    },
  ): Promise<{ readonly jobs: ReadonlyMap<string, JobResult>; readonly artifacts: string }>;
  /** What the registry has of the released packages: the digest of each tarball by `name@version`. */
  published(): Promise<Readonly<Record<string, string>>>;
  /** The commands of npm that would have staged a version. */
  staged(): Promise<readonly string[]>;
  /** Prints what was proved, or throws if it is not so. */
  prove(claim: string, isTrue: boolean, evidence?: unknown): void;
}

/**
 * @param root this repository
 * @param from the repository that the new GitHub begins with, as its folder or URL
 */
export async function openSandbox(
  root: string,
  from: string,
  folder: string,
  story: string,
  signal: AbortSignal,
  print: (line: string) => void,
): Promise<Sandbox> {
  const bin = join(folder, "bin");
  const log = join(folder, "staged");
  await mkdir(bin, { recursive: true });
  const github = await createGitHub(from, folder, bin);
  const packages = await readReleasedPackages(await readProject(root));
  const names = sortByDependencies(packages).map(({ name }) => name);
  const scopes = new Set(names.map((name) => name.slice(0, name.indexOf("/"))));
  const upstream = await findUpstream(root, signal);
  const registry = await startLoopback(join(folder, "registry"), scopes, upstream);
  await writeNpmWrapper(bin, log, scopes, registry);
  let runs = 0;

  return {
    folder,
    github,
    names,
    async run(name, expected, { variables = {}, ...options } = {}) {
      const text = await github.read("main", `.github/workflows/${name}.yml`);
      runs += 1;
      const runFolder = join(folder, `run-${runs}`);
      const report = (step: StepResult): void => {
        const place = `${story}: ${name} / ${step.job}: ${step.title}`;
        const seconds = `${Math.round(step.milliseconds / 1000)} s`;
        if (!step.hasFailed) return print(`✔ ${place} ${seconds}`);
        const fault = expected[step.job];
        if (fault instanceof RegExp && fault.test(step.output)) {
          return print(`✔ ${place} stopped after ${seconds}`);
        }
        print(`✘ ${place} ${seconds}\n${step.output}`);
      };
      const jobs = await runWorkflow(
        readWorkflow(name, text),
        runFolder,
        { github, bin, variables, signal, report },
        { ...options, jobs: Object.keys(expected) },
      );
      for (const [job, outcome] of Object.entries(expected)) {
        checkOutcome(`${story}: ${name} / ${job}`, jobs.get(job), outcome);
      }
      return { jobs, artifacts: join(runFolder, "artifacts") };
    },
    async published() {
      const versions = await Promise.all(names.map((name) => readPublished(registry.url, name)));
      return Object.fromEntries(versions.flat());
    },
    async staged() {
      const text = await readFile(log, "utf8").catch(() => "");
      return text.split("\n").filter((line) => line !== "");
    },
    prove(claim, isTrue, evidence) {
      if (isTrue) return print(`✔ ${story}: ${claim}`);
      const fault = `It is not true that ${claim}: ${JSON.stringify(evidence)}`;
      const remedy = "Find out what the workflow did above";
      throw new CommandError({ file: story, fault, remedy });
    },
    [Symbol.asyncDispose]: () => registry[Symbol.asyncDispose](),
  };
}

function checkOutcome(place: string, result: JobResult | undefined, expected: Expected): void {
  const state = result?.state ?? "skipped";
  const failed = result?.steps.filter((step) => step.hasFailed) ?? [];
  const output = failed.map((step) => step.output).join("\n");
  const isExpected =
    expected instanceof RegExp ? state === "failure" && expected.test(output) : state === expected;
  if (isExpected) return;
  const wanted = expected instanceof RegExp ? `a failure that says ${String(expected)}` : expected;
  throw new CommandError({
    file: place,
    fault: `It ended with ${state}, not ${wanted}; see above`,
    remedy: "Run its steps by hand, or correct what the story expects in scripts/workflows/stories",
  });
}

async function readPublished(
  registry: string,
  name: string,
): Promise<[version: string, integrity: string][]> {
  const response = await fetch(`${registry}${name.replace("/", "%2f")}`);
  if (response.status === 404) return [];
  const body: unknown = await response.json();
  const versions = objectOf(objectOf(body)["versions"]);
  return Promise.all(
    Object.entries(versions).map(async ([version, manifest]): Promise<[string, string]> => {
      const dist = objectOf(objectOf(manifest)["dist"]);
      const tarball = await (await fetch(String(dist["tarball"]))).arrayBuffer();
      return [`${name}@${version}`, integrityOf(new Uint8Array(tarball))];
    }),
  );
}
