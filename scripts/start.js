import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { childEnvironment } from "./command/environment.js";
import { install } from "./command/install.js";
import { runTasks } from "./command/tasks.js";

// `npm start`: installs, runs the pipeline, builds the packages, and demonstrates the client.
//
// Exit codes: 0 success, 1 a stage failed, 2 the dependencies cannot be installed.

const root = fileURLToPath(new URL("..", import.meta.url));

process.exitCode = (await install(root))
  ? (await script("generate")) || (await runTasks(root, ["build"])) || (await script("demo"))
  : 2;

/**
 * Runs one of the other scripts, on the same terminal.
 *
 * @param {string} name
 */
async function script(name) {
  const env = childEnvironment({ NO_COLOR: process.env["NO_COLOR"], TERM: process.env["TERM"] });
  const program = spawn(process.execPath, [join(root, "scripts/run.js"), name], {
    cwd: root,
    env,
    stdio: ["ignore", "inherit", "inherit"],
  });
  const [exitCode] = await once(program, "exit");
  return exitCode ?? 1;
}
