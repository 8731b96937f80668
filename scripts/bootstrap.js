import { fileURLToPath } from "node:url";
import { install } from "./command/install.js";
import { checkNoArguments } from "./command/no-arguments.js";

checkNoArguments(`npm run bootstrap

Checks the lockfile against the policies of pnpm-workspace.yaml, and installs the pinned dependencies.

Exit codes: 0 success, 2 wrong usage, or the dependencies cannot be installed.`);

const root = fileURLToPath(new URL("..", import.meta.url));
process.exitCode = (await install(root, { isVerified: true })) ? 0 : 2;
