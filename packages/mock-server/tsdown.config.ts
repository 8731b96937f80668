import { defineConfig, type UserConfig } from "tsdown";

// Inlined, code and types: plain Node reads neither TypeScript nor, without a warning, JSON.
const generated = /^@audit-logs\/generated\//;

const shared: UserConfig = {
  format: "esm",
  platform: "node",
  target: "node20.19",
  fixedExtension: false,
  noExternal: [generated],
  // A type that cannot be inlined is only a warning, and leaves a declaration that names nothing.
  failOnWarn: true,
};

const config: UserConfig[] = defineConfig([
  { ...shared, entry: ["src/index.ts", "src/cli.ts"], dts: false },
  {
    ...shared,
    entry: "src/index.ts",
    clean: false,
    dts: { resolve: [generated], emitDtsOnly: true },
  },
]);

export default config;
