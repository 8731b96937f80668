import { afterEach, beforeEach, expect, vi } from "vitest";

// Compares byte arrays directly: for `toEqual`, megabytes are objects with a property for each byte.
expect.addEqualityTesters([
  (a: unknown, b: unknown) =>
    a instanceof Uint8Array && b instanceof Uint8Array ? Buffer.compare(a, b) === 0 : undefined,
]);

// Run for every test, because the test files share their modules.
beforeEach(() => {
  // Without jitter, the pause before a retry is 0.
  vi.spyOn(Math, "random").mockReturnValue(0);
});
afterEach(() => {
  // Before the timers: restoring a spy on a fake clock would bring the fake clock back.
  vi.restoreAllMocks();
  vi.useRealTimers();
  vi.unstubAllGlobals();
});
