import type { CallOptions, CallPart } from "@audit-logs/runtime";

/**
 * Yields the items of batches one by one. Only the batches pass through the generator: a `yield` for each item
 * would slow down reading, above all of short exports.
 *
 * @param limits the signals of the call, which also end it between two items
 */
export function flatten<T, R>(
  batches: AsyncGenerator<readonly T[], R, undefined>,
  { signal, closeSignal }: CallOptions & CallPart,
): AsyncGenerator<T, R, undefined> {
  const nextBatch = batches.next.bind(batches);
  let items: readonly T[] = [];
  let position = 0;
  let pending: Promise<unknown> | undefined;

  // Items that are left when the generator is closed are dropped.
  const hasItem = (): boolean => position < items.length && !closeSignal?.reason;
  const deliver = (): IteratorResult<T, R> => {
    const value = items[position] as T;
    position += 1;
    return { done: false, value };
  };
  const take = async (): Promise<IteratorResult<T, R>> => {
    while (!hasItem()) {
      const result = await nextBatch();
      if (result.done) return result;
      [items, position] = [result.value, 0];
    }
    if (signal?.aborted) await batches.throw(signal.reason);
    return deliver();
  };
  const next = (): Promise<IteratorResult<T, R>> => {
    // Not through `take`: an async function would make reading short exports slower by a twentieth.
    if (!pending && hasItem() && !signal?.aborted) return Promise.resolve(deliver());
    // As in a generator, calls that overlap are answered in their order.
    const result = (pending ? pending.then(take, take) : take()).finally(() => {
      if (pending === result) pending = undefined;
    });
    pending = result;
    return result;
  };
  const descriptor = { value: next, writable: true, configurable: true };
  // Only `next` differs.
  return Object.defineProperty(batches, "next", descriptor) as unknown as AsyncGenerator<T, R>;
}
