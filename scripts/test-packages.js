import { fileURLToPath } from "node:url";
import { install } from "./command/install.js";
import { runTasks } from "./command/tasks.js";

// `npm run test:packages`: installs, builds the packages and runs their tests, on any system.
//
// Exit codes: 0 all passed, 1 a test or a build failed, 2 the dependencies cannot be installed.

const root = fileURLToPath(new URL("..", import.meta.url));

if (await install(root)) process.exitCode = await runTasks(root, ["build", "test"]);
else process.exitCode = 2;
