import { fieldOf } from "./header.ts";
import { isObject } from "./values.ts";

/** Limits the retries of all requests of a client while the server is in trouble. */
export interface RetryBudget {
  /** Spends the cost of a retry; false if the budget is too low. */
  take(cost: number): boolean;
  /** Refunds the cost of a retry that succeeded, or 1 for a first attempt that did. */
  refill(cost: number): void;
}

/** The cost of a retry. It is higher after a timeout, which has cost the server more. */
export const retryCost = 5;
export const timeoutRetryCost = 10;

/** Keeps retries from multiplying during an outage, as the standard retry mode of the AWS SDKs does. */
export function createRetryBudget(): RetryBudget {
  const capacity = 500;
  let left = capacity;
  return {
    take(cost) {
      if (left < cost) return false;
      left -= cost;
      return true;
    },
    refill(cost) {
      left = Math.min(capacity, left + cost);
    },
  };
}

/** Whether a status says that the same request may succeed later. 501 and 505 do not: they are permanent. */
export function isRetryable(status: number): boolean {
  return [408, 429, 500, 502, 503, 504].includes(status);
}

/**
 * The pause before a retry, in milliseconds, with full jitter: random between 0 and {@link maxBackoff}.
 */
export function backoff(retriesBefore: number): number {
  return Math.random() * maxBackoff(retriesBefore);
}

/** The upper bound of the pause, in milliseconds: 500, doubled for each earlier retry, at most 20,000. */
export function maxBackoff(retriesBefore: number): number {
  return Math.min(20_000, 500 * 2 ** retriesBefore);
}

/**
 * The pause that a Retry-After header asks for, in milliseconds (RFC 9110 §10.2.3). The header holds
 * seconds or a date; a date is compared with the response's own Date, so that a wrong local clock does
 * not matter. 0 if the header is missing, invalid or in the past.
 */
export function retryAfter(headers: Headers): number {
  const pause = parseRetryAfter(headers);
  return pause > 0 ? pause : 0;
}

/** NaN if the header is missing or invalid; negative for a date in the past. */
function parseRetryAfter(headers: Headers): number {
  const value = fieldOf(headers, "retry-after");
  if (/^\d+$/.test(value)) return Number(value) * 1000;
  // Date.parse accepts more than HTTP dates: it takes -5 for a day in May 2001.
  if (!/^[A-Za-z]{3,9},? .*\d\d:\d\d:\d\d (?:GMT|UTC|[+-]0000|\d{4})$/i.test(value))
    return Number.NaN;
  const now = parseDate(String(headers.get("date")));
  return parseDate(value) - (Number.isNaN(now) ? Date.now() : now);
}

/** The oldest form of an HTTP date has no time zone, and means GMT (RFC 9110 §5.6.7). */
function parseDate(value: string): number {
  return Date.parse(/(?:GMT|UTC|[+-]0000)$/i.test(value) ? value : `${value} GMT`);
}

/** Whether sending a request twice has the same effect as sending it once (RFC 9110 §9.2.2). */
export function isIdempotent(method: string): boolean {
  return ["GET", "HEAD", "PUT", "DELETE", "OPTIONS", "TRACE"].includes(method);
}

/** Whether the response shows that the server did not process the request: it says when to retry. */
export function wasNotProcessed({ status, headers }: Response): boolean {
  return (status === 429 || status === 503) && !Number.isNaN(parseRetryAfter(headers));
}

/** Whether the code of an error is one of a failed connection, and not of a file or a program. */
export function isNetworkFailure(cause: unknown): boolean {
  const codes = /^(?:E(?:CONN|HOST|NET)[A-Z]+|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|EPIPE|UND_ERR_\w+)$/;
  return isObject(cause) && codes.test(String(cause["code"]));
}

/**
 * Whether no connection was established, so that nothing can have been sent. Deno has no codes. If Node cannot
 * connect to any of several IP addresses, it throws an AggregateError with a code.
 */
export function wasNeverSent(cause: unknown): boolean {
  if (!isObject(cause)) return false;
  const { name, code = "", message } = cause;
  return /^AggregateError E|\b(?:ECONNREFUSED|ENOTFOUND|EAI_AGAIN|UND_ERR_CONNECT_TIMEOUT|connect E\w+)\b|error \(Connect\)/.test(
    `${name} ${code} ${message}`,
  );
}
