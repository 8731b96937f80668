import { parseYaml } from "@redocly/openapi-core";
import { CommandError } from "../command/problem.js";
import { isObject, type JsonObject } from "../description/tree.ts";

/** A step: a shell command, or an action with its inputs. */
export interface Step {
  /** For people: the command, or the action. */
  readonly title: string;
  readonly id?: string;
  readonly condition?: string;
  readonly run?: string;
  /** Without its commit: `actions/checkout`. */
  readonly action?: string;
  readonly inputs: Readonly<Record<string, string>>;
  readonly env: Readonly<Record<string, string>>;
}

export interface WorkflowJob {
  readonly name: string;
  readonly needs: readonly string[];
  readonly condition?: string;
  /** Whether its token may push. */
  readonly canPush: boolean;
  readonly outputs: Readonly<Record<string, string>>;
  readonly steps: readonly Step[];
}

export interface Workflow {
  readonly name: string;
  /** Each after those that it needs. */
  readonly jobs: readonly WorkflowJob[];
}

/**
 * Reads a workflow of GitHub Actions.
 *
 * @throws CommandError that names what the simulation of GitHub Actions does not support
 */
export function readWorkflow(name: string, text: string): Workflow {
  const { jobs } = asObject(name, parseYaml(text));
  const read = Object.entries(asObject(`${name}: jobs`, jobs)).map(([job, value]) =>
    readJob(job, asObject(`${name} / ${job}`, value), `${name} / ${job}`),
  );
  const sorted: WorkflowJob[] = [];
  while (sorted.length < read.length) {
    const next = read.find(
      (job) =>
        !sorted.includes(job) && job.needs.every((need) => sorted.some((it) => it.name === need)),
    );
    if (next === undefined)
      throw refusal(name, "Its jobs need jobs that never run", "Correct needs");
    sorted.push(next);
  }
  return { name, jobs: sorted };
}

function readJob(name: string, job: JsonObject, place: string): WorkflowJob {
  refuseUnknown(place, job, [
    "needs",
    "if",
    "permissions",
    "outputs",
    "steps",
    "runs-on",
    "timeout-minutes",
  ]);
  const { needs = [], if: condition, permissions, outputs, steps } = job;
  if (!Array.isArray(steps)) throw refusal(place, "It has no steps", "Give it steps");
  return {
    name,
    needs: [needs].flat().map(String),
    ...(condition !== undefined && { condition: String(condition) }),
    canPush: isObject(permissions) && permissions["contents"] === "write",
    outputs: texts(`${place}: outputs`, outputs),
    steps: steps.map((step) => readStep(asObject(`${place}: a step`, step), place)),
  };
}

function readStep(step: JsonObject, place: string): Step {
  refuseUnknown(place, step, ["id", "if", "run", "uses", "with", "env"]);
  const { id, if: condition, run, uses, with: inputs, env } = step;
  const [action = ""] = String(uses ?? "").split("@");
  return {
    title: String(run ?? action),
    ...(id !== undefined && { id: String(id) }),
    ...(condition !== undefined && { condition: String(condition) }),
    ...(run !== undefined ? { run: String(run) } : { action }),
    inputs: texts(`${place}: with`, inputs),
    env: texts(`${place}: env`, env),
  };
}

function refuseUnknown(place: string, value: JsonObject, known: readonly string[]): void {
  const unknown = Object.keys(value).find((key) => !known.includes(key));
  if (unknown === undefined) return;
  const fault = `The simulation of GitHub Actions does not support '${unknown}'`;
  throw refusal(place, fault, "Add it to scripts/workflows/");
}

function texts(place: string, value: unknown = {}): Record<string, string> {
  return Object.fromEntries(
    Object.entries(asObject(place, value)).map(([key, text]) => [key, String(text)]),
  );
}

function asObject(place: string, value: unknown): JsonObject {
  if (isObject(value)) return value;
  throw refusal(place, "It is not a mapping", "Write one");
}

function refusal(file: string, fault: string, remedy: string): CommandError {
  return new CommandError({ file, fault, remedy }, 2);
}
