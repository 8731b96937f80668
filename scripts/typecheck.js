import { fileURLToPath } from "node:url";
import { runTasks } from "./command/tasks.js";

// `pnpm typecheck:all`: type-checks the scripts and every package, which are built before.
//
// Exit codes: 0 fine, 1 the compiler found a fault.

process.exitCode = await runTasks(fileURLToPath(new URL("..", import.meta.url)), ["typecheck"]);
