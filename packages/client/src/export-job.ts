import {
  bindOperation,
  callOperation,
  checkState,
  describe,
  InvalidResponseError,
  isJobId,
  isObject,
  retryAfter,
  textOf,
  type BoundOperation,
  type Call,
  type Data,
  type Failures,
  type Input,
  type Poll,
  type Session,
  type Subject,
} from "@audit-logs/runtime";
import { getExportJobStatus } from "@audit-logs/generated/audit-logs/operations";
import type { paths } from "@audit-logs/generated/audit-logs/schema";

/**
 * An export job as the vendor sends it: snake_case fields, times as ISO 8601 strings. As with any
 * `JSON.parse`, numbers beyond 2^53 lose digits, and the last of several equal keys counts.
 */
export type ExportJob = Data<paths, typeof getExportJobStatus>;

/**
 * The fields of a job that a download needs: where the file is, and whether it is complete. Every
 * `ExportJob` has them. They are listed here so that callers need not supply fields that the vendor adds.
 */
export interface ExportSource {
  readonly id: string;
  readonly status: string;
  readonly download_url?: string | null;
  readonly error_message?: string | null;
  readonly progress?: number | null;
  readonly total_records?: number | null;
}

/** The bodies that the description gives for statuses other than success. */
export type Failure = Failures<paths, typeof getExportJobStatus>;

/**
 * Binds the operation that reports a job.
 *
 * @throws TypeError if the id is invalid
 */
export function bindJob(input?: Input<paths, typeof getExportJobStatus>): BoundOperation {
  // If there is no id, the operation says that it is required.
  if (isObject(input) && "jobId" in input) checkJobId(input.jobId);
  return bindOperation(getExportJobStatus, input);
}

function checkJobId(jobId: unknown): void {
  if (isJobId(jobId)) return;
  throw new TypeError(
    `job id ${describe(jobId)} is not a valid id: it may contain only letters, digits, "-", ".", "_" and "~"`,
  );
}

/** Requests a job as a part of a call. */
export async function requestExportJob(
  session: Session,
  jobId: string,
  request: BoundOperation,
  call: Call,
): Promise<Poll<ExportJob>> {
  const { data, response } = await callOperation(session, request, call);
  const { headers } = response;
  return { data: checkExportJob(session, call, data, jobId), retryAfter: retryAfter(headers) };
}

/** Checks that a response holds a job, and that it is the requested one. */
export function checkExportJob(
  { redactor, prepare }: Session,
  subject: Subject,
  data: unknown,
  jobId: string,
): ExportJob {
  const job = checkState(getExportJobStatus.job, subject, data);
  const id = textOf(job["id"]);
  const url = textOf(job["download_url"]);
  const base = `${prepare(getExportJobStatus).baseUrl}/`;
  if (url && URL.canParse(url, base)) redactor.addQuery(new URL(url, base));
  // UUIDs are the same in upper and lower case (RFC 9562 §4).
  if (id.toLowerCase() === jobId.toLowerCase()) return data as ExportJob;
  const fault = id
    ? `it describes another job: its id is ${JSON.stringify(id)}`
    : "the job has no id";
  throw new InvalidResponseError(subject, fault);
}
