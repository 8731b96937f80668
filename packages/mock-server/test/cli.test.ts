import { execFile, spawn, type ChildProcessByStdio } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, onTestFinished, test } from "vitest";
import { defaultJobId, faultKinds, startMockServer } from "../src/index.ts";

// What plain Node runs: `test` stands on `build`.
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

/** The arguments as a shell hands them to the command, which need not be installed. */
async function shellWords(line: string, command: string): Promise<string[]> {
  const script = `${command}() { printf '%s\\n' "$@"; }; ${line}`;
  const { stdout } = await promisify(execFile)("sh", ["-c", script]);
  return stdout.split("\n");
}

test.each(["SIGINT", "SIGTERM"] as const)(
  "prints its URL and a curl line that works, and ends with 0 on %s",
  async (signal) => {
    const child = run("--token", "it's-secret");
    const stderr = text(child.stderr);
    const exit = once(child, "exit");

    const [url, curl = ""] = await firstLines(child.stdout, 2);
    const [, authorization = "", statusUrl = ""] = await shellWords(curl, "curl");
    const [name = "", value = ""] = authorization.split(": ");
    const response = await fetch(statusUrl, { headers: { [name]: value } });
    const job: unknown = await response.json();
    child.kill(signal);

    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+/);
    expect(authorization).toBe("Authorization: Bearer it's-secret");
    expect(job).toMatchObject({ id: defaultJobId, status: "pending" });
    expect(await exit).toEqual([0, null]);
    expect(await stderr).toBe("");
  },
);

test.each([
  [["--prot", "1"], "Unknown option '--prot'"],
  [["4010"], "Unexpected argument '4010'"],
  [["--port"], "Option '--port <value>' argument missing"],
  [["--port", "x"], "--port must be a number from 0 to 65535, not 'x'"],
  [["--port", "65536"], "--port must be a number from 0 to 65535, not '65536'"],
  [["--host="], "--host must not be empty"],
  [["--token", "a b"], "--token must be printable ASCII without spaces"],
  [["--fault", "bad-gatewy"], "there is no fault 'bad-gatewy'; --help lists them"],
  [["--fault", "toString"], "there is no fault 'toString'; --help lists them"],
  [["--fault", "crlf@status"], "crlf is a fault of the download, not of the status"],
  ...["", "crlf:", "crlf:0", "crlf:1e3", "crlf@file", ":2"].map((fault): [string[], string] => [
    [`--fault=${fault}`],
    `--fault must be NAME, with @status or @download, and :TIMES or :always, not '${fault}'`,
  ]),
])("refuses %j with one message and 2", async (args, message) => {
  const child = run(...args);
  const exit = once(child, "exit");

  const lines = (await text(child.stderr)).trimEnd().split("\n");

  expect(await exit).toEqual([2, null]);
  expect(lines).toHaveLength(2);
  expect(lines[0]).toBe(`audit-logs-mock-server: ${message}`);
  expect(lines[1]).toMatch(/^Usage: /);
});

test("plays the faults that it is told to, and ends with 0 though an answer drips", async () => {
  const child = run(
    "--fault",
    "bad-gateway:2",
    "--fault",
    "dripping-body",
    "--fault",
    "bom@download",
  );
  const exit = once(child, "exit");
  const [url = "", curl = ""] = await firstLines(child.stdout, 2);
  const [, , statusUrl = ""] = await shellWords(curl, "curl");
  const headers = { Authorization: "Bearer any" };

  const statuses = [];
  for (let asked = 0; asked < 2; asked += 1) {
    statuses.push((await fetch(statusUrl, { headers })).status);
  }
  const dripping = await fetch(statusUrl, { headers });
  child.kill("SIGTERM");

  expect(url).not.toBe("");
  expect(statuses).toEqual([502, 502]);
  await expect(dripping.text()).rejects.toThrow("terminated");
  expect(await exit).toEqual([0, null]);
});

test("--help lists every fault with its number", async () => {
  const child = run("--help");
  const exit = once(child, "exit");

  const help = await text(child.stdout);

  expect(await exit).toEqual([0, null]);
  expect(help).toMatch(/^Usage: /);
  for (const [name, { number }] of Object.entries(faultKinds)) {
    expect(help).toMatch(new RegExp(`^ +${number} +(any|status|download) +${name} +\\S`, "m"));
  }
});

test("says that a port is in use, with 2", async () => {
  await using server = await startMockServer();
  const { port } = new URL(server.url);
  const child = run("--port", port);
  const exit = once(child, "exit");

  expect(await text(child.stderr)).toBe(
    `audit-logs-mock-server: port ${port} on 127.0.0.1 is in use; choose another with --port\n`,
  );
  expect(await exit).toEqual([2, null]);
});

test("says that a host cannot be listened on, with 2", async () => {
  const child = run("--host", "192.0.2.1");
  const exit = once(child, "exit");

  expect(await text(child.stderr)).toMatch(
    /^audit-logs-mock-server: cannot listen on port 0 of 192/,
  );
  expect(await exit).toEqual([2, null]);
});
