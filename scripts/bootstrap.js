import { fileURLToPath } from "node:url";
import { install } from "./command/install.js";

// `npm run bootstrap`: installs the pinned dependencies.
//
// Exit codes: 0 fine, 2 they cannot be installed.

process.exitCode = (await install(fileURLToPath(new URL("..", import.meta.url)))) ? 0 : 2;
