import {
  backoff,
  callBack,
  checkTransient,
  CloseSignal,
  ConnectionError,
  discard,
  discardOnAbort,
  faultOf,
  InvalidResponseError,
  longTimeout,
  openCall,
  pauseAfter,
  type CallOptions,
  type CallPart,
  type ClientError,
  type Session,
} from "@audit-logs/runtime";
import { abortOnReturn } from "../closable.ts";
import { DownloadInterruptedError } from "../errors/download-interrupted-error.ts";
import { bindJob, requestExportJob, type ExportSource } from "../export-job.ts";
import { openPart, readPart, type OpenPart } from "./open-part.ts";
import type { DownloadState, FindHostFault, Resume } from "./state.ts";
import { isStrongTag } from "./strong-tag.ts";

/** How long a download keeps retrying without receiving a byte, in milliseconds. */
const stallTimeout = 120_000;

export interface DownloadOptions extends CallOptions {
  /** How long the download may take in total, in milliseconds; 3,600,000 by default. */
  readonly timeout?: number;
  /** How many failures in a row are allowed; unlimited by default. */
  readonly maxRetries?: number;
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
    closeSignal = new CloseSignal(),
    maxRetries = Infinity,
    ...options
  }: DownloadOptions & CallPart = {},
): Promise<Download> {
  const state: DownloadState = { ...(resume ?? { bytes: 0 }), job: jobOf(source) };
  const id = state.job?.id;
  const request = bindJob({ jobId: id });
  if (
    resume &&
    !(Number.isSafeInteger(state.bytes) && state.bytes >= 0 && isStrongTag(state.etag))
  ) {
    throw new TypeError("resume must have the bytes and the etag of a download's state");
  }
  const subject = { label: downloadLabel(source) };
  // The loop below retries, and not the requests.
  const limits = { ...options, closeSignal, maxRetries: 0 };
  const call = openCall(subject, limits, session.context, longTimeout);
  const requestJob = async (): Promise<ExportSource> =>
    (await requestExportJob(session, id, request, { ...call, ...request })).data;
  let current: OpenPart | undefined;
  let failures = 0;
  let lastProgress = performance.now();

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
    const isLate = next >= call.end || (failures > 0 && next > lastProgress + stallTimeout);
    if (!canResume || failures >= maxRetries || isLate) {
      if (!current) throw error;
      const fault = `it could not be resumed: ${faultOf(call, error)}`;
      throw new DownloadInterruptedError(call, fault, bytes, error);
    }
    failures += 1;
    await pauseAfter(call, error, failures, pause);
  };
  /** Yields the bytes of the file, after one empty value as soon as it is open. */
  async function* readParts(): AsyncGenerator<Uint8Array, void, undefined> {
    for (;;) {
      try {
        const isFirst = current === undefined;
        current = await openPart(session, call, state, requestJob, current?.part, findHostFault);
        call.failure = undefined;
        if (isFirst) {
          // The caller may never read it.
          const unsubscribe = discardOnAbort(call, current.response);
          if (unsubscribe) closeSignal.add(unsubscribe);
          try {
            yield new Uint8Array();
          } finally {
            unsubscribe?.();
          }
          // The time until the caller reads does not count.
          lastProgress = performance.now();
        }
        for await (const chunk of readPart(session, call, current, state)) {
          failures = 0;
          lastProgress = performance.now();
          state.bytes += chunk.byteLength;
          yield chunk;
          // The time that the caller takes for a chunk does not count.
          lastProgress = performance.now();
        }
        const { bytes, length } = state;
        // A part need not be the last one.
        if (current.part.end && bytes !== length) continue;
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
  const chunks = abortOnReturn(read(), closeSignal);
  return {
    state,
    [Symbol.asyncIterator]: () => chunks,
    async close() {
      await chunks.return();
      if (current) discard(current.response);
    },
  };
}
