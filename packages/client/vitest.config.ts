import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    dir: "test",
    // For what hangs: more than ten times what the slowest test takes.
    testTimeout: 600_000,
    hookTimeout: 600_000,
    coverage: {
      include: ["src/**"],
      // What falls below a threshold is named without a table.
      reporter: [],
      // What is reached, rounded down. A gap is closed by a test, or by less code.
      thresholds: { branches: 98, functions: 100, lines: 100, statements: 99 },
    },
  },
});
