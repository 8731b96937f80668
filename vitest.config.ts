import { defineConfig } from "vitest/config";

// The tests of the scripts. Those of a package find this file too, as the nearest one above their
// folder, and take the limits from it.
const isHere = process.cwd() === import.meta.dirname;

// For what hangs: more than ten times what the slowest test takes.
const limits = { testTimeout: 600_000, hookTimeout: 600_000 };

export default defineConfig({
  test: isHere
    ? {
        include: ["scripts/test/**/*.test.ts"],
        // The pipeline's modules take seconds to load: once a worker, not once a file.
        isolate: false,
        maxWorkers: "100%",
        // Concurrent tests each start a process.
        maxConcurrency: 2,
        ...limits,
      }
    : limits,
});
