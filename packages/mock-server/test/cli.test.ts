import { execFile, spawn, type ChildProcessByStdio } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, onTestFinished, test } from "vitest";
import { defaultJobId, startMockServer } from "../src/index.ts";
import { describeOperation } from "./exports-description.ts";

// The built file, which plain Node can run: the `test` task depends on `build`.
const cli = fileURLToPath(new URL("../dist/cli.js", import.meta.url));

function run(...args: string[]): ChildProcessByStdio<null, Readable, Readable> {
  const child = spawn(process.execPath, [cli, ...args], { stdio: ["ignore", "pipe", "pipe"] });
  onTestFinished(() => void child.kill("SIGKILL"));
  return child;
}

async function firstLines(stdout: Readable, count: number): Promise<string[]> {
  const lines: string[] = [];
  for await (const line of createInterface({ input: stdout })) {
    lines.push(line);
    if (lines.length === count) break;
  }
  return lines;
}

/** The arguments that a shell would pass to the command, which need not be installed. */
async function shellWords(line: string, command: string): Promise<string[]> {
  const script = `${command}() { printf '%s\\n' "$@"; }; ${line}`;
  const { stdout } = await promisify(execFile)("sh", ["-c", script]);
  return stdout.split("\n");
}

test("prints its URL and a working curl command, and exits with 0 on SIGINT", async () => {
  const child = run("--token", "it's-secret");
  const stderr = text(child.stderr);
  const exit = once(child, "exit");

  const [url, curl = ""] = await firstLines(child.stdout, 2);
  const [, authorization = "", statusUrl = ""] = await shellWords(curl, "curl");
  const [name = "", value = ""] = authorization.split(": ");
  const response = await fetch(statusUrl, { headers: { [name]: value } });
  const job: unknown = await response.json();
  child.kill("SIGINT");

  expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+/);
  expect(authorization).toBe("Authorization: Bearer it's-secret");
  expect(job).toMatchObject({ id: defaultJobId, status: "pending" });
  expect(await exit).toEqual([0, null]);
  expect(await stderr).toBe("");
});

test("plays a description with faults, and exits with 0 on SIGTERM even while a response drips", async () => {
  const folder = mkdtempSync(join(tmpdir(), "mock-server-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const file = join(folder, "openapi.json");
  const responses = { "200": { description: "Text", content: { "text/plain": {} } } };
  writeFileSync(file, JSON.stringify(describeOperation({ responses }, { path: "/drops" })));
  const faults = ["bad-gateway@operation:2", "dripping-body@operation"];
  const child = run("--description", file, ...faults.map((fault) => `--fault=${fault}`));
  const exit = once(child, "exit");
  const [url = ""] = await firstLines(child.stdout, 1);

  const statuses = [];
  for (let request = 0; request < 2; request += 1) {
    statuses.push((await fetch(`${url}/drops`)).status);
  }
  const dripping = await fetch(`${url}/drops`);
  child.kill("SIGTERM");

  expect(statuses).toEqual([502, 502]);
  await expect(dripping.text()).rejects.toThrow("terminated");
  expect(await exit).toEqual([0, null]);
});

test("exits with 2 if it cannot start, and says why on stderr only", async () => {
  await using server = await startMockServer();
  const { port } = new URL(server.url);
  const children = [run("--prot", "1"), run("--port", port), run("--host", "192.0.2.1")];
  const ends = children.map(async (child) => {
    const [exit, stdout, stderr] = await Promise.all([
      once(child, "exit"),
      text(child.stdout),
      text(child.stderr),
    ]);
    return { exit, stdout, stderr };
  });

  const exit = [2, null];
  expect(await Promise.all(ends)).toEqual([
    { exit, stdout: "", stderr: expect.stringMatching(/^audit-logs-mock-server: unknown option/) },
    {
      exit,
      stdout: "",
      stderr: `audit-logs-mock-server: port ${port} on 127.0.0.1 is in use; choose another with --port\n`,
    },
    {
      exit,
      stdout: "",
      stderr: expect.stringMatching(/^audit-logs-mock-server: cannot listen on port 0 of 192/),
    },
  ]);
});

test("prints its help, and exits with 0", async () => {
  const child = run("--help");
  const exit = once(child, "exit");

  expect(await text(child.stdout)).toMatch(/^Usage: /);
  expect(await exit).toEqual([0, null]);
});
