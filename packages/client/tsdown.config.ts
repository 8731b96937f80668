import { defineConfig, type UserConfig } from "tsdown";
import { buildEntry, copyLicense } from "../runtime/build.ts";

const config: UserConfig[] = defineConfig([
  ...buildEntry("src/index.ts", {
    clean: true,
    copy: { from: "../../generated/audit-logs/openapi.json", rename: "schema.json" },
    onSuccess: copyLicense,
  }),
  ...buildEntry("src/schema.ts"),
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
