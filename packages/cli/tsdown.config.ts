import { defineConfig, type UserConfig } from "tsdown";

const config: UserConfig = defineConfig({
  entry: "src/cli.ts",
  format: "esm",
  platform: "node",
  fixedExtension: false,
  dts: false,
  failOnWarn: true,
});

export default config;
