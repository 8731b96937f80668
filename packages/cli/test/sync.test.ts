import { randomUUID } from "node:crypto";
import { readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Writable } from "node:stream";
import { defaultJobId, startMockServer } from "@audit-logs/mock-server";
import { expect, onTestFinished, test, vi } from "vitest";
import { Interruption } from "../src/context.ts";
import { run, type RunResult } from "./run.ts";
import { temporaryFolder } from "./temporary-folder.ts";

const day = "2026-11-26T00:00:00Z--2026-11-27T00:00:00Z.jsonl";
const nextDay = "2026-11-27T00:00:00Z--2026-11-28T00:00:00Z.jsonl";
const sync = (url: string, dir: string, ...more: string[]): string[] => [
  "sync",
  "--dir",
  dir,
  "--base-url",
  url,
  "--interval",
  "1ms",
  ...more,
];
const runAt = (time: string, args: readonly string[]): Promise<RunResult> =>
  run(args, { now: () => new Date(time) });

test("writes a file for each window that is over, drops what the file before has, and is then up to date", async () => {
  await using server = await startMockServer();
  const folder = join(temporaryFolder(), "logs");

  // The mock server has the same events in every window; the second window repeats the events of the first.
  const args = sync(server.url, folder, "--from", "2026-11-26", "--overlap", "365d");
  const first = await run(args);
  const requests = server.requests.length;
  const second = await run(args);

  expect(first).toMatchObject({ exitCode: 0, stdout: "" });
  expect(readdirSync(folder).toSorted()).toEqual([day, nextDay]);
  expect(readFileSync(join(folder, day), "utf8").trimEnd().split("\n")).toHaveLength(5);
  expect(statSync(join(folder, day)).mode & 0o777).toBe(0o600);
  expect(first.stderr).toContain(": 5 events, 0 more already in earlier files\n");
  expect(second.stderr).toBe("Nothing to do: no new window is over\n");
  expect(server.requests).toHaveLength(requests);
  const bodies = server.requests.flatMap(({ body }) => (body === "" ? [] : [JSON.parse(body)]));
  // The overlap does not reach back before the first window.
  expect(bodies).toEqual([
    { from_date: "2026-11-26T00:00:00Z", to_date: "2026-11-27T00:00:00Z" },
    { from_date: "2026-11-26T00:00:00Z", to_date: "2026-11-28T00:00:00Z" },
  ]);
});

test("takes an event's time for UTC if it has no zone", async () => {
  vi.stubEnv("TZ", "Asia/Tokyo");
  onTestFinished(() => void vi.unstubAllEnvs());
  const events = [{ id: "1", occurred_at: "2026-11-27T00:00:00" }];
  await using server = await startMockServer({ jobs: { [defaultJobId]: { events } } });
  const folder = temporaryFolder();
  writeFileSync(join(folder, day), `${JSON.stringify(events[0])}\n`);

  const { stderr } = await run(sync(server.url, folder));

  expect(stderr).toContain(": 0 events, 1 more already in earlier files\n");
});

test("waits for the lag before it takes a window", async () => {
  await using server = await startMockServer();
  const folder = temporaryFolder();

  await run(sync(server.url, folder, "--from", "2026-11-26", "--lag", "13h"));

  expect(readdirSync(folder)).toEqual([day]);
});

test("stops at an export that fails with its exit code, and the next run tries again", async () => {
  await using failing = await startMockServer({ faults: [{ fault: "job-failed", after: 5 }] });
  await using server = await startMockServer();
  const folder = temporaryFolder();

  const failed = await run(sync(failing.url, folder, "--from", "2026-11-26", "--json"));
  expect(failed).toMatchObject({ exitCode: 5, stdout: "" });
  expect(JSON.parse(failed.stderr)).toMatchObject({ code: "export-failed" });
  expect(readdirSync(folder)).toEqual([day]);

  const { exitCode, stdout } = await run(sync(server.url, folder, "--json"));
  expect(exitCode).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({
    from: "2026-11-27T00:00:00Z",
    to: "2026-11-28T00:00:00Z",
    path: join(folder, nextDay),
  });
  expect(readdirSync(folder).toSorted()).toEqual([day, nextDay]);
});

test("begins where the first run did, until a window is saved or --from is another", async () => {
  await using failing = await startMockServer({ faults: [{ fault: "job-failed", times: 2 }] });
  await using server = await startMockServer();
  const folder = temporaryFolder();
  const other = temporaryFolder();
  const args = ["--from", "25h"];

  for (const each of [folder, other]) {
    const failed = await runAt("2026-11-28T10:00:00Z", sync(failing.url, each, ...args));
    expect(failed).toMatchObject({ exitCode: 5 });
  }
  await runAt("2026-11-28T13:00:00Z", sync(server.url, folder, ...args));
  await runAt("2026-11-28T13:00:00Z", sync(server.url, other, "--from", "26h"));

  const first = "2026-11-27T09:00:00Z--2026-11-28T09:00:00Z.jsonl";
  expect(readdirSync(folder)).toEqual([first]);
  expect(readdirSync(other)).toEqual(["2026-11-27T11:00:00Z--2026-11-28T11:00:00Z.jsonl"]);
  rmSync(join(folder, first));
  await runAt("2026-11-28T13:00:00Z", sync(server.url, folder, ...args));
  expect(readdirSync(folder)).toEqual(["2026-11-27T12:00:00Z--2026-11-28T12:00:00Z.jsonl"]);
});

test("an unreadable start is replaced", async () => {
  await using server = await startMockServer();
  const folder = temporaryFolder();
  writeFileSync(join(folder, ".sync.from"), "25h\nsoon\n");
  const outcome = await runAt("2026-11-28T10:00:00Z", sync(server.url, folder, "--from", "25h"));
  expect(outcome).toMatchObject({ exitCode: 0 });
  expect(readdirSync(folder)).toEqual(["2026-11-27T09:00:00Z--2026-11-28T09:00:00Z.jsonl"]);
});

test("takes the first window when it is over, also after runs that had nothing to do", async () => {
  await using server = await startMockServer();
  const folder = temporaryFolder();
  const args = sync(server.url, folder, "--from", "12h");

  const { stderr } = await runAt("2026-11-27T12:00:00Z", args);
  await runAt("2026-11-28T12:00:00Z", args);

  expect(stderr).toBe("Nothing to do: no new window is over\n");
  expect(readdirSync(folder)).toEqual([nextDay]);
});

test("prints the events with -o -, and writes no file that was not printed", async () => {
  await using server = await startMockServer();
  const folder = temporaryFolder();
  const args = sync(server.url, folder, "--from", "2026-11-27", "-o", "-");
  const closed = new Writable({
    write: (_chunk, _encoding, done) => done(Object.assign(new Error("closed"), { code: "EPIPE" })),
  });
  closed.on("error", () => undefined);

  const first = await run(args, { stdout: closed });
  expect(first.exitCode).toBe(0);
  expect(readdirSync(folder).filter((name) => !name.startsWith("."))).toEqual([]);

  const second = await run(args);
  expect(readdirSync(folder)).toEqual([nextDay]);
  expect(second.stdout).toBe(readFileSync(join(folder, nextDay), "utf8"));
});

test("names the file with a line that is not JSON, without its text and without a next step", async () => {
  await using server = await startMockServer();
  const folder = temporaryFolder();
  writeFileSync(join(folder, day), "{secret\n");

  const { exitCode, stderr } = await run(sync(server.url, folder));

  expect(exitCode).toBe(1);
  expect(stderr).toContain(`audit-logs: ${join(folder, day)} contains a line that is not JSON\n`);
  expect(stderr).not.toMatch(/secret|Next/);
});

test("refuses a folder that another process is syncing", async () => {
  await using server = await startMockServer();
  const folder = temporaryFolder();
  writeFileSync(join(folder, ".sync.lock"), `1 on another-host\n${randomUUID()}\nlong ago`);

  const { exitCode, stderr } = await run(sync(server.url, folder, "--from", "2026-11-27"));

  expect(exitCode).toBe(1);
  expect(stderr).toContain("is already being synced by process 1 on another-host\nNext: ");
  expect(server.requests).toEqual([]);
});

test("says how to continue when interrupted", async () => {
  await using server = await startMockServer();
  const folder = temporaryFolder();
  const args = sync(server.url, folder, "--from", "2026-11-27", "--timeout", "2h");

  const signal = AbortSignal.abort(new Interruption("SIGINT"));
  const { exitCode, stderr } = await run(args, { signal });

  expect(exitCode).toBe(130);
  expect(stderr).toContain(
    `\nNext: audit-logs sync --dir ${folder} --from 2026-11-27 --every 1d --lag 15m --overlap 0s --timeout 2h --interval 1ms --base-url ${server.url}\n`,
  );
});

test("says which file is not UTF-8", async () => {
  await using server = await startMockServer({ faults: [{ fault: "invalid-utf8" }] });
  const folder = temporaryFolder();

  const { exitCode, stderr } = await run(sync(server.url, folder, "--from", "2026-11-26"));

  expect(exitCode).toBe(1);
  expect(stderr).toContain(`audit-logs: ${join(folder, ".sync.export.jsonl")} is not UTF-8\n`);
});

test("needs --from for an empty folder only, and refuses what it does not understand", async () => {
  const folder = temporaryFolder();
  const cases = [
    [[], "contains no exported window yet; say where to begin with --from"],
    [["--from", "soon"], "is not a valid time"],
    [["--every", "10ms"], "is too short; the minimum is 1000ms"],
    [["--lag", "-1s"], "is not a valid duration"],
    [["--output", "file"], "-o of sync can only be -"],
    [["-o", "-", "--json"], "cannot be combined"],
  ] as const;

  for (const [flags, message] of cases) {
    const { exitCode, stderr } = await run(sync("http://127.0.0.1:9", folder, ...flags));
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining(message)]);
  }
});

test("refuses a folder that cannot be one before any request, and creates none for a wrong command", async () => {
  const folder = temporaryFolder();
  const file = join(folder, "file");
  writeFileSync(file, "mine\n");
  const absent = join(folder, "absent");
  const cases = [
    [file, ["--from", "1d"], `${file} is not a folder; choose another with --dir`],
    [join(file, "logs"), ["--from", "1d"], "logs cannot be created (Error: ENOTDIR: "],
    [absent, [], `${absent} contains no exported window yet`],
  ] as const;

  for (const [dir, flags, message] of cases) {
    const { exitCode, stderr } = await run(sync("http://127.0.0.1:9", dir, ...flags));
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining(message)]);
  }
  expect(readdirSync(folder)).toEqual(["file"]);
});
