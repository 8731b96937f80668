import { defineConfig } from "vitest/config";

// Separate from the tests of the scripts: only teams that share a cache need this.
export default defineConfig({
  test: { dir: import.meta.dirname, testTimeout: 600_000, hookTimeout: 600_000 },
});
