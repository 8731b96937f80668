/**
 * Makes items of what comes in batches, and gives them one by one. An async generator that did so would
 * go around the microtask queue several times for each, which costs as much as to parse it; and made
 * when it is asked for, an item need not outlive the others of its batch.
 *
 * @param make gives undefined for what is no item; what it throws is thrown into the batches
 */
export function flatten<Source, Item, Result>(
  batches: AsyncGenerator<readonly Source[], Result, undefined>,
  make: (source: Source) => Item | undefined,
): AsyncGenerator<Item, Result, undefined> {
  let batch: readonly Source[] = [];
  let at = 0;
  let pending: Promise<IteratorResult<Item, Result>> | undefined;

  const take = (): Promise<IteratorResult<Item, Result>> | undefined => {
    try {
      while (at < batch.length) {
        const value = make(batch[at++] as Source);
        if (value !== undefined) return Promise.resolve({ done: false, value });
      }
      return undefined;
    } catch (error) {
      batch = [];
      return throwInto(batches, error);
    }
  };
  const advance = async (): Promise<IteratorResult<Item, Result>> => {
    for (;;) {
      const item = take();
      if (item) return item;
      const step = await batches.next();
      if (step.done) return step;
      batch = step.value;
      at = 0;
    }
  };
  return Object.assign(Object.create(batches), {
    next() {
      const item = pending ? undefined : take();
      if (item) return item;
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
      batch = [];
      return batches.return(value);
    },
  });
}

async function throwInto(batches: AsyncGenerator<unknown>, error: unknown): Promise<never> {
  // A generator that does not take it throws it again, when it has cleaned up.
  throw await batches.throw(error);
}
