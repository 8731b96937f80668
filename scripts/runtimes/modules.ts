import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";

// Where the built client and its dependency are, for runtimes that look no packages up.

export const clientPath = fileURLToPath(import.meta.resolve("@audit-logs/client"));
export const openapiFetchPath = createRequire(clientPath).resolve("openapi-fetch/dist/index.mjs");
