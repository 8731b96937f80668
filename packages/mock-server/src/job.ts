import type { operations } from "@audit-logs/generated/audit-logs/schema";
import { defaultOrgId } from "./events.ts";

/** The operation that asks for the state of an export job. */
export const statusOperationId = "getExportJobStatus";

type Responses = operations[typeof statusOperationId]["responses"];

type JsonOfSuccess<Status extends keyof Responses> = `${Status}` extends `2${string}`
  ? Responses[Status] extends { content: { "application/json": infer Body } }
    ? Body
    : never
  : never;

/** An export job as the description gives it: the JSON body of the operation's 2xx answer. */
export type ExportJob = { [Status in keyof Responses]: JsonOfSuccess<Status> }[keyof Responses];

/** What a job goes through, one step for each status request, and what it exports. */
export interface MockJob {
  /** How the job ends when `steps` does not say so; `"completed"` by default. */
  readonly outcome?: "completed" | "failed";
  /**
   * The answers to the first, second, … status request; the last one is repeated for ever.
   *
   * A step need only name what matters. `status` is `"pending"` by default; `id`, `org_id` and
   * `created_at` are the job's, and the other fields are those that belong to the status (for
   * `"completed"`: `download_url`, `completed_at`, `total_records`, `progress`). `null` empties a
   * field. By default the job is pending, running at 25, 50 and 75 percent, then at its `outcome`.
   *
   * A step that the description refuses is answered with a 500 that names the fault.
   */
  readonly steps?: readonly Partial<ExportJob>[];
  /** The lines of the download, one JSON object each; a handful of invented ones by default. */
  readonly events?: readonly Readonly<Record<string, unknown>>[];
  /** The organization of the job and its default events, a UUID; always the same by default. */
  readonly orgId?: string;
}

/** What a job tells of its download. */
export interface JobDownload {
  /** Asked for each time, because a URL can expire. */
  readonly url: () => string;
  readonly records: number;
}

const createdAt = "2026-01-15T09:00:00Z";
const finishedAt = "2026-01-15T09:04:30Z";

/** Returns a function that gives the job's next state each time, and repeats the last one. */
export function playJob(
  id: string,
  { outcome = "completed", orgId = defaultOrgId, steps = defaultSteps(outcome) }: MockJob,
  download: JobDownload,
): () => ExportJob {
  const initial: ExportJob = { id, org_id: orgId, status: "pending", created_at: createdAt };
  const states = steps.map((step) => (): ExportJob => {
    const status = step.status ?? initial.status;
    return { ...initial, ...fieldsOf(status, download), ...step };
  });

  let current = (): ExportJob => initial;
  return () => (current = states.shift() ?? current)();
}

function fieldsOf(status: string, download: JobDownload): Partial<ExportJob> {
  switch (status) {
    case "pending":
      return { progress: 0 };
    case "running":
      return { progress: 50 };
    case "completed":
      return {
        progress: 100,
        completed_at: finishedAt,
        total_records: download.records,
        download_url: download.url(),
      };
    case "failed":
      return { completed_at: finishedAt, error_message: "The export could not be written." };
    default:
      return {};
  }
}

function defaultSteps(outcome: "completed" | "failed"): readonly Partial<ExportJob>[] {
  return [
    { status: "pending" },
    { status: "running", progress: 25 },
    { status: "running", progress: 50 },
    { status: "running", progress: 75 },
    { status: outcome },
  ];
}
