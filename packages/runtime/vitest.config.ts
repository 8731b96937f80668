import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    // The mutation test keeps copies of the tests in other folders of the package.
    dir: "test",
    // Loads the runtime once per worker, not once per file.
    isolate: false,
    setupFiles: "test/hooks.ts",
    // The limit is for tests that hang, not for slow machines.
    testTimeout: 300_000,
    hookTimeout: 300_000,
    coverage: {
      include: ["src/**"],
      // Vitest reports missed thresholds without a reporter.
      reporter: [],
      // The current coverage, rounded down. Close a gap with a test, or with less code.
      thresholds: { branches: 98, functions: 100, lines: 100, statements: 99 },
    },
  },
});
