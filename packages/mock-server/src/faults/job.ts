import type { Node } from "../document.ts";
import { isCompleted, keepKnown, type ReportedJob } from "../job.ts";
import type { FaultImplementation } from "./fault-kind.ts";

export type JobFaultName =
  | "job-failed"
  | "unknown-status"
  | "progress-backwards"
  | "running-again"
  | "completed-without-url"
  | "null-fields"
  | "duplicate-keys"
  | "unsafe-integer"
  | "proto-key"
  | "other-job"
  | "never-finished";

/** Changes fields of the job, or its full JSON text; `undefined` if the job is not in the right state. */
type Change = (job: ReportedJob, previousJob: ReportedJob | undefined) => Node | string | undefined;

function changeJob(number: number, summary: string, change: Change): FaultImplementation {
  return {
    number,
    on: "status",
    summary,
    apply({ response, job, previousJob }) {
      const changed = job && change(job, previousJob);
      if (changed === undefined) return undefined;
      const body =
        typeof changed === "string" ? changed : JSON.stringify({ ...job?.fields, ...changed });
      return { ...response, body };
    },
  };
}

/** Inserts members before the job's own. Usually the last of several equal keys counts (RFC 8259 §4). */
function prepend(members: string, { fields }: ReportedJob): string {
  return `{${members},${JSON.stringify(fields).slice(1)}`;
}

/** Null for each field that belongs to certain states only, if the job's schema has it. */
function nullFields({ facts }: ReportedJob): Node {
  const names = ["progress", "completed_at", "download_url", "error_message", "total_records"];
  return keepKnown(Object.fromEntries(names.map((name) => [name, null])), facts);
}

function runningFields(job: ReportedJob, progress: number): Node {
  const { facts } = job;
  const state = { [facts.property]: facts.working.at(-1) };
  return { ...nullFields(job), ...state, ...keepKnown({ progress }, facts) };
}

function progressOf(job: ReportedJob | undefined): number {
  return Number(job?.fields["progress"] ?? 0);
}

export const jobFaults: Readonly<Record<JobFaultName, FaultImplementation>> = {
  "job-failed": changeJob(28, "the job has failed, with a reason", (job) => ({
    ...nullFields(job),
    [job.facts.property]: job.facts.failed,
    error_message: "The store is full.",
  })),
  "unknown-status": changeJob(29, "the status is 'archiving'", ({ facts }) => ({
    [facts.property]: "archiving",
  })),
  "progress-backwards": changeJob(30, "half of the progress reported before", (job, previous) =>
    progressOf(previous) > 0 ? runningFields(job, Math.floor(progressOf(previous) / 2)) : undefined,
  ),
  "running-again": changeJob(31, "a completed job runs again", (job, previous) =>
    previous && isCompleted(previous) ? runningFields(job, 10) : undefined,
  ),
  "completed-without-url": changeJob(32, "a completed job has no download_url", (job) =>
    isCompleted(job) ? { download_url: null } : undefined,
  ),
  "null-fields": changeJob(33, "every nullable field is null", nullFields),
  "duplicate-keys": changeJob(34, "id and status twice, the correct ones last", (job) =>
    prepend(`"id":"another","${job.facts.property}":"${job.facts.failed}"`, job),
  ),
  "unsafe-integer": changeJob(35, "total_records is 2^53 + 1", ({ fields }) =>
    JSON.stringify({ ...fields, total_records: 0 }).replace(
      `"total_records":0`,
      `"total_records":9007199254740993`,
    ),
  ),
  "proto-key": changeJob(36, "a __proto__ key", (job) =>
    prepend(`"__proto__":{"polluted":true}`, job),
  ),
  "other-job": changeJob(37, "the id of another job", () => ({
    id: "00000000-0000-4000-8000-000000000000",
  })),
  "never-finished": {
    ...changeJob(38, "the job stays at 99 percent", (job) => runningFields(job, 99)),
    isLasting: true,
  },
};
