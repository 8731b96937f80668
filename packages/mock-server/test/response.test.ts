import { once } from "node:events";
import { createServer } from "node:http";
import { connect, type Socket } from "node:net";
import { text } from "node:stream/consumers";
import { expect, onTestFinished, test } from "vitest";
import { startMockServer, defaultJobId } from "../src/index.ts";
import { writeResponse } from "../src/response.ts";

test("does not write to a socket that is already closed", async () => {
  const given: Socket[] = [];
  const server = createServer((_, response) => {
    response.socket?.destroy();
    writeResponse(response, (socket) => given.push(socket));
  }).listen(0, "127.0.0.1");
  onTestFinished(() => void server.close());
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("It has no port");

  const client = connect(address.port, address.address);
  client.end("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
  await once(client.resume(), "close");

  expect(given).toEqual([]);
});

test("writes to the socket of a pipelined request after the response before it", async () => {
  await using server = await startMockServer({ faults: [{ fault: "not-http", after: 1 }] });
  const { hostname, port, pathname } = new URL(server.statusUrl(defaultJobId));
  const client = connect(Number(port), hostname);
  const request = `GET ${pathname} HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer a\r\n\r\n`;
  client.write(request + request);

  expect(await text(client)).toMatch(/^HTTP\/1\.1 200 OK\r\n[^]*\}220 ready\r\n$/);
});
