import type { ExportJob } from "../job.ts";
import type { FaultKind } from "./kind.ts";

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

/** Changes fields of the job, or its whole text; `undefined` if it is not in the right state. */
type Change = (
  job: ExportJob,
  previousJob: ExportJob | undefined,
) => Partial<ExportJob> | string | undefined;

function inJob(number: number, summary: string, change: Change): FaultKind {
  return {
    number,
    on: "status",
    summary,
    apply({ answer, job, previousJob }) {
      const changed = job && change(job, previousJob);
      if (changed === undefined) return undefined;
      const body = typeof changed === "string" ? changed : JSON.stringify({ ...job, ...changed });
      return { ...answer, body };
    },
  };
}

/** Puts members before those of the job: the later of two equal keys counts (RFC 8259 §4). */
function prepend(members: string, job: ExportJob): string {
  return `{${members},${JSON.stringify(job).slice(1)}`;
}

const nothing = {
  progress: null,
  completed_at: null,
  download_url: null,
  error_message: null,
  total_records: null,
};

export const jobFaults: Readonly<Record<JobFaultName, FaultKind>> = {
  "job-failed": inJob(28, "the job has failed, with a reason", () => ({
    ...nothing,
    status: "failed",
    error_message: "The store is full.",
  })),
  "unknown-status": inJob(29, "the status is 'archiving'", () => ({ status: "archiving" })),
  "progress-backwards": inJob(30, "half of the progress that was told before", (_, previous) =>
    previous?.progress
      ? { ...nothing, status: "running", progress: Math.floor(previous.progress / 2) }
      : undefined,
  ),
  "running-again": inJob(31, "a completed job runs again", (_, previous) =>
    previous?.status === "completed" ? { ...nothing, status: "running", progress: 10 } : undefined,
  ),
  "completed-without-url": inJob(32, "a completed job has no download_url", ({ status }) =>
    status === "completed" ? { download_url: null } : undefined,
  ),
  "null-fields": inJob(33, "every field that may be null is", () => nothing),
  "duplicate-keys": inJob(34, "id and status twice, the right ones last", (job) =>
    prepend(`"id":"another","status":"failed"`, job),
  ),
  "unsafe-integer": inJob(35, "total_records is 2^53 + 1", (job) =>
    JSON.stringify({ ...job, total_records: 0 }).replace(
      `"total_records":0`,
      `"total_records":9007199254740993`,
    ),
  ),
  "proto-key": inJob(36, "a __proto__ key", (job) => prepend(`"__proto__":{"polluted":true}`, job)),
  "other-job": inJob(37, "the id of another job", () => ({
    id: "00000000-0000-4000-8000-000000000000",
  })),
  "never-finished": {
    ...inJob(38, "the job runs at 99 percent", () => ({
      ...nothing,
      status: "running",
      progress: 99,
    })),
    isLasting: true,
  },
};
