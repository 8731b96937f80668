import { operations } from "@audit-logs/generated/audit-logs/operations";
import { openCall, sleep, type CallOptions } from "./deadline.ts";
import { AuditLogsError, ExportFailedError, TimeoutError } from "./errors.ts";
import { labelOf, requestExportJob, type ExportJob } from "./export-job.ts";
import type { Session } from "./session.ts";

const { failed, succeeded }: { failed: readonly string[]; succeeded: readonly string[] } =
  operations.getExportJobStatus.job;

const firstInterval = 2000;
const maxInterval = 30_000;

export interface WatchOptions extends CallOptions {
  /**
   * The pause before the second request, in milliseconds; 2,000 by default. It grows by half each
   * time, to 30,000 or to what it was if that is more, and is shortened by up to a half at random, so
   * that many waiters do not ask in step. A Retry-After of the server is waited for in any case.
   */
  readonly interval?: number;
}

export interface WaitOptions extends WatchOptions {
  /** Called with the job when its status or its progress has changed, and the first time. */
  readonly onProgress?: (job: ExportJob) => void;
}

/**
 * Asks for an export job again and again, and gives what each answer says, until the job has ended
 * in one of the states that the description calls final. A status that it does not list counts as
 * running.
 *
 * @throws TypeError if the interval is not above 0
 * @throws TimeoutError, whose `lastJob` says how far the job was; it may be running still
 * @throws what {@link getExportJobStatus} throws, with `lastJob`
 */
export async function* watchExportJob(
  session: Session,
  jobId: string,
  options: WatchOptions = {},
): AsyncGenerator<ExportJob, void, undefined> {
  const { interval: start = firstInterval } = options;
  if (!(start > 0)) throw new TypeError(`interval ${start} is not above 0 ms`);
  const call = openCall(labelOf(jobId), options);
  let lastJob: ExportJob | undefined;
  try {
    for (
      let interval = start;
      ;
      interval = Math.max(start, Math.min(interval * 1.5, maxInterval))
    ) {
      const { job, retryAfter } = await requestExportJob(session, jobId, call);
      lastJob = job;
      yield job;
      if (succeeded.includes(job.status) || failed.includes(job.status)) return;
      if (performance.now() + retryAfter > call.end) {
        const hint = `: the server asks to wait for ${retryAfter} ms`;
        throw new TimeoutError(call.label, "total", call.timeout, hint);
      }
      await sleep(call, Math.max(retryAfter, interval * (1 - Math.random() / 2)));
    }
  } catch (error) {
    if (error instanceof AuditLogsError && lastJob !== undefined) error.lastJob = lastJob;
    throw error;
  }
}

/**
 * Waits until an export job has succeeded.
 *
 * @throws ExportFailedError if it has failed
 * @throws what {@link watchExportJob} throws
 */
export async function waitForExportJob(
  session: Session,
  jobId: string,
  { onProgress, ...options }: WaitOptions = {},
): Promise<ExportJob> {
  let last: ExportJob | undefined;
  for await (const job of watchExportJob(session, jobId, options)) {
    if (job.status !== last?.status || job.progress !== last.progress) onProgress?.(job);
    if (failed.includes(job.status)) throw new ExportFailedError(job);
    last = job;
  }
  // The watch gives the last state before it ends.
  return last as ExportJob;
}
