import { installDependencies } from "./command/install.js";
import { checkNoArguments } from "./command/no-arguments.js";
import { repository } from "./command/repository.js";
import { runTasks } from "./command/tasks.js";
import { terminal } from "./command/terminal.js";

checkNoArguments(`npm test

Installs, and runs every check but those that CONTRIBUTING.md lists.

Exit codes: 0 all passed, 1 a check failed, 2 wrong usage, or the dependencies cannot be installed.`);

const checks =
  "generate:check spec:check lint typecheck build release:check size test test:scripts";

terminal.print(
  "Checks that generated/ and spec/ are in sync, lints, type-checks, builds and tests every package." +
    " About three minutes on two cores; what has not changed is not run again.",
);
if (await installDependencies(repository))
  process.exitCode = await runTasks(repository, checks.split(" "));
else process.exitCode = 2;
