import {
  ApiError,
  backoff,
  ConnectionError,
  discard,
  InvalidResponseError,
  isTransient,
  openCall,
  readBody,
  retryAfter,
  sleep,
  type Call,
  type CallOptions,
  type Session,
} from "@audit-logs/runtime";
import { DownloadInterruptedError } from "../errors/download-interrupted-error.ts";
import { labelOf, requestExportJob, type ExportJob } from "../export-job.ts";
import { checkStart } from "./check-start.ts";
import { requestFile } from "./request-file.ts";
import type { DownloadState, FindHostFault, Resume } from "./state.ts";

const maxResumptions = 5;

export interface DownloadOptions extends CallOptions {
  /** Goes on after these bytes, which are not given again. */
  readonly resume?: Resume;
  /** Called whenever bytes have come. */
  readonly onProgress?: (state: Readonly<DownloadState>) => void;
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

/** Opens the file of a completed export; see the method of the client. */
export async function openDownload(
  session: Session,
  source: ExportJob | string,
  options: DownloadOptions = {},
): Promise<Download> {
  const isJob = typeof source !== "string";
  const id = isJob ? source.id : source;
  const call = openCall(`Download of export ${id}`, options);
  const ask = async (): Promise<ExportJob> =>
    (await requestExportJob(session, id, { ...call, label: labelOf(id) })).data;
  const state: DownloadState = { bytes: 0, ...options.resume, job: isJob ? source : await ask() };
  let isFresh = !isJob;

  /** The answer that goes on where the download is, and how many of its bytes were delivered before. */
  const open = async (): Promise<{ readonly response: Response; readonly skip: number }> => {
    for (;;) {
      const { status, download_url: url } = state.job;
      const response = url
        ? await requestFile(session, url, state, call, options.findHostFault)
        : undefined;
      // The URL may have expired, or not have been there yet. Of the statuses for that, 400 is Google's.
      if (!isFresh && [400, 401, 403, 404, 410, undefined].includes(response?.status)) {
        state.job = await ask();
        isFresh = true;
        continue;
      }
      if (!response) {
        throw new InvalidResponseError(call.label, `the job is ${status} and has no download_url`);
      }
      if (![200, 206, 416].includes(response.status)) {
        const body = parseBody(await response.text());
        throw new ApiError(call.label, response, body, retryAfter(response.headers));
      }
      return { response, skip: checkStart(call, response, state) };
    }
  };

  let opened = await open();
  async function* read(): AsyncGenerator<Uint8Array, void, undefined> {
    for (let resumptions = 0; ; resumptions += 1) {
      if (opened.response.status === 416) return;
      try {
        for await (const chunk of readFrom(session, opened, call)) {
          state.bytes += chunk.byteLength;
          options.onProgress?.(state);
          yield chunk;
        }
        if (state.length === undefined || state.bytes === state.length) return;
        throw new ConnectionError(`${call.label}: ${state.length} bytes were announced`);
      } catch (cause) {
        call.signal?.throwIfAborted();
        if (!isTransient(cause)) throw cause;
        const canResume = state.bytes === 0 || state.etag !== undefined;
        if (!canResume || resumptions === maxResumptions || !session.transport.budget.take()) {
          throw new DownloadInterruptedError(call.label, "the connection broke off", state.bytes, {
            cause,
          });
        }
      }
      await sleep(call, backoff(resumptions));
      isFresh = false;
      opened = await open();
    }
  }
  const chunks = read();
  return {
    state,
    [Symbol.asyncIterator]: () => chunks,
    async close() {
      await chunks.return();
      discard(opened.response);
    },
  };
}

function parseBody(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

async function* readFrom(
  { idleTimeout }: Session,
  { response: { body }, skip }: { readonly response: Response; readonly skip: number },
  call: Call,
): AsyncGenerator<Uint8Array, void, undefined> {
  if (body === null) return;
  let left = skip;
  for await (const value of readBody(call, body, idleTimeout)) {
    const chunk = value.subarray(left);
    left = Math.max(0, left - value.byteLength);
    if (chunk.byteLength > 0) yield chunk;
  }
}
