import { fileURLToPath } from "node:url";
import { runTasks } from "./command/tasks.js";

// `pnpm build`: builds the packages, if generated/ is up to date.
//
// Exit codes: 0 success, 1 a build failed.

process.exitCode = await runTasks(fileURLToPath(new URL("..", import.meta.url)), ["build"]);
