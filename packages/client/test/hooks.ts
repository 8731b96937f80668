import { afterEach, beforeEach, vi } from "vitest";

// For every test: the files share their modules, so each test leaves the platform as it was.
beforeEach(() => {
  // No jitter: a pause before a retry is none at all.
  vi.spyOn(Math, "random").mockReturnValue(0);
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});
