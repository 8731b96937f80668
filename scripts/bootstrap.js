import { fileURLToPath } from "node:url";
import { install } from "./command/install.js";

// `npm run bootstrap`: checks the lockfile against the policies of pnpm-workspace.yaml, and installs the
// pinned dependencies.
//
// Exit codes: 0 success, 2 the dependencies cannot be installed.

const root = fileURLToPath(new URL("..", import.meta.url));
process.exitCode = (await install(root, { isVerified: true })) ? 0 : 2;
