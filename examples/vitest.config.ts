import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    dir: "test",
    // The test files share no state.
    isolate: false,
    maxWorkers: "100%",
    setupFiles: "test/no-pauses.js",
    // The limit is for tests that hang, not for slow machines.
    testTimeout: 300_000,
    hookTimeout: 300_000,
  },
});
