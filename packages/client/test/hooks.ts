import { afterEach, beforeEach, vi } from "vitest";

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
