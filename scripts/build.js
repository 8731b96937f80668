import { checkNoArguments } from "./command/no-arguments.js";
import { repository } from "./command/repository.js";
import { runTasks } from "./command/tasks.js";

checkNoArguments(`pnpm build

Builds the packages, if generated/ is up to date.

Exit codes: 0 success, 1 a build failed, 2 wrong usage or environment.`);

process.exitCode = await runTasks(repository, ["build"]);
