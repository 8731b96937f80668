import { operations } from "@audit-logs/generated/audit-logs/operations";
import { discard } from "./answer.ts";
import { sleep, within, type Call } from "./deadline.ts";
import { connecting, isFleeting } from "./errors.ts";
import { backoff, isRetryable, retryAfter, type RetryBudget } from "./retry.ts";
import { receiveToken, type TokenSource } from "./token.ts";

const [[credential]] = operations.getExportJobStatus.authentication;
const maxRetries = 3;

/** What all exchanges of a client share. */
export interface Wire {
  readonly fetch: typeof globalThis.fetch | undefined;
  readonly token: TokenSource;
  readonly budget: RetryBudget;
  /** How long one attempt may take, body included where it is read, in milliseconds. */
  readonly attemptTimeout: number;
}

/** A request, and how it goes out. */
export interface Outgoing {
  readonly url: string;
  readonly init: RequestInit;
  /** The token is put among them. */
  readonly headers: Headers;
  /** Whether the token goes with it. */
  readonly isOwn: boolean;
  /** Whether it may be sent again. */
  readonly isRepeatable: boolean;
}

/**
 * Sends a request until it is answered, and hands the answer to `accept`, which belongs to the
 * attempt: what it throws is a failure of the attempt, and its time is the attempt's.
 *
 * Retried, if repeatable: connections that fail, attempts that take too long, the statuses of
 * {@link isRetryable}, and bodies that `accept` cannot parse. A refused token is replaced once.
 *
 * @throws the reason of the call's signal; ConnectionError; TimeoutError; what `accept` throws
 */
export async function exchange<T>(
  { fetch, token: source, budget, attemptTimeout }: Wire,
  { url, init, headers, isOwn, isRepeatable }: Outgoing,
  call: Call,
  accept: (response: Response, token: string | undefined) => Promise<T>,
): Promise<T> {
  let mayRefresh = isOwn;
  for (let retries = 0; ; retries += 1) {
    call.signal?.throwIfAborted();
    const mayRetry = isRepeatable && retries < maxRetries;
    let pause = 0;
    try {
      const asked = isOwn ? source.get() : undefined;
      const token =
        asked && (asked.token ?? (await receiveToken(source, asked, attemptTimeout, call)));
      const outcome = await within(call, attemptTimeout, "attempt", async (signal) => {
        if (token) headers.set(credential.name, credential.prefix + token);
        const response = await connecting(call, "the connection failed", () =>
          (fetch ?? globalThis.fetch)(url, { ...init, headers, signal }),
        );
        const { ok, status } = response;
        const isRefused = status === 401 && mayRefresh && asked && source.forget(asked);
        if (!isRefused) {
          pause = retryAfter(response.headers);
          // A pause beyond the end is for the caller to know now.
          const isTooLong = performance.now() + pause > call.end;
          if (!mayRetry || !isRetryable(status) || isTooLong || !budget.take()) {
            const value = await accept(response, token);
            if (ok) budget.refill();
            return { value };
          }
        }
        discard(response);
        return isRefused;
      });
      if (outcome === true) {
        mayRefresh = false;
        retries -= 1;
        continue;
      }
      if (outcome) return outcome.value;
    } catch (error) {
      call.signal?.throwIfAborted();
      if (!isFleeting(error) || !mayRetry || !budget.take()) throw error;
    }
    await sleep(call, Math.max(pause, backoff(retries)));
  }
}
