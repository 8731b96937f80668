import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    dir: "test",
    // The client and the servers of the tests load once a worker, not once a file.
    isolate: false,
    setupFiles: "test/hooks.ts",
    maxWorkers: "100%",
    // For what hangs: more than ten times what the slowest test takes.
    testTimeout: 600_000,
    hookTimeout: 600_000,
    coverage: {
      include: ["src/**"],
      // What falls below a threshold is named without a table.
      reporter: [],
      // What is reached, rounded down. A gap is closed by a test, or by less code: what two processes
      // do that find a dead one's lock at once has no test.
      thresholds: { branches: 98, functions: 95, lines: 99, statements: 99 },
    },
  },
});
