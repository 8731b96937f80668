import { defineConfig } from "vitest/config";

// Apart from the tests of the scripts: only who shares a cache needs to know.
export default defineConfig({
  test: { dir: import.meta.dirname, testTimeout: 600_000, hookTimeout: 600_000 },
});
