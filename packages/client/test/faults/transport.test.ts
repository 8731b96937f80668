import dns from "node:dns";
import type { Socket } from "node:net";
import { gzipSync } from "node:zlib";
import { expect, test, vi } from "vitest";
import { ConnectionError, TimeoutError } from "../../src/index.ts";
import { listenRaw, message } from "./raw-server.ts";
import {
  attemptTimeout,
  clientOf,
  completedJob,
  errorOf,
  jobId,
  label,
  open,
  takeTimers,
} from "./setup.ts";

const head = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n";
const body = JSON.stringify(completedJob);
const resets = "ECONNRESET";
const closes = "UND_ERR_SOCKET";

test.each<[string, { responder: (socket: Socket) => void; when?: string; code: string | RegExp }]>([
  [
    "1 a reset before the headers",
    { responder: (socket) => socket.resetAndDestroy(), code: resets },
  ],
  ["2 a close before the headers", { responder: (socket) => socket.end(), code: closes }],
  [
    "3 a reset in the body",
    {
      responder: (socket) =>
        socket.write(`${head}content-length: ${body.length}\r\n\r\n${body.slice(0, 20)}`, () =>
          socket.resetAndDestroy(),
        ),
      code: /ECONNRESET|UND_ERR_SOCKET/,
    },
  ],
  [
    "4 a body shorter than its Content-Length",
    {
      responder: (socket) => socket.end(`${head}content-length: ${body.length + 9}\r\n\r\n${body}`),
      when: "was lost",
      code: closes,
    },
  ],
  [
    "5 a chunked body that is cut short",
    {
      responder: (socket) =>
        socket.end(
          `${head}transfer-encoding: chunked\r\n\r\n${body.length.toString(16)}\r\n${body}\r\n`,
        ),
      when: "was lost",
      code: closes,
    },
  ],
  [
    "7 a response that is not HTTP",
    // The parser of Node.js 20 reports a code, the one of Node.js 24 a name.
    { responder: (socket) => socket.end("220 ready\r\n"), code: /HPE_|HTTPParserError/ },
  ],
  [
    "8 two Content-Lengths",
    {
      responder: (socket) =>
        socket.end(
          `${head}content-length: ${body.length}\r\ncontent-length: ${body.length - 1}\r\n\r\n${body}`,
        ),
      code: /HPE_|CONTENT_LENGTH_MISMATCH/,
    },
  ],
])(
  "%s is retried: a single failure costs one request, permanent failure ends after three retries",
  async (_, { responder, when = "connection", code }) => {
    const once = open(
      await listenRaw((socket, request) =>
        request === 0 ? responder(socket) : socket.write(message(completedJob)),
      ),
    );
    expect(await clientOf(once.url).getExportJobStatus({ jobId })).toEqual(completedJob);
    expect(once.requests).toHaveLength(2);

    const always = open(await listenRaw(responder));
    const error = await errorOf(clientOf(always.url).getExportJobStatus({ jobId }));
    expect(error).toBeInstanceOf(ConnectionError);
    expect(error.message).toContain(`${label}: the connection`);
    expect(error.message).toContain(when);
    const { name, code: found } = error.cause as NodeJS.ErrnoException;
    expect(`${name} ${found}`).toMatch(code);
    expect(always.requests).toHaveLength(4);
  },
);

const whole = message(completedJob);
const zipped = gzipSync(gzipSync(body));

test.each<[string, (socket: Socket) => void]>([
  [
    "after early hints",
    (socket) => socket.write(`HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n${whole}`),
  ],
  ["to the end of the connection", (socket) => socket.end(`HTTP/1.0 200 OK\r\n\r\n${body}`)],
  [
    "in chunks, with extensions and trailers",
    (socket) =>
      socket.write(
        `${head}transfer-encoding: chunked\r\n\r\n${body.length.toString(16)};a=b\r\n${body}\r\n0\r\nx-a: b\r\n\r\n`,
      ),
  ],
  [
    "with a byte order mark",
    (socket) => socket.write(`${head}content-length: ${body.length + 3}\r\n\r\n\ufeff${body}`),
  ],
  [
    "in gzip within gzip",
    (socket) => {
      socket.write(
        `${head}content-encoding: gzip, gzip\r\ncontent-length: ${zipped.length}\r\n\r\n`,
      );
      socket.write(zipped);
    },
  ],
  [
    "with headers that are there twice",
    (socket) =>
      socket.write(
        whole.replace(
          "\r\n",
          "\r\nx-request-id: 1\r\nx-request-id: 2\r\nretry-after: 1\r\nretry-after: 2\r\n",
        ),
      ),
  ],
])("a response %s is read at the first request", async (_, responder) => {
  const server = open(await listenRaw(responder));
  expect(await clientOf(server.url).getExportJobStatus({ jobId })).toEqual(completedJob);
  expect(server.requests).toHaveLength(1);
});

test("what follows a 204 is not mistaken for the next response", async () => {
  const timers = takeTimers();
  const server = open(
    await listenRaw((socket, request) =>
      socket.write(
        request === 0 ? `HTTP/1.1 204 No Content\r\n\r\n${message({ id: "other" })}` : whole,
      ),
    ),
  );
  expect(await clientOf(server.url).getExportJobStatus({ jobId })).toEqual(completedJob);
  expect(timers.running).toEqual(new Set());
});

test("6 an unknown host name is retried, and named in the message", async () => {
  const lookup = vi.spyOn(dns, "lookup").mockImplementation(((
    hostname: string,
    _options: unknown,
    callback: (error: Error) => void,
  ) => {
    const error = new Error(`getaddrinfo ENOTFOUND ${hostname}`);
    callback(Object.assign(error, { code: "ENOTFOUND" }));
  }) as unknown as typeof dns.lookup);
  const error = await errorOf(clientOf("https://api.invalid").getExportJobStatus({ jobId }));
  expect(error).toBeInstanceOf(ConnectionError);
  const reason = "getaddrinfo ENOTFOUND api.invalid";
  expect(error.message).toBe(`${label}: the connection failed (${reason})`);
  expect(error.cause).toMatchObject({
    code: "ENOTFOUND",
    message: "getaddrinfo ENOTFOUND api.invalid",
  });
  expect(lookup).toHaveBeenCalledTimes(4);
});

test("9 an attempt times out if the headers never arrive", async () => {
  const timers = takeTimers();
  const server = open(await listenRaw(() => timers.runOut()));
  const error = await errorOf(clientOf(server.url).getExportJobStatus({ jobId }));
  expect(error).toBeInstanceOf(TimeoutError);
  expect(error).toMatchObject({ bound: "attempt", timeout: attemptTimeout });
  expect(error.message).toBe(`${label}: no complete response within 30 s (attemptTimeout)`);
  expect(server.requests).toHaveLength(4);

  const once = open(
    await listenRaw((socket, request) =>
      request === 0 ? timers.runOut() : socket.write(message(completedJob)),
    ),
  );
  expect(await clientOf(once.url).getExportJobStatus({ jobId })).toEqual(completedJob);
  expect(once.requests).toHaveLength(2);
});

test("10 an attempt times out if the body drips", async () => {
  const timers = takeTimers();
  let dripping = 0;
  const server = open(
    await listenRaw((socket) => {
      socket.write(`${head}content-length: 1000000\r\n\r\n`);
      const drip = setInterval(() => socket.write(" "), 1);
      dripping += 1;
      socket.on("close", () => {
        clearInterval(drip);
        dripping -= 1;
      });
    }),
  );
  const auditLogs = clientOf(server.url, {
    async fetch(input, init) {
      const response = await fetch(input, init);
      setImmediate(() => timers.runOut());
      return response;
    },
  });
  const error = await errorOf(auditLogs.getExportJobStatus({ jobId }));
  expect(error).toBeInstanceOf(TimeoutError);
  expect(error).toMatchObject({ bound: "attempt", timeout: attemptTimeout });
  expect(error.message).toContain(label);
  expect(server.requests).toHaveLength(4);
  // It also closes the connection.
  await vi.waitFor(() => expect(dripping).toBe(0));
});

test("11 bytes beyond the Content-Length are never read, not even by the next request", async () => {
  const server = open(
    await listenRaw((socket) =>
      socket.write(`${message(completedJob)}${message({ id: "other", status: "failed" })}`),
    ),
  );
  const auditLogs = clientOf(server.url);
  expect(await auditLogs.getExportJobStatus({ jobId })).toEqual(completedJob);
  expect(await auditLogs.getExportJobStatus({ jobId })).toEqual(completedJob);
});
