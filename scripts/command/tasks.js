import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { count } from "./count.js";
import { childEnvironment } from "./environment.js";
import { readPackages } from "../packages/read-packages.js";
import { endOnSignals } from "./session.js";
import { formatProblem } from "./problem.js";
import { terminal } from "./terminal.js";

// Windows cannot start programs in node_modules/.bin without a shell.
const turboProgram = fileURLToPath(new URL("../../node_modules/turbo/bin/turbo", import.meta.url));

/** Turbo's settings for a cache that a team shares. Without them, the cache is local to this folder. */
const sharedCache = "TURBO_API TURBO_TEAM TURBO_TOKEN TURBO_REMOTE_CACHE_SIGNATURE_KEY".split(" ");

/**
 * Runs tasks of turbo.json and their dependencies, and prints a line for each one, at the latest when the next one
 * finishes: turbo does not mark the end of a task's output. It prints the full output of a failed task; tasks that
 * do not depend on it continue. An interruption ends all processes of the tasks.
 *
 * @param {string} root
 * @param {readonly string[]} tasks
 * @returns {Promise<0 | 1 | 2>} the exit code: 1 if a task failed, 2 if a package is not installed
 */
export async function runTasks(root, tasks) {
  const missing = (await readPackages(root)).find(
    ({ folder, manifest }) =>
      ("dependencies" in manifest || "devDependencies" in manifest) &&
      !existsSync(join(root, folder, "node_modules")),
  );
  if (missing !== undefined) {
    const problem = {
      file: missing.folder,
      fault: "Its dependencies are not installed",
      remedy: "Run pnpm install",
    };
    terminal.printError(`${terminal.paint("red", "✘")} ${formatProblem(problem)}`);
    return 2;
  }
  const start = performance.now();
  const options = ["--output-logs=full", "--log-order=grouped", "--log-prefix=task", "--no-color"];
  const env = childEnvironment({
    ...Object.fromEntries(sharedCache.map((name) => [name, process.env[name]])),
    NO_COLOR: "1",
    // Otherwise pnpm prints a task's command in pieces, and the task's own output may come between them.
    pnpm_config_loglevel: "error",
    // In MiB. Most objects of a compiler, a formatter or a test are dead before the first collection. With
    // Node's default of 16, prettier spends a quarter of its time copying them. The tasks keep every core
    // busy, so V8's usual four helper threads per process would only wait for each other.
    NODE_OPTIONS: "--max-semi-space-size=64 --v8-pool-size=1",
  });
  // Build output is packed, and other users must be able to read it.
  process.umask(0o022);
  const turbo = spawn(
    process.execPath,
    [
      turboProgram,
      "run",
      ...tasks,
      "--continue=dependencies-successful",
      "--no-update-notifier",
      ...options,
    ],
    // Starts a new session, so that all its processes can be found and ended.
    { cwd: root, env, detached: true, stdio: ["ignore", "pipe", "pipe"] },
  );
  const report = createReport(start);
  let isInterrupted = false;
  const release = endOnSignals(turbo, () => {
    isInterrupted = true;
    terminal.printError("Interrupted: stopping the running tasks …");
  });
  // A task that ends on a signal has not passed.
  createInterface(turbo.stdout).on("line", (line) => isInterrupted || report.read(line));
  createInterface(turbo.stderr).on("line", (line) => isInterrupted || report.keep(line));
  const [exitCode] = await once(turbo, "close");
  // The signal handler exits once every process of the session has ended.
  if (isInterrupted) return new Promise(() => undefined);
  release();
  return report.end(exitCode);
}

/**
 * Whether pnpm printed a line because a task failed. It may come anywhere, because turbo reads a task's two streams
 * separately.
 *
 * @param {string} line
 */
const isVerdict = (line) => line.startsWith("[ELIFECYCLE] Command failed");

/** @param {number} start a time of `performance.now()` */
function createReport(start) {
  /** @type {{ name: string, isCached: boolean, time: string, lines: string[] } | undefined} */
  let task;
  /** @type {string[]} */
  const other = [];
  let [fresh, unchanged] = [0, 0];
  /** @type {string[]} */
  const failed = [];
  const elapsed = () => `after ${Math.round((performance.now() - start) / 1000)} s`;

  const finish = () => {
    if (task === undefined) return;
    const { name, isCached, time, lines } = task;
    const label = labelOf(name);
    if (isCached) {
      unchanged += 1;
    } else if (!lines.some(isVerdict)) {
      fresh += 1;
      terminal.print(`${terminal.paint("green", "✔")} ${label} ${terminal.paint("dim", time)}`);
    } else {
      failed.push(label);
      terminal.printError(`${terminal.paint("red", "✘")} ${label} ${terminal.paint("dim", time)}`);
      const output = lines.filter((line) => !isVerdict(line));
      for (const line of output) terminal.printError(`  ${line}`.trimEnd());
    }
  };

  return {
    /** @param {string} line a line of the tasks' output, or of turbo's */
    read(line) {
      const [, name = "", text = ""] = /^(\S+):(?: (.*))?$/u.exec(line) ?? [];
      const [, state] = /^cache (hit|miss|bypass), .* [0-9a-f]{16}$/u.exec(text) ?? [];
      if (state !== undefined) {
        finish();
        // Turbo prints the output of a task after it has ended.
        task = { name, isCached: state === "hit", time: elapsed(), lines: [] };
      } else if (name.replace("#", ":") === task?.name) {
        task.lines.push(text);
      } else {
        other.push(line);
      }
    },
    /** @param {string} line a line of turbo's messages */
    keep: (line) => other.push(line),
    /**
     * @param {number | null} exitCode turbo's
     * @returns {0 | 1}
     */
    end(exitCode) {
      finish();
      const tasks = fresh + failed.length;
      if (exitCode === 0) {
        const same = unchanged === 0 ? "" : `, ${unchanged} unchanged`;
        terminal.print(
          tasks === 0
            ? `${count(unchanged, "task")} ${unchanged === 1 ? "is" : "are"} up to date`
            : `${count(tasks, "task")} passed${same}, ${elapsed()}`,
        );
        return 0;
      }
      if (failed.length === 0) for (const line of other) terminal.printError(line);
      else terminal.printError(`✘ ${failed.join(", ")} failed, ${elapsed()}`);
      return 1;
    },
  };
}

/**
 * Names a task after its package: `@audit-logs/client:build` becomes `client build`, `//:lint` becomes
 * `lint`.
 *
 * @param {string} name
 */
function labelOf(name) {
  return name.replace(/^\/\/:/u, "").replace(/^@[^/]+\/([^:]+):/u, "$1 ");
}
