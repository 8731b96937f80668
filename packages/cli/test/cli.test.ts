import { spawn, type ChildProcessByStdio } from "node:child_process";
import { once } from "node:events";
import { existsSync, writeFileSync } from "node:fs";
import { open } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { Writable, type Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { defaultJobId, startMockServer } from "@audit-logs/mock-server";
import { expect, onTestFinished, test } from "vitest";
import { childEnvironment } from "../../../scripts/command/environment.js";
import { runProgram } from "../../../scripts/command/program.js";
import { Interruption } from "../src/context.ts";
import { startPausedServer } from "./paused-server.ts";
import { run, type RunResult } from "./run.ts";
import { temporaryFolder } from "./temporary-folder.ts";

// What only a process has: exit codes, signals and closed pipes. The `test` task depends on `build`.
const cli = fileURLToPath(new URL("../dist/cli.js", import.meta.url));

function start(...args: string[]): ChildProcessByStdio<null, Readable, Readable> {
  const child = spawn(process.execPath, [cli, ...args], {
    env: childEnvironment({ AUDIT_LOGS_TOKEN: "a-token" }),
    stdio: ["ignore", "pipe", "pipe"],
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  return child;
}

/** Runs the command, and returns which modules Node.js loads for it. */
async function load(...args: string[]): Promise<string> {
  const { exitCode, stdout, stderr } = await runProgram(process.execPath, [cli, ...args], {
    env: childEnvironment({ NODE_DEBUG: "esm", AUDIT_LOGS_TOKEN: "a-token" }),
  });
  expect(exitCode).toBe(0);
  expect(stdout).not.toBe("");
  return stderr;
}

function usage(fault: string, next = "audit-logs --help"): RunResult {
  return { exitCode: 2, stdout: "", stderr: `audit-logs: ${fault}\nNext: ${next}\n` };
}

test("prints the help on one screen, examples first", async () => {
  const { exitCode, stdout, stderr } = await run(["--help"]);

  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
  expect(stdout).toMatch(/^Examples:\n/);
  expect(stdout.split("\n").length).toBeLessThanOrEqual(45);
  for (const line of stdout.split("\n")) expect(line.length).toBeLessThanOrEqual(100);
});

test("the help of completion names the shells", async () => {
  const { stdout } = await run(["completion", "--help"]);

  expect(stdout).toMatch(/the shell \(choices: "bash", "zsh", "fish",\s+"powershell"\)/);
});

test("loads only what it needs to print the version, the help, or a status", async () => {
  await using server = await startMockServer();
  const [version, help, status] = await Promise.all([
    load("--version"),
    load("--help"),
    load("status", defaultJobId, "--base-url", server.url),
  ]);

  expect(version).toContain("dist/cli.js");
  expect(version).not.toMatch(/commander|client\/dist|mock-server\/dist|cli-progress|@bomb\.sh/);
  expect(help).toContain("commander");
  expect(help).not.toMatch(/client\/dist|mock-server\/dist|cli-progress|@bomb\.sh/);
  expect(status).toContain("client/dist");
  expect(status).not.toMatch(/mock-server\/dist|cli-progress|@bomb\.sh/);
});

test("says which Node.js it needs, if it runs on an older one", async () => {
  const old = 'Object.defineProperty(process, "versions", { value: { node: "20.9.0" } });';
  const preload = join(temporaryFolder(), "old.cjs");
  writeFileSync(preload, old);

  expect(await runProgram(process.execPath, ["--require", preload, cli, "demo"])).toEqual({
    exitCode: 1,
    stdout: "",
    stderr: "audit-logs: Node.js 20.9.0 is too old; install 20.19 or later\n",
  });
});

test("refuses --quiet together with --verbose", async () => {
  expect(await run(["--quiet", "demo", "--verbose"])).toEqual(
    usage("option '--verbose' cannot be used with option '--quiet'", "audit-logs demo --help"),
  );
});

test("prints the same version with other options", async () => {
  const alone = await runProgram(process.execPath, [cli, "--version"]);
  // Alone, it is printed before anything is parsed.
  const together = await run(["--no-color", "--version"]);

  expect(alone.stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  expect(together).toEqual(alone);
});

test("exits with 2 for a mistyped command or option, and suggests the right one", async () => {
  const outcomes = await Promise.all([
    runProgram(process.execPath, [cli, "exprot"]),
    run(["status", "--jsno"]),
    run(["export", "--form", "7d"]),
    run(["sync", "--dirr", "logs", "--from", "1d"]),
    run(["sync", "--from", "1d"]),
    run(["--org", "list", "--jsno"]),
    run(["demo", "--fault", "expird-url"]),
  ]);

  expect(outcomes).toEqual([
    usage("unknown command 'exprot' (Did you mean export?)"),
    usage("unknown option '--jsno' (Did you mean --json?)", "audit-logs status --help"),
    usage("unknown option '--form' (Did you mean --from?)", "audit-logs export --help"),
    usage("unknown option '--dirr' (Did you mean --dir?)", "audit-logs sync --help"),
    usage("required option '--dir <folder>' not specified", "audit-logs sync --help"),
    usage("unknown option '--jsno' (Did you mean --json?)"),
    {
      exitCode: 2,
      stdout: "",
      stderr:
        "audit-logs: there is no fault 'expird-url' (Did you mean expired-url?); 'audit-logs demo --help' lists them\n",
    },
  ]);
});

test("without a command prints the help, or with --json only the failure", async () => {
  const [help, json] = await Promise.all([run([]), run(["--json"])]);

  expect(help).toMatchObject({ exitCode: 2, stdout: "" });
  expect(help.stderr).toMatch(/^Examples:\n/);
  expect(json).toMatchObject({ exitCode: 2, stdout: "" });
  expect(JSON.parse(json.stderr)).toEqual({
    code: "usage",
    message: "there is no command",
    next: "audit-logs --help",
  });
});

test("is interrupted while it reads the token from stdin", async () => {
  const child = spawn(process.execPath, [cli, "status", defaultJobId, "--token-file", "-"], {
    env: childEnvironment({}),
    stdio: ["pipe", "ignore", "pipe"],
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  const exit = once(child, "exit");
  const stderr = text(child.stderr);
  child.stdin.on("error", () => undefined);
  // More than a pipe holds: it is written when the command reads.
  child.stdin.write("a".repeat(2 ** 20), () => child.kill("SIGINT"));

  expect(await exit).toEqual([130, null]);
  expect(await stderr).toBe("audit-logs: interrupted\n");
});

test.each([
  ["SIGHUP", 129, "hangup"],
  ["SIGTERM", 143, "terminated"],
] as const)("keeps the part when %s ends it, and exits with %i", async (signal, code, message) => {
  const server = await startPausedServer(defaultJobId, Buffer.from('{"id":"1"}\n{"id":"2"}\n'));
  const path = join(temporaryFolder(), "export.jsonl");
  const child = start("download", defaultJobId, "--base-url", server.url, "-o", path);
  const exit = once(child, "exit");
  const lines: string[] = [];
  for await (const line of createInterface({ input: child.stderr })) {
    if (line.startsWith("downloading")) child.kill(signal);
    lines.push(line);
  }

  expect(await exit).toEqual([code, null]);
  expect(lines).toContain(`audit-logs: ${message}`);
  expect(existsSync(`${path}.part`)).toBe(true);
  expect(existsSync(`${path}.lock`)).toBe(false);
});

test("is ended by a signal also while a file operation blocks it", async () => {
  const folder = temporaryFolder();
  const pipe = join(folder, ".sync.from");
  expect(await runProgram("mkfifo", [pipe])).toMatchObject({ exitCode: 0 });
  const child = start("sync", "--dir", folder, "--from", "1d");
  const exit = once(child, "exit");
  // Opened when the command opens it, which then waits for the end of the pipe.
  const file = await open(pipe, "w");
  child.kill("SIGTERM");

  expect(await exit).toEqual([null, "SIGTERM"]);
  await file.close();
});

test("is interrupted while it waits for the writer of a token file that is a pipe", async () => {
  const pipe = join(temporaryFolder(), "token");
  expect(await runProgram("mkfifo", [pipe])).toMatchObject({ exitCode: 0 });
  const child = start("status", defaultJobId, "--token-file", pipe);
  const exit = once(child, "exit");
  // Opened when the command opens it.
  const file = await open(pipe, "w");
  child.kill("SIGTERM");

  expect(await exit).toEqual([143, null]);
  await file.close();
});

test("exits with 130 when interrupted, and says how to continue", async () => {
  const jobs = { [defaultJobId]: { steps: [{ status: "running" }] } };
  await using server = await startMockServer({ jobs });
  const child = start("wait", defaultJobId, "--base-url", server.url);
  const exit = once(child, "exit");
  const lines: string[] = [];
  for await (const line of createInterface({ input: child.stderr })) {
    if (line.startsWith("running")) child.kill("SIGINT");
    lines.push(line);
  }

  expect(await exit).toEqual([130, null]);
  expect(lines.slice(-2)).toEqual([
    "audit-logs: interrupted",
    `Next: audit-logs wait ${defaultJobId} --base-url ${server.url}`,
  ]);
});

test("is terminated while the reader of stdout takes nothing", async () => {
  const events = Array.from({ length: 1000 }, () => ({ text: "a".repeat(1000) }));
  const jobs = { [defaultJobId]: { steps: [{ status: "completed" }], events } };
  await using server = await startMockServer({ jobs });
  const args = ["download", defaultJobId, "--base-url", server.url, "-o", "-"];
  const controller = new AbortController();
  const stalled = new Writable({ write: () => controller.abort(new Interruption("SIGINT")) });

  const { exitCode, stderr } = await run(args, { stdout: stalled, signal: controller.signal });

  expect(exitCode).toBe(130);
  expect(stderr).toMatch(/audit-logs: interrupted\nNext: audit-logs download /);

  const child = start(...args);
  // The rest does not fit into a pipe.
  child.stdout.once("readable", () => child.kill("SIGTERM"));
  expect(await once(child, "exit")).toEqual([143, null]);
});

test("ends quietly with 0 when the reader of stdout goes away", async () => {
  const child = start("demo", "--events", "5000", "--interval", "1ms", "--quiet");
  const exit = once(child, "exit");
  const stderr = text(child.stderr);
  await once(child.stdout, "data");
  child.stdout.destroy();

  expect(await exit).toEqual([0, null]);
  expect(await stderr).toBe("");
});

test.each(["--version", "--help", "completion"])(
  "ends quietly with 0 when nobody reads what %s prints",
  async (word) => {
    const child = start(word, ...(word === "completion" ? ["bash"] : []));
    const exit = once(child, "exit");
    const stderr = text(child.stderr);
    child.stdout.destroy();

    expect(await exit).toEqual([0, null]);
    expect(await stderr).toBe("");
  },
);

test("says if the help or the version cannot be written", async () => {
  for (const args of [["--help"], ["--version"], ["demo", "--help"]]) {
    const stdout = new Writable({
      write(_chunk, _encoding, done) {
        done(Object.assign(new Error("ENOSPC: no space left on device"), { code: "ENOSPC" }));
      },
    });
    stdout.on("error", () => undefined);

    expect(await run(args, { stdout })).toMatchObject({
      exitCode: 1,
      stderr: "audit-logs: ENOSPC: no space left on device\n",
    });
  }
});
