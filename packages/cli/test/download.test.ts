import {
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { Writable } from "node:stream";
import { gunzipSync } from "node:zlib";
import { defaultJobId, startMockServer, type MockServerOptions } from "@audit-logs/mock-server";
import { expect, onTestFinished, test, vi } from "vitest";
import { Interruption } from "../src/context.ts";
import { startPausedServer } from "./paused-server.ts";
import { run } from "./run.ts";
import { temporaryFolder } from "./temporary-folder.ts";

const completed: MockServerOptions["jobs"] = {
  [defaultJobId]: { steps: [{ status: "completed" }] },
};
const download = (url: string, ...more: string[]): string[] => [
  "download",
  defaultJobId,
  "--base-url",
  url,
  ...more,
];

test("saves the file, readable only by its owner, and says how it was checked", async () => {
  await using server = await startMockServer({ jobs: completed });
  const path = join(temporaryFolder(), "export.jsonl");

  const { exitCode, stdout, stderr } = await run(download(server.url, "-o", path));

  expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: "" });
  expect(stderr).toMatch(/Saved .*export\.jsonl: 2\.\d kB, length and total_records match\n$/);
  expect(readFileSync(path, "utf8").trimEnd().split("\n")).toHaveLength(5);
  expect(statSync(path).mode & 0o777).toBe(0o600);
});

test("writes the same bytes to stdout with -o -, and nothing else", async () => {
  await using server = await startMockServer({ jobs: completed });
  const path = join(temporaryFolder(), "export.jsonl");
  await run(download(server.url, "-o", path));

  const { exitCode, stdout, stderr } = await run(download(server.url, "-o", "-"));

  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
  expect(stdout).toBe(readFileSync(path, "utf8"));
});

test("compresses to a path that ends in .gz, and reports it with --json", async () => {
  await using server = await startMockServer({ jobs: completed });
  const path = join(temporaryFolder(), "export.jsonl.gz");

  const { stdout, stderr } = await run(download(server.url, "-o", path, "--json"));

  expect(stderr).toBe("");
  expect(gunzipSync(readFileSync(path)).toString()).toContain("signed in");
  expect(JSON.parse(stdout)).toMatchObject({ job_id: defaultJobId, path });
});

test("overwrites nothing without --force, and asks before any request", async () => {
  await using server = await startMockServer({ jobs: completed });
  const path = join(temporaryFolder(), "export.jsonl");
  writeFileSync(path, "mine\n");

  const refused = await run(download(server.url, "-o", path));
  expect(refused).toMatchObject({ exitCode: 1, stdout: "" });
  expect(refused.stderr).toContain("exists and is not overwritten\nNext: ");
  expect(readFileSync(path, "utf8")).toBe("mine\n");
  expect(server.requests).toEqual([]);

  expect(await run(download(server.url, "-o", path, "--force"))).toMatchObject({ exitCode: 0 });
  expect(readFileSync(path, "utf8")).toContain("signed in");
});

test("refuses a path where no file can be saved before any request, also with --force", async () => {
  await using server = await startMockServer({ jobs: completed });
  const folder = temporaryFolder();
  const file = join(folder, "file.txt");
  writeFileSync(file, "mine\n");
  symlinkSync(file, join(folder, "link"));
  mkdirSync(join(folder, "sub"));
  mkdirSync(join(folder, "y.part"));
  const absent = join(folder, "absent");
  const cases = [
    ["", "-o is empty"],
    [".", "-o . is a folder"],
    [join(folder, "sub"), "sub is a folder"],
    [`${absent}/`, "absent/ is a folder"],
    [join(absent, "x"), `the folder ${absent} does not exist`],
    [join(file, "x"), `${file} is not a folder`],
    [join(folder, "link"), "link is not a regular file"],
    [join(folder, "y"), "y.part is not a regular file"],
    [join(folder, "x".repeat(247)), "is too long; choose another with -o"],
    [join(folder, "x.lock"), "-o must not end in .lock"],
    [join(folder, "x.part.json"), "-o must not end in .part.json"],
  ] as const;
  const commands = [
    download(server.url),
    ["export", "--from", "7d", "--base-url", server.url, "--force"],
  ];

  for (const command of commands) {
    for (const [path, message] of cases) {
      const { exitCode, stdout, stderr } = await run([...command, "-o", path]);
      expect({ path, exitCode, stdout }).toEqual({ path, exitCode: 2, stdout: "" });
      expect(stderr).toContain(message);
      expect(stderr).not.toContain("--force");
    }
  }
  expect(server.requests).toEqual([]);
  expect(readFileSync(file, "utf8")).toBe("mine\n");
});

test("keeps the part when interrupted, says how to continue, and resumes from there", async () => {
  const file = Buffer.from('{"id":"1"}\n{"id":"2"}\n');
  const server = await startPausedServer(defaultJobId, file);
  const path = join(temporaryFolder(), "export.jsonl");
  const controller = new AbortController();

  const first = run(download(server.url, "-o", path), { signal: controller.signal });
  await vi.waitFor(() => expect(statSync(`${path}.part`).size).toBe(file.byteLength / 2), 10_000);
  controller.abort(new Interruption("SIGINT"));
  const interrupted = await first;
  const resumed = await run(download(server.url, "-o", path));

  const next = `audit-logs download ${defaultJobId} --wait -o ${path} --base-url ${server.url}`;
  expect(interrupted.exitCode).toBe(130);
  expect(interrupted.stderr.endsWith(`audit-logs: interrupted\nNext: ${next}\n`)).toBe(true);
  expect(resumed).toMatchObject({ exitCode: 0 });
  expect(server.ranges).toEqual(["bytes=11-"]);
  expect(readFileSync(path)).toEqual(file);
  expect(existsSync(`${path}.part`)).toBe(false);
});

test("waits first with --wait, and otherwise refuses a job that is not done", async () => {
  await using server = await startMockServer();
  const path = join(temporaryFolder(), "export.jsonl");

  const refused = await run(download(server.url, "-o", path));
  const waited = await run(download(server.url, "-o", path, "--wait", "--interval", "1ms"));

  expect(refused).toMatchObject({ exitCode: 1 });
  expect(refused.stderr).toContain("wait for it first");
  expect(refused.stderr).toContain(`Next: audit-logs download ${defaultJobId} --wait -o `);
  expect(waited).toMatchObject({ exitCode: 0 });
  expect(existsSync(path)).toBe(true);
});

test("refuses the options of a wait without --wait", async () => {
  for (const flag of ["--timeout", "--interval"]) {
    expect(await run(download("http://127.0.0.1:9", flag, "2s"))).toMatchObject({
      exitCode: 2,
      stderr: "audit-logs: --timeout and --interval need --wait\n",
    });
  }
});

test("ends quietly with 0 when the reader closes stdout", async () => {
  await using server = await startMockServer({ jobs: completed });
  const stdout = new Writable({
    write(_chunk, _encoding, done) {
      done(Object.assign(new Error("write EPIPE"), { code: "EPIPE" }));
    },
  });
  stdout.on("error", () => undefined);

  const { exitCode, stderr } = await run(download(server.url, "-o", "-"), { stdout });

  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
});

test("a storage that refuses the URL has not refused the token", async () => {
  const faults = [{ fault: "forbidden", on: "download", times: Infinity }] as const;
  await using server = await startMockServer({ jobs: completed, faults });
  const path = join(temporaryFolder(), "export.jsonl");

  const { exitCode, stderr } = await run(download(server.url, "-o", path));

  expect(exitCode).toBe(1);
  expect(stderr).toMatch(/^audit-logs: Download of export .* 403 Forbidden: Not allowed\n$/m);
  expect(stderr).not.toContain("Next: ");
});

test.each([
  ["ENOSPC", "no space left on device"],
  ["EDQUOT", "disk quota exceeded"],
])(
  "reports a stdout that cannot be written, and how to continue after %s",
  async (code, reason) => {
    await using server = await startMockServer({ jobs: completed });
    const stdout = new Writable({
      write(_chunk, _encoding, done) {
        done(Object.assign(new Error(`${code}: ${reason}`), { code }));
      },
    });
    stdout.on("error", () => undefined);

    const { exitCode, stderr } = await run(download(server.url, "-o", "-"), { stdout });

    expect(exitCode).toBe(1);
    expect(stderr).toContain(code);
    expect(stderr).toContain(`\nNext: audit-logs download ${defaultJobId} --wait -o - `);
  },
);

test.each([
  [3, true],
  [7, false],
])("if %i events arrive of 5, stdout ends as a file does", async (count, canSucceed) => {
  const events = Array.from({ length: count }, (_, id) => ({ id: String(id) }));
  const steps = [{ status: "completed", total_records: 5 }];
  await using server = await startMockServer({ jobs: { [defaultJobId]: { events, steps } } });

  const path = join(temporaryFolder(), "export.jsonl");
  const saved = await run(download(server.url, "-o", path));
  const printed = await run(download(server.url, "-o", "-"));

  expect(printed.stderr).toContain(
    `: ${count} events arrived, but the job counts 5; do not rely on them\n`,
  );
  for (const { exitCode, stderr } of [saved, printed]) {
    expect(exitCode).toBe(1);
    expect(stderr.includes("\nNext: audit-logs download ")).toBe(canSucceed);
  }
});

test.each([
  ["bad-line", "line 1: it is not a JSON object"],
  ["undeclared-gzip", "it is gzip that was not decompressed: save it to a path that ends in .gz"],
  ["cut-in-line", "the last line is truncated"],
] as const)("after %s, stdout ends as a file does", async (fault, message) => {
  const jobs = { [defaultJobId]: { steps: [{ status: "completed", total_records: null }] } };
  const faults = [{ fault, times: Number.POSITIVE_INFINITY }];
  await using server = await startMockServer({ jobs, faults });

  const path = join(temporaryFolder(), "export.jsonl");
  const saved = await run(download(server.url, "-o", path));
  const printed = await run(download(server.url, "-o", "-"));

  expect([saved.exitCode, printed.exitCode]).toEqual([1, 1]);
  expect(printed.stderr).toContain(message);
});

test.each(["blank-lines", "no-final-newline", "split-utf8", "split-crlf"] as const)(
  "writes a whole export to stdout in spite of %s",
  async (fault) => {
    await using server = await startMockServer({ jobs: completed, faults: [{ fault }] });

    const { exitCode, stderr } = await run(download(server.url, "-o", "-"));

    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
  },
);

/** Serves a job that is running, and then completed, and calls back before each response. */
async function serveJob(onRequest: (path: string | undefined) => void): Promise<string> {
  const statuses = ["running", "completed"];
  const server = createServer(({ url }, response) => {
    onRequest(url);
    const job = { id: defaultJobId, status: statuses.shift(), download_url: "/file" };
    response.setHeader("Content-Type", "application/json").end(JSON.stringify(job));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

test.each([
  ["wait", undefined],
  ["download", "/file"],
])("overwrites no file that appears during the %s, and says how to continue", async (_, target) => {
  const path = join(temporaryFolder(), "export.jsonl");
  const url = await serveJob((requested) => {
    if (requested === (target ?? requested)) writeFileSync(path, "mine\n");
  });
  const args = download(url, "-o", path, "--wait", "--interval", "1ms");

  const { exitCode, stderr } = await run(args);

  expect(exitCode).toBe(1);
  const next = "Next: With another -o, or --force: audit-logs download ";
  expect(stderr).toContain(`exists and is not overwritten\n${next}${defaultJobId}`);
  expect(readFileSync(path, "utf8")).toBe("mine\n");
});

test("says what is wrong with a folder that was removed during the wait", async () => {
  const folder = join(temporaryFolder(), "folder");
  mkdirSync(folder);
  const url = await serveJob(() => rmSync(folder, { recursive: true, force: true }));
  const path = join(folder, "export.jsonl");
  const args = download(url, "-o", path, "--wait", "--interval", "1ms");

  const { exitCode, stderr } = await run(args);

  expect(exitCode).toBe(2);
  expect(stderr).toContain(`${folder} does not exist`);
});

test("does not offer to repeat a download whose report could not be written", async () => {
  await using server = await startMockServer({ jobs: completed });
  const path = join(temporaryFolder(), "export.jsonl");
  const stdout = new Writable({
    write: (_chunk, _encoding, callback) =>
      callback(Object.assign(new Error("ENOSPC: no space left"), { code: "ENOSPC" })),
  });
  stdout.on("error", () => undefined);

  const { exitCode, stderr } = await run(download(server.url, "-o", path, "--json"), { stdout });

  expect(exitCode).toBe(1);
  expect(JSON.parse(stderr)).toMatchObject({ code: "ENOSPC", next: null });
  expect(existsSync(path)).toBe(true);
});

test("refuses --json together with -o -", async () => {
  expect(await run(download("http://127.0.0.1:9", "-o", "-", "--json"))).toMatchObject({
    exitCode: 2,
    stdout: "",
  });
});
