import { getEventListeners } from "node:events";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { openScope, race, sleep } from "../src/deadline.ts";

const reason = new Error("changed my mind");
const late = new Error("too late");
const listeners = (signal: AbortSignal): number => getEventListeners(signal, "abort").length;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] });
});
afterEach(() => {
  vi.useRealTimers();
});

describe("openScope", () => {
  test("aborts when its time is over, not before, with the error that is made then", () => {
    const onTimeout = vi.fn<() => Error>(() => late);
    const { signal, timeout, end } = openScope(1000, onTimeout, undefined);
    expect({ timeout, end }).toEqual({ timeout: 1000, end: performance.now() + 1000 });
    vi.advanceTimersByTime(999);
    expect(signal.aborted).toBe(false);
    expect(onTimeout).not.toHaveBeenCalled();
    vi.advanceTimersByTime(1);
    expect(signal.reason).toBe(late);
  });

  test("aborts with its parent, and with the parent's reason", () => {
    const parent = new AbortController();
    const { signal } = openScope(1000, () => late, parent.signal);
    parent.abort(reason);
    expect(signal.reason).toBe(reason);
  });

  test("is aborted from the start if its parent is", () => {
    const parent = AbortSignal.abort(reason);
    expect(openScope(1000, () => late, parent).signal.reason).toBe(reason);
    expect(listeners(parent)).toBe(0);
  });

  test("closed, it lets go of its timer and of its parent, and never aborts", () => {
    const parent = new AbortController();
    const scope = openScope(1000, () => late, parent.signal);
    expect(listeners(parent.signal)).toBe(1);
    scope.close();
    expect(vi.getTimerCount()).toBe(0);
    expect(listeners(parent.signal)).toBe(0);
    parent.abort(reason);
    expect(scope.signal.aborted).toBe(false);
  });

  test.each([2 ** 31, Number.POSITIVE_INFINITY])(
    "does not abort at once for a time of %d ms, which is beyond a timer",
    (timeout) => {
      const setTimer = vi.spyOn(globalThis, "setTimeout");
      const { signal } = openScope(timeout, () => late, undefined);
      expect(setTimer).toHaveBeenCalledWith(expect.any(Function), 2 ** 31 - 1);
      vi.advanceTimersByTime(86_400_000);
      expect(signal.aborted).toBe(false);
    },
  );
});

describe("race", () => {
  test("gives what the promise gives, and leaves no listener", async () => {
    const { signal } = new AbortController();
    expect(await race(Promise.resolve(1), signal)).toBe(1);
    await expect(race(Promise.reject(late), signal)).rejects.toBe(late);
    expect(listeners(signal)).toBe(0);
  });

  test("throws the signal's reason, before it began or since", async () => {
    const never = new Promise(() => undefined);
    await expect(race(never, AbortSignal.abort(reason))).rejects.toBe(reason);
    const controller = new AbortController();
    const result = race(never, controller.signal);
    controller.abort(reason);
    await expect(result).rejects.toBe(reason);
    expect(listeners(controller.signal)).toBe(0);
  });
});

describe("sleep", () => {
  test("is over after its time, not before", async () => {
    const { signal } = new AbortController();
    let isOver = false;
    const rest = sleep(1000, signal).then(() => (isOver = true));
    await vi.advanceTimersByTimeAsync(999);
    expect(isOver).toBe(false);
    await vi.advanceTimersByTimeAsync(1);
    expect(isOver).toBe(true);
    await rest;
    expect(listeners(signal)).toBe(0);
  });

  test("throws the signal's reason as soon as it aborts, and leaves no timer", async () => {
    const controller = new AbortController();
    const rest = sleep(1000, controller.signal);
    controller.abort(reason);
    await expect(rest).rejects.toBe(reason);
    await expect(sleep(1000, controller.signal)).rejects.toBe(reason);
    expect(vi.getTimerCount()).toBe(0);
    expect(listeners(controller.signal)).toBe(0);
  });

  test("does not end at once for a time that is beyond a timer", async () => {
    const setTimer = vi.spyOn(globalThis, "setTimeout");
    const controller = new AbortController();
    const rest = sleep(2 ** 31, controller.signal);
    expect(setTimer).toHaveBeenCalledWith(expect.any(Function), 2 ** 31 - 1);
    controller.abort(reason);
    await expect(rest).rejects.toBe(reason);
  });
});
