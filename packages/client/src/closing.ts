import type { CallOptions } from "@audit-logs/runtime";

/** Options whose signal aborts when a call is closed, and when the caller's own signal does. */
export function withClosing<Options extends CallOptions>(
  options: Options,
  closing: AbortController,
): Options {
  const { signal } = options;
  return {
    ...options,
    signal: signal ? AbortSignal.any([signal, closing.signal]) : closing.signal,
  };
}

/**
 * Makes `return` and `throw` of a generator also abort what it is waiting for. By themselves they take effect
 * when a pending `next` has finished, which may be as late as the deadline.
 */
export function abortOnReturn<T, R>(
  generator: AsyncGenerator<T, R, undefined>,
  closing: AbortController,
): AsyncGenerator<T, R, undefined> {
  const { return: end, throw: fail } = generator;
  return Object.assign(generator, {
    return(value: R | PromiseLike<R>) {
      closing.abort();
      return end.call(generator, value);
    },
    throw(error: unknown) {
      closing.abort();
      return fail.call(generator, error);
    },
  });
}

/** Creates a generator that can be closed while it is waiting. */
export function closable<Options extends CallOptions, T, R>(
  options: Options,
  create: (options: Options) => AsyncGenerator<T, R, undefined>,
): AsyncGenerator<T, R, undefined> {
  const closing = new AbortController();
  return abortOnReturn(create(withClosing(options, closing)), closing);
}
