import { throwIfAborted, withTimeout, type Call } from "./deadline.ts";
import { checkTransient, pauseAfter } from "./transient.ts";
import { ApiError, requestIdOf } from "./errors/api-error.ts";
import { ClientError, toLine } from "./errors/client-error.ts";
import { ConnectionError } from "./errors/connection-error.ts";
import { TimeoutError } from "./errors/timeout-error.ts";
import type { CredentialSource } from "./prepare.ts";
import { discard } from "./response.ts";
import {
  backoff,
  wasNotProcessed,
  isIdempotent,
  isRetryable,
  retryAfter,
  retryCost,
  timeoutRetryCost,
  wasNeverSent,
  type RetryBudget,
} from "./retry.ts";
import { receiveToken, type PendingToken } from "./token.ts";

/** The settings and the retry budget that all requests of a client share. */
export interface Transport {
  readonly fetch: typeof globalThis.fetch | undefined;
  readonly budget: RetryBudget;
  /** How many times a request is retried, unless its call says otherwise. */
  readonly maxRetries: number;
  /** How long one attempt may take, in milliseconds, including the body unless it is streamed. */
  readonly attemptTimeout: number;
}

/** A request that is ready to be sent, apart from its credentials. */
export interface PreparedRequest {
  readonly url: string;
  readonly method: string;
  /** By their names in lower case, without the credentials. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | ArrayBuffer | null;
  /** Whether a browser may send cookies: to the same origin only, by default. */
  readonly cookies?: "same-origin" | "omit";
  readonly credentials: readonly CredentialSource[];
}

/**
 * Sends a request until a response arrives, and passes the response to `readResponse`. Reading is part of
 * the attempt: its errors are failures of the attempt, and its time counts towards the attempt's timeout.
 *
 * Retries idempotent requests after transient failures: failed connections, attempts that time out, the
 * statuses of {@link isRetryable}, and bodies that `readResponse` cannot parse. Retries other methods only
 * if the server cannot have processed the request. Replaces a refused token once.
 *
 * @throws the reason of the call's signal; ConnectionError; TimeoutError; anything that `readResponse` throws
 */
export async function send<T>(
  transport: Transport,
  { url, method, headers, body, cookies = "same-origin", credentials }: PreparedRequest,
  call: Call,
  readResponse: (response: Response) => Promise<T>,
): Promise<T> {
  const { budget, attemptTimeout } = transport;
  const maxRetries = call.maxRetries ?? transport.maxRetries;
  const maySendTwice = isIdempotent(method);
  let mayRefresh = true;
  let cost = 0;
  let pause = 0;
  let failure: ClientError | undefined;
  const reserveRetry = (retries: number, price: number, minPause: number): boolean => {
    pause = Math.max(minPause, backoff(retries));
    // If the deadline would end the pause, the caller should know now.
    if (retries >= maxRetries || performance.now() + pause >= call.end) return false;
    if (!budget.take(price)) return false;
    cost = price;
    return true;
  };

  for (let retries = 0; ; retries += 1) {
    throwIfAborted(call);
    let received: Response | undefined;
    let isSent = false;
    const tokens = credentials.map((credential) => [credential, credential.source.get()] as const);
    try {
      for (const [{ source }, pending] of tokens) {
        if (!pending.token) await receiveToken(source, pending, attemptTimeout, call);
      }
      const [target, fields] = addTokens(url, headers, tokens);
      isSent = true;
      const controller = new AbortController();
      const { signal } = controller;
      const attempt = async (): Promise<{ readonly value: T } | ClientError | undefined> => {
        // Following a redirect would send the headers to another server.
        const redirect = "manual";
        const init = {
          method,
          headers: fields,
          body,
          redirect,
          credentials: cookies,
          signal,
        } as const;
        const response = await fetchOnce(transport, target, init, call);
        const { ok, status } = response;
        received = response;
        // Not with a key in the query.
        if (target !== url) Object.defineProperty(response, "url", { value: url });
        // Some `fetch` libraries ignore the signal, so the attempt may be over.
        if (signal.aborted) return void discard(response);
        if (status === 401 && mayRefresh) {
          mayRefresh = false;
          // Not `some`: every token that can be replaced has to be.
          const replaced = tokens.filter(([{ source }, pending]) => source.forget(pending));
          if (replaced.length > 0) return void discard(response);
        }
        if (isRetryable(status) && (maySendTwice || wasNotProcessed(response))) {
          const error = new ApiError(call, response);
          if (reserveRetry(retries, retryCost, error.retryAfter)) {
            discard(response);
            return error;
          }
        }
        const value = await readResponse(response);
        if (ok) budget.refill(cost || 1);
        return { value };
      };
      const outcome = await withTimeout(call, attemptTimeout, "attempt", attempt, controller);
      if (!outcome) {
        retries -= 1;
        continue;
      }
      if ("value" in outcome) {
        call.failure = undefined;
        return outcome.value;
      }
      failure = outcome;
    } catch (error) {
      if (failure && error instanceof TimeoutError) error.cause ??= failure;
      checkTransient(call, error);
      error.retryAfter = received ? retryAfter(received.headers) : 0;
      // The cause of a timeout is an earlier failure, which says nothing about this attempt.
      if (error instanceof ConnectionError && wasNeverSent(error.cause)) isSent = false;
      if (!maySendTwice && isSent) throw error;
      const price = error instanceof TimeoutError ? timeoutRetryCost : retryCost;
      if (!reserveRetry(retries, price, error.retryAfter)) throw error;
      failure = error;
    }
    await pauseAfter(call, failure, retries + 1, pause);
  }
}

/** Adds tokens that have arrived to a URL and headers. */
function addTokens(
  url: string,
  headers: PreparedRequest["headers"],
  tokens: readonly (readonly [CredentialSource, PendingToken])[],
): readonly [target: string, fields: Record<string, string>] {
  let target = url;
  const fields = { ...headers };
  for (const [{ in: location, name, prefix }, { token }] of tokens) {
    const value = `${prefix}${token}`;
    if (location === "header") fields[name] = value;
    else target = addToQuery(target, name, value);
  }
  return [target, fields];
}

async function fetchOnce(
  { fetch = globalThis.fetch }: Transport,
  target: string,
  init: RequestInit & { readonly method: string },
  call: Call,
): Promise<Response> {
  const { emit, redactTokens } = call;
  const start = performance.now();
  const facts = emit && {
    call: toLine(redactTokens, call.label),
    method: init.method,
    url: toLine(redactTokens, target.replace(/[?#].*/, "")),
  };
  if (facts) emit({ type: "request", ...facts });
  let response: Response;
  try {
    response = await fetch(target, init);
    // The standard's own failure, which a custom fetch may return.
    if (response?.type === "error") throw new TypeError("Response.error()");
  } catch (cause) {
    throw new ConnectionError(call, "the connection failed", cause);
  }
  if (typeof response?.headers?.get !== "function" || response.bodyUsed || response.body?.locked) {
    const fault = "the client's fetch returned no Response, or one whose body had been read";
    throw new ClientError(call, fault);
  }
  if (facts) {
    emit({
      type: "response",
      ...facts,
      status: response.status,
      requestId: requestIdOf(call, response),
      duration: performance.now() - start,
    });
  }
  return response;
}

function addToQuery(url: string, name: string, value: string): string {
  const separator = url.includes("?") ? "&" : "?";
  return `${url}${separator}${encodeURIComponent(name)}=${encodeURIComponent(value)}`;
}
