import { sleep, type Call, type CallOptions } from "./deadline.ts";
import { ClientError } from "./errors/client-error.ts";
import { InvalidResponseError } from "./errors/invalid-response-error.ts";
import { TimeoutError } from "./errors/timeout-error.ts";
import { isObject } from "./is-object.ts";
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
 * states that the description calls final. A state that it does not list counts as running.
 *
 * @throws TypeError if the interval is not above 0
 * @throws TimeoutError, whose `lastJob` says how far the job was; it may be running still
 * @throws what `ask` throws, with `lastJob`
 */
export async function* poll<State extends object>(
  job: Job,
  call: Call,
  interval: number | undefined,
  ask: () => Promise<Poll<State>>,
): AsyncGenerator<State, void, undefined> {
  const start = interval ?? firstInterval;
  if (!(start > 0)) throw new TypeError(`interval ${start} is not above 0 ms`);
  let last: State | undefined;
  try {
    for (let pause = start; ; pause = Math.max(start, Math.min(pause * 1.5, maxInterval))) {
      const { data, retryAfter } = await ask();
      last = data;
      yield data;
      if (isFinal(job, data)) return;
      if (performance.now() + retryAfter > call.end) {
        const hint = `: the server asks to wait for ${retryAfter} ms`;
        throw new TimeoutError(call.label, "total", call.timeout, hint);
      }
      await sleep(call, Math.max(retryAfter, pause * (1 - Math.random() / 2)));
    }
  } catch (error) {
    if (error instanceof ClientError && last !== undefined) error.lastJob = last;
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
  label: string,
  data: unknown,
): Readonly<Record<string, unknown>> {
  if (!isObject(data)) throw new InvalidResponseError(label, "it holds no job");
  if (typeof data[property] === "string") return data;
  throw new InvalidResponseError(label, `the job has no ${property}`);
}
