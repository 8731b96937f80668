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
