import { afterEach, vi } from "vitest";

// After every test: the files share their modules, so each test leaves the platform as it was. Spies
// go first, because a spy on a clock that is not real gives that clock back.
afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
});
