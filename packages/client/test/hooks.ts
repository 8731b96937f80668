import { afterEach, beforeEach, expect, vi } from "vitest";

// Bytes are compared at once: `toEqual` would take megabytes for objects with a property for each byte.
expect.addEqualityTesters([
  (one: unknown, other: unknown) =>
    one instanceof Uint8Array && other instanceof Uint8Array
      ? Buffer.compare(one, other) === 0
      : undefined,
]);

// For every test: the files share their modules, so each test leaves the platform as it was.
beforeEach(() => {
  // No jitter: a pause before a retry is none at all.
  vi.spyOn(Math, "random").mockReturnValue(0);
});
afterEach(() => {
  // Before the timers: a spy on a clock that is not real gives that clock back.
  vi.restoreAllMocks();
  vi.useRealTimers();
  vi.unstubAllGlobals();
});
