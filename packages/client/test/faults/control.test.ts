import { getEventListeners, once } from "node:events";
import { setImmediate as nextTurn } from "node:timers/promises";
import { expect, test, vi } from "vitest";
import * as operations from "@audit-logs/generated/audit-logs/operations";
import { TimeoutError, type AuditLogsClient, type CallOptions } from "../../src/index.ts";
import { events, serveExport, whole } from "./export-server.ts";
import { serveResponses, html, json } from "./responses.ts";
import { listenRaw } from "./raw-server.ts";
import {
  clientOf,
  completedJob,
  errorOf,
  jobId,
  label,
  open,
  reasonOf,
  runningJob,
  takeTimers,
  token,
} from "./setup.ts";

const { method, path } = operations.getExportJobStatus;
const reason = new Error("changed my mind");
const done = json(completedJob);
const running = json(runningJob);

test.each([
  ["between two polls", running, 2000],
  ["before a retry", json({}, 429, { "retry-after": "600" }), 600_000],
])("39 an abort during the pause %s ends the call with the reason", async (_, responder, pause) => {
  const timers = takeTimers({ holdsPauses: true });
  const server = await serveResponses(responder);
  const controller = new AbortController();
  const call = reasonOf(
    clientOf(server.url).waitForExportJob(jobId, { signal: controller.signal }),
  );
  await vi.waitFor(() => expect(timers.pauses).toEqual([pause]));
  controller.abort(reason);
  expect(await call).toBe(reason);
  expect(server.requests).toHaveLength(1);
});

test("39 the total timeout limits the pause between two polls", async () => {
  const timers = takeTimers({ holdsPauses: true });
  const server = await serveResponses(running);
  const call = errorOf(
    clientOf(server.url).waitForExportJob(jobId, { interval: 30_000, timeout: 20_000 }),
  );
  await vi.waitFor(() => expect(timers.pauses).toHaveLength(1));
  timers.runOut();
  const error = await call;
  expect(error).toBeInstanceOf(TimeoutError);
  expect(error).toMatchObject({ bound: "total", timeout: 20_000, lastJob: runningJob });
  expect(error.message).toBe(`${label}: not finished within 20 s (timeout)`);
});

test("40 an abort during fetch ends the call with the reason, and aborts the request", async () => {
  const server = await serveResponses(() => undefined);
  const controller = new AbortController();
  const call = reasonOf(
    clientOf(server.url).getExportJobStatus({ jobId }, { signal: controller.signal }),
  );
  await server.request();
  const hangUp = once(server.requests[0]?.socket ?? expect.fail(), "close");
  controller.abort(reason);
  expect(await call).toBe(reason);
  await hangUp;
  expect(server.requests).toHaveLength(1);
});

test("40 an abort ends the call even if the fetch option ignores the signal", async () => {
  const controller = new AbortController();
  const auditLogs = clientOf("https://api.invalid", {
    fetch() {
      setImmediate(() => controller.abort(reason));
      return new Promise(() => undefined);
    },
  });
  const call = auditLogs.getExportJobStatus({ jobId }, { signal: controller.signal });
  expect(await reasonOf(call)).toBe(reason);
});

test("40 an abort while waiting for the token ends the call with the reason", async () => {
  const server = await serveResponses(done);
  const controller = new AbortController();
  const auditLogs = clientOf(server.url, {
    token() {
      setImmediate(() => controller.abort(reason));
      return new Promise<string>(() => undefined);
    },
  });
  const call = auditLogs.getExportJobStatus({ jobId }, { signal: controller.signal });
  expect(await reasonOf(call)).toBe(reason);
  expect(server.requests).toEqual([]);
});

test("41 an abort within the body ends the call with the reason, and closes the connection", async () => {
  let closed = 0;
  const server = open(
    await listenRaw((socket) => {
      socket.on("close", () => (closed += 1));
      socket.write('HTTP/1.1 200 OK\r\ncontent-length: 999\r\n\r\n{"id":');
    }),
  );
  const controller = new AbortController();
  const auditLogs = clientOf(server.url, {
    async fetch(input, init) {
      const response = await fetch(input, init);
      setImmediate(() => controller.abort(reason));
      return response;
    },
  });
  const call = auditLogs.getExportJobStatus({ jobId }, { signal: controller.signal });
  expect(await reasonOf(call)).toBe(reason);
  await vi.waitFor(() => expect(closed).toBe(1));
  expect(server.requests).toHaveLength(1);
});

test("41 an abort ends reading before the next event, even if it has arrived already", async () => {
  const server = await serveExport([whole()]);
  const controller = new AbortController();
  const { signal } = controller;
  const delivered: unknown[] = [];
  const reading = (async () => {
    for await (const event of server.auditLogs.readExport(server.job, { signal })) {
      delivered.push(event);
      if (delivered.length === 3) controller.abort(reason);
    }
  })();
  expect(await reasonOf(reading)).toBe(reason);
  expect(delivered).toEqual(events.slice(0, 3));
});

test("41 an abort within the body ends the call even if the fetch option ignores the signal", async () => {
  const controller = new AbortController();
  const auditLogs = clientOf("https://api.invalid", {
    async fetch() {
      setImmediate(() => controller.abort(reason));
      return new Response(new ReadableStream());
    },
  });
  const call = auditLogs.getExportJobStatus({ jobId }, { signal: controller.signal });
  expect(await reasonOf(call)).toBe(reason);
});

/** Every method that starts a call. */
const calls: readonly [
  string,
  (client: AuditLogsClient, options: CallOptions) => Promise<unknown>,
][] = [
  ["getExportJobStatus", (client, options) => client.getExportJobStatus({ jobId }, options)],
  ["waitForExportJob", (client, options) => client.waitForExportJob(jobId, options)],
  ["watchExportJob", (client, options) => client.watchExportJob(jobId, options).next()],
  ["openDownload", (client, options) => client.openDownload(jobId, options)],
  ["readExport", (client, options) => client.readExport(jobId, options).next()],
];

test.each(calls)(
  "42 %s with an aborted signal requests no token and sends nothing",
  async (_, call) => {
    const server = await serveResponses(done);
    const getToken = vi.fn<() => string>(() => token);
    const client = clientOf(server.url, { token: getToken });
    expect(await reasonOf(call(client, { signal: AbortSignal.abort(reason) }))).toBe(reason);
    expect(getToken).not.toHaveBeenCalled();
    expect(server.requests).toEqual([]);
  },
);

test.each<[string, (options: { signal: AbortSignal; abort: () => void }) => Promise<unknown>]>([
  [
    "a success",
    async ({ signal }) => {
      const server = await serveResponses(running, html(503), done);
      return clientOf(server.url).waitForExportJob(jobId, { signal, interval: 1 });
    },
  ],
  [
    "an error",
    async ({ signal }) => {
      const server = await serveResponses(running, html(503), json({}, 404));
      return errorOf(clientOf(server.url).waitForExportJob(jobId, { signal, interval: 1 }));
    },
  ],
  [
    "a reset",
    async ({ signal }) => {
      const server = await serveResponses((response) => response.destroy());
      return errorOf(clientOf(server.url).getExportJobStatus({ jobId }, { signal }));
    },
  ],
  [
    "an abort during a pause",
    async ({ signal, abort }) => {
      const server = await serveResponses(running);
      const onProgress = (): unknown => setImmediate(abort);
      return reasonOf(clientOf(server.url).waitForExportJob(jobId, { signal, onProgress }));
    },
  ],
  [
    "an abort during fetch",
    async ({ signal, abort }) => {
      const server = await serveResponses(abort);
      return reasonOf(clientOf(server.url).getExportJobStatus({ jobId }, { signal }));
    },
  ],
  [
    "attempts that time out",
    async ({ signal }) => {
      const server = await serveResponses(() => undefined);
      return errorOf(
        clientOf(server.url, { attemptTimeout: 10 }).getExportJobStatus({ jobId }, { signal }),
      );
    },
  ],
  [
    "a total timeout",
    async ({ signal }) => {
      const server = await serveResponses(() => undefined);
      return errorOf(clientOf(server.url).getExportJobStatus({ jobId }, { signal, timeout: 20 }));
    },
  ],
  [
    "leaving a watch",
    async ({ signal }) => {
      const server = await serveResponses(running);
      for await (const job of clientOf(server.url).watchExportJob(jobId, { signal })) {
        expect(job).toEqual(runningJob);
        break;
      }
    },
  ],
  [
    "a call through api",
    async () => {
      const server = await serveResponses(html(503));
      return clientOf(server.url).api.request(method, path, {
        params: { path: { job_id: jobId } },
      });
    },
  ],
])("43 %s leaves no timer and no listener", async (_, outcome) => {
  const timers = takeTimers();
  const controller = new AbortController();
  const { signal } = controller;
  await outcome({ signal, abort: () => controller.abort(reason) });
  await nextTurn();
  expect(timers.running).toEqual(new Set());
  expect(getEventListeners(signal, "abort")).toEqual([]);
});
