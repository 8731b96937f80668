import { CloseSignal, type CallPart } from "@audit-logs/runtime";

/** Creates a generator whose `return` and `throw` abort what it is waiting for. */
export function closable<Options extends object, T, R>(
  options: Options & CallPart,
  create: (options: Options & CallPart) => AsyncGenerator<T, R, undefined>,
): AsyncGenerator<T, R, undefined> {
  const { closeSignal = new CloseSignal() } = options;
  return abortOnReturn(create({ ...options, closeSignal }), closeSignal);
}

/** By themselves, `return` and `throw` wait for a pending `next`, which may take until the deadline. */
export function abortOnReturn<T, R>(
  generator: AsyncGenerator<T, R, undefined>,
  closeSignal: CloseSignal,
): AsyncGenerator<T, R, undefined> {
  const { return: end, throw: fail } = generator;
  // For `await using`. The generators of Node.js 20 and 22 do not have it.
  const asyncDispose: symbol | undefined = Reflect.get(Symbol, "asyncDispose");
  // Not by assignment: the prototype may be frozen.
  return Object.defineProperties(generator, {
    return: define((value: R | PromiseLike<R>) => {
      closeSignal.abort();
      return end.call(generator, value);
    }),
    throw: define((error: unknown) => {
      closeSignal.abort();
      return fail.call(generator, error);
    }),
    ...(asyncDispose && {
      [asyncDispose]: define(async () => void (await generator.return(undefined as R))),
    }),
  });
}

function define(value: unknown): PropertyDescriptor {
  return { value, writable: true, configurable: true };
}
