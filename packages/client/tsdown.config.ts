import { defineConfig, type UserConfig } from "tsdown";
import { buildClient, buildEntry } from "../runtime/build.ts";

const config: UserConfig[] = defineConfig([
  ...buildClient(),
  ...buildEntry("src/node.ts", {
    external: [/^node:/],
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
  }),
]);

export default config;
