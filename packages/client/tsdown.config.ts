import { defineConfig, type UserConfig } from "tsdown";

// Inlined, code and types: the package is published, and what it is generated from is not.
const generated = /^@audit-logs\/generated\//;

const config: UserConfig = defineConfig({
  entry: ["src/index.ts"],
  format: "esm",
  platform: "neutral",
  target: "es2023",
  noExternal: [generated],
  dts: { resolve: [generated] },
  // A type that cannot be inlined is only a warning, and leaves a declaration that names nothing.
  failOnWarn: true,
});

export default config;
