import { fileURLToPath } from "node:url";

// The built client, for runtimes that do not resolve packages.

export const clientPath = fileURLToPath(import.meta.resolve("@audit-logs/client"));
