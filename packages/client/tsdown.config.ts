import { defineConfig, type UserConfig } from "tsdown";
import { buildClient, buildEntry } from "../runtime/build.ts";

const config: UserConfig[] = defineConfig([
  ...buildClient(),
  ...buildEntry("src/node.ts", {
    // The main entry stays one file of its own: its errors are the same classes, its types the same.
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
