// Node and browsers fire a longer timer at once.
const maxDelay = 2 ** 31 - 1;

/** A signal, and how to let go of what it holds on to. */
export interface Scope {
  readonly signal: AbortSignal;
  /** Its time in all, in milliseconds. */
  readonly timeout: number;
  /** When its time is over, on the clock of `performance.now()`. */
  readonly end: number;
  /** Removes the timer and the listener. The signal never aborts after that. */
  close(): void;
}

/**
 * Opens a scope inside another: its signal aborts when the parent does, with the parent's reason, or
 * when its own time is over, with the error that `onTimeout` makes. Time is in milliseconds, on a
 * clock that no correction of the system's time moves.
 */
export function openScope(
  timeout: number,
  onTimeout: () => Error,
  parent: AbortSignal | undefined,
): Scope {
  const controller = new AbortController();
  const follow = (): void => controller.abort(parent?.reason);
  const timer = setTimeout(() => controller.abort(onTimeout()), Math.min(timeout, maxDelay));
  if (parent?.aborted) follow();
  else parent?.addEventListener("abort", follow, { once: true });
  return {
    signal: controller.signal,
    timeout,
    end: performance.now() + timeout,
    close() {
      clearTimeout(timer);
      parent?.removeEventListener("abort", follow);
    },
  };
}

/** Waits for a promise, but no longer than until the signal aborts; then throws its reason. */
export function race<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = (): void => reject(signal.reason);
    if (signal.aborted) abort();
    else signal.addEventListener("abort", abort, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener("abort", abort));
  });
}

/** Waits for some milliseconds, or throws the signal's reason as soon as it aborts. */
export async function sleep(milliseconds: number, signal: AbortSignal): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const pause = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, Math.min(milliseconds, maxDelay));
  });
  await race(pause, signal).finally(() => clearTimeout(timer));
}
