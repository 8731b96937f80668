import { once } from "node:events";
import { get } from "node:http";
import { connect } from "node:net";
import { json } from "node:stream/consumers";
import { expect, test } from "vitest";
import { defaultJobId, startMockServer } from "../src/index.ts";
import { startExports } from "./start.ts";

test("listens on a free loopback port by default", async () => {
  await using first = await startExports();
  await using two = await startExports();

  expect(first.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
  expect(first.url).not.toBe(two.url);
});

test("an IPv6 host is in brackets in the URL", async () => {
  await using server = await startExports({ host: "::1" });

  expect(server.url).toMatch(/^http:\/\/\[::1\]:\d+$/);
  expect((await fetch(server.url)).status).toBe(404);
});

test("fails with Node's own error when the port is in use", async () => {
  await using server = await startExports();
  const port = Number(new URL(server.url).port);

  await expect(startExports({ port })).rejects.toMatchObject({ code: "EADDRINUSE" });
});

const texts = "must be a non-empty string";

test.each<[unknown, string]>([
  [
    { fautls: [] },
    "startMockServer has no option fautls; the options are description, host, port, token, jobs, faults",
  ],
  [
    [],
    "the options of startMockServer must be an object with description, host, port, token, jobs, faults",
  ],
  [{ description: null }, "the description is not an OpenAPI 3.0 or 3.1 document"],
  // Node would listen on every interface.
  [{ host: "" }, `host of startMockServer ${texts}`],
  [{ host: null }, `host of startMockServer ${texts}`],
  [{ port: "4010" }, "port of startMockServer must be an integer from 0 to 65535"],
  [{ port: 65_536 }, "port of startMockServer must be an integer from 0 to 65535"],
  [{ token: "" }, `token of startMockServer ${texts}, or a list of them`],
  [{ token: [] }, `token of startMockServer ${texts}, or a list of them`],
  [{ token: ["a", ""] }, `token of startMockServer ${texts}, or a list of them`],
  [{ jobs: new Map() }, "jobs of startMockServer must be an object with jobs by id"],
  [
    { jobs: { a: null } },
    "the options of jobs.a must be an object with outcome, steps, events, orgId",
  ],
  [
    { jobs: { a: { step: [] } } },
    "jobs.a has no option step; the options are outcome, steps, events, orgId",
  ],
  [{ jobs: { a: { outcome: "done" } } }, 'outcome of jobs.a must be "completed" or "failed"'],
  [{ jobs: { a: { steps: ["completed"] } } }, "steps of jobs.a must be a list of objects"],
  [{ jobs: { a: { events: {} } } }, "events of jobs.a must be a list of objects"],
  [{ jobs: { a: { orgId: 7 } } }, `orgId of jobs.a ${texts}`],
  [{ faults: { fault: "crlf" } }, "faults of startMockServer must be a list"],
])("the options %j are refused, and nothing listens", async (options, message) => {
  // JavaScript callers have no type check.
  const start = Reflect.apply(startMockServer, undefined, [options]);

  await expect(start).rejects.toThrow(new TypeError(message));
});

test("options that are undefined count as not set", async () => {
  const unset = { host: undefined, port: undefined, token: undefined, jobs: undefined };
  await using server = await Reflect.apply(startMockServer, undefined, [unset]);

  expect(server.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
});

test("records every request as it was sent", async () => {
  await using server = await startExports();
  await fetch(`${server.url}/nowhere?a=1`, { method: "POST", headers: { "X-Trace": "7" } });
  await fetch(server.statusUrl(defaultJobId));

  expect(server.requests).toMatchObject([
    { method: "POST", url: "/nowhere?a=1", headers: { "x-trace": "7" } },
    { method: "GET", url: server.statusUrl(defaultJobId).slice(server.url.length) },
  ]);
});

test("accepts the absolute form of a request, and records it as it was sent", async () => {
  await using server = await startExports();
  const path = server.statusUrl(defaultJobId);
  const { hostname: host, port } = new URL(path);
  const request = get({ path, host, port, headers: { authorization: "Bearer a" } });
  const [response] = await once(request, "response");

  expect(response.statusCode).toBe(200);
  expect(await json(response)).toMatchObject({ id: defaultJobId });
  expect(server.requests.map(({ url }) => url)).toEqual([path]);
});

test("records the body of a request", async () => {
  await using server = await startExports();
  const body = '{"text":"ä"}';
  await fetch(`${server.url}/nowhere`, { method: "POST", body });

  expect(server.requests.map((request) => request.body)).toEqual([body]);
});

test("close destroys open sockets: idle, silent or in the middle of a request", async () => {
  const server = await startExports();
  await (await fetch(server.url)).text();
  const port = Number(new URL(server.url).port);
  const silent = connect(port, "127.0.0.1");
  const halfway = connect(port, "127.0.0.1");
  await Promise.all([once(silent, "connect"), once(halfway, "connect")]);
  halfway.write("GET / HTTP/1.1\r\nHost:");
  // When a later request has a response, the server has accepted the earlier sockets.
  await (await fetch(server.url)).text();
  const gone = [silent, halfway].map(
    // The socket may be closed or reset.
    (socket) => new Promise((resolve) => socket.resume().on("error", resolve).on("end", resolve)),
  );

  await server.close();

  await Promise.all(gone);
  await expect(fetch(server.url)).rejects.toThrow("fetch failed");
});

test("close can be called more than once", async () => {
  const server = await startExports();

  await Promise.all([server.close(), server.close()]);

  await expect(server.close()).resolves.toBeUndefined();
});
