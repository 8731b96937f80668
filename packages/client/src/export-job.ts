import {
  callOperation,
  checkState,
  InvalidResponseError,
  labelOf as labelOfCall,
  type Call,
  type Data,
  type Failures,
  type Poll,
  type Session,
} from "@audit-logs/runtime";
import { getExportJobStatus } from "@audit-logs/generated/audit-logs/operations";
import type { paths } from "@audit-logs/generated/audit-logs/schema";

/**
 * An export job as the vendor sends it: snake_case fields, times as ISO 8601 strings. As in any
 * `JSON.parse`, numbers beyond 2^53 lose digits, and of equal keys the last counts.
 */
export type ExportJob = Data<paths, typeof getExportJobStatus>;

/** What the server answers with the statuses that the description has besides success. */
export type Failure = Failures<paths, typeof getExportJobStatus>;

/**
 * What messages call a request for a job.
 *
 * @throws TypeError if the id is none: it may hold unreserved characters only (RFC 3986 §2.3)
 */
export function labelOf(jobId: string): string {
  if (typeof jobId === "string" && /^(?!\.+$)[\w.~-]+$/.test(jobId)) {
    return labelOfCall(getExportJobStatus, { jobId });
  }
  throw new TypeError(
    `job id ${JSON.stringify(jobId)} is no id: it may hold letters, digits, "-", ".", "_" and "~" only`,
  );
}

/** Asks for a job as a part of a call. */
export async function requestExportJob(
  session: Session,
  jobId: string,
  call: Call,
): Promise<Poll<ExportJob>> {
  const { data, retryAfter } = await callOperation(session, getExportJobStatus, { jobId }, call);
  return { data: checkExportJob(data, call.label, jobId), retryAfter };
}

/** Checks that an answer is about a job, and about this one. */
export function checkExportJob(data: unknown, label: string, jobId: string): ExportJob {
  const { id } = checkState(getExportJobStatus.job, label, data);
  // UUIDs are the same in upper and lower case (RFC 9562 §4).
  if (String(id).toLowerCase() === jobId.toLowerCase()) return data as ExportJob;
  throw new InvalidResponseError(label, `its id is that of another job, ${JSON.stringify(id)}`);
}
