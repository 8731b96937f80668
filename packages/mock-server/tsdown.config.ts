import { defineConfig, type UserConfig } from "tsdown";

// Inlined, code and types: plain Node reads neither TypeScript nor, without a warning, JSON.
const generated = /^@audit-logs\/generated\//;

const config: UserConfig = defineConfig({
  entry: ["src/index.ts", "src/cli.ts"],
  format: "esm",
  platform: "node",
  target: "node20.19",
  fixedExtension: false,
  noExternal: [generated],
  dts: { resolve: [generated] },
  // A type that cannot be inlined is only a warning, and leaves a declaration that names nothing.
  failOnWarn: true,
});

export default config;
