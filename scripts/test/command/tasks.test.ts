import { spawn } from "node:child_process";
import { once } from "node:events";
import { access, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { expect, test, vi } from "vitest";
import { childEnvironment } from "../../command/environment.js";
import { runProgram } from "../../command/program.js";
import { type Files } from "../../fixtures/project.ts";
import { makeProject } from "../project.ts";

const { devEngines } = JSON.parse(
  await readFile(new URL("../../../package.json", import.meta.url), "utf8"),
) as { devEngines: object };
const module = new URL("../../command/tasks.js", import.meta.url).href;

const workspace = (scripts: Record<string, string>): Files => ({
  "package.json": JSON.stringify({
    private: true,
    scripts,
    devEngines,
  }),
  "pnpm-workspace.yaml": "packages: []\n",
  "pnpm-lock.yaml": "lockfileVersion: '9.0'\n\nimporters:\n\n  .: {}\n",
  "turbo.json": JSON.stringify({
    globalPassThroughEnv: ["pnpm_config_loglevel"],
    tasks: Object.fromEntries(
      Object.keys(scripts).map((name) => [name, { inputs: ["package.json"], outputs: [] }]),
    ),
  }),
});

/** Starts tasks as a root script would, after a line of code. */
function start(root: string, tasks: readonly string[], before = "") {
  const program = `
    import { runTasks } from "${module}";
    ${before}
    process.exitCode = await runTasks(".", ${JSON.stringify(tasks)});`;
  const args = ["--input-type=module", "--eval", program];
  return spawn(process.execPath, args, { cwd: root, env: childEnvironment() });
}

const plain = (all: string): string => all.replaceAll(/after \d+ s/gu, "after … s");

async function run(root: string, ...tasks: string[]) {
  const child = start(root, tasks, "process.umask(0o077);");
  const [stdout, stderr] = [text(child.stdout), text(child.stderr)];
  const [exitCode] = await once(child, "close");
  return { exitCode, stdout: plain(await stdout), stderr: plain(await stderr) };
}

test("prints a line for each task, and no output of a task that passes", async () => {
  const root = await makeProject(workspace({ good: "echo chatter" }));
  expect(await run(root, "good")).toEqual({
    exitCode: 0,
    stdout: "✔ good after … s\n1 task passed, after … s\n",
    stderr: "",
  });
  // The second run is all cache hits.
  expect(await run(root, "good")).toEqual({
    exitCode: 0,
    stdout: "1 task is up to date\n",
    stderr: "",
  });
});

test("prints the complete output of a failed task, and finishes the others", async () => {
  const scripts = { bad: "echo the-reason >&2; exit 3", good: "echo chatter" };
  const alone = await makeProject(workspace(scripts));
  const { exitCode, stdout, stderr } = await run(alone, "bad", "good");
  expect(exitCode).toBe(1);
  expect(stdout).toBe("✔ good after … s\n");
  expect(stderr).toBe("✘ bad after … s\n  the-reason\n✘ bad failed, after … s\n");

  // With packages, turbo names tasks differently.
  const several = await makeProject({
    ...workspace(scripts),
    "package.json": JSON.stringify({ private: true, devEngines }),
    "pnpm-workspace.yaml": "packages: [a]\n",
    "pnpm-lock.yaml": "lockfileVersion: '9.0'\n\nimporters:\n\n  .: {}\n\n  a: {}\n",
    "a/package.json": JSON.stringify({ name: "@x/a", version: "1.0.0", scripts }),
  });
  expect(await run(several, "bad", "good")).toEqual({
    exitCode: 1,
    stdout: "✔ a good after … s\n",
    stderr: "✘ a bad after … s\n  the-reason\n✘ a bad failed, after … s\n",
  });
});

test("prints the output of a failed task that looks like a line of turbo", async () => {
  const root = await makeProject(workspace({ bad: "echo cache hit; echo the-reason; exit 3" }));
  const { stderr } = await run(root, "bad");
  expect(stderr).toBe("✘ bad after … s\n  cache hit\n  the-reason\n✘ bad failed, after … s\n");
});

test("does not take a warning for a failure", async () => {
  const root = await makeProject(workspace({ good: "echo ' WARNING  this is old'" }));
  expect(await run(root, "good")).toEqual({
    exitCode: 0,
    stdout: "✔ good after … s\n1 task passed, after … s\n",
    stderr: "",
  });
});

test("lets all users read what a task writes", async () => {
  const root = await makeProject(workspace({ good: "touch output" }));
  await run(root, "good");
  expect((await stat(join(root, "output"))).mode & 0o777).toBe(0o644);
});

test("runs nothing until every package is installed", async () => {
  const files = {
    ...workspace({ good: "true" }),
    "packages/new/package.json": '{ "devDependencies": { "a": "1.0.0" } }',
  };
  expect(await run(await makeProject(files), "good")).toEqual({
    exitCode: 2,
    stdout: "",
    stderr: "✘ packages/new: Its dependencies are not installed. Run pnpm install.\n",
  });
});

test("prints turbo's message if no task runs", async () => {
  const root = await makeProject(workspace({ good: "true" }));
  const { exitCode, stderr } = await run(root, "unknown");
  expect(stderr).toContain("unknown");
  expect(exitCode).toBe(1);
});

test.each<[what: string, signal: "SIGINT" | "SIGHUP", code: number, trap: string, clock: string]>([
  ["", "SIGINT", 130, "", ""],
  [
    " that ignores SIGTERM",
    "SIGHUP",
    129,
    'trap "" TERM; ',
    // The grace period is over at once.
    "const now = performance.now.bind(performance); performance.now = () => 1e6 * now();",
  ],
])("stops every process of the tasks%s on %s", async (_what, signal, code, trap, clock) => {
  // In a process group of its own, which pnpm does not end. macOS has no setsid and no timeout, but Perl.
  const long = `perl -e "setpgrp; exec @ARGV" sh -c '${trap}echo $$ > pid; exec sleep 1000'`;
  const root = await makeProject(workspace({ long }));
  const child = start(root, ["long"], clock);
  const output = text(child.stderr);
  child.stdout.resume();
  await vi.waitFor(() => access(join(root, "pid")), 60_000);
  child.kill(signal);
  const [exitCode] = await once(child, "close");
  expect(exitCode).toBe(code);
  expect(await output).toBe("Interrupted: stopping the running tasks …\n");
  const { stdout } = await runProgram("sh", ["-c", 'kill -0 "$(cat pid)" 2>&1 || echo gone'], {
    cwd: root,
  });
  expect(stdout).toContain("gone");
});
