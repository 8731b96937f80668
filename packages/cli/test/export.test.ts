import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { startMockServer } from "@audit-logs/mock-server";
import { expect, test } from "vitest";
import { run } from "./run.ts";
import { temporaryFolder } from "./temporary-folder.ts";

const exportLogs = (url: string, ...more: string[]): string[] => [
  "export",
  "--base-url",
  url,
  "--interval",
  "1ms",
  ...more,
];

test("starts an export, waits for it, and saves it", async () => {
  await using server = await startMockServer();
  const path = join(temporaryFolder(), "november.jsonl");

  const { exitCode, stdout, stderr } = await run(
    exportLogs(
      server.url,
      "--from",
      "2026-11-01",
      "--to",
      "7d",
      "-q",
      "a:b",
      "-q",
      "c:d,e",
      "-o",
      path,
    ),
  );

  expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: "" });
  expect(stderr).toMatch(
    /^From 2026-11-01T00:00:00Z to 2026-11-21T12:00:00Z, both inclusive\nExport job [\da-f-]{36}\n/,
  );
  expect(stderr).toMatch(/completed, 100 %\ndownloading 2\.\d kB\nSaved /);
  expect(readFileSync(path, "utf8").split("\n")).toHaveLength(6);
  expect(JSON.parse(server.requests[0]?.body ?? "")).toEqual({
    from_date: "2026-11-01T00:00:00Z",
    to_date: "2026-11-21T12:00:00Z",
    q: ["a:b", "c:d,e"],
  });
});

test("writes the data alone to stdout with -o -", async () => {
  await using server = await startMockServer();

  const { exitCode, stdout } = await run(exportLogs(server.url, "--from", "7d", "-o", "-"));

  expect(exitCode).toBe(0);
  expect(
    stdout
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line).id),
  ).toHaveLength(5);
});

test("saves to a file in the working folder that is named after the job", async () => {
  await using server = await startMockServer();
  const folder = temporaryFolder();
  const before = process.cwd();
  process.chdir(folder);
  try {
    const { stdout } = await run(exportLogs(server.url, "--from", "7d", "--json"));
    const { job_id: jobId, path } = JSON.parse(stdout);
    expect(readdirSync(folder)).toEqual([`${jobId}.jsonl`]);
    expect(existsSync(path)).toBe(true);
  } finally {
    process.chdir(before);
  }
});

test("exits with 3 when the wait timed out, and prints the command that downloads it later", async () => {
  await using server = await startMockServer({ faults: [{ fault: "never-finished" }] });
  const path = join(temporaryFolder(), "late.jsonl");

  // Long enough for two responses of a busy machine.
  const { exitCode, stderr } = await run(
    exportLogs(server.url, "--from", "7d", "-o", path, "--timeout", "1s", "--json"),
  );

  expect(exitCode).toBe(3);
  const { next } = JSON.parse(stderr);
  expect(next).toMatch(
    /^audit-logs download [\da-f-]{36} --wait -o .*late\.jsonl --timeout 1s --interval 1ms --base-url /,
  );
});

test("refuses what it does not understand before any request", async () => {
  await using server = await startMockServer();
  const cases = [
    [[], "required option '--from <time>' not specified"],
    [["--from", "tomorrow"], "--from 'tomorrow' is not a valid time"],
    [["--from", "2026-11-08", "--to", "2026-11-01"], "is before --from"],
    [["--from", "2027-01-01"], "--from 2027-01-01T00:00:00Z is after now"],
    [["--from", "7d", "-q", "login"], "-q 'login' is not a valid condition"],
    [["--from", "7d", "extra"], "too many arguments"],
  ] as const;

  for (const [flags, message] of cases) {
    const { exitCode, stdout, stderr } = await run(exportLogs(server.url, ...flags));
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: "" });
    expect(stderr).toContain(message);
  }
  expect(server.requests).toEqual([]);
});
