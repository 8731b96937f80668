import {
  ApiError,
  backoff,
  checkTransient,
  ClientError,
  ConnectionError,
  discard,
  hasFailed,
  InvalidResponseError,
  longTimeout,
  openCall,
  readBody,
  pauseAfter,
  type Call,
  type CallOptions,
  type Session,
} from "@audit-logs/runtime";
import { getExportJobStatus } from "@audit-logs/generated/audit-logs/operations";
import { DownloadInterruptedError } from "../errors/download-interrupted-error.ts";
import { ExportFailedError } from "../errors/export-failed-error.ts";
import { bindJob, requestExportJob, type ExportSource } from "../export-job.ts";
import { checkStart, type Part } from "./check-start.ts";
import { requestFile } from "./request-file.ts";
import type { DownloadState, FindHostFault, Resume } from "./state.ts";

/** How long a download goes on without a byte, in milliseconds. */
const patience = 120_000;

export interface DownloadOptions extends CallOptions {
  /** Goes on after these bytes, which are not given again. */
  readonly resume?: Resume;
  /**
   * Called whenever bytes have come; a promise that it returns is waited for. What it throws ends the
   * download.
   */
  readonly onProgress?: (state: Readonly<DownloadState>) => unknown;
  /**
   * Looks up the host of an address elsewhere, and gives the fault if it must not be asked; by
   * default, nothing is looked up. `@audit-logs/client/node` has one.
   */
  readonly findHostFault?: FindHostFault;
}

/** The bytes of an export, once, and what is known of them. */
export interface Download extends AsyncIterable<Uint8Array> {
  /** It changes while the bytes are read. */
  readonly state: Readonly<DownloadState>;
  /** Lets go of the connection if the bytes are not read to their end. */
  close(): Promise<void>;
}

/** What messages call a download. */
export const downloadLabel = (source: ExportSource | string): string =>
  `Download of export ${typeof source === "string" ? source : source.id}`;

/** Opens the file of a completed export; see the method of the client. */
export async function openDownload(
  session: Session,
  source: ExportSource | string,
  { resume, onProgress, findHostFault, ...options }: DownloadOptions = {},
): Promise<Download> {
  const isJob = typeof source !== "string";
  const id = isJob ? source.id : source;
  const request = bindJob({ jobId: id });
  const subject = { label: downloadLabel(source) };
  const call = openCall(subject, options, session.context, longTimeout);
  const { maxRetries = Number.POSITIVE_INFINITY } = call;
  const single = { ...call, maxRetries: 0 };
  // Whether the job was asked for just now: its URL has not expired.
  let isFresh = false;
  let state: DownloadState | undefined = isJob ? { bytes: 0, ...resume, job: source } : undefined;
  let isOpen = false;
  let misses = 0;
  let moved = performance.now();

  const ask = async (): Promise<ExportSource> => {
    const { data } = await requestExportJob(session, id, request, { ...single, ...request });
    isFresh = true;
    return data;
  };

  /** The answer that goes on where the download is. */
  const open = async (): Promise<Opened> => {
    state ??= { bytes: 0, ...resume, job: await ask() };
    for (;;) {
      const { job } = state;
      const { download_url: url } = job;
      const { response, data } = url
        ? await requestFile(session, url, state, single, findHostFault)
        : {};
      // The URL may have expired, or not have been there yet. Of the statuses for that, 400 is Google's.
      if (!isFresh && [400, 401, 403, 404, 410, undefined].includes(response?.status)) {
        state.job = await ask();
        continue;
      }
      if (!response) throw explain(job, call);
      if (![200, 206, 416].includes(response.status)) {
        throw new ApiError(call, response, data);
      }
      return { response, state, part: checkStart(call, response, state) };
    }
  };

  /** Waits before the next try, or throws what will not pass. */
  const recover = async (error: unknown): Promise<void> => {
    checkTransient(call, error);
    const pause = Math.max(error.retryAfter, backoff(misses));
    const next = performance.now() + pause;
    const { bytes = 0, etag } = state ?? {};
    const canResume = bytes === 0 || etag !== undefined;
    // One try is due in any case: the machine may have slept since.
    const isLate = next > call.end || (misses > 0 && next > moved + patience);
    if (!canResume || misses >= maxRetries || isLate) {
      if (!isOpen) throw error;
      const cause = error;
      throw new DownloadInterruptedError(call, "the connection broke off", bytes, { cause });
    }
    misses += 1;
    await pauseAfter(call, error, misses, pause);
    isFresh = false;
  };
  const openPatiently = async (): Promise<Opened> => {
    for (;;) {
      try {
        return await open();
      } catch (error) {
        await recover(error);
      }
    }
  };

  let opened = await openPatiently();
  isOpen = true;
  async function* readOn(): AsyncGenerator<Uint8Array, void, undefined> {
    for (;;) {
      try {
        for await (const chunk of readPart(session, opened, call)) {
          misses = 0;
          moved = performance.now();
          opened.state.bytes += chunk.byteLength;
          yield chunk;
          // The time that the reader takes is its own.
          moved = performance.now();
        }
        const { bytes, length = bytes } = opened.state;
        if (bytes === length) return;
        throw new ConnectionError(call, `${length} bytes were announced`);
      } catch (error) {
        await recover(error);
      }
      opened = await openPatiently();
    }
  }
  // Apart, so that what the callback or the reader throws is not taken for a connection that failed.
  async function* read(): AsyncGenerator<Uint8Array, void, undefined> {
    for await (const chunk of readOn()) {
      await onProgress?.(opened.state);
      yield chunk;
    }
  }
  const chunks = read();
  return {
    state: opened.state,
    [Symbol.asyncIterator]: () => chunks,
    async close() {
      await chunks.return();
      discard(opened.response);
    },
  };
}

interface Opened {
  readonly response: Response;
  readonly state: DownloadState;
  readonly part: Part;
}

/** Says why there is no file. */
function explain(job: ExportSource, call: Call): Error {
  if (hasFailed(getExportJobStatus.job, job)) return new ExportFailedError(job, call.redact);
  const { status, progress } = job;
  const isDone = getExportJobStatus.job.succeeded.some((state) => state === status);
  if (isDone) return new InvalidResponseError(call, `the job is ${status} and has no download_url`);
  const far = typeof progress === "number" ? `, ${progress} %` : "";
  return new ClientError(call, `the job is ${status}${far}: wait for it first`);
}

/** Gives the bytes of an answer, without those that have been delivered already. */
async function* readPart(
  { idleTimeout }: Session,
  { response: { body, status }, state, part: { skip, end } }: Opened,
  call: Call,
): AsyncGenerator<Uint8Array, void, undefined> {
  if (body === null || status === 416) return;
  let left = skip;
  for await (const value of readBody(call, body, idleTimeout)) {
    const chunk = value.subarray(left);
    left = Math.max(0, left - value.byteLength);
    if (end !== undefined && state.bytes + chunk.byteLength > end) {
      throw new DownloadInterruptedError(call, "the part is longer than it says", state.bytes);
    }
    if (chunk.byteLength > 0) yield chunk;
  }
  if (end !== undefined && state.bytes < end) {
    throw new ConnectionError(call, "the part is shorter than it says");
  }
}
