import { expect, test, vi } from "vitest";
import { flatten as flattenWith } from "../src/flatten.ts";

const flatten = <Item, Result>(batches: AsyncGenerator<readonly Item[], Result, undefined>) =>
  flattenWith(batches, (item) => item);

async function* give(...batches: number[][]): AsyncGenerator<readonly number[], string, undefined> {
  for (const batch of batches) yield batch;
  return "end";
}

test("gives the items of batches one by one, and then the result", async () => {
  const items = flatten(give([1, 2], [], [3]));
  const given: number[] = [];
  for await (const item of items) given.push(item);
  expect(given).toEqual([1, 2, 3]);
  const again = flatten(give([], []));
  expect(await again.next()).toEqual({ done: true, value: "end" });
  expect(await again.next()).toEqual({ done: true, value: undefined });
});

test("answers in order, if it is asked again before it has answered", async () => {
  const items = flatten(give([1], [2, 3]));
  const asked = await Promise.all(Array.from({ length: 5 }, () => items.next()));
  expect(asked.map(({ value }) => value)).toEqual([1, 2, 3, "end", undefined]);
  expect(asked.map(({ done }) => done)).toEqual([false, false, false, true, true]);
});

test("gives what came before an error, then the error, then nothing", async () => {
  const items = flatten(
    (async function* () {
      yield [1];
      throw new Error("cut");
    })(),
  );
  const asked = [items.next(), items.next(), items.next()];
  expect(await asked[0]).toEqual({ done: false, value: 1 });
  await expect(asked[1]).rejects.toThrow("cut");
  expect(await asked[2]).toEqual({ done: true, value: undefined });
});

test("ends the batches when it is ended, and gives nothing after that", async () => {
  const ended = vi.fn<() => void>();
  const batches = async function* (): AsyncGenerator<readonly number[], void, undefined> {
    try {
      yield [1, 2, 3];
    } finally {
      ended();
    }
  };
  for await (const item of flatten(batches())) if (item === 1) break;
  expect(ended).toHaveBeenCalledOnce();

  const items = flatten(batches());
  await items.next();
  await items.return();
  expect(ended).toHaveBeenCalledTimes(2);
  expect(await items.next()).toEqual({ done: true, value: undefined });
});

test("gives what is made of each, when it is asked for, and passes over what is none", async () => {
  const made: number[] = [];
  const items = flattenWith(give([1, 2, 3, 4]), (number) => {
    made.push(number);
    return number % 2 === 0 ? number * 10 : undefined;
  });
  expect(await items.next()).toEqual({ done: false, value: 20 });
  expect(made).toEqual([1, 2]);
  expect(await items.next()).toEqual({ done: false, value: 40 });
});

test.each([
  ["as the first", 1],
  ["after another", 2],
])("throws what making one throws %s into the batches, and gives nothing more", async (_, bad) => {
  const seen = vi.fn<(error: unknown) => void>();
  const items = flattenWith(
    (async function* () {
      try {
        yield [1, 2, 3];
      } catch (error) {
        seen(error);
        throw error;
      }
    })(),
    (number) => {
      if (number === bad) throw new Error("no number");
      return number;
    },
  );
  if (bad > 1) await items.next();
  await expect(items.next()).rejects.toThrow("no number");
  expect(seen).toHaveBeenCalledOnce();
  expect(await items.next()).toEqual({ done: true, value: undefined });
});
