import { randomUUID } from "node:crypto";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { PassThrough, type Writable } from "node:stream";
import { text } from "node:stream/consumers";
import { defaultJobId, faultKinds, startMockServer, type FaultName } from "@audit-logs/mock-server";
import { expect, onTestFinished, test, vi } from "vitest";
import { demo, planFaults, type DemoFlags } from "../src/commands/demo.ts";
import { describeFailure } from "../src/describe-failure.ts";
import { faultNames } from "../src/fault-names.ts";
import { createOutput } from "../src/output.ts";
import type { Settings } from "../src/settings.ts";
import { run } from "./run.ts";
import { temporaryFolder } from "./temporary-folder.ts";

/** What is printed of a fault that the command survives: the requests and pauses, or the file. */
type Survival = RegExp;
/** The code, the exit code, the message, and what the command offers next, if anything can succeed. */
type PromisedFailure = readonly [
  code: string,
  exitCode: number,
  message: RegExp,
  next: RegExp | undefined,
];

const download = /^audit-logs download [\da-f-]{36} --wait -o logs\.jsonl$/;
const token = /^Set AUDIT_LOGS_TOKEN to a valid token, or use --token-file or --token-command$/;
const administrator = /^Use the token of an administrator of the organization: /;
const redirected = /responded with 302 Found, a redirect; is --base-url \(or .*\) right\?$/;

const retried = /! attempt 1 failed, .*\nSaved /s;
const saved = /\nSaved logs\.jsonl: /;
const paused = /< 429 .*pause of (?:0\.9|1)[\d.]* s.*\nSaved /s;
const notPaused = /< 429 .*pause of 0(?:\.00\d)? s.*\nSaved /s;
const notJson = /! attempt 1 failed, .*: it is not JSON\n.*Saved /s;
const interrupted = (message: RegExp): PromisedFailure => [
  "download-interrupted",
  1,
  new RegExp(`^Download of export \\S+: interrupted after \\d+ bytes: ${message.source}$`),
  download,
];
const invalid = (message: RegExp): PromisedFailure => [
  "invalid-response",
  1,
  new RegExp(`: the response does not match the description: ${message.source}$`),
  undefined,
];

const outcomes: Readonly<Record<FaultName, Survival | PromisedFailure>> = {
  "reset-before-headers": retried,
  "close-before-headers": retried,
  "reset-in-body": retried,
  "short-body": retried,
  // The JSON is complete, and only the end of its body is missing.
  "truncated-chunked-body": saved,
  "not-http": retried,
  "two-content-lengths": retried,
  "no-headers": /no complete response within 1 s\n.*\nSaved /s,
  "dripping-body": retried,
  "long-body": saved,
  "bad-gateway": /< 502 .*! attempt 1 failed.*Saved /s,
  "service-unavailable": /< 503 .*! attempt 1 failed.*Saved /s,
  "gateway-timeout": /< 504 .*! attempt 1 failed.*Saved /s,
  "retry-after-seconds": paused,
  "retry-after-date": paused,
  "retry-after-past": notPaused,
  "retry-after-invalid": notPaused,
  "retry-after-negative": notPaused,
  "retry-after-days": ["api", 1, /429 Too Many Requests, and asked to wait for 259200 s/, download],
  "clock-ahead": paused,
  "clock-behind": paused,
  "login-page": notJson,
  "cut-json": notJson,
  "empty-response": notJson,
  "no-content": notJson,
  "redirect-loop": ["api", 1, redirected, undefined],
  "redirect-elsewhere": ["api", 1, redirected, undefined],
  "expired-token": ["authentication", 4, /401 Unauthorized: The token has expired$/, token],
  forbidden: ["authentication", 4, /403 Forbidden: Not allowed$/, administrator],
  "not-found-at-first": ["api", 1, /404 Not Found: Job not found$/, undefined],
  "not-found-after-progress": ["api", 1, /404 Not Found: Job not found$/, undefined],
  "job-failed": [
    "export-failed",
    5,
    /^Export job \S+: failed: The store is full; start another export$/,
    undefined,
  ],
  "unknown-status": /\narchiving, 0 %\n.*Saved /s,
  "progress-backwards": /running, 25 %\n.*running, 12 %\n.*Saved /s,
  "running-again": ["error", 1, /the job is running, 10 %: wait for it first$/, download],
  "completed-without-url": saved,
  "null-fields": /\npending\n.*Saved /s,
  "duplicate-keys": saved,
  "unsafe-integer": saved,
  "proto-key": saved,
  "other-job": invalid(
    /it describes another job: its id is "00000000-0000-4000-8000-000000000000"/,
  ),
  "never-finished": [
    "timeout",
    3,
    /not finished within 1 s \(--timeout\); the job is running, 99 %$/,
    download,
  ],
  "expired-url": /< 403 .*Saved /s,
  "expired-url-on-resume": /the connection was lost \(.*\)\n.*< 403 .*< 206 .*Saved /s,
  "interrupted-download": /the connection was lost \(.*\)\n.*< 206 .*Saved /s,
  "wrong-range": interrupted(/the server sent an unexpected range, from byte \d+/),
  "range-ignored": /the connection was lost \(.*\)\n.*< 200 .*Saved /s,
  "changed-etag": interrupted(/the file has changed in the meantime/),
  "changed-file": interrupted(/the file has changed in the meantime; start again/),
  "weak-etag": interrupted(/it could not be resumed: .+/),
  "range-not-satisfiable": interrupted(/the server has no more bytes/),
  "cut-in-line": interrupted(/the last line is truncated/),
  "cut-after-line": interrupted(/the number of events is 999, but the job counts 1000/),
  "cut-gzip": interrupted(/the last line is truncated/),
  "bad-gzip-checksum": interrupted(/it could not be resumed: .+/),
  "gzip-range": interrupted(/the rest is compressed, or a web page cannot see that it is not/),
  "gzip-bomb": interrupted(/the number of events is 1, but the job counts 1000/),
  "split-utf8": saved,
  bom: /Saved .*\n\ufeff\{/s,
  crlf: /Saved .*\}\r\n\{/s,
  "split-crlf": /Saved .*\}\r\n\{/s,
  "blank-lines": /Saved .*\}\n\n\{/s,
  "no-final-newline": /Saved .*\}$/s,
  "bad-line": invalid(/line 1: it is not a JSON object/),
  "huge-line": invalid(/the number of events is 1001, but the job counts 1000/),
  "line-separator": /Saved .*"a\u2028b"/s,
  "invalid-utf8": /Saved .*"invalid":"\ufffd"/s,
  "empty-file": interrupted(/the number of events is 0, but the job counts 1000/),
  "file-url": invalid(/the URL of the file must not be requested: file: is not https/),
  "data-url": invalid(/the URL of the file must not be requested: data: is not https/),
  "link-local-url": invalid(/.* 169\.254\.169\.254 is not on the public internet/),
  "private-url": invalid(/.* 10\.0\.0\.1 is not on the public internet/),
  "private-name-url": invalid(/.* localhost is not on the public internet/),
  "shorter-total": interrupted(
    /the server sent bytes \d+-\d+ of \d+, which does not fit the file or the Content-Length/,
  ),
  "short-part": interrupted(
    /the server sent bytes \d+-\d+ of \d+, which does not fit the file or the Content-Length/,
  ),
  "not-modified": ["api", 1, /304 Not Modified, although the client caches nothing/, undefined],
  "redirect-nowhere": ["api", 1, /302 Found, a redirect without a location/, undefined],
  "undeclared-gzip": invalid(
    /it is gzip that was not decompressed: save it to a path that ends in .gz/,
  ),
  "xml-refusal": ["authentication", 4, /403 Forbidden: AccessDenied Not allowed$/, administrator],
};

/** The faults that only a time limit ends. */
const silences: readonly FaultName[] = ["no-headers", "dripping-body", "never-finished"];

interface Played {
  readonly exitCode: number;
  readonly code?: string;
  readonly message?: string;
  /** What the command would offer outside the demo. */
  readonly next?: string | undefined;
  /** Both streams. */
  readonly printed: string;
}

/** Plays the demo as the command does, with other time limits of an attempt. */
async function play(
  { timeout = "1m", ...flags }: DemoFlags,
  { attemptTimeout = 30_000, ...settings }: Settings & { attemptTimeout?: number } = {},
): Promise<Played> {
  const { signal } = new AbortController();
  const both = new PassThrough();
  const printed = text(both);
  const context = {
    stdout: both,
    stderr: both as Writable,
    env: {},
    stdin: new PassThrough(),
    signal,
  };
  const allSettings = { verbose: true, ...settings };
  const output = createOutput(context, allSettings);
  const command = {
    context: { ...context, now: () => new Date() },
    settings: allSettings,
    output,
  };
  try {
    await demo(command, { interval: "1ms", timeout, ...flags }, { attemptTimeout });
    both.end();
    return { exitCode: 0, printed: await printed };
  } catch (error) {
    both.end();
    const all = await printed;
    const failure = describeFailure(error, signal, allSettings);
    expect(failure.next).toBeUndefined();
    return { ...failure, next: /^# Next: (.*)$/m.exec(all)?.[1], printed: all };
  }
}

async function playFault(fault: FaultName): Promise<Played> {
  const attemptTimeout = silences.includes(fault) ? 1000 : 30_000;
  const timeout = fault === "never-finished" ? "1s" : "1m";
  return play({ fault, timeout }, { attemptTimeout });
}

test("lists every fault of the mock server", () => {
  expect(faultNames).toEqual(Object.keys(faultKinds));
});

test("ends with the promised exit code, message and remedy for every fault", async () => {
  // The first server takes a second to compile its validators.
  await play({});
  const played = await Promise.all(
    faultNames
      .filter((fault) => !silences.includes(fault))
      .map(async (fault) => [fault, await playFault(fault)] as const),
  );
  // Alone, so that nothing else takes as long as their time limit.
  for (const fault of silences) played.push([fault, await playFault(fault)]);

  for (const [fault, { exitCode, code, message, next, printed }] of played) {
    const outcome = outcomes[fault];
    if (outcome instanceof RegExp) {
      expect({ fault, exitCode, message, printed }).toEqual({
        fault,
        exitCode: 0,
        message: undefined,
        printed: expect.stringMatching(outcome),
      });
      continue;
    }
    const [promisedCode, promisedExitCode, promisedMessage, promisedNext] = outcome;
    expect({ fault, code, exitCode, message, next }).toEqual({
      fault,
      code: promisedCode,
      exitCode: promisedExitCode,
      message: expect.stringMatching(promisedMessage),
      next: promisedNext && expect.stringMatching(promisedNext),
    });
  }
});

test("every command that is offered after a fault succeeds once the fault is over", async () => {
  const offered = faultNames.filter((fault) => {
    const outcome = outcomes[fault];
    // A fault that lasts is never over.
    return !(outcome instanceof RegExp) && outcome[3] === download && !faultKinds[fault].isLasting;
  });
  // Of a small file, nothing has been delivered when its end turns out to be wrong.
  const events = Array.from({ length: 1000 }, () => ({ id: randomUUID(), text: "a".repeat(200) }));

  const played = offered.map(async (fault) => {
    const jobs = { [defaultJobId]: { events } };
    await using server = await startMockServer({ jobs, faults: planFaults(fault) });
    const path = join(temporaryFolder(), "logs.jsonl");
    const target = ["-o", path, "--base-url", server.url];

    const failed = await run(["export", "--from", "1d", "--interval", "1ms", ...target]);
    const next = /\nNext: audit-logs (.*)\n$/.exec(failed.stderr)?.[1]?.split(" ") ?? [];
    const { exitCode } = await run(next);
    return { fault, next, exitCodes: [failed.exitCode, exitCode], isSaved: existsSync(path) };
  });

  expect(await Promise.all(played)).toEqual(
    offered.map((fault) => ({
      fault,
      next: [
        "download",
        expect.any(String),
        "--wait",
        "-o",
        expect.any(String),
        "--interval",
        "1ms",
        "--base-url",
        expect.any(String),
      ],
      exitCodes: [1, 0],
      isSaved: true,
    })),
  );
});

test("renews an expired token with --token-command, and continues", async () => {
  const tokenCommand = "echo another-token";
  const { exitCode, printed } = await play({ fault: "expired-token" }, { tokenCommand });

  expect(exitCode).toBe(0);
  expect(printed).toContain(
    "$ audit-logs export --from 2026-01-01 -o logs.jsonl --token-command 'echo another-token'\n",
  );
  expect(printed).toMatch(/< 401 .*\n\* new token\n.*Saved /s);
});

test("prints the events alone to stdout, uses no token of the user, and leaves no file", async () => {
  const folder = temporaryFolder();
  vi.stubEnv("TMPDIR", folder);
  onTestFinished(() => void vi.unstubAllEnvs());
  const env = { AUDIT_LOGS_TOKEN: "a\nb", AUDIT_LOGS_BASE_URL: "nowhere" };
  const { exitCode, stdout, stderr } = await run(["demo", "--interval", "1ms"], { env });

  expect(exitCode).toBe(0);
  const lines = stdout.trimEnd().split("\n");
  expect(lines.map((line) => typeof JSON.parse(line).id)).toEqual(Array(5).fill("string"));
  expect(stderr).toContain("\n$ audit-logs export --from 2026-01-01 -o logs.jsonl\n");
  expect(stderr).toMatch(/\nSaved logs\.jsonl: .*\n$/);
  expect(readdirSync(folder)).toEqual([]);
});

test("shows the messages of the first events on a terminal, within 60 columns", async () => {
  const { stdout, stderr } = await run(["demo", "--interval", "1ms"], { env: {}, isTTY: true });

  expect(stdout.split("\n")).toEqual([
    "admin@example.com signed in",
    "admin@example.com invited member@example.com",
    "member@example.com created the access token “ci”",
    "",
  ]);
  expect(stderr).toMatch(/\n\$ head -n 3 logs\.jsonl \| jq -r \.message\n$/);
  const notes = stderr.split("\n").filter((line) => /^[#$\w]/.test(line));
  for (const line of notes) expect(line.length).toBeLessThanOrEqual(60);
});

test("shows messages of a file that is not UTF-8", async () => {
  const args = ["demo", "--interval", "1ms", "--fault", "invalid-utf8"];
  const { exitCode, stdout } = await run(args, { env: {}, isTTY: true });

  expect(exitCode).toBe(0);
  expect(stdout).toMatch(/^.+\n.+\n.+\n$/);
});

test("plays as many events as wanted", async () => {
  const { stdout } = await run(["demo", "--interval", "1ms", "--events", "1234"], { env: {} });

  expect(stdout.trimEnd().split("\n")).toHaveLength(1234);
});

test("prints one document with --json", async () => {
  const { stdout, stderr } = await run(["demo", "--interval", "1ms", "--json"], { env: {} });

  expect(stderr).toBe("");
  expect(JSON.parse(stdout)).toMatchObject({
    path: "logs.jsonl",
    verified_by: ["length", "total_records"],
  });
});

test("refuses a fault that does not exist, and says where the others are listed", async () => {
  const { exitCode, stderr } = await run(["demo", "--fault", "coffee"]);

  expect(exitCode).toBe(2);
  expect(stderr).toBe(
    "audit-logs: there is no fault 'coffee'; 'audit-logs demo --help' lists them\n",
  );
  const { stdout } = await run(["demo", "--help"]);
  for (const fault of faultNames) expect(stdout).toMatch(new RegExp(`[ ,\\n]${fault}[,\\n]`));
  for (const line of stdout.split("\n")) expect(line.length).toBeLessThanOrEqual(100);
  expect(stdout.split("\n").length).toBeLessThanOrEqual(50);
  expect(await run(["demo", "--events", "-1"])).toMatchObject({ exitCode: 2 });
});
