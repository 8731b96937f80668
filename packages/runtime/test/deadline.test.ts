import { getEventListeners } from "node:events";
import { beforeEach, describe, expect, test, vi } from "vitest";
import {
  callBack,
  CloseSignal,
  longTimeout,
  openCall,
  sleep,
  withTimeout,
} from "../src/deadline.ts";
import { TimeoutError } from "../src/errors/timeout-error.ts";

const reason = new Error("changed my mind");
const listeners = (signal: AbortSignal): number => getEventListeners(signal, "abort").length;
const never = (): Promise<never> => new Promise(() => undefined);
/** The outcome of a promise so far. */
function watch(promise: Promise<unknown>): { value?: unknown; error?: unknown } {
  const outcome: ReturnType<typeof watch> = {};
  promise.then(
    (value) => (outcome.value = value),
    (error: unknown) => (outcome.error = error),
  );
  return outcome;
}

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] });
});

describe("openCall", () => {
  test("uses the given timeout, or the default of its kind, or two minutes", () => {
    const now = performance.now();
    expect(openCall({ label: "call" })).toMatchObject({ timeout: 120_000, end: now + 120_000 });
    expect(openCall({ label: "call" }, {}, {}, longTimeout).timeout).toBe(3_600_000);
    expect(openCall({ label: "call" }, { timeout: 1 })).toMatchObject({ timeout: 1, end: now + 1 });
  });
});

describe("withTimeout", () => {
  test("returns or throws the work's outcome, and leaves no timer and no listener", async () => {
    const { signal } = new AbortController();
    const call = openCall({ label: "call" }, { signal });
    expect(await withTimeout(call, 1000, "attempt", async () => 1)).toBe(1);
    await expect(withTimeout(call, 1000, "attempt", () => Promise.reject(reason))).rejects.toBe(
      reason,
    );
    expect(listeners(signal)).toBe(0);
    expect(vi.getTimerCount()).toBe(0);
  });

  test.each<[string, number, number, object]>([
    ["its own", 1000, 5000, { bound: "idle", timeout: 1000 }],
    ["the call's", 5000, 1000, { bound: "total", timeout: 1000 }],
    ["the call's, if they are equal", 1000, 1000, { bound: "total", timeout: 1000 }],
  ])(
    "ends when %s timeout expires, not before, and names it",
    async (_, limit, timeout, fields) => {
      const { signal } = new AbortController();
      const inner = new AbortController();
      const call = openCall({ label: "GET /jobs" }, { timeout, signal });
      const outcome = watch(withTimeout(call, limit, "idle", never, inner));
      await vi.advanceTimersByTimeAsync(999);
      expect(outcome).toEqual({});
      expect(inner.signal.aborted).toBe(false);
      await vi.advanceTimersByTimeAsync(1);
      expect(outcome.error).toBeInstanceOf(TimeoutError);
      expect(outcome.error).toMatchObject(fields);
      expect(String(outcome.error)).toContain("GET /jobs: ");
      expect(inner.signal.reason).toBe(outcome.error);
      expect(listeners(signal)).toBe(0);
    },
  );

  test("ends at the deadline of a call that started earlier", async () => {
    const call = openCall({ label: "call" }, { timeout: 1000 });
    await vi.advanceTimersByTimeAsync(600);
    const outcome = watch(withTimeout(call, 1000, "attempt", never));
    await vi.advanceTimersByTimeAsync(399);
    expect(outcome).toEqual({});
    await vi.advanceTimersByTimeAsync(1);
    expect(outcome.error).toMatchObject({ bound: "total" });
  });

  test("throws the reason of the call's signal, and aborts the work", async () => {
    const controller = new AbortController();
    const inner = new AbortController();
    const call = openCall({ label: "call" }, controller);
    const work = withTimeout(call, 1000, "attempt", never, inner);
    controller.abort(reason);
    await expect(work).rejects.toBe(reason);
    expect(inner.signal.reason).toBe(reason);
    expect(vi.getTimerCount()).toBe(0);
    expect(listeners(controller.signal)).toBe(0);
  });

  test("does not start the work if the signal is already aborted", async () => {
    const work = vi.fn<() => Promise<never>>(never);
    const call = openCall({ label: "call" }, { signal: AbortSignal.abort(reason) });
    await expect(withTimeout(call, 1000, "attempt", work)).rejects.toBe(reason);
    expect(work).not.toHaveBeenCalled();
  });

  test.each([0, -1, Number.NaN])(
    "does no work in a call of %d ms, which is over",
    async (timeout) => {
      const work = vi.fn<() => Promise<never>>(never);
      const done = withTimeout(openCall({ label: "call" }, { timeout }), 1000, "attempt", work);
      await expect(done).rejects.toMatchObject({ bound: "total", timeout });
      expect(work).not.toHaveBeenCalled();
      expect(vi.getTimerCount()).toBe(0);
    },
  );

  test("does not abort the work's signal when the work is done", async () => {
    const inner = new AbortController();
    await withTimeout(openCall({ label: "call" }), 1000, "attempt", async () => 1, inner);
    await vi.advanceTimersByTimeAsync(5000);
    expect(inner.signal.aborted).toBe(false);
  });

  test.each([2 ** 31, Infinity])(
    "does not end at once for a time of %d ms, which is beyond a timer",
    async (timeout) => {
      const setTimer = vi.spyOn(globalThis, "setTimeout");
      const outcome = watch(
        withTimeout(openCall({ label: "call" }, { timeout }), timeout, "attempt", never),
      );
      expect(setTimer).toHaveBeenCalledWith(expect.any(Function), 2 ** 31 - 1);
      await vi.advanceTimersByTimeAsync(86_400_000);
      expect(outcome).toEqual({});
    },
  );
});

test("all waits on a signal share one listener, and end when it aborts", async () => {
  const controller = new AbortController();
  const call = openCall({ label: "call" }, controller);
  const parts = Array.from({ length: 20 }, () => sleep(call, 1000));
  expect(listeners(controller.signal)).toBe(1);
  await vi.advanceTimersByTimeAsync(1000);
  await Promise.all(parts);
  expect(listeners(controller.signal)).toBe(0);

  const others = [sleep(call, 1000), withTimeout(call, 1000, "attempt", never)];
  controller.abort(reason);
  for (const other of others) await expect(other).rejects.toBe(reason);
  expect(listeners(controller.signal)).toBe(0);
});

describe("sleep", () => {
  test("ends after its time, not before", async () => {
    const { signal } = new AbortController();
    const outcome = watch(sleep(openCall({ label: "call" }, { signal }), 1000).then(() => "over"));
    await vi.advanceTimersByTimeAsync(999);
    expect(outcome).toEqual({});
    await vi.advanceTimersByTimeAsync(1);
    expect(outcome).toEqual({ value: "over" });
    expect(listeners(signal)).toBe(0);
  });

  test("throws when the call's deadline passes", async () => {
    const outcome = watch(sleep(openCall({ label: "call" }, { timeout: 1000 }), 1001));
    await vi.advanceTimersByTimeAsync(1000);
    expect(outcome.error).toMatchObject({ name: "TimeoutError", bound: "total" });
    expect(vi.getTimerCount()).toBe(0);
  });

  test("throws the signal's reason as soon as it aborts, and leaves no timer", async () => {
    const controller = new AbortController();
    const call = openCall({ label: "call" }, controller);
    const rest = sleep(call, 1000);
    controller.abort(reason);
    await expect(rest).rejects.toBe(reason);
    await expect(sleep(call, 1000)).rejects.toBe(reason);
    expect(vi.getTimerCount()).toBe(0);
    expect(listeners(controller.signal)).toBe(0);
  });
});

test("a close signal ends the current wait of a call, and every later one", async () => {
  const closeSignal = new CloseSignal();
  const call = openCall({ label: "call" }, { closeSignal });
  const left = { name: "AbortError", message: "The iterator was closed" };
  const waits = [
    sleep(call, 60_000),
    withTimeout(call, 60_000, "idle", () => new Promise(() => 1)),
  ];
  closeSignal.abort();
  for (const wait of waits) await expect(wait).rejects.toMatchObject(left);
  expect(closeSignal.size).toBe(0);
  await expect(sleep(call, 0)).rejects.toMatchObject(left);
});

test("the end of one call leaves another call its signal", async () => {
  const controller = new AbortController();
  const call = openCall({ label: "call" }, { signal: controller.signal });
  const other = watch(withTimeout(call, 1000, "attempt", never));
  await withTimeout(call, 1000, "attempt", async () => 1);
  controller.abort(reason);
  await vi.advanceTimersByTimeAsync(0);
  expect(other).toEqual({ error: reason });
});

test("a callback is called with its value, and may take as long as the call", async () => {
  const call = openCall({ label: "call" }, { timeout: 1000 });
  const callback = vi.fn<(value: number) => Promise<never>>(never);
  const outcome = watch(callBack(call, callback, 7));
  expect(callback).toHaveBeenCalledWith(7);
  await vi.advanceTimersByTimeAsync(999);
  expect(outcome).toEqual({});
  await vi.advanceTimersByTimeAsync(1);
  expect(outcome.error).toMatchObject({ bound: "total", timeout: 1000 });
});
