import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { childEnvironment } from "./command/environment.js";
import { installDependencies } from "./command/install.js";
import { checkNoArguments } from "./command/no-arguments.js";
import { repository } from "./command/repository.js";
import { runTasks } from "./command/tasks.js";
import { terminal } from "./command/terminal.js";

checkNoArguments(`npm start

Installs, runs the pipeline, builds the packages, and demonstrates the command.

Exit codes: 0 success, 1 a stage failed, 2 wrong usage, or the dependencies cannot be installed.`);

process.exitCode = (await installDependencies(repository))
  ? (await run("scripts/run.js", "generate")) ||
    (await runTasks(repository, ["build"])) ||
    (await demonstrate())
  : 2;

/** Plays an export with the built command, against the mock server. */
async function demonstrate() {
  terminal.print("");
  const exitCode = await run("packages/cli/dist/cli.js", "demo");
  if (exitCode !== 0) return exitCode;
  terminal.print(`
Next: packages/cli/README.md for the command, packages/client/README.md for your own code, CONTRIBUTING.md for a changed description.`);
  return 0;
}

/**
 * Runs a script on the same terminal, and returns its exit code.
 *
 * @param {string} script
 * @param {string} argument
 */
async function run(script, argument) {
  const env = childEnvironment({ NO_COLOR: process.env["NO_COLOR"], TERM: process.env["TERM"] });
  const program = spawn(process.execPath, [join(repository, script), argument], {
    cwd: repository,
    env,
    stdio: ["ignore", "inherit", "inherit"],
  });
  const [exitCode] = await once(program, "exit");
  return exitCode ?? 1;
}
