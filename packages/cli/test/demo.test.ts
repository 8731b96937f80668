import { readdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { PassThrough } from "node:stream";
import { faultKinds } from "@audit-logs/mock-server";
import { expect, test } from "vitest";
import { demo, type DemoFlags } from "../src/commands/demo.ts";
import { describeFailure } from "../src/describe-failure.ts";
import { createOutput } from "../src/output.ts";
import { run } from "./run.ts";

// Every fault that does not end in success. The client's own tests say why.
const failures: Readonly<Record<string, string>> = {
  "retry-after-days": "1 api",
  "redirect-loop": "1 api",
  "redirect-elsewhere": "1 api",
  "expired-token": "4 authentication",
  forbidden: "4 authentication",
  "not-found-at-first": "1 api",
  "not-found-after-progress": "1 api",
  "job-failed": "5 export-failed",
  "other-job": "1 invalid-response",
  "never-finished": "3 timeout",
  "cut-in-line": "1 download-interrupted",
  "cut-after-line": "1 download-interrupted",
  "cut-gzip": "1 download-interrupted",
  "gzip-bomb": "1 download-interrupted",
  "bad-line": "1 invalid-response",
  "huge-line": "1 invalid-response",
  "empty-file": "1 download-interrupted",
  "file-url": "1 invalid-response",
  "data-url": "1 invalid-response",
  "link-local-url": "1 invalid-response",
  "private-url": "1 invalid-response",
  "private-name-url": "1 invalid-response",
};

// The server says nothing more, so that only the time limit of an attempt ends it.
const silences = ["no-headers", "dripping-body"];

/** Plays the demonstration, and returns the exit code and the code of the failure. */
async function play(flags: DemoFlags, attemptTimeout = 30_000): Promise<string> {
  const { signal } = new AbortController();
  const streams = { stdout: new PassThrough().resume(), stderr: new PassThrough().resume() };
  const context = { ...streams, env: {}, stdin: streams.stdout, signal, now: () => new Date() };
  const settings = { quiet: true };
  const command = { context, settings, output: createOutput(context, settings) };
  try {
    await demo(command, { interval: "1ms", ...flags }, { attemptTimeout });
    return "0";
  } catch (error) {
    const { exitCode, code } = describeFailure(error, signal);
    return `${exitCode} ${code}`;
  }
}

test("ends with the promised exit code for every fault", async () => {
  // The first server takes a second to compile its validators.
  await play({ timeout: "1m" });
  const others = Object.keys(faultKinds).filter((fault) => !silences.includes(fault));
  const outcomes = await Promise.all(
    others.map(async (fault) => {
      const timeout = fault === "never-finished" ? "50ms" : "1m";
      return [fault, await play({ fault, timeout })] as const;
    }),
  );
  // Alone, so that no other request takes as long as the time limit.
  for (const fault of silences) outcomes.push([fault, await play({ fault, timeout: "1m" }, 1000)]);

  const expected = Object.keys(faultKinds).map((fault) => [fault, failures[fault] ?? "0"] as const);
  expect(Object.fromEntries(outcomes)).toEqual(Object.fromEntries(expected));
});

test("shows the command and prints the events, without a token, and leaves no file", async () => {
  const before = readdirSync(tmpdir());
  const { exitCode, stdout, stderr } = await run(["demo", "--interval", "1ms"], { env: {} });

  expect(exitCode).toBe(0);
  expect(stdout.trimEnd().split("\n")).toHaveLength(5);
  expect(stderr).toMatch(/^\$ audit-logs export --from 2026-01-01 --to 2026-02-01 -o /);
  expect(stderr).toMatch(/\nSaved .*audit-logs\.jsonl: /);
  const left = readdirSync(tmpdir()).filter((name) => name.startsWith("audit-logs-demo-"));
  expect(left.filter((name) => !before.includes(name))).toEqual([]);
});

test("plays as many events as wanted", async () => {
  const { stdout } = await run(["demo", "--interval", "1ms", "--records", "1234"], { env: {} });

  expect(stdout.trimEnd().split("\n")).toHaveLength(1234);
});

test("refuses a fault that does not exist, and lists those that do", async () => {
  const { exitCode, stderr } = await run(["demo", "--fault", "coffee"]);

  expect(exitCode).toBe(2);
  expect(stderr).toContain("there is no fault 'coffee'; there are reset-before-headers, ");
  expect(await run(["demo", "--records", "-1"])).toMatchObject({ exitCode: 2 });
});
