import { withTimeout, type Call } from "./deadline.ts";
import { checkTransient, pauseAfter } from "./failure.ts";
import { ApiError, requestIdOf } from "./errors/api-error.ts";
import type { ClientError } from "./errors/client-error.ts";
import { wrapConnectionError } from "./errors/connection-error.ts";
import { TimeoutError } from "./errors/timeout-error.ts";
import type { CredentialSource } from "./prepare.ts";
import { discard } from "./response.ts";
import {
  backoff,
  hasDoneNothing,
  isIdempotent,
  isRetryable,
  retryAfter,
  retryCost,
  timeoutRetryCost,
  wasNeverSent,
  type RetryBudget,
} from "./retry.ts";
import { receiveToken } from "./token.ts";

/** What all requests of a client share. */
export interface Transport {
  readonly fetch: typeof globalThis.fetch | undefined;
  readonly budget: RetryBudget;
  /** How often a request is sent again, unless its call says otherwise. */
  readonly maxRetries: number;
  /** How long one attempt may take, body included where it is read, in milliseconds. */
  readonly attemptTimeout: number;
}

/** A request, and how it goes out. */
export interface PreparedRequest {
  readonly url: string;
  readonly init: RequestInit & { readonly method: string };
  /** Credentials are put among them. */
  readonly headers: Headers;
  readonly credentials: readonly CredentialSource[];
}

/**
 * Sends a request until it is answered, and hands the answer to `accept`, which belongs to the
 * attempt: what it throws is a failure of the attempt, and its time is the attempt's.
 *
 * Retried, if idempotent: what may pass by itself, which are connections that fail, attempts that take
 * too long, the statuses of {@link isRetryable}, and bodies that `accept` cannot parse; other methods
 * only where nothing can have been done. A refused token is replaced once.
 *
 * @throws the reason of the call's signal; ConnectionError; TimeoutError; what `accept` throws
 */
export async function send<T>(
  transport: Transport,
  { url, init, headers, credentials }: PreparedRequest,
  call: Call,
  accept: (response: Response) => Promise<T>,
): Promise<T> {
  const { budget, attemptTimeout } = transport;
  const maxRetries = call.maxRetries ?? transport.maxRetries;
  const maySendTwice = isIdempotent(init.method);
  let mayRefresh = true;
  let cost = 0;
  const mayRetry = (retries: number, price: number, pause = 0): boolean => {
    // A pause beyond the end is for the caller to know now.
    if (retries >= maxRetries || performance.now() + pause > call.end) return false;
    if (!budget.take(price)) return false;
    cost = price;
    return true;
  };

  for (let retries = 0; ; retries += 1) {
    call.signal?.throwIfAborted();
    let answer: Response | undefined;
    let failure: ClientError;
    const given = credentials.map((credential) => [credential, credential.source.get()] as const);
    try {
      let target = url;
      for (const [{ source, in: place, name, prefix }, pending] of given) {
        const value =
          prefix + (pending.token ?? (await receiveToken(source, pending, attemptTimeout, call)));
        if (place === "header") headers.set(name, value);
        else target = addToQuery(target, name, value);
      }
      const outcome = await withTimeout(call, attemptTimeout, "attempt", async (signal) => {
        const response = await fetchOnce(transport, target, { ...init, headers, signal }, call);
        const { ok, status } = response;
        answer = response;
        if (status === 401 && mayRefresh) {
          mayRefresh = false;
          // Each that can is replaced.
          const replaced = given.filter(([{ source }, pending]) => source.forget(pending));
          if (replaced.length > 0) return discard(response);
        }
        if (isRetryable(status) && (maySendTwice || hasDoneNothing(response))) {
          const error = new ApiError(call, response);
          if (mayRetry(retries, retryCost, error.retryAfter)) {
            discard(response);
            return error;
          }
        }
        const value = await accept(response);
        if (ok) budget.refill(cost || 1);
        return { value };
      });
      if (!outcome) {
        retries -= 1;
        continue;
      }
      if ("value" in outcome) return outcome.value;
      failure = outcome;
    } catch (error) {
      checkTransient(call, error);
      error.retryAfter = answer ? retryAfter(answer.headers) : 0;
      if (!maySendTwice && !wasNeverSent(error.cause)) throw error;
      const price = error instanceof TimeoutError ? timeoutRetryCost : retryCost;
      if (!mayRetry(retries, price, error.retryAfter)) throw error;
      failure = error;
    }
    await pauseAfter(call, failure, retries + 1, Math.max(failure.retryAfter, backoff(retries)));
  }
}

async function fetchOnce(
  { fetch }: Transport,
  target: string,
  init: PreparedRequest["init"],
  call: Call,
): Promise<Response> {
  const { label, emit } = call;
  const start = performance.now();
  const facts = () => ({
    call: label,
    method: init.method,
    url: target.replace(/[?#].*/, ""),
  });
  emit?.({ type: "request", ...facts() });
  const response = await wrapConnectionError(call, "the connection failed", () =>
    (fetch ?? globalThis.fetch)(target, init),
  );
  emit?.({
    type: "response",
    ...facts(),
    status: response.status,
    requestId: requestIdOf(call, response),
    duration: performance.now() - start,
  });
  return response;
}

function addToQuery(url: string, name: string, value: string): string {
  const separator = url.includes("?") ? "&" : "?";
  return `${url}${separator}${encodeURIComponent(name)}=${encodeURIComponent(value)}`;
}
