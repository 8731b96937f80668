import { sleep, type Call, type CallOptions } from "./deadline.ts";
import { ClientError, type Subject } from "./errors/client-error.ts";
import { InvalidResponseError } from "./errors/invalid-response-error.ts";
import { TimeoutError } from "./errors/timeout-error.ts";
import { checkTransient, pauseAfter } from "./failure.ts";
import { isObject } from "./is-object.ts";
import { maxBackoff } from "./retry.ts";
import type { Job } from "./types.ts";

const firstInterval = 2000;
const maxInterval = 30_000;

export interface PollOptions extends CallOptions {
  /**
   * The pause before the second request, in milliseconds; 2,000 by default. It grows by half each
   * time, to 30,000 or to what it was if that is more, and is shortened by up to a half at random, so
   * that many waiters do not ask in step. A Retry-After of the server is waited for in any case.
   */
  readonly interval?: number;
}

/** An answer about a job, and how long the server asks to wait before the next request. */
export interface Poll<State> {
  readonly data: State;
  readonly retryAfter: number;
}

/**
 * Asks for a job again and again, and gives what each answer says, until the job has ended in one of the
 * states that the description calls final. A state that it does not list counts as running. A request
 * that fails in a way that may pass is a missed poll: it is asked again soon, and then at the usual pace,
 * until the time of the call is over.
 *
 * @param ask sends one request
 * @throws TimeoutError, whose `lastJob` says how far the job was, and whose `cause` is what the latest
 *   poll failed with; the job may be running still
 * @throws what `ask` throws and will not pass, with `lastJob`
 */
export async function* poll<State extends object>(
  job: Job,
  call: Call,
  interval: number | undefined,
  ask: (call: Call) => Promise<Poll<State>>,
): AsyncGenerator<State, void, undefined> {
  const start = interval ?? firstInterval;
  const { maxRetries = Number.POSITIVE_INFINITY } = call;
  let last: State | undefined;
  let failure: ClientError | undefined;
  let misses = 0;
  try {
    for (let next = start; ;) {
      const result = await ask({ ...call, maxRetries: 0 }).catch((error: unknown) => {
        checkTransient(call, error);
        if (misses >= maxRetries || performance.now() + error.retryAfter > call.end) throw error;
        return error;
      });
      let pause = next;
      if (result instanceof ClientError) {
        failure = result;
        // Soon, but never at once: many may wait for a server that has just come back.
        pause = Math.min(next, maxBackoff(misses));
        misses += 1;
      } else {
        last = result.data;
        failure = undefined;
        misses = 0;
        yield last;
        if (isFinal(job, last)) return;
      }
      next = Math.max(start, Math.min(next * 1.5, maxInterval));
      const { retryAfter } = result;
      if (performance.now() + retryAfter > call.end) {
        const hint = `: the server asks to wait for ${retryAfter} ms`;
        throw new TimeoutError(call, "total", call.timeout, hint);
      }
      pause = Math.max(retryAfter, pause * (1 - Math.random() / 2));
      await (failure ? pauseAfter(call, failure, misses, pause) : sleep(call, pause));
    }
  } catch (error) {
    if (error instanceof ClientError) {
      if (last !== undefined) error.lastJob = last;
      if (failure) error.cause ??= failure;
    }
    throw error;
  }
}

/** Whether a job has ended in failure. */
export function hasFailed({ property, failed }: Job, state: object): boolean {
  return failed.includes(String(Reflect.get(state, property)));
}

/** Whether a job has ended, in whatever way. */
export function isFinal(job: Job, state: object): boolean {
  return hasFailed(job, state) || job.succeeded.includes(String(Reflect.get(state, job.property)));
}

/** @throws InvalidResponseError if an answer holds no state of a job */
export function checkState(
  { property }: Job,
  subject: Subject,
  data: unknown,
): Readonly<Record<string, unknown>> {
  if (!isObject(data)) throw new InvalidResponseError(subject, "it holds no job");
  if (typeof data[property] === "string") return data;
  throw new InvalidResponseError(subject, `the job has no ${property}`);
}
