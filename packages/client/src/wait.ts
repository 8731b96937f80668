import {
  hasFailed,
  longTimeout,
  openCall,
  poll,
  type PollOptions,
  type Session,
} from "@audit-logs/runtime";
import { getExportJobStatus } from "@audit-logs/generated/audit-logs/operations";
import { ExportFailedError } from "./errors/export-failed-error.ts";
import { bindJob, requestExportJob, type ExportJob } from "./export-job.ts";

export type WatchOptions = PollOptions;

export interface WaitOptions extends WatchOptions {
  /**
   * Called with the job when its status or its progress has changed, and the first time; a promise that
   * it returns is waited for. What it throws ends the wait.
   */
  readonly onProgress?: (job: ExportJob) => unknown;
}

const { job: facts } = getExportJobStatus;

/** Gives what each answer about a job says, until the job has ended. */
export async function* watchExportJob(
  session: Session,
  jobId: string,
  options: WatchOptions = {},
): AsyncGenerator<ExportJob, void, undefined> {
  const request = bindJob({ jobId });
  const call = openCall(request, options, session.context, longTimeout);
  yield* poll(facts, call, options.interval, (single) =>
    requestExportJob(session, jobId, request, single),
  );
}

/** Waits until a job has succeeded. */
export async function waitForExportJob(
  session: Session,
  jobId: string,
  { onProgress, ...options }: WaitOptions = {},
): Promise<ExportJob> {
  let last: ExportJob | undefined;
  for await (const job of watchExportJob(session, jobId, options)) {
    if (job.status !== last?.status || job.progress !== last.progress) await onProgress?.(job);
    if (hasFailed(facts, job)) throw new ExportFailedError(job, session.context.redact);
    last = job;
  }
  // The watch gives the last state before it ends.
  return last as ExportJob;
}
