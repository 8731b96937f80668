import { hasFailed, openCall, poll, type PollOptions, type Session } from "@audit-logs/runtime";
import { getExportJobStatus } from "@audit-logs/generated/audit-logs/operations";
import { ExportFailedError } from "./errors/export-failed-error.ts";
import { labelOf, requestExportJob, type ExportJob } from "./export-job.ts";

export type WatchOptions = PollOptions;

export interface WaitOptions extends WatchOptions {
  /** Called with the job when its status or its progress has changed, and the first time. */
  readonly onProgress?: (job: ExportJob) => void;
}

const { job: facts } = getExportJobStatus;

/** Gives what each answer about a job says, until the job has ended. */
export async function* watchExportJob(
  session: Session,
  jobId: string,
  options: WatchOptions = {},
): AsyncGenerator<ExportJob, void, undefined> {
  const call = openCall(labelOf(jobId), options);
  yield* poll(facts, call, options.interval, () => requestExportJob(session, jobId, call));
}

/** Waits until a job has succeeded. */
export async function waitForExportJob(
  session: Session,
  jobId: string,
  { onProgress, ...options }: WaitOptions = {},
): Promise<ExportJob> {
  let last: ExportJob | undefined;
  for await (const job of watchExportJob(session, jobId, options)) {
    if (job.status !== last?.status || job.progress !== last.progress) onProgress?.(job);
    if (hasFailed(facts, job)) throw new ExportFailedError(job);
    last = job;
  }
  // The watch gives the last state before it ends.
  return last as ExportJob;
}
