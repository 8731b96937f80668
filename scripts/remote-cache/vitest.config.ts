import { defineConfig } from "vitest/config";

// Apart from the tests of the scripts, because the server has to be installed first.
export default defineConfig({
  test: { dir: import.meta.dirname, testTimeout: 60_000, hookTimeout: 300_000 },
});
