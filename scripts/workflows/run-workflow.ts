import { cp, mkdir } from "node:fs/promises";
import { join } from "node:path";
import { holds, type ExpressionTable } from "./expressions.ts";
import type { Workflow } from "./read-workflow.ts";
import { runJob, type JobResult, type Surroundings, type CloneChange } from "./run-job.ts";

export interface RunOptions {
  /** The jobs that run. */
  readonly jobs: readonly string[];
  /** The outputs of jobs that do not run, but count as successful. */
  readonly given?: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** The folders of artifacts, by name, that these jobs left. */
  readonly artifacts?: Readonly<Record<string, string>>;
  readonly cloneChange?: CloneChange;
}

/**
 * Runs the jobs of a workflow, each as soon as those that it needs have ended. They share nothing but
 * outputs and `folder/artifacts`.
 */
export async function runWorkflow(
  { name, jobs }: Workflow,
  folder: string,
  surroundings: Surroundings,
  { jobs: selected, given = {}, artifacts = {}, cloneChange }: RunOptions,
): Promise<ReadonlyMap<string, JobResult>> {
  const shared = join(folder, "artifacts");
  await mkdir(shared, { recursive: true });
  for (const [artifact, from] of Object.entries(artifacts)) {
    await cp(from, join(shared, artifact), { recursive: true });
  }
  const running = new Map<string, Promise<JobResult>>(
    Object.entries(given).map(([job, outputs]) => [
      job,
      Promise.resolve({ state: "success", outputs, steps: [] }),
    ]),
  );
  for (const job of jobs) {
    if (!selected.includes(job.name)) continue;
    const start = async (): Promise<JobResult> => {
      const needed = await Promise.all(
        job.needs.map(async (need) => {
          const result = await running.get(need);
          if (result === undefined) {
            throw new Error(`${name} / ${job.name}: It needs ${need}, which does not run`);
          }
          return { need, ...result };
        }),
      );
      const table: ExpressionTable = Object.fromEntries(
        needed.flatMap(({ need, state, outputs }) => [
          [`needs.${need}.result`, state],
          ...Object.entries(outputs).map(([key, value]) => [`needs.${need}.outputs.${key}`, value]),
        ]),
      );
      const hasFailed = needed.some(({ state }) => state !== "success");
      if (!holds(job.condition, table, hasFailed)) {
        return { state: "skipped", outputs: {}, steps: [] };
      }
      return runJob(job, join(folder, job.name), shared, table, surroundings, cloneChange);
    };
    running.set(job.name, start());
  }
  const results = [...running].map(async ([job, result]) => [job, await result] as const);
  return new Map(await Promise.all(results));
}
