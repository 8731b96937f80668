import { defaultJobId, startMockServer } from "@audit-logs/mock-server";
import { expect, test } from "vitest";
import { Interruption } from "../src/context.ts";
import { run } from "./run.ts";

const wait = (url: string, ...more: string[]): string[] => [
  "wait",
  defaultJobId,
  "--base-url",
  url,
  "--interval",
  "1ms",
  ...more,
];

test("prints one plain line per change on stderr, and nothing on stdout", async () => {
  await using server = await startMockServer();

  const { exitCode, stdout, stderr } = await run(wait(server.url));

  expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: "" });
  expect(stderr).toBe(
    `pending, 0 %\nrunning, 25 %\nrunning, 50 %\nrunning, 75 %\ncompleted, 100 %\n` +
      `Next: audit-logs download ${defaultJobId} --base-url ${server.url}\n`,
  );
});

test("prints nothing but failures with --quiet", async () => {
  await using server = await startMockServer();

  expect(await run(wait(server.url, "--quiet"))).toEqual({ exitCode: 0, stdout: "", stderr: "" });
});

test("prints the final job alone with --json", async () => {
  await using server = await startMockServer();

  const { exitCode, stdout, stderr } = await run(wait(server.url, "--json"));

  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
  expect(JSON.parse(stdout)).toMatchObject({ status: "completed" });
});

test("draws a bar on a terminal, and clears it at the end", async () => {
  await using server = await startMockServer();

  const { stderr } = await run(wait(server.url), { isTTY: true });

  expect(stderr).toContain("░");
  expect(stderr).not.toContain("\u001b[?25l");
  expect(stderr).not.toContain("pending, 0 %");
  // Erases the line of the bar, and continues there.
  expect(stderr).toContain("\u001b[1G\u001b[2KNext: ");
});

test("exits with 3 when the time is up, and prints the command that continues", async () => {
  const jobs = { [defaultJobId]: { steps: [{ status: "running", progress: 40 }] } };
  await using server = await startMockServer({ jobs });
  // Long enough for one response of a busy machine.
  const args = wait(server.url, "--timeout", "1s", "--org", "it's mine");

  const [plain, json] = await Promise.all([run(args), run([...args, "--json"])]);

  const next = `audit-logs wait ${defaultJobId} --timeout 1s --interval 1ms --org 'it'\\''s mine' --base-url ${server.url}`;
  expect(plain).toMatchObject({ exitCode: 3, stdout: "" });
  expect(plain.stderr).toContain("the job is running, 40 %");
  expect(plain.stderr.endsWith(`\nNext: ${next}\n`)).toBe(true);
  expect(json).toMatchObject({ exitCode: 3, stdout: "" });
  expect(JSON.parse(json.stderr)).toMatchObject({ code: "timeout", next });
});

test("says why no response came when the time is up", async () => {
  const server = await startMockServer();
  await server.close();

  const { exitCode, stderr } = await run(wait(server.url, "--timeout", "1s"));

  expect(exitCode).toBe(3);
  expect(stderr).toMatch(
    /: not finished within 1 s \(--timeout\); the last failure: the connection failed \(.*ECONNREFUSED/,
  );
});

test("exits with 5 if the export failed, with the server's reason", async () => {
  await using server = await startMockServer({ jobs: { [defaultJobId]: { outcome: "failed" } } });

  const { exitCode, stdout, stderr } = await run(wait(server.url, "--json"));

  expect({ exitCode, stdout }).toEqual({ exitCode: 5, stdout: "" });
  expect(JSON.parse(stderr)).toEqual({
    code: "export-failed",
    message: expect.stringContaining("The result could not be written; "),
    next: null,
  });
});

test("exits with 130 when interrupted, and says how to continue", async () => {
  const jobs = { [defaultJobId]: { steps: [{ status: "running" }] } };
  await using server = await startMockServer({ jobs });
  const signal = AbortSignal.abort(new Interruption("SIGINT"));

  const { exitCode, stderr } = await run(wait(server.url), { signal });

  expect(exitCode).toBe(130);
  expect(stderr).toBe(
    `audit-logs: interrupted\nNext: audit-logs wait ${defaultJobId} --interval 1ms --base-url ${server.url}\n`,
  );
});

test("refuses invalid durations before any request", async () => {
  await using server = await startMockServer();

  for (const flag of ["--timeout", "--interval"]) {
    for (const value of ["5", "soon", "-1s", "9999999999w"]) {
      const { exitCode, stderr } = await run(wait(server.url, `${flag}=${value}`));
      expect([value, exitCode]).toEqual([value, 2]);
      expect(stderr).toContain(`${flag} '${value}' is not a valid duration`);
    }
    expect(await run(wait(server.url, `${flag}=0s`))).toMatchObject({ exitCode: 2 });
  }
  expect(server.requests).toEqual([]);
});
