import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    dir: "test",
    // Loads the client and the test servers once per worker, not once per file.
    isolate: false,
    setupFiles: "test/hooks.ts",
    maxWorkers: "100%",
    // The limit is for tests that hang: more than ten times the slowest test.
    testTimeout: 600_000,
    hookTimeout: 600_000,
    coverage: {
      include: ["src/**"],
      // Vitest reports missed thresholds without a reporter.
      reporter: [],
      // The current coverage, rounded down. Close a gap with a test, or with less code.
      thresholds: { branches: 98, functions: 95, lines: 99, statements: 99 },
    },
  },
});
