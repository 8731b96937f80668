import type { Node } from "../document.ts";
import { isCompleted, keepKnown, type ToldJob } from "../job.ts";
import type { PlayedFault } from "./kind.ts";

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
type Change = (job: ToldJob, previousJob: ToldJob | undefined) => Node | string | undefined;

function inJob(number: number, summary: string, change: Change): PlayedFault {
  return {
    number,
    on: "status",
    summary,
    apply({ answer, job, previousJob }) {
      const changed = job && change(job, previousJob);
      if (changed === undefined) return undefined;
      const body =
        typeof changed === "string" ? changed : JSON.stringify({ ...job?.fields, ...changed });
      return { ...answer, body };
    },
  };
}

/** Puts members before those of the job: the later of two equal keys counts (RFC 8259 §4). */
function prepend(members: string, { fields }: ToldJob): string {
  return `{${members},${JSON.stringify(fields).slice(1)}`;
}

/** What belongs to some states only is null, as far as the job can have it. */
function nothing({ facts }: ToldJob): Node {
  const names = ["progress", "completed_at", "download_url", "error_message", "total_records"];
  return keepKnown(Object.fromEntries(names.map((name) => [name, null])), facts);
}

/** A job that is at work. */
function working(job: ToldJob, progress: number): Node {
  const { facts } = job;
  const state = { [facts.property]: facts.working.at(-1) };
  return { ...nothing(job), ...state, ...keepKnown({ progress }, facts) };
}

function progressOf(job: ToldJob | undefined): number {
  return Number(job?.fields["progress"] ?? 0);
}

export const jobFaults: Readonly<Record<JobFaultName, PlayedFault>> = {
  "job-failed": inJob(28, "the job has failed, with a reason", (job) => ({
    ...nothing(job),
    [job.facts.property]: job.facts.failed,
    error_message: "The store is full.",
  })),
  "unknown-status": inJob(29, "the status is 'archiving'", ({ facts }) => ({
    [facts.property]: "archiving",
  })),
  "progress-backwards": inJob(30, "half of the progress that was told before", (job, previous) =>
    progressOf(previous) > 0 ? working(job, Math.floor(progressOf(previous) / 2)) : undefined,
  ),
  "running-again": inJob(31, "a completed job runs again", (job, previous) =>
    previous && isCompleted(previous) ? working(job, 10) : undefined,
  ),
  "completed-without-url": inJob(32, "a completed job has no download_url", (job) =>
    isCompleted(job) ? { download_url: null } : undefined,
  ),
  "null-fields": inJob(33, "every field that may be null is", nothing),
  "duplicate-keys": inJob(34, "id and status twice, the right ones last", (job) =>
    prepend(`"id":"another","${job.facts.property}":"${job.facts.failed}"`, job),
  ),
  "unsafe-integer": inJob(35, "total_records is 2^53 + 1", ({ fields }) =>
    JSON.stringify({ ...fields, total_records: 0 }).replace(
      `"total_records":0`,
      `"total_records":9007199254740993`,
    ),
  ),
  "proto-key": inJob(36, "a __proto__ key", (job) => prepend(`"__proto__":{"polluted":true}`, job)),
  "other-job": inJob(37, "the id of another job", () => ({
    id: "00000000-0000-4000-8000-000000000000",
  })),
  "never-finished": {
    ...inJob(38, "the job runs at 99 percent", (job) => working(job, 99)),
    isLasting: true,
  },
};
