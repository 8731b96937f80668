import { defineConfig } from "vitest/config";

// The tests of the mutated modules: they run hundreds of times.
export default defineConfig({
  test: {
    include: ["test/check-start.test.ts", "test/faults/{addresses,download,job,outages}.test.ts"],
    isolate: false,
    maxWorkers: 1,
    setupFiles: "test/hooks.ts",
    testTimeout: 20_000,
  },
});
