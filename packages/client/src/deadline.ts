import { TimeoutError, type TimeoutBound } from "./errors.ts";

/** What bounds a call. */
export interface CallOptions {
  /** How long the call may take in all, retries and waiting included, in milliseconds; one hour by default. */
  readonly timeout?: number;
  /** Ends the call, which then throws the signal's reason. */
  readonly signal?: AbortSignal;
}

/** A call under way. */
export interface Call {
  /** For messages: what is asked of whom, without a query. */
  readonly label: string;
  readonly signal: AbortSignal | undefined;
  /** Its time in all, in milliseconds. */
  readonly timeout: number;
  /** When that is over, on the clock of `performance.now()`: no correction of the system's time moves it. */
  readonly end: number;
}

// Node and browsers fire a longer timer at once.
const maxDelay = 2 ** 31 - 1;

export function openCall(label: string, { timeout = 3_600_000, signal }: CallOptions = {}): Call {
  return { label, signal, timeout, end: performance.now() + timeout };
}

/**
 * Does a part of a call within a limit of its own, in milliseconds, and within those of the call. The
 * signal that the work is given aborts as soon as one of them ends it.
 *
 * @throws the reason of the call's signal; TimeoutError; what the work throws
 */
export function within<T>(
  call: Call,
  limit: number,
  bound: TimeoutBound,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const expire = (_: unknown, reject: (error: Error) => void): void =>
    reject(new TimeoutError(call.label, bound, limit));
  return run(call, limit, expire, work);
}

/** Waits for some milliseconds, or until the call ends, and then throws as {@link within} does. */
export function sleep(call: Call, milliseconds: number): Promise<void> {
  return run<void>(call, milliseconds, (resolve) => resolve());
}

/** Leaves no timer and no listener behind, however it ends. */
async function run<T>(
  { label, signal, timeout, end }: Call,
  limit: number,
  expire: (resolve: (value: T) => void, reject: (error: Error) => void) => void,
  work?: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  signal?.throwIfAborted();
  const controller = new AbortController();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let abort: (() => void) | undefined;
  try {
    return await new Promise<T>((resolve, reject) => {
      abort = () => reject(signal?.reason);
      signal?.addEventListener("abort", abort);
      const left = end - performance.now();
      timer = setTimeout(
        () =>
          limit < left
            ? expire(resolve, reject)
            : reject(new TimeoutError(label, "total", timeout)),
        Math.min(limit, left, maxDelay),
      );
      work?.(controller.signal).then(resolve, reject);
    });
  } catch (error) {
    controller.abort(error);
    throw error;
  } finally {
    clearTimeout(timer);
    if (abort) signal?.removeEventListener("abort", abort);
  }
}
