import { operations } from "@audit-logs/generated/audit-logs/operations";
import { openScope, race, sleep, type Scope } from "./deadline.ts";
import { AuditLogsError, ConnectionError, TimeoutError } from "./errors.ts";
import { checkHeader } from "./header.ts";
import { backoff, isRetryable, retryAfter, type RetryBudget } from "./retry.ts";
import type { TokenSource } from "./token.ts";

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
  /** For messages: what is asked of whom, without a query. */
  readonly label: string;
  readonly url: string;
  readonly init: RequestInit & { readonly headers: Headers };
  /** Whether the token goes with it. */
  readonly authenticated: boolean;
  /** Whether it may be sent again. */
  readonly repeatable: boolean;
}

/**
 * Sends a request until it is answered, and hands the answer to `accept`, which belongs to the
 * attempt: what it throws is a failure of the attempt, and its time is the attempt's.
 *
 * Retried, if repeatable: connections that fail, attempts that take too long, the statuses of
 * {@link isRetryable}, and bodies that `accept` cannot parse. A refused token is replaced once.
 *
 * @throws the reason of the scope's signal; ConnectionError; TimeoutError; what `accept` throws
 */
export async function exchange<T>(
  wire: Wire,
  request: Outgoing,
  scope: Scope,
  accept: (response: Response, token: string | undefined) => Promise<T>,
): Promise<T> {
  let mayRefresh = request.authenticated;
  for (let retries = 0; ; retries += 1) {
    scope.signal.throwIfAborted();
    const mayRetry = request.repeatable && retries < maxRetries;
    let hint = request.authenticated ? ": the token function gives no token" : "";
    const attempt = openScope(
      wire.attemptTimeout,
      () => new TimeoutError(request.label, "attempt", wire.attemptTimeout, hint),
      scope.signal,
    );
    let pause = 0;
    try {
      const asked = request.authenticated ? wire.token.get() : undefined;
      const token = asked && (await receive(asked, wire, request.label, attempt.signal));
      hint = "";
      const response = await race(send(wire, request, token, attempt.signal), attempt.signal);
      if (response.status === 401 && mayRefresh && asked && wire.token.forget(asked)) {
        mayRefresh = false;
        retries -= 1;
        discard(response);
        continue;
      }
      pause = retryAfter(response.headers);
      const isWorthIt = mayRetry && isRetryable(response.status);
      // A pause beyond the end is for the caller to know now.
      if (!isWorthIt || performance.now() + pause > scope.end || !wire.budget.take()) {
        const result = await race(accept(response, token), attempt.signal);
        if (response.ok) wire.budget.refill();
        return result;
      }
      discard(response);
    } catch (cause) {
      if (scope.signal.aborted) throw scope.signal.reason;
      const error = attempt.signal.aborted ? attempt.signal.reason : cause;
      const isFleeting =
        error instanceof TimeoutError ||
        error instanceof ConnectionError ||
        error instanceof SyntaxError;
      if (!isFleeting || !mayRetry || !wire.budget.take()) throw error;
    } finally {
      attempt.close();
    }
    await sleep(Math.max(pause, backoff(retries)), scope.signal);
  }
}

async function receive(
  asked: Promise<string>,
  { token }: Wire,
  label: string,
  signal: AbortSignal,
): Promise<string> {
  let given: string | undefined;
  try {
    given = await race(asked, signal);
    return checkHeader("token", given);
  } catch (cause) {
    // Kept, a promise that hangs or failed would hold up every call to come.
    token.forget(asked);
    if (given !== undefined) throw cause;
    throw new AuditLogsError(`${label}: the token function failed`, { cause });
  }
}

async function send(
  wire: Wire,
  { url, init, label }: Outgoing,
  token: string | undefined,
  signal: AbortSignal,
): Promise<Response> {
  const headers = new Headers(init.headers);
  if (token !== undefined) headers.set(credential.name, credential.prefix + token);
  try {
    return await (wire.fetch ?? globalThis.fetch)(url, { ...init, headers, signal });
  } catch (cause) {
    throw new ConnectionError(`${label}: the connection failed`, { cause });
  }
}

/** Reads a body that has to be whole. */
export async function readText(response: Response, label: string): Promise<string> {
  try {
    return await response.text();
  } catch (cause) {
    throw new ConnectionError(`${label}: the connection broke off in the answer`, { cause });
  }
}

/** Lets go of an answer that nobody reads, and of its connection. */
export function discard(response: Response): void {
  response.body?.cancel().catch(() => undefined);
}
