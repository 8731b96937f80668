import { createRequire } from "node:module";
import type typescript from "typescript";

/** The compiler. For an `import` of it, Node.js parses its nine megabytes twice more, to find the exports. */
export const ts: typeof typescript = createRequire(import.meta.url)("typescript");
