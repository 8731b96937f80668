import type { Subject } from "./errors/client-error.ts";
import { TimeoutError, type TimeoutBound } from "./errors/timeout-error.ts";
import type { ClientEvent } from "./events.ts";

/** What bounds a call. */
export interface CallOptions {
  /**
   * How long the call may take in all, retries and pauses included, in milliseconds; 120,000 by default,
   * and 3,600,000 for a wait or a download.
   */
  readonly timeout?: number;
  /**
   * How often a request is sent again, 0 included; by default as often as the client is set to. For a
   * wait or a download: how often in a row it may fail; without a limit by default.
   */
  readonly maxRetries?: number;
  /** Ends the call, which then throws the signal's reason. */
  readonly signal?: AbortSignal;
}

/** A call under way. */
export interface Call extends Subject {
  readonly signal: AbortSignal | undefined;
  /** Its time in all, in milliseconds. */
  readonly timeout: number;
  /** When that is over, on the clock of `performance.now()`: no correction of the system's time moves it. */
  readonly end: number;
  readonly maxRetries: number | undefined;
  readonly emit?: ((event: ClientEvent) => void) | undefined;
}

/** What calls of a client share. */
export interface CallContext {
  readonly redact?: ((text: string) => string) | undefined;
  readonly emit?: ((event: ClientEvent) => void) | undefined;
}

/** The time of a wait or a download, in milliseconds. */
export const longTimeout = 3_600_000;

// Node and browsers fire a longer timer at once.
const maxDelay = 2 ** 31 - 1;

export function openCall(
  { label, method, path }: Subject,
  { timeout, signal, maxRetries }: CallOptions = {},
  { redact, emit }: CallContext = {},
  defaultTimeout = 120_000,
): Call {
  const time = timeout ?? defaultTimeout;
  const end = performance.now() + time;
  return { label, method, path, redact, emit, signal, maxRetries, timeout: time, end };
}

/**
 * Does a part of a call within a limit of its own, in milliseconds, and within those of the call. The
 * signal that the work is given aborts as soon as one of them ends it.
 *
 * @throws the reason of the call's signal; TimeoutError; what the work throws
 */
export function withTimeout<T>(
  call: Call,
  limit: number,
  bound: TimeoutBound,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const expire = (_: unknown, reject: (error: Error) => void): void =>
    reject(new TimeoutError(call, bound, limit));
  return run(call, limit, expire, work);
}

/** Waits for some milliseconds, or until the call ends, and then throws as {@link withTimeout} does. */
export function sleep(call: Call, milliseconds: number): Promise<void> {
  return run<void>(call, milliseconds, (resolve) => resolve());
}

/** Leaves no timer and no listener behind, however it ends. */
async function run<T>(
  call: Call,
  limit: number,
  expire: (resolve: (value: T) => void, reject: (error: Error) => void) => void,
  work?: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const { signal, timeout, end } = call;
  signal?.throwIfAborted();
  const isOver = (): TimeoutError => new TimeoutError(call, "total", timeout);
  const left = end - performance.now();
  if (!(left > 0)) throw isOver();
  const controller = new AbortController();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let release: (() => void) | undefined;
  try {
    return await new Promise<T>((resolve, reject) => {
      if (signal) release = onAbort(signal, () => reject(signal.reason));
      timer = setTimeout(
        () => (limit < left ? expire(resolve, reject) : reject(isOver())),
        Math.min(limit, left, maxDelay),
      );
      work?.(controller.signal).then(resolve, reject);
    });
  } catch (error) {
    controller.abort(error);
    throw error;
  } finally {
    clearTimeout(timer);
    release?.();
  }
}

/** Those who follow a signal, and its listener, which calls them. */
class Followers extends Set<() => void> {
  handleEvent(): void {
    for (const call of this) call();
  }
}
const followed = new WeakMap<AbortSignal, Followers>();

/**
 * Calls back when a signal aborts, until it is let go of by what is returned. A signal has one listener
 * for all that follow it: of more than ten Node warns, and to remove one takes longer the more there are.
 */
function onAbort(signal: AbortSignal, call: () => void): () => void {
  const followers = followed.get(signal) ?? new Followers();
  followed.set(signal, followers);
  // Added again, it is still one.
  signal.addEventListener("abort", followers);
  followers.add(call);
  return () => {
    followers.delete(call);
    if (followers.size === 0) signal.removeEventListener("abort", followers);
  };
}
