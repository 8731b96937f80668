import { defineConfig, type ViteUserConfig } from "vitest/config";

const config: ViteUserConfig = defineConfig({
  test: {
    // They share nothing that one could change for another.
    isolate: false,
    // For what hangs: however busy the machine, nothing takes so long.
    testTimeout: 300_000,
    hookTimeout: 300_000,
  },
});

export default config;
