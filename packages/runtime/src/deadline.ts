import type { ClientError, Subject } from "./errors/client-error.ts";
import { TimeoutError, type TimeoutBound } from "./errors/timeout-error.ts";
import type { ClientEvent } from "./events.ts";
import type { Redact } from "./redact.ts";

/** The limits of a call. */
export interface CallOptions {
  /** How long the call may take in total, including retries and pauses, in milliseconds; 120,000 by default. */
  readonly timeout?: number;
  /** How many times a failed request is retried; 0 disables retries. Defaults to the client's own setting. */
  readonly maxRetries?: number;
  /** Aborts the call, which then throws the signal's reason. */
  readonly signal?: AbortSignal;
}

/** What a call shares with the one that it is a part of. */
export interface CallPart {
  /** When it started, on the clock of `performance.now()`; now by default. */
  readonly start?: number;
  readonly closeSignal?: CloseSignal | undefined;
}

/** A call in progress. */
export interface Call extends Subject {
  readonly signal: AbortSignal | undefined;
  readonly closeSignal: CloseSignal | undefined;
  /** The time that it may take in total, in milliseconds. */
  readonly timeout: number;
  /** The deadline, on the clock of `performance.now()`, which changes to the system time do not affect. */
  readonly end: number;
  readonly maxRetries: number | undefined;
  failure?: ClientError | undefined;
  readonly emit?: ((event: ClientEvent) => void) | undefined;
}

/** What all calls of a client share. */
export interface CallContext {
  readonly redact?: Redact | undefined;
  readonly redactTokens?: Redact | undefined;
  readonly emit?: ((event: ClientEvent) => void) | undefined;
}

/** The default timeout of a wait or a download, in milliseconds. */
export const longTimeout = 3_600_000;

// Node and browsers fire a timer with a longer delay immediately.
const maxDelay = 2 ** 31 - 1;

export function openCall(
  { label, method, path }: Subject,
  {
    timeout,
    signal,
    maxRetries,
    start = performance.now(),
    closeSignal,
  }: CallOptions & CallPart = {},
  { redact, redactTokens, emit }: CallContext = {},
  defaultTimeout = 120_000,
): Call {
  const time = timeout ?? defaultTimeout;
  const limits = { signal, closeSignal, maxRetries, timeout: time, end: start + time };
  // Spreading the context, too, would take 7 % of the time of a call on loopback.
  return { label, method, path, redact, redactTokens, emit, ...limits };
}

/**
 * Runs a part of a call within its own limit, in milliseconds, and within the limits of the call.
 *
 * @param controller aborted as soon as one of the limits is reached, or the work fails
 * @throws the reason of the call's signal; TimeoutError; anything that `work` throws
 */
export function withTimeout<T>(
  call: Call,
  limit: number,
  bound: TimeoutBound,
  work: () => Promise<T>,
  controller?: AbortController,
): Promise<T> {
  return run(call, limit, bound, work, controller);
}

/** Waits for some milliseconds. If the call ends first, it throws as {@link withTimeout} does. */
export function sleep(call: Call, milliseconds: number): Promise<void> {
  return run(call, milliseconds);
}

/** Always removes its timer and its listener. Without a bound, to reach the limit is no failure. */
function run<T>(
  call: Call,
  limit: number,
  bound?: TimeoutBound,
  work?: () => Promise<T>,
  controller?: AbortController,
): Promise<T> {
  const { signal, closeSignal, timeout, end } = call;
  return new Promise((resolve, reject) => {
    throwIfAborted(call);
    const totalTimeout = (): TimeoutError => new TimeoutError(call, "total", timeout);
    const left = end - performance.now();
    if (!(left > 0)) throw totalTimeout();
    const release = (): void => {
      clearTimeout(timer);
      unsubscribe?.();
      closeSignal?.delete(onClose);
    };
    const succeed = (value?: T): void => {
      release();
      resolve(value as T);
    };
    const fail = (error: unknown): void => {
      release();
      controller?.abort(error);
      reject(error);
    };
    const expire = (): void => {
      if (limit >= left) fail(totalTimeout());
      else if (bound) fail(new TimeoutError(call, bound, limit));
      else succeed();
    };
    const onClose = (): void => fail(closeSignal?.reason);
    const unsubscribe = signal && onAbort(signal, () => fail(signal.reason));
    closeSignal?.add(onClose);
    const timer = setTimeout(expire, Math.min(limit, left, maxDelay));
    work?.().then(succeed, fail);
  });
}

/** Calls a function, and waits for its promise until the call ends. */
export function callBack<T, R>(
  call: Call,
  callback: (value: T) => R | Promise<R>,
  value: T,
): Promise<R> {
  return withTimeout(call, Infinity, "total", async () => callback(value));
}

/** @throws the reason of the call's signal, or of its close signal */
export function throwIfAborted({ signal, closeSignal }: Call): void {
  signal?.throwIfAborted();
  if (closeSignal?.reason) throw closeSignal.reason;
}

/** The callbacks of a signal. The set is itself the signal's event listener. */
class AbortCallbacks extends Set<() => void> {
  handleEvent(): void {
    for (const callback of this) callback();
  }
}

/** Ends a call whose iterator was closed. Subscribing to a signal for each chunk would make reading slower. */
export class CloseSignal extends AbortCallbacks {
  reason: DOMException | undefined;

  abort(): void {
    this.reason = new DOMException("The iterator was closed", "AbortError");
    this.handleEvent();
  }
}

const callbacksBySignal = new WeakMap<AbortSignal, AbortCallbacks>();

/**
 * Calls back when a signal aborts, and returns a function that unsubscribes. All callbacks of a signal
 * share one listener: Node warns about more than ten, and removing one gets slower the more there are.
 */
export function onAbort(signal: AbortSignal, callback: () => void): () => void {
  const callbacks = callbacksBySignal.get(signal) ?? new AbortCallbacks();
  callbacksBySignal.set(signal, callbacks);
  // Adding the same listener again has no effect.
  signal.addEventListener("abort", callbacks);
  callbacks.add(callback);
  return () => {
    callbacks.delete(callback);
    if (callbacks.size === 0) signal.removeEventListener("abort", callbacks);
  };
}
