import { findAddressFault } from "./address.ts";
import { discard, readAnswer } from "./answer.ts";
import { openCall, sleep, within, type Call, type CallOptions } from "./deadline.ts";
import {
  ApiError,
  connecting,
  ConnectionError,
  DownloadInterruptedError,
  InvalidResponseError,
  isFleeting,
} from "./errors.ts";
import { exchange } from "./exchange.ts";
import { labelOf, requestExportJob, type ExportJob } from "./export-job.ts";
import { backoff, retryAfter } from "./retry.ts";
import type { Session } from "./session.ts";

const maxRedirects = 5;
const maxResumptions = 5;

/** What is known of a download; it changes while the download runs. */
export interface DownloadState {
  /** The bytes so far. */
  bytes: number;
  /** The bytes in all, if the server says so and sends them as they are. */
  length?: number;
  /** The strong entity tag of the file (RFC 9110 §8.8.3), if the server gives one. */
  etag?: string;
  /** The job, once it is known. */
  job?: ExportJob;
}

/** A part of a file that is there already. */
export interface Resume {
  readonly bytes: number;
  readonly etag: string;
}

export interface DownloadOptions extends CallOptions {
  /** Goes on after these bytes, which are not given again. */
  readonly resume?: Resume;
  /** Called whenever bytes have come. */
  readonly onProgress?: (state: Readonly<DownloadState>) => void;
  /**
   * Looks up the host of an address elsewhere, and gives the fault if it must not be asked; by
   * default, nothing is looked up. `@audit-logs/client/node` has one.
   */
  readonly findHostFault?: (url: URL) => Promise<string | undefined>;
}

/**
 * Streams the file of a completed export, by its job or the job's id. A connection that breaks off is
 * taken up where it broke, five times at most, if the file can be told to be the same by a strong
 * entity tag. A URL that has expired is replaced by asking for the job again, once. Memory stays
 * constant.
 *
 * The token goes to the API's own origin only, through redirects too.
 *
 * @throws DownloadInterruptedError that tells how many bytes were delivered before
 * @throws InvalidResponseError if the job has no URL, or none that may be followed
 * @throws ApiError, ConnectionError, TimeoutError
 */
export async function* downloadExport(
  session: Session,
  source: ExportJob | string,
  options: DownloadOptions = {},
): AsyncGenerator<Uint8Array, DownloadState, undefined> {
  const isJob = typeof source !== "string";
  const id = isJob ? source.id : source;
  const call = openCall(`Download of export ${id}`, options);
  const ask = async (): Promise<ExportJob> =>
    (await requestExportJob(session, id, { ...call, label: labelOf(id) })).job;
  const state: Download = { bytes: 0, ...options.resume, job: isJob ? source : await ask() };
  let isFresh = !isJob;
  for (let resumptions = 0; ;) {
    const { status, download_url: url } = state.job;
    const response = url ? await requestFile(session, url, state, call, options) : undefined;
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
    const skip = checkStart(call, response, state);
    if (response.status === 416) return state;
    try {
      for await (const chunk of readBody(session, response, skip, call)) {
        state.bytes += chunk.byteLength;
        options.onProgress?.(state);
        yield chunk;
      }
      if (state.length === undefined || state.bytes === state.length) return state;
      throw new ConnectionError(`${call.label}: ${state.length} bytes were announced`);
    } catch (cause) {
      call.signal?.throwIfAborted();
      if (!isFleeting(cause)) throw cause;
      const canResume = state.bytes === 0 || state.etag !== undefined;
      if (!canResume || resumptions === maxResumptions || !session.wire.budget.take()) {
        throw new DownloadInterruptedError(call.label, "the connection broke off", state.bytes, {
          cause,
        });
      }
    }
    await sleep(call, backoff(resumptions));
    resumptions += 1;
    isFresh = false;
  }
}

/** The state of a download that runs. */
type Download = DownloadState & { job: ExportJob };

async function requestFile(
  { baseUrl, headers: ownHeaders, wire }: Session,
  address: string,
  { bytes, etag }: Download,
  call: Call,
  { findHostFault }: DownloadOptions,
): Promise<Response> {
  const invalid = (fault: string): InvalidResponseError =>
    new InvalidResponseError(call.label, fault);
  let location = address;
  let base = baseUrl;
  for (let redirects = 0; redirects <= maxRedirects; redirects += 1) {
    if (!URL.canParse(location, base.href)) throw invalid("its address is no URL");
    const url = new URL(location, base);
    const isOwn = url.origin === baseUrl.origin;
    let fault = findAddressFault(url, baseUrl);
    if (!fault && !isOwn && findHostFault) {
      fault = await within(call, wire.attemptTimeout, "attempt", () =>
        connecting(call, `${url.hostname} could not be looked up`, () => findHostFault(url)),
      );
    }
    if (fault) throw invalid(`its address may not be followed: ${fault}`);
    // As it is: a length can be compared, and a range means what it says.
    const headers = new Headers({ ...(isOwn && ownHeaders), "accept-encoding": "identity" });
    if (bytes > 0 && etag !== undefined) {
      headers.set("range", `bytes=${bytes}-`);
      headers.set("if-range", etag);
    }
    const init: RequestInit = {
      redirect: "manual",
      credentials: isOwn ? "same-origin" : "omit",
    };
    const request = { url: url.href, init, headers, isOwn, isRepeatable: true };
    const response = await exchange(wire, request, call, async (answer, token) =>
      answer.ok ? answer : readAnswer(call, answer, token),
    );
    const next = response.headers.get("location");
    if (next === null || response.status < 300 || response.status > 399) return response;
    location = next;
    base = url;
  }
  throw invalid(`it redirects more than ${maxRedirects} times`);
}

function parseBody(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/**
 * Checks that an answer goes on where the download is, and notes what it says of the file.
 *
 * @returns how many of its bytes have been delivered already
 */
function checkStart({ label }: Call, response: Response, state: DownloadState): number {
  const { status, headers } = response;
  const interrupted = (fault: string): DownloadInterruptedError => {
    discard(response);
    return new DownloadInterruptedError(label, fault, state.bytes);
  };
  // Encoded, or elsewhere in a browser, which does not tell: the length and the tag are not those of
  // the bytes that are seen here.
  const isEncoded = response.type === "cors" || headers.has("content-encoding");
  const given = headers.get("etag") ?? "";
  // A weak tag says that two files mean the same, not that their bytes are.
  const etag = given.startsWith('"') && !isEncoded ? given : undefined;

  const isOther = etag === undefined || etag !== state.etag;

  if (status === 200) {
    if (headers.get("content-type")?.startsWith("text/html")) {
      discard(response);
      throw new InvalidResponseError(label, "it is a page of HTML");
    }
    if (isOther && state.bytes > 0) throw interrupted("the file has changed since");
    delete state.etag;
    delete state.length;
    const length = headers.get("content-length");
    if (etag !== undefined) state.etag = etag;
    if (length !== null && !isEncoded) state.length = Number(length);
    return state.bytes;
  }
  const [, first, total] =
    /^bytes (?:(\d+)-\d+|\*)\/(\d+|\*)$/.exec(headers.get("content-range") ?? "") ?? [];
  if (status === 206) {
    if (state.bytes === 0 || Number(first) !== state.bytes) {
      throw interrupted(`the server sent bytes from ${first ?? "nowhere"} on`);
    }
    if ((isEncoded || given !== "") && isOther) throw interrupted("the file has changed since");
    if (total !== undefined && total !== "*") state.length = Number(total);
    return 0;
  }
  // 416: nothing is left, if this is the end. The body says no more than that.
  if (Number(total) !== state.bytes) throw interrupted("the server has no bytes beyond these");
  state.length = state.bytes;
  return 0;
}

async function* readBody(
  { idleTimeout }: Session,
  { body }: Response,
  skip: number,
  call: Call,
): AsyncGenerator<Uint8Array, void, undefined> {
  if (body === null) return;
  const reader = body.getReader();
  try {
    for (let left = skip; ;) {
      const { done, value } = await within(call, idleTimeout, "idle", () =>
        connecting(call, "the connection broke off", () => reader.read()),
      );
      if (done) return;
      const chunk = value.subarray(left);
      left = Math.max(0, left - value.byteLength);
      if (chunk.byteLength > 0) yield chunk;
    }
  } finally {
    reader.cancel().catch(() => undefined);
  }
}
