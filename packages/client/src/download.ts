import { findAddressFault } from "./address.ts";
import { openScope, race, sleep, type Scope } from "./deadline.ts";
import {
  ApiError,
  AuditLogsError,
  ConnectionError,
  DownloadInterruptedError,
  InvalidResponseError,
  TimeoutError,
} from "./errors.ts";
import { discard, exchange, readText } from "./exchange.ts";
import { requestExportJob, type ExportJob } from "./export-job.ts";
import { backoff, retryAfter } from "./retry.ts";
import { openCall, type CallOptions, type Session } from "./session.ts";

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
  const id = typeof source === "string" ? source : source.id;
  const label = `Download of export ${id}`;
  const scope = openCall(label, options);
  const state: DownloadState = { bytes: 0, ...options.resume };
  try {
    let isFresh = typeof source === "string";
    state.job =
      typeof source === "string" ? (await requestExportJob(session, id, scope)).job : source;
    for (let resumptions = 0; ;) {
      const url = state.job.download_url;
      const response = url
        ? await requestFile(session, label, url, state, scope, options)
        : undefined;
      // The URL may have expired, or not have been there yet. Of the statuses for that, 400 is Google's.
      if (!isFresh && [400, 401, 403, 404, 410, undefined].includes(response?.status)) {
        state.job = (await requestExportJob(session, id, scope)).job;
        isFresh = true;
        continue;
      }
      if (response === undefined) {
        throw new InvalidResponseError(
          label,
          `the job is ${state.job.status} and has no download_url`,
        );
      }
      if (![200, 206, 416].includes(response.status)) {
        const text = await readText(response, label);
        throw new ApiError(label, response, parseBody(text), retryAfter(response.headers));
      }
      const skip = checkStart(label, response, state);
      try {
        for await (const chunk of readBody(session, label, response, skip, scope)) {
          state.bytes += chunk.byteLength;
          options.onProgress?.(state);
          yield chunk;
        }
        if (state.length === undefined || state.bytes === state.length) return state;
        throw new ConnectionError(`${label}: ${state.length} bytes were announced`);
      } catch (cause) {
        if (scope.signal.aborted) throw scope.signal.reason;
        if (!(cause instanceof AuditLogsError)) throw cause;
        const canResume = state.bytes === 0 || state.etag !== undefined;
        if (!canResume || resumptions === maxResumptions || !session.wire.budget.take()) {
          throw new DownloadInterruptedError(label, "the connection broke off", state.bytes, {
            cause,
          });
        }
        await sleep(backoff(resumptions), scope.signal);
        resumptions += 1;
        isFresh = false;
      }
    }
  } finally {
    scope.close();
  }
}

async function requestFile(
  session: Session,
  label: string,
  address: string,
  { bytes, etag }: DownloadState,
  scope: Scope,
  { findHostFault }: DownloadOptions,
): Promise<Response> {
  let url = parseAddress(label, address, session.baseUrl);
  for (let redirects = 0; ; redirects += 1) {
    const isOwn = url.origin === new URL(session.baseUrl).origin;
    const fault =
      findAddressFault(url, session.baseUrl) ??
      (isOwn || !findHostFault ? undefined : await lookUp(findHostFault, label, url, scope));
    if (fault !== undefined) {
      throw new InvalidResponseError(label, `its address may not be followed: ${fault}`);
    }
    // As it is: a length can be compared, and a range means what it says.
    const headers = new Headers({ ...(isOwn && session.headers), "accept-encoding": "identity" });
    if (bytes > 0 && etag !== undefined) {
      headers.set("range", `bytes=${bytes}-`);
      headers.set("if-range", etag);
    }
    const init = {
      method: "GET",
      headers,
      redirect: "manual",
      credentials: isOwn ? "same-origin" : "omit",
    } as const;
    const outgoing = { label, url: url.href, init, authenticated: isOwn, repeatable: true };
    const response = await exchange(session.wire, outgoing, scope, async (answer, token) => {
      // One that a script may not see, of status 0, cannot be copied.
      if ([0, 200, 206].includes(answer.status)) return answer;
      const text = await readText(answer, label);
      // What refuses a request may quote it. Some statuses can have no body.
      return new Response((token ? text.replaceAll(token, "…") : text) || null, answer);
    });
    const location = response.headers.get("location");
    if (location === null || response.status < 300 || response.status > 399) return response;
    if (redirects === maxRedirects) {
      throw new InvalidResponseError(label, `it redirects more than ${maxRedirects} times`);
    }
    url = parseAddress(label, location, url.href);
  }
}

function parseAddress(label: string, address: string, base: string): URL {
  if (URL.canParse(address, base)) return new URL(address, base);
  throw new InvalidResponseError(label, "its address is no URL");
}

async function lookUp(
  findHostFault: (url: URL) => Promise<string | undefined>,
  label: string,
  url: URL,
  { signal }: Scope,
): Promise<string | undefined> {
  try {
    return await race(findHostFault(url), signal);
  } catch (cause) {
    if (signal.aborted) throw cause;
    throw new ConnectionError(`${label}: ${url.hostname} could not be looked up`, { cause });
  }
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
function checkStart(label: string, response: Response, state: DownloadState): number {
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
  return Infinity;
}

async function* readBody(
  { idleTimeout }: Session,
  label: string,
  { body }: Response,
  skip: number,
  scope: Scope,
): AsyncGenerator<Uint8Array, void, undefined> {
  if (body === null) return;
  const reader = body.getReader();
  try {
    for (let left = skip; ;) {
      const silence = openScope(
        idleTimeout,
        () => new TimeoutError(label, "idle", idleTimeout),
        scope.signal,
      );
      const { done, value } = await race(reader.read(), silence.signal).finally(silence.close);
      if (done) return;
      const chunk = value.subarray(left);
      left = Math.max(0, left - value.byteLength);
      if (chunk.byteLength > 0) yield chunk;
    }
  } catch (cause) {
    if (cause instanceof AuditLogsError || scope.signal.aborted) throw cause;
    throw new ConnectionError(`${label}: the connection broke off`, { cause });
  } finally {
    reader.cancel().catch(() => undefined);
  }
}
