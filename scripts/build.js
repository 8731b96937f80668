import { fileURLToPath } from "node:url";
import { runTasks } from "./command/tasks.js";

// `pnpm build`: builds the packages, if generated/ is fresh.
//
// Exit codes: 0 fine, 1 a build failed.

process.exitCode = await runTasks(fileURLToPath(new URL("..", import.meta.url)), ["build"]);
