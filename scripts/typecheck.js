import { fileURLToPath } from "node:url";
import { runTasks } from "./command/tasks.js";

// `pnpm typecheck:all`: builds every package, and type-checks them and the scripts.
//
// Exit codes: 0 success, 1 a type error.

process.exitCode = await runTasks(fileURLToPath(new URL("..", import.meta.url)), ["typecheck"]);
