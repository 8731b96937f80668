import { afterEach, vi } from "vitest";

// Runs after every test, because the test files share their modules. Spies are restored first: restoring a
// spy on a fake clock would bring the fake clock back.
afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
  vi.useRealTimers();
});
