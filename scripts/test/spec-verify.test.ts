import { afterEach, beforeEach, expect, onTestFinished, test, vi } from "vitest";
import {
  defaultJobId,
  startMockServer,
  type MockServer,
  type MockServerOptions,
} from "@audit-logs/mock-server";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import * as operations from "../../generated/audit-logs/operations.ts";
import { specVerify } from "../spec-verify.ts";
import { description, small } from "../fixtures/project.ts";
import { recordFetch, type HarEntry } from "../traffic/record-fetch.ts";
import { listen } from "./listen.ts";
import { makeProject, run } from "./project.ts";
import { runCommand } from "../command/run-script.ts";

const readOperations = Object.entries(operations).flatMap(([name, { method }]) =>
  method === "get" ? [name] : [],
);
const token = "secret.of-the~user";
const file = new URL("../../generated/audit-logs/openapi.json", import.meta.url);

beforeEach(() => void vi.stubEnv("AUDIT_LOGS_TOKEN", token));
afterEach(() => void vi.unstubAllEnvs());

/** A server that follows a changed description. */
async function start(
  change: (text: string) => string = (text) => text,
  options: MockServerOptions = {},
): Promise<MockServer> {
  const changed: object = JSON.parse(change(await readFile(file, "utf8")));
  const server = await startMockServer({ token, description: changed, ...options });
  onTestFinished(() => server.close());
  return server;
}

const verify = (server: { readonly url: string }, ...args: readonly string[]) =>
  runCommand(specVerify, ["audit-logs", "--base-url", server.url, ...args]);

test("calls every read-only operation of a conforming server, and no other", async () => {
  const server = await start();
  const { exitCode, stdout, stderr } = await verify(server, "--with", `jobId=${defaultJobId}`);
  expect([exitCode, stderr]).toEqual([0, ""]);
  for (const name of readOperations) expect(stdout).toContain(name);
  expect(new Set(server.requests.map(({ method }) => method))).toEqual(new Set(["GET"]));
});

test("names an operation that was not called, and the option that provides its parameter", async () => {
  const { exitCode, stdout } = await verify(await start());
  expect(exitCode).toBe(0);
  expect(stdout).toContain(
    "getExportJobStatus was not called: it needs jobId; pass it with --with jobId=…",
  );
});

test("reports where a server departs from the description, and a status it lacks, without the token", async () => {
  const server = await start(
    (text) => text.replaceAll('"org_id"', '"organization"').replaceAll('"total_count"', '"total"'),
    { faults: [{ fault: "bad-gateway" }] },
  );
  const { exitCode, stdout, stderr } = await verify(server, "--with", `jobId=${defaultJobId}`);
  expect(exitCode).toBe(1);
  expect(stderr).toContain('Response is missing required field "total_count"');
  expect(stderr).toContain('Response is missing required field "org_id"');
  expect(stderr).toMatch(/Undocumented status: GET \S+ responded with 502/u);
  expect(stdout + stderr).not.toContain(token);
});

test.each<[what: string, security: string, variable: string]>([
  ["with a key in a header", "[{ header: [] }]", token],
  ["with a key in a query", "[{ query: [] }]", token],
  ["with keys in both", "[{ query: [], header: [] }]", token],
  ["without authentication", "[]", ""],
])("finds nothing wrong with a conforming server %s", async (_what, security, variable) => {
  const root = await makeProject({
    ...small,
    [description]: `openapi: 3.1.0
info: { title: T, version: "1" }
security: ${security}
paths:
  /things:
    get:
      operationId: getThings
      parameters: [{ in: query, name: limit, schema: { type: integer } }]
      responses: { "200": { description: D, content: { application/json: { schema: { type: object } } } } }
components:
  securitySchemes:
    header: { type: apiKey, in: header, name: X-Key }
    query: { type: apiKey, in: query, name: key }
`,
  });
  await run(root);
  vi.stubEnv("X_TOKEN", variable);
  const effective = JSON.parse(await readFile(join(root, "generated/x/openapi.json"), "utf8"));
  const server = await startMockServer({ token, description: effective });
  onTestFinished(() => server.close());
  const args = ["x", "--base-url", server.url, "--root", root, "--with", "limit=5"];
  const { exitCode, stdout, stderr } = await runCommand(specVerify, args);
  expect([exitCode, stderr]).toEqual([0, ""]);
  expect(stdout).toContain("Match the description: getThings");
});

test("a status is documented by the default response of the most specific path", async () => {
  const response =
    "{ description: D, content: { application/json: { schema: { type: object } } } }";
  const root = await makeProject({
    ...small,
    [description]: `openapi: 3.1.0
info: { title: T, version: "1" }
security: []
paths:
  /things/{id}:
    get:
      operationId: getThing
      parameters: [{ in: path, name: id, required: true, schema: { type: string } }]
      responses: { "200": ${response} }
  /things/latest:
    get:
      operationId: getLatestThing
      responses: { "200": ${response}, default: ${response} }
`,
  });
  await run(root);
  const { url } = await listen((_request, sent) =>
    sent.writeHead(203, { "content-type": "application/json" }).end("{}"),
  );
  const { stdout, stderr } = await runCommand(specVerify, ["x", "--base-url", url, "--root", root]);
  expect(stderr).toBe("");
  expect(stdout).toContain("Match the description: getLatestThing");
});

test("records a secret neither from a URL nor from a header", async () => {
  const secret = "a/secret+of=the user";
  const { url } = await listen((_request, response) =>
    response.setHeader("x-echo", secret).end("{}"),
  );
  const entries: HarEntry[] = [];
  await recordFetch(secret, entries)(`${url}/?key=${encodeURIComponent(secret)}`, {
    headers: { "x-key": secret },
  });
  expect(entries).toMatchObject([
    {
      request: { url: `${url}/?key=***`, headers: [{ name: "x-key", value: "***" }] },
      response: { headers: expect.arrayContaining([{ name: "x-echo", value: "***" }]) },
    },
  ]);
});

test.each(["api", "s"])(
  "finds nothing wrong because the token is %s, which occurs in paths and names",
  async (word) => {
    vi.stubEnv("AUDIT_LOGS_TOKEN", word);
    const server = await start(undefined, { token: word });
    const { exitCode, stderr } = await verify(server, "--with", `jobId=${defaultJobId}`);
    expect([exitCode, stderr]).toEqual([0, ""]);
  },
);

test("makes no call without a token from the environment", async () => {
  vi.stubEnv("AUDIT_LOGS_TOKEN", "");
  const server = await start();
  const { exitCode, stderr } = await verify(server);
  expect(exitCode).toBe(2);
  expect(stderr).toBe("✘ AUDIT_LOGS_TOKEN: It is not set. Set it to a token of the API.\n");
  expect(server.requests).toEqual([]);
});

test("names the server if it cannot be reached", async () => {
  const server = await startMockServer();
  await server.close();
  const { exitCode, stderr } = await verify(server);
  expect(stderr).toMatch(
    /^✘ http:\/\/127\.0\.0\.1:\d+: No response was received: getAuditLogs: .+ Check the URL, and that the server is running\.\n$/u,
  );
  expect(exitCode).toBe(2);
});

test("blames a refused token, and not the description", async () => {
  const { exitCode, stderr } = await verify(await start(undefined, { token: "another" }));
  expect(stderr).toBe(
    "✘ AUDIT_LOGS_TOKEN: The server refused the token (401). Set it to a valid token.\n",
  );
  expect(exitCode).toBe(2);
});

test("blames no token that the server accepted in another call", async () => {
  const statuses = [404];
  const server = await listen((_request, response) =>
    response.writeHead(statuses.shift() ?? 401).end(),
  );
  const { exitCode, stderr } = await verify(server, "--with", `jobId=${defaultJobId}`);
  expect(stderr).toMatch(/responded with 401/u);
  expect(exitCode).toBe(1);
});

const loopback = ["audit-logs", "--base-url", "http://127.0.0.1:1"];
const url = /--base-url must be https, or http on loopback, without a user name, a query/u;
test.each<[what: string, args: string[], says: RegExp]>([
  [
    "a URL that would send the token unencrypted",
    ["audit-logs", "--base-url", "http://example.com"],
    url,
  ],
  ["a URL with a query", ["audit-logs", "--base-url", "http://127.0.0.1:1?x=1"], url],
  ["a URL with a password", ["audit-logs", "--base-url", "http://u:secret@127.0.0.1:1"], url],
  ["what is not a URL", ["audit-logs", "--base-url", "foo"], url],
  ["no URL", ["audit-logs"], /--base-url is missing/u],
  [
    "an unknown API",
    ["audit-log", ...loopback.slice(1)],
    /audit-log is not an API; the APIs are .*\baudit-logs\b/u,
  ],
  [
    "an unknown parameter",
    [...loopback, "--with", "jobid=3"],
    /There is no parameter jobid; the parameters are .*\bjobId\b/u,
  ],
])("refuses %s as wrong usage", async (_what, args, says) => {
  const { exitCode, stderr } = await runCommand(specVerify, args);
  expect(stderr).toMatch(/^✘ command line: .+\n$/u);
  expect(stderr).toMatch(says);
  expect(stderr).not.toContain("secret");
  expect(exitCode).toBe(2);
});
