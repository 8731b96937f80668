import { defineConfig } from "vitest/config";

// The tests of the modules that are mutated, without those that need a server: hundreds of runs.
export default defineConfig({
  test: {
    include: ["test/{address,deadline,errors,header,redact,response,retry,token}.test.ts"],
    setupFiles: "test/hooks.ts",
    testTimeout: 20_000,
  },
});
