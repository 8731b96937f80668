import {
  ApiError,
  backoff,
  callBack,
  checkTransient,
  ClientError,
  Closing,
  ConnectionError,
  discard,
  faultOf,
  hasFailed,
  InvalidResponseError,
  isFinal,
  longTimeout,
  onAbort,
  openCall,
  readBody,
  pauseAfter,
  type Call,
  type CallOptions,
  type CallPart,
  type Session,
} from "@audit-logs/runtime";
import { getExportJobStatus } from "@audit-logs/generated/audit-logs/operations";
import { abortOnReturn } from "../closing.ts";
import { DownloadInterruptedError } from "../errors/download-interrupted-error.ts";
import { ExportFailedError } from "../errors/export-failed-error.ts";
import { bindJob, requestExportJob, type ExportSource } from "../export-job.ts";
import { checkStart, type Part } from "./check-start.ts";
import { requestFile } from "./request-file.ts";
import type { DownloadState, FindHostFault, Resume } from "./state.ts";
import { isStrongTag } from "./strong-tag.ts";

const { job: jobFacts } = getExportJobStatus;

/** How long a download keeps retrying without receiving a byte, in milliseconds. */
const stallTimeout = 120_000;

export interface DownloadOptions extends CallOptions {
  /** Resumes after these bytes, which are not delivered again. */
  readonly resume?: Resume;
  /**
   * Called whenever bytes have arrived. The download continues when the promise that it returns has
   * resolved. An error that it throws ends the download.
   */
  readonly onProgress?: (state: Readonly<DownloadState>) => unknown;
  /**
   * Looks up the host of a URL on another origin, and returns the reason if the host must not be requested.
   * By default, nothing is looked up. `@audit-logs/client/node` exports such a function.
   */
  readonly findHostFault?: FindHostFault;
}

/** The bytes of an export, which can be read once, and the state of their download. */
export interface Download extends AsyncIterable<Uint8Array> {
  /** Changes while the bytes are read. */
  readonly state: Readonly<DownloadState>;
  /** Releases the connection if the bytes have not been read to the end. A pending read is aborted. */
  close(): Promise<void>;
}

/** The job as far as it is known. Without a URL, it will be requested. */
const jobOf = (source: ExportSource | string): ExportSource =>
  typeof source === "string" ? { id: source, status: "" } : source;

/** The name of a download in messages, even if a caller without types passes no job. */
export const downloadLabel = (source: ExportSource | string): string =>
  `Download of export ${jobOf(source)?.id}`;

/** Opens the file of a completed export; see the method of the client. */
export async function openDownload(
  session: Session,
  source: ExportSource | string,
  {
    resume,
    onProgress,
    findHostFault,
    closing = new Closing(),
    maxRetries = Number.POSITIVE_INFINITY,
    ...options
  }: DownloadOptions & CallPart = {},
): Promise<Download> {
  const state: DownloadState = { bytes: 0, ...resume, job: jobOf(source) };
  const id = state.job?.id;
  const request = bindJob({ jobId: id });
  if (
    resume &&
    !(Number.isSafeInteger(resume.bytes) && resume.bytes >= 0 && isStrongTag(resume.etag))
  ) {
    throw new TypeError("resume must have the bytes and the etag of a download's state");
  }
  const subject = { label: downloadLabel(source) };
  // The loop below retries, and not the requests.
  const limits = { ...options, closing, maxRetries: 0 };
  const call = openCall(subject, limits, session.context, longTimeout);
  // Whether the job has just been requested, so that its URL cannot have expired.
  let isFresh = false;
  let hasOpened = false;
  let failures = 0;
  let lastProgress = performance.now();

  const requestJob = async (): Promise<ExportSource> => {
    const { data } = await requestExportJob(session, id, request, { ...call, ...request });
    isFresh = true;
    return data;
  };

  /** Requests the rest of the file. */
  const open = async (): Promise<OpenPart> => {
    for (;;) {
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
      if (![200, 206, 416].includes(response.status)) {
        throw new ApiError(call, response, data);
      }
      return { response, part: checkStart(call, response, state, hasOpened) };
    }
  };

  /** Waits before the next attempt, or throws if there should be none. */
  const recover = async (error: ClientError): Promise<void> => {
    const pause = Math.max(error.retryAfter, backoff(failures));
    // The time that the server asks for does not count.
    lastProgress += error.retryAfter;
    // A second page in a row may be the login of a host whose URL has expired.
    if ([call.failure, error].every((each) => each instanceof InvalidResponseError)) {
      state.job = { ...state.job, download_url: null };
    }
    const next = performance.now() + pause;
    const { bytes, etag } = state;
    const canResume = bytes === 0 || etag !== undefined;
    // The first failure is always retried: the machine may have been asleep.
    const isLate = next > call.end || (failures > 0 && next > lastProgress + stallTimeout);
    if (!canResume || failures >= maxRetries || isLate) {
      if (!hasOpened) throw error;
      const fault = `it could not be resumed: ${faultOf(call, error)}`;
      throw new DownloadInterruptedError(call, fault, bytes, error);
    }
    failures += 1;
    await pauseAfter(call, error, failures, pause);
  };
  let current: OpenPart | undefined;
  /** Yields nothing once the file is open, and then its bytes. */
  async function* readParts(): AsyncGenerator<Uint8Array, void, undefined> {
    for (;;) {
      try {
        isFresh = false;
        current = await open();
        call.failure = undefined;
        if (!hasOpened) {
          hasOpened = true;
          const { response } = current;
          // The caller may never read it.
          const unsubscribe = call.signal && onAbort(call.signal, () => discard(response));
          if (unsubscribe) closing.add(unsubscribe);
          try {
            yield new Uint8Array();
          } finally {
            unsubscribe?.();
          }
          // The time until the caller reads does not count.
          lastProgress = performance.now();
        }
        for await (const chunk of readPart(session, current, state, call)) {
          failures = 0;
          lastProgress = performance.now();
          state.bytes += chunk.byteLength;
          yield chunk;
          // The time that the caller takes for a chunk does not count.
          lastProgress = performance.now();
        }
        const { bytes, length } = state;
        // A part of a file of unknown length need not be the last one.
        if (length === undefined && current.part.end) continue;
        if (bytes === (length ?? bytes)) return;
        throw new ConnectionError(call, `${length} bytes were announced`);
      } catch (error) {
        checkTransient(call, error);
        // The connection broke after the last byte.
        if (state.bytes === state.length) return;
        await recover(error);
      }
    }
  }
  const parts = readParts();
  await parts.next();
  // A separate generator, so that errors of the callback or the caller do not count as failed connections.
  async function* read(): AsyncGenerator<Uint8Array, void, undefined> {
    for await (const chunk of parts) {
      try {
        if (onProgress) await callBack(call, onProgress, state);
      } catch (error) {
        // They are not delivered.
        state.bytes -= chunk.byteLength;
        throw error;
      }
      yield chunk;
    }
  }
  const chunks = abortOnReturn(read(), closing);
  return {
    state,
    [Symbol.asyncIterator]: () => chunks,
    async close() {
      await chunks.return();
      if (current) discard(current.response);
    },
  };
}

interface OpenPart {
  readonly response: Response;
  readonly part: Part;
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
async function* readPart(
  { idleTimeout }: Session,
  { response: { body, status }, part: { skip, end } }: OpenPart,
  state: Readonly<DownloadState>,
  call: Call,
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
