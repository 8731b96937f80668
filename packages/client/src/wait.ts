import {
  callBack,
  hasFailed,
  longTimeout,
  openCall,
  poll,
  textOf,
  TimeoutError,
  type Call,
  type PollOptions,
  type Session,
} from "@audit-logs/runtime";
import { getExportJobStatus } from "@audit-logs/generated/audit-logs/operations";
import { closable } from "./closable.ts";
import { ExportFailedError } from "./errors/export-failed-error.ts";
import { bindJob, requestExportJob, type ExportJob } from "./export-job.ts";

export interface WatchOptions extends PollOptions {}

export interface WaitOptions extends WatchOptions {
  /**
   * Called with the job after the first response, and whenever its status or progress has changed. The
   * wait continues when the promise that it returns has resolved. An error that it throws ends the wait.
   */
  readonly onProgress?: (job: ExportJob) => unknown;
}

const { job: jobFacts } = getExportJobStatus;

/** Yields the job after each response, until it has succeeded or failed. */
export function watchExportJob(
  session: Session,
  jobId: string,
  options: WatchOptions = {},
): AsyncGenerator<ExportJob, void, undefined> {
  return closable(options, async function* watch(watchOptions) {
    yield* open(session, jobId, watchOptions).states;
  });
}

/** The call, and the job after each response. */
function open(
  session: Session,
  jobId: string,
  options: WatchOptions,
): { readonly call: Call; readonly states: AsyncGenerator<ExportJob, void, undefined> } {
  const request = bindJob({ jobId });
  const call = openCall(request, options, session.context, longTimeout);
  const states = poll(jobFacts, call, options.interval, (single) =>
    requestExportJob(session, jobId, request, single),
  );
  return { call, states };
}

/** Waits until a job has succeeded. */
export async function waitForExportJob(
  session: Session,
  jobId: string,
  { onProgress, ...options }: WaitOptions = {},
): Promise<ExportJob> {
  const { call, states } = open(session, jobId, options);
  let last: ExportJob | undefined;
  let reported = "";
  for await (const job of states) {
    last = job;
    // Before the caller gets the job, and may change it.
    const isFailure = hasFailed(jobFacts, job);
    const progress = `${job.status} ${textOf(job.progress)}`;
    if (onProgress && progress !== reported) {
      reported = progress;
      try {
        await callBack(call, onProgress, job);
      } catch (error) {
        if (error instanceof TimeoutError) error.lastJob ??= job;
        throw error;
      }
    }
    if (isFailure) throw new ExportFailedError(job, session.context.redact);
  }
  // The loop has run at least once: the watch yields the final state before it ends.
  return last as ExportJob;
}
