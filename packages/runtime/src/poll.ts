import { sleep, type Call, type CallOptions } from "./deadline.ts";
import { ClientError, type Subject } from "./errors/client-error.ts";
import { InvalidResponseError } from "./errors/invalid-response-error.ts";
import { TimeoutError } from "./errors/timeout-error.ts";
import { checkTransient, pauseAfter } from "./transient.ts";
import { isObject } from "./values.ts";
import { maxBackoff } from "./retry.ts";
import type { Job } from "./types.ts";

const firstInterval = 2000;
const maxInterval = 30_000;

export interface PollOptions extends CallOptions {
  /** How long the wait may take in total, in milliseconds; 3,600,000 by default. */
  readonly timeout?: number;
  /** How many failures in a row are allowed; unlimited by default. */
  readonly maxRetries?: number;
  /**
   * The pause before the second request, in milliseconds; 2,000 by default. It grows by half each time, up
   * to 30,000 or to its initial value if that is more. Jitter shortens it by up to half, so that many
   * waiters do not poll in step. A Retry-After from the server is always respected.
   */
  readonly interval?: number;
}

/** The response to one poll, and how long the server asks to wait before the next request. */
export interface Poll<State> {
  readonly data: State;
  readonly retryAfter: number;
}

/**
 * Polls a job, and yields its state after each response, until the job reaches a state that the
 * description calls final. A state that the description does not list counts as running. A request with a
 * transient failure is a missed poll: it is retried soon, and then at the usual pace, until the call's
 * deadline.
 *
 * @param requestJob sends one request
 * @throws TimeoutError, whose `lastJob` is the last known state of the job, and whose `cause` is the error
 *   of the latest poll if that failed; the job may still be running
 * @throws errors of `requestJob` that are not transient, with `lastJob`
 */
export async function* poll<State extends object>(
  job: Job,
  call: Call,
  interval: number | undefined,
  requestJob: (call: Call) => Promise<Poll<State>>,
): AsyncGenerator<State, void, undefined> {
  const start = interval ?? firstInterval;
  const { maxRetries = Infinity } = call;
  let last: State | undefined;
  let misses = 0;
  try {
    for (let next = start; ;) {
      const result = await requestJob({ ...call, maxRetries: 0 }).catch((error: unknown) => {
        checkTransient(call, error);
        if (misses >= maxRetries || isTooLong(call, error.retryAfter)) throw error;
        return error;
      });
      let pause = next;
      if (result instanceof ClientError) {
        // Soon, but never immediately: many clients may be waiting for a server that has just recovered.
        pause = Math.min(next, maxBackoff(misses));
        misses += 1;
      } else {
        last = result.data;
        call.failure = undefined;
        misses = 0;
        // Before the caller gets it, and may change it.
        const isLast = isFinal(job, last);
        yield last;
        if (isLast) return;
      }
      next = Math.max(start, Math.min(next * 1.5, maxInterval));
      const { retryAfter } = result;
      if (isTooLong(call, retryAfter)) {
        const hint = `: the server asked to wait for ${retryAfter / 1000} s`;
        throw new TimeoutError(call, "total", call.timeout, hint);
      }
      pause = Math.max(retryAfter, pause * (1 - Math.random() / 2));
      await (result instanceof ClientError
        ? pauseAfter(call, result, misses, pause)
        : sleep(call, pause));
    }
  } catch (error) {
    if (error instanceof ClientError) error.lastJob = last;
    throw error;
  }
}

/** Whether the server asks for a pause that the deadline would end. */
function isTooLong({ end }: Call, retryAfter: number): boolean {
  return retryAfter > 0 && performance.now() + retryAfter >= end;
}

/** Whether a job has failed. */
export function hasFailed({ property, failed }: Job, state: object): boolean {
  return failed.includes(String(Reflect.get(state, property)));
}

/** Whether a job has succeeded or failed. */
export function isFinal(job: Job, state: object): boolean {
  return hasFailed(job, state) || job.succeeded.includes(String(Reflect.get(state, job.property)));
}

/** @throws InvalidResponseError if a response does not hold the state of a job */
export function checkState(
  { property }: Job,
  subject: Subject,
  data: unknown,
): Readonly<Record<string, unknown>> {
  if (!isObject(data)) throw new InvalidResponseError(subject, "it contains no job");
  if (typeof data[property] === "string") return data;
  throw new InvalidResponseError(subject, `the job has no ${property}`);
}
