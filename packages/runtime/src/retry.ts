import { isObject } from "./is-object.ts";

/** What the requests of a client share: how much is retried while the server is in trouble. */
export interface RetryBudget {
  /** Takes the cost of a retry; false if there is not enough left. */
  take(cost: number): boolean;
  /** Gives back what a retry that succeeded had cost, or 1 for a first try that did. */
  refill(cost: number): void;
}

/** What a retry costs: more after a timeout, which has cost the server more. */
export const retryCost = 5;
export const timeoutRetryCost = 10;

/** Keeps retries from multiplying under an outage, as the standard mode of AWS's clients does. */
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

/** Whether a status says that the same request may succeed later. Not 501 and 505: they will not. */
export function isRetryable(status: number): boolean {
  return [408, 429, 500, 502, 503, 504].includes(status);
}

/**
 * The pause before a retry, in milliseconds: anything between nothing and half a second, doubled for
 * every retry before, at most 20 s ("full jitter").
 */
export function backoff(retriesBefore: number): number {
  return Math.random() * maxBackoff(retriesBefore);
}

/** The longest of these pauses. */
export function maxBackoff(retriesBefore: number): number {
  return Math.min(20_000, 500 * 2 ** retriesBefore);
}

/**
 * The pause that a Retry-After header asks for, in milliseconds (RFC 9110 §10.2.3): seconds, or a
 * date, counted from the response's own Date so that a clock that is off does not matter.
 * 0 if there is none, or one that makes no sense or is past.
 */
export function retryAfter(headers: Headers): number {
  const value = headers.get("retry-after") ?? "";
  if (/^\d+$/.test(value)) return Number(value) * 1000;
  // Other strings than HTTP dates parse as dates, too: -5 is one in May 2001.
  if (!/^[A-Za-z]{3,9},? /.test(value)) return 0;
  const now = parseDate(headers.get("date") ?? "");
  const pause = parseDate(value) - (Number.isNaN(now) ? Date.now() : now);
  return pause > 0 ? pause : 0;
}

/** The oldest form of an HTTP date names no zone, and means Greenwich (RFC 9110 §5.6.7). */
function parseDate(value: string): number {
  return Date.parse(value.endsWith("GMT") ? value : `${value} GMT`);
}

/** Methods that do the same whether they are sent once or twice (RFC 9110 §9.2.2). */
export function isIdempotent(method: string): boolean {
  return ["GET", "HEAD", "PUT", "DELETE", "OPTIONS", "TRACE"].includes(method);
}

/** Whether a server that answers so has done nothing: it says when to ask again. */
export function hasDoneNothing({ status, headers }: Response): boolean {
  return (status === 429 || status === 503) && headers.has("retry-after");
}

/** Whether there was no connection over which anything could have been sent. */
export function wasNeverSent(cause: unknown): boolean {
  const code = isObject(cause) ? String(cause["code"]) : "";
  return /^(?:ECONNREFUSED|ENOTFOUND|EAI_AGAIN|UND_ERR_CONNECT_TIMEOUT)$/.test(code);
}
