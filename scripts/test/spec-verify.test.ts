import { afterEach, beforeEach, expect, onTestFinished, test, vi } from "vitest";
import {
  defaultJobId,
  startMockServer,
  type MockServer,
  type MockServerOptions,
} from "@audit-logs/mock-server";
import { readFile } from "node:fs/promises";
import * as operations from "../../generated/audit-logs/operations.ts";
import { specVerify } from "../spec-verify.ts";
import { runVerb } from "./run-script.ts";

const readers = Object.entries(operations).flatMap(([name, { method }]) =>
  method === "get" ? [name] : [],
);
const token = "secret.of-the~user";
const file = new URL("../../generated/audit-logs/openapi.json", import.meta.url);

beforeEach(() => void vi.stubEnv("AUDIT_LOGS_TOKEN", token));
afterEach(() => void vi.unstubAllEnvs());

/** A server that obeys another description than the client's. */
async function start(
  change: (text: string) => string = (text) => text,
  options: MockServerOptions = {},
): Promise<MockServer> {
  const description: object = JSON.parse(change(await readFile(file, "utf8")));
  const server = await startMockServer({ token, description, ...options });
  onTestFinished(() => server.close());
  return server;
}

const verify = (server: MockServer, ...args: readonly string[]) =>
  runVerb(specVerify, ["audit-logs", "--base-url", server.url, ...args]);

test("a server that keeps to the description is called for all that only reads, and for nothing else", async () => {
  const server = await start();
  const { exitCode, stdout, stderr } = await verify(server, "--with", `jobId=${defaultJobId}`);
  expect([exitCode, stderr]).toEqual([0, ""]);
  for (const name of readers) expect(stdout).toContain(name);
  expect(new Set(server.requests.map(({ method }) => method))).toEqual(new Set(["GET"]));
});

test("an operation that lacks a parameter is named, with what gives it", async () => {
  const { exitCode, stdout } = await verify(await start());
  expect(exitCode).toBe(0);
  expect(stdout).toContain(
    "getExportJobStatus was not called: it needs jobId, which --with jobId=… gives",
  );
});

test("where a server does not keep to the description is said, and the token is not", async () => {
  const server = await start((text) =>
    text.replaceAll('"org_id"', '"organization"').replaceAll('"total_count"', '"total"'),
  );
  const { exitCode, stdout, stderr } = await verify(server, "--with", `jobId=${defaultJobId}`);
  expect(exitCode).toBe(1);
  expect(stderr).toContain('Response is missing required field "total_count"');
  expect(stderr).toContain('Response is missing required field "org_id"');
  expect(stdout + stderr).not.toContain(token);
});

test("a status that the description lacks is named", async () => {
  const server = await start(undefined, { faults: [{ fault: "bad-gateway" }] });
  const { exitCode, stderr } = await verify(server, "--with", `jobId=${defaultJobId}`);
  expect(exitCode).toBe(1);
  expect(stderr).toMatch(/Undocumented status: GET \S+\{job_id\} answered 502/u);
});

test("no call is made without a token, which only the environment gives", async () => {
  vi.stubEnv("AUDIT_LOGS_TOKEN", "");
  const server = await start();
  const { exitCode, stderr } = await verify(server);
  expect(exitCode).toBe(2);
  expect(stderr).toContain("AUDIT_LOGS_TOKEN");
  expect(server.requests).toEqual([]);
});
