import { installDependencies } from "./command/install.js";
import { checkNoArguments } from "./command/no-arguments.js";
import { repository } from "./command/repository.js";

checkNoArguments(`npm run bootstrap

Checks the lockfile against the policies of pnpm-workspace.yaml, and installs the pinned dependencies.

Exit codes: 0 success, 2 wrong usage, or the dependencies cannot be installed.`);

process.exitCode = (await installDependencies(repository, { isVerified: true })) ? 0 : 2;
