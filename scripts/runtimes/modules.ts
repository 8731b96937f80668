import { fileURLToPath } from "node:url";

// Where the built client is, for runtimes that look no packages up.

export const clientPath = fileURLToPath(import.meta.resolve("@audit-logs/client"));
