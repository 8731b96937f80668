import { sleep, withTimeout, type Call } from "./deadline.ts";
import { wrapConnectionError } from "./errors/connection-error.ts";
import { isTransient } from "./errors/is-transient.ts";
import { discard } from "./response.ts";
import {
  backoff,
  hasDoneNothing,
  isRetryable,
  retryAfter,
  wasNeverSent,
  type RetryBudget,
} from "./retry.ts";
import { receiveToken, type TokenSource } from "./token.ts";
import type { Credential } from "./types.ts";

const maxRetries = 3;

/** What all requests of a client share. */
export interface Transport {
  readonly fetch: typeof globalThis.fetch | undefined;
  readonly budget: RetryBudget;
  /** How long one attempt may take, body included where it is read, in milliseconds. */
  readonly attemptTimeout: number;
}

/** A request, and how it goes out. */
export interface PreparedRequest {
  readonly url: string;
  readonly init: RequestInit;
  /** Credentials are put among them. */
  readonly headers: Headers;
  readonly credentials: readonly CredentialSource[];
  /** Whether it may be sent again though the first may have done something. */
  readonly isIdempotent: boolean;
}

/** A credential, and what gives it. */
export interface CredentialSource extends Credential {
  readonly source: TokenSource;
}

/**
 * Sends a request until it is answered, and hands the answer to `accept`, which belongs to the
 * attempt: what it throws is a failure of the attempt, and its time is the attempt's.
 *
 * Retried, if idempotent: connections that fail, attempts that take too long, the statuses of
 * {@link isRetryable}, and bodies that `accept` cannot parse; others only where nothing can have been
 * done. A refused token is replaced once.
 *
 * @throws the reason of the call's signal; ConnectionError; TimeoutError; what `accept` throws
 */
export async function send<T>(
  { fetch, budget, attemptTimeout }: Transport,
  { url, init, headers, credentials, isIdempotent }: PreparedRequest,
  call: Call,
  accept: (response: Response, secrets: readonly string[]) => Promise<T>,
): Promise<T> {
  let mayRefresh = true;
  for (let retries = 0; ; retries += 1) {
    call.signal?.throwIfAborted();
    const mayRetry = retries < maxRetries;
    let pause = 0;
    try {
      const pending = credentials.map(({ source }) => source.get());
      const secrets: string[] = [];
      let target = url;
      for (const [index, { source, ...credential }] of credentials.entries()) {
        const token = pending[index];
        if (!token) continue;
        const secret = token.token ?? (await receiveToken(source, token, attemptTimeout, call));
        secrets.push(secret);
        if (credential.in === "header") headers.set(credential.name, credential.prefix + secret);
        else target = addToQuery(target, credential.name, credential.prefix + secret);
      }
      const outcome = await withTimeout(call, attemptTimeout, "attempt", async (signal) => {
        const response = await wrapConnectionError(call, "the connection failed", () =>
          (fetch ?? globalThis.fetch)(target, { ...init, headers, signal }),
        );
        const { ok, status } = response;
        const isRefused =
          status === 401 &&
          mayRefresh &&
          credentials.filter(({ source }, index) => {
            const token = pending[index];
            return token && source.forget(token);
          }).length > 0;
        if (!isRefused) {
          pause = retryAfter(response.headers);
          // A pause beyond the end is for the caller to know now.
          const isTooLong = performance.now() + pause > call.end;
          const isWorthwhile = isRetryable(status) && (isIdempotent || hasDoneNothing(response));
          if (!mayRetry || !isWorthwhile || isTooLong || !budget.take()) {
            const value = await accept(response, secrets);
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
      const isWorthwhile = isTransient(error) && (isIdempotent || wasNeverSent(error));
      if (!isWorthwhile || !mayRetry || !budget.take()) throw error;
    }
    await sleep(call, Math.max(pause, backoff(retries)));
  }
}

function addToQuery(url: string, name: string, value: string): string {
  const separator = url.includes("?") ? "&" : "?";
  return `${url}${separator}${encodeURIComponent(name)}=${encodeURIComponent(value)}`;
}
