import { defineConfig, type UserConfig } from "tsdown";

// Inlined, code and types: the package is published, and what it is generated from is not.
const generated = /^@audit-logs\/generated\//;

const shared: UserConfig = {
  format: "esm",
  platform: "neutral",
  target: "es2023",
  noExternal: [generated],
  dts: { resolve: [generated] },
  // A type that cannot be inlined is only a warning, and leaves a declaration that names nothing.
  failOnWarn: true,
};

// Each entry is one file: built together, they would share a third, whose name changes.
const config: UserConfig[] = defineConfig([
  {
    ...shared,
    entry: ["src/index.ts"],
    copy: { from: "../../generated/audit-logs/openapi.json", rename: "schema.json" },
  },
  { ...shared, entry: ["src/schema.ts"], clean: false },
  {
    ...shared,
    entry: ["src/node.ts"],
    external: [/^node:/],
    clean: false,
    plugins: [
      {
        name: "main-entry",
        resolveId: {
          order: "pre",
          handler: (id) =>
            id === "./index.ts" ? { id: "./index.js", external: "relative" } : undefined,
        },
      },
    ],
  },
]);

export default config;
