import {
  ApiError,
  ClientError,
  ConnectionError,
  discard,
  hasFailed,
  InvalidResponseError,
  isFinal,
  readBody,
  type Call,
  type Session,
} from "@audit-logs/runtime";
import { getExportJobStatus } from "@audit-logs/generated/audit-logs/operations";
import { DownloadInterruptedError } from "../errors/download-interrupted-error.ts";
import { ExportFailedError } from "../errors/export-failed-error.ts";
import type { ExportSource } from "../export-job.ts";
import { checkStart, type Part } from "./check-start.ts";
import { requestFile } from "./request-file.ts";
import type { DownloadState, FindHostFault } from "./state.ts";

const { job: jobFacts } = getExportJobStatus;

/** A response that holds the file, or the rest of it. */
export interface OpenPart {
  readonly response: Response;
  readonly part: Part;
}

/**
 * Requests the rest of a file. If its URL has expired or is unknown, requests the job once to get another one.
 *
 * @param lastPart what an earlier response held of the file
 */
export async function openPart(
  session: Session,
  call: Call,
  state: DownloadState,
  requestJob: () => Promise<ExportSource>,
  lastPart: Part | undefined,
  findHostFault: FindHostFault | undefined,
): Promise<OpenPart> {
  for (let isFresh = false; ; isFresh = true) {
    const { job } = state;
    const { download_url: url } = job;
    // The URL of a job that has not succeeded does not lead to a complete file.
    const hasFile = isFinal(jobFacts, job) && !hasFailed(jobFacts, job);
    const { response, data } =
      url && hasFile ? await requestFile(session, url, state, call, findHostFault) : {};
    // The URL may have expired, or not have existed yet. Google responds with 400 to an expired URL.
    if (!isFresh && [400, 401, 403, 404, 410, undefined].includes(response?.status)) {
      state.job = await requestJob();
      continue;
    }
    if (!response) throw missingFileError(job, call);
    // 203: a proxy has changed something (RFC 9110 §15.3.4).
    if (![200, 203, 206, 416].includes(response.status)) {
      discard(response);
      throw new ApiError(call, response, data);
    }
    return { response, part: checkStart(call, response, state, lastPart) };
  }
}

/** Explains why a job has no file. */
function missingFileError(job: ExportSource, call: Call): Error {
  if (hasFailed(jobFacts, job)) return new ExportFailedError(job, call.redact);
  const { status, progress } = job;
  if (isFinal(jobFacts, job)) {
    return new InvalidResponseError(call, `the job is ${status} and has no download_url`);
  }
  const percent = typeof progress === "number" ? `, ${progress} %` : "";
  const isListed = (jobFacts.states as readonly string[]).includes(status);
  const remedy = isListed
    ? "wait for it first"
    : "this client does not know that state; is there a newer one?";
  return new ClientError(call, `the job is ${status}${percent}: ${remedy}`);
}

/** Yields the bytes of a response, without those that have been delivered already. */
export async function* readPart(
  { idleTimeout }: Session,
  call: Call,
  { response: { body, status }, part: { skip, end } }: OpenPart,
  state: Readonly<DownloadState>,
): AsyncGenerator<Uint8Array, void, undefined> {
  if (body === null || status === 416) return;
  let left = skip;
  for await (const value of readBody(call, body, idleTimeout)) {
    const chunk = value.subarray(left);
    left = Math.max(0, left - value.byteLength);
    if (end !== undefined && state.bytes + chunk.byteLength > end) {
      throw new DownloadInterruptedError(
        call,
        "the part is longer than its Content-Range",
        state.bytes,
      );
    }
    if (chunk.byteLength > 0) yield chunk;
  }
  if (left > 0 || (end !== undefined && state.bytes < end)) {
    throw new ConnectionError(call, "the response ended early");
  }
}
