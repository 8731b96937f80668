import { checkNoArguments } from "./command/no-arguments.js";
import { repository } from "./command/repository.js";
import { runTasks } from "./command/tasks.js";

checkNoArguments(`pnpm typecheck:all

Builds every package, and type-checks them and the scripts.

Exit codes: 0 success, 1 a type error, 2 wrong usage or environment.`);

process.exitCode = await runTasks(repository, ["typecheck"]);
