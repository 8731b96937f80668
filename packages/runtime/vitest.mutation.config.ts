import { defineConfig } from "vitest/config";

// The tests of the mutated modules, without those that need a server: they run hundreds of times.
export default defineConfig({
  test: {
    include: [
      "test/{address,deadline,errors,header,methods,poll,redact,response,retry,token,transport}.test.ts",
    ],
    isolate: false,
    maxWorkers: 1,
    setupFiles: "test/hooks.ts",
    testTimeout: 20_000,
  },
});
