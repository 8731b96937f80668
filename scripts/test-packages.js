import { installDependencies } from "./command/install.js";
import { checkNoArguments } from "./command/no-arguments.js";
import { repository } from "./command/repository.js";
import { runTasks } from "./command/tasks.js";

checkNoArguments(`npm run test:packages

Installs, builds the packages and runs their tests, on any system.

Exit codes: 0 all passed, 1 a test or a build failed, 2 wrong usage, or the dependencies cannot be installed.`);

if (await installDependencies(repository))
  process.exitCode = await runTasks(repository, ["build", "test"]);
else process.exitCode = 2;
