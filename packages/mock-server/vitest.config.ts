import { defineConfig, type ViteUserConfig } from "vitest/config";

const config: ViteUserConfig = defineConfig({
  test: {
    // The test files share no state.
    isolate: false,
    maxWorkers: "100%",
    // The limit is for tests that hang, not for slow machines.
    testTimeout: 300_000,
    hookTimeout: 300_000,
  },
});

export default config;
