import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    // The mutation test keeps copies of the tests elsewhere in this folder.
    dir: "test",
    // The runtime loads once a worker, not once a file.
    isolate: false,
    setupFiles: "test/hooks.ts",
    // A limit is for what hangs, not for a machine that is slow.
    testTimeout: 300_000,
    hookTimeout: 300_000,
    coverage: {
      include: ["src/**"],
      // What falls below a threshold is named without a table.
      reporter: [],
      // What is reached, rounded down. A gap is closed by a test, or by less code.
      thresholds: { branches: 98, functions: 100, lines: 100, statements: 99 },
    },
  },
});
