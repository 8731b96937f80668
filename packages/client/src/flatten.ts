/**
 * Gives the items of batches one by one. An async generator that did so would go around the microtask
 * queue several times for each, which costs as much as to parse it.
 */
export function flatten<Item, Result>(
  batches: AsyncGenerator<readonly Item[], Result, undefined>,
): AsyncGenerator<Item, Result, undefined> {
  let batch: Iterator<Item, undefined> = [].values();
  let pending: Promise<IteratorResult<Item, Result>> | undefined;

  const advance = async (): Promise<IteratorResult<Item, Result>> => {
    for (;;) {
      const item = batch.next();
      if (!item.done) return item;
      const step = await batches.next();
      if (step.done) return step;
      batch = step.value.values();
    }
  };
  return Object.assign(Object.create(batches), {
    next() {
      if (!pending) {
        const item = batch.next();
        if (!item.done) return Promise.resolve(item);
      }
      // Asked again before it has answered, it answers in order.
      const own = pending ? pending.then(advance, advance) : advance();
      const settle = (): void => {
        if (pending === own) pending = undefined;
      };
      pending = own;
      own.then(settle, settle);
      return own;
    },
    return(value: Result) {
      batch = [].values();
      return batches.return(value);
    },
  });
}
