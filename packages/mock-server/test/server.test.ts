import { once } from "node:events";
import { connect } from "node:net";
import { expect, test } from "vitest";
import { defaultJobId } from "../src/index.ts";
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

test("records every request as it was sent", async () => {
  await using server = await startExports();
  await fetch(`${server.url}/nowhere?a=1`, { method: "POST", headers: { "X-Trace": "7" } });
  await fetch(server.statusUrl(defaultJobId));

  expect(server.requests).toMatchObject([
    { method: "POST", url: "/nowhere?a=1", headers: { "x-trace": "7" } },
    { method: "GET", url: server.statusUrl(defaultJobId).slice(server.url.length) },
  ]);
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
