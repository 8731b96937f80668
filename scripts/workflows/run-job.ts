import { cp, mkdir, readFile, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import { delimiter, join, resolve } from "node:path";
import { childEnvironment } from "../command/environment.js";
import { CommandError } from "../command/problem.js";
import { runProgram } from "../command/program.js";
import { gitIn } from "../command/git.ts";
import { holds, resolveExpressions, type ExpressionTable } from "./expressions.ts";
import type { GitHub } from "./github.ts";
import type { WorkflowJob, Step } from "./read-workflow.ts";

/** What the jobs of a run have in common. */
export interface Surroundings {
  readonly github: GitHub;
  /** The folder with the programs that come first on PATH. */
  readonly bin: string;
  /** The repository's variables, by name. */
  readonly variables: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
  /** Is called as each step ends. */
  readonly report: (step: StepResult) => void;
}

export interface StepResult {
  readonly job: string;
  readonly title: string;
  readonly hasFailed: boolean;
  readonly milliseconds: number;
  readonly output: string;
}

export interface JobResult {
  readonly state: "success" | "failure" | "skipped";
  readonly outputs: Readonly<Record<string, string>>;
  readonly steps: readonly StepResult[];
}

/** A change of a job's clone, made once a step has ended. */
export interface CloneChange {
  readonly job: string;
  readonly after: string;
  readonly work: (clone: string) => Promise<void>;
}

/** The commands that are replaced by others, since .ci/run has just run them. */
const replaced: Readonly<Record<string, string>> = { "npm test": "npm run bootstrap" };

/**
 * Runs the steps of a job, each in its shell or as what stands for its action, with a home and a folder for
 * temporary files that no other job has.
 *
 * @param folder the job's own
 * @param artifacts the folder that the jobs of the run share
 * @param needs the results and outputs of the jobs that it needs, as `needs.<job>.outputs.<name>`
 */
export async function runJob(
  job: WorkflowJob,
  folder: string,
  artifacts: string,
  needs: ExpressionTable,
  surroundings: Surroundings,
  cloneChange?: CloneChange,
): Promise<JobResult> {
  const { github, variables, signal, report } = surroundings;
  const [clone, temporary] = [join(folder, "work"), join(folder, "temp")];
  const output = join(folder, "output");
  await mkdir(join(folder, "home"), { recursive: true });
  await mkdir(temporary);
  const table: Record<string, string> = {
    "github.token": github.tokens[job.canPush ? "write" : "read"],
    "runner.temp": temporary,
    ...Object.fromEntries(
      Object.entries(variables).map(([name, value]) => [`vars.${name}`, value]),
    ),
    ...needs,
  };

  const steps: StepResult[] = [];
  let hasFailed = false;
  for (const step of job.steps) {
    if (!holds(step.condition, table, hasFailed)) continue;
    const env = {
      ...jobEnvironment(folder, surroundings.bin),
      RUNNER_TEMP: temporary,
      GITHUB_OUTPUT: output,
      ...resolveAll(step.env, table),
    };
    if (!job.canPush && "GH_TOKEN" in env) {
      const fault = `'${step.title}' gets GH_TOKEN, but the job may not push`;
      throw new CommandError({ file: job.name, fault, remedy: "Take the token out of its env" });
    }
    await writeFile(output, "");
    const start = performance.now();
    const inputs = resolveAll(step.inputs, table);
    const result = await (step.run === undefined
      ? runAction(step, inputs, clone, artifacts, github, job.canPush)
      : runShell(step.run, { cwd: clone, env, signal }));
    const ended = {
      job: job.name,
      ...result,
      milliseconds: performance.now() - start,
    };
    steps.push(ended);
    report(ended);
    hasFailed ||= ended.hasFailed;
    if (step.id !== undefined) {
      for (const [name, value] of readOutputs(await readFile(output, "utf8"))) {
        table[`steps.${step.id}.outputs.${name}`] = value;
      }
    }
    if (cloneChange?.job === job.name && cloneChange.after === step.run)
      await cloneChange.work(clone);
  }
  // A failed job may lack what its outputs consist of.
  const outputs = hasFailed ? {} : resolveAll(job.outputs, table);
  return { state: hasFailed ? "failure" : "success", outputs, steps };
}

/** As on a runner of GitHub, but with the caches and the registry of the user's npm and pnpm. */
function jobEnvironment(folder: string, bin: string): NodeJS.ProcessEnv {
  const kept = /^npm_config_(?!.*prefix)|^(?:https?|no)_proxy$/iu;
  return {
    npm_config_userconfig: join(homedir(), ".npmrc"),
    npm_config_cache: join(homedir(), ".npm"),
    XDG_CACHE_HOME: process.env["XDG_CACHE_HOME"] ?? join(homedir(), ".cache"),
    XDG_DATA_HOME: process.env["XDG_DATA_HOME"] ?? join(homedir(), ".local/share"),
    ...Object.fromEntries(Object.entries(process.env).filter(([name]) => kept.test(name))),
    ...childEnvironment({ npm_config_globalconfig: process.env["npm_config_globalconfig"] }),
    PATH: [bin, process.env["PATH"]].join(delimiter),
    HOME: join(folder, "home"),
    CI: "true",
    GITHUB_ACTIONS: "true",
    GITHUB_SERVER_URL: "https://github.com",
    GITHUB_REPOSITORY: "example/example",
    GITHUB_RUN_ID: "1",
  };
}

type Result = Pick<StepResult, "title" | "hasFailed" | "output">;

async function runShell(
  command: string,
  options: { cwd: string; env: NodeJS.ProcessEnv; signal: AbortSignal },
): Promise<Result> {
  const actual = replaced[command] ?? command;
  const { exitCode, stdout, stderr } = await runProgram("bash", ["-e", "-c", actual], options);
  return {
    title: actual === command ? command : `${command}: .ci/run has run it, so only ${actual}`,
    hasFailed: exitCode !== 0,
    output: stdout + stderr,
  };
}

async function runAction(
  { title, action }: Step,
  inputs: Readonly<Record<string, string>>,
  clone: string,
  artifacts: string,
  { origin, tokens }: GitHub,
  canPush: boolean,
): Promise<Result> {
  const done = { title, hasFailed: false, output: "" };
  const { name = "", path = "", ...others } = inputs;
  switch (`${action} ${Object.keys(others).toSorted().join(" ")}`.trim()) {
    case "actions/checkout":
    case "actions/checkout persist-credentials":
    case "actions/checkout fetch-depth persist-credentials": {
      // The action takes 0 for the whole history.
      const depth = others["fetch-depth"] === "0" ? [] : ["--depth=1"];
      await gitIn(artifacts)("clone", "--quiet", ...depth, "--branch=main", origin, clone);
      if (others["persist-credentials"] !== "false") {
        // As the action does: every later step can read it.
        const header = `AUTHORIZATION: basic ${tokens[canPush ? "write" : "read"]}`;
        await gitIn(clone)("config", "http.https://github.com/.extraheader", header);
      }
      return done;
    }
    case "actions/setup-node node-version":
      return { ...done, title: `${title}: not ${others["node-version"]}, but ${process.version}` };
    case "actions/upload-artifact if-no-files-found":
      await cp(resolve(clone, path), join(artifacts, name), { recursive: true });
      return { ...done, title: `${title}: ${name}` };
    case "actions/download-artifact":
      await cp(join(artifacts, name), resolve(clone, path), { recursive: true });
      return { ...done, title: `${title}: ${name}` };
    default:
      throw new CommandError(
        {
          file: String(action),
          fault: `The simulation of GitHub Actions does not support this action with ${Object.keys(inputs).join(", ")}`,
          remedy: "Add it to scripts/workflows/run-job.ts",
        },
        2,
      );
  }
}

function resolveAll(
  texts: Readonly<Record<string, string>>,
  table: ExpressionTable,
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(texts).map(([name, text]) => [name, resolveExpressions(text, table)]),
  );
}

/** Reads the lines `name=value` of a file of outputs. */
function readOutputs(text: string): [name: string, value: string][] {
  return text.split("\n").flatMap((line): [string, string][] => {
    const [, name, value] = /^([^=]+)=(.*)$/u.exec(line) ?? [];
    return name === undefined || value === undefined ? [] : [[name, value]];
  });
}
