import { defineConfig, type ViteUserConfig } from "vitest/config";

const config: ViteUserConfig = defineConfig({
  // For what hangs: however busy the machine, nothing takes so long.
  test: { testTimeout: 300_000, hookTimeout: 300_000 },
});

export default config;
