import { defineConfig, type UserConfig } from "tsdown";

// Inlined, because plain Node cannot load TypeScript, and loads JSON only with a warning.
const generated = /^@audit-logs\/generated\//;

const shared: UserConfig = {
  format: "esm",
  platform: "node",
  fixedExtension: false,
  noExternal: [generated],
  // By default a type that cannot be inlined is only a warning, and leaves a dangling import.
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
