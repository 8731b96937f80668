import { defineConfig, type UserConfig } from "tsdown";
import { buildClient, buildEntry } from "../runtime/build.ts";

const config: UserConfig[] = defineConfig([
  ...buildClient(),
  ...buildEntry("src/node.ts", {
    // Imports the main entry instead of inlining it, so that both entries share error classes and types.
    external: [/^node:/, "./index.ts"],
    plugins: [
      {
        name: "main-entry",
        renderChunk: (code) => code.replaceAll('"./index.ts"', '"./index.js"'),
      },
    ],
  }),
]);

export default config;
