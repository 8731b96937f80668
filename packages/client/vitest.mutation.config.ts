import { defineConfig } from "vitest/config";

// The tests of the mutated modules, without those that need a server: they run hundreds of times.
export default defineConfig({
  test: { include: ["test/check-start.test.ts"], testTimeout: 20_000 },
});
