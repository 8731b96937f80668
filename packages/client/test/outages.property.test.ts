import { randomInt } from "node:crypto";
import { getEventListeners, once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import {
  array,
  assert,
  asyncProperty,
  constant,
  constantFrom,
  integer,
  oneof,
  record,
} from "fast-check";
import { expect, test } from "vitest";
import { serveResponses, html, json, type Responder } from "./faults/responses.ts";
import { download, etag, file, jobAt, ranged, serveExport } from "./faults/export-server.ts";
import { clientOf, completedJob, jobId, runningJob, takeTimers } from "./faults/setup.ts";

const faults: Record<string, Responder> = {
  reset: (response) => response.socket?.resetAndDestroy(),
  close: (response) => response.socket?.end(),
  unavailable: html(503),
  busy: json({}, 429, { "retry-after": "1" }),
  broken: html(500),
  login: html(200),
  cut: (response) => {
    response.writeHead(200, { "content-length": 99 });
    response.write("{", () => response.destroy());
  },
};
/** A server that is away until so many polls have failed. */
const outages = record({ failures: integer({ min: 1, max: 5 }) });

const fault = constantFrom(...Object.keys(faults)).map((name) => faults[name] ?? html(503));
const transient = fault.filter(
  (responder) => responder !== faults["login"] && responder !== faults["cut"],
);

/** Sends the requested range, and breaks off after some bytes. */
const cutAfter =
  (
    length: number,
    breakOff = (response: ServerResponse): unknown => response.destroy(),
  ): Responder =>
  (response, { headers }) => {
    const start = Number(/^bytes=(\d+)-$/.exec(headers.range ?? "")?.[1] ?? 0);
    const range = { "content-range": `bytes ${start}-${file.byteLength - 1}/${file.byteLength}` };
    response.writeHead(start === 0 ? 200 : 206, {
      etag,
      "content-length": file.byteLength - start,
      ...(start > 0 && range),
    });
    response.write(file.subarray(start, start + length), () => breakOff(response));
  };

test("a wait survives outages that end in time, with one request per response", async () => {
  const timers = takeTimers();
  const { signal } = new AbortController();
  await assert(
    asyncProperty(
      array(oneof(fault, record({ progress: integer() })), { maxLength: 12 }),
      async (history) => {
        const responders = history.map((one) =>
          typeof one === "function" ? one : json({ ...runningJob, ...one }),
        );
        const server = await serveResponses(...responders, json(completedJob));
        expect(await clientOf(server.url).waitForExportJob(jobId, { signal })).toEqual(
          completedJob,
        );
        expect(server.requests).toHaveLength(history.length + 1);
        expect(timers.running).toEqual(new Set());
        expect(getEventListeners(signal, "abort")).toEqual([]);
        await server.close();
      },
    ),
    { numRuns: 60 },
  );
});

/** Finds a port that no server on a port of the system's choice takes while ours is away. */
async function findRestartPort(): Promise<number> {
  const port = randomInt(20_000, 30_000);
  const server = createServer().listen(port, "127.0.0.1");
  const isFree = await once(server, "listening").then(
    () => true,
    () => false,
  );
  server.close();
  return isFree ? port : findRestartPort();
}

/** Responds, or leaves: nothing listens until the client's attempts have failed so many times. */
type Respond = (
  request: IncomingMessage,
  response: ServerResponse,
  leave: (failures: number) => void,
) => unknown;

/** A server that can be away for a while. */
async function serveWithOutages(respond: Respond) {
  const port = await findRestartPort();
  let server = createServer();
  let [requests, failures, left] = [0, 0, 0];
  let restarting: Promise<void> | undefined;
  const start = async (): Promise<void> => {
    server = createServer((request, response) => {
      requests += 1;
      respond(request, response, (count) => {
        left = count;
        server.close();
        server.closeAllConnections();
      });
    });
    await once(server.listen(port, "127.0.0.1"), "listening");
  };
  await start();
  return {
    url: `http://127.0.0.1:${port}`,
    requests: () => requests,
    failures: () => failures,
    onEvent({ type }: { readonly type: string }): void {
      if (type !== "retry") return;
      failures += 1;
      if (left > 0 && (left -= 1) === 0) restarting = start();
    },
    async close(): Promise<void> {
      await restarting;
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

test("a wait survives connections that are refused, and responses that never come", async () => {
  const timers = takeTimers();
  const { signal } = new AbortController();
  await assert(
    asyncProperty(array(oneof(constant(undefined), outages), { maxLength: 6 }), async (history) => {
      const responders = history.values();
      const server = await serveWithOutages((_request, response, leave) => {
        const { value: outage, done } = responders.next();
        // The next outage needs a new connection.
        if (done)
          response.writeHead(200, { connection: "close" }).end(JSON.stringify(completedJob));
        else if (outage) leave(outage.failures);
        else timers.runOut();
      });
      const { onEvent } = server;
      const job = await clientOf(server.url, { onEvent }).waitForExportJob(jobId, { signal });
      expect(job).toEqual(completedJob);
      await server.close();
      expect(server.requests()).toBe(history.length + 1);
      // One for each response that did not come, and for each refusal; one may come before the server is back.
      const expected = history.reduce((sum, outage) => sum + (outage?.failures ?? 1), 0);
      expect(server.failures()).toBeGreaterThanOrEqual(expected);
      expect(timers.running).toEqual(new Set());
      expect(getEventListeners(signal, "abort")).toEqual([]);
    }),
    { numRuns: 40 },
  );
});

test("a download with ranges survives connections that are refused when it resumes", async () => {
  const timers = takeTimers();
  const { signal } = new AbortController();
  const cuts = record({
    length: integer({ min: 1, max: 2000 }),
    failures: integer({ max: 5, min: 1 }),
  });
  await assert(
    asyncProperty(array(cuts, { maxLength: 6 }), async (history) => {
      const responders = history.values();
      const server = await serveWithOutages((request, response, leave) => {
        const { value, done } = responders.next();
        response.setHeader("connection", "close");
        if (done) ranged()(response, request);
        else cutAfter(value.length, () => leave(value.failures))(response, request);
      });
      const { onEvent } = server;
      const auditLogs = clientOf(server.url, { onEvent });
      const job = jobAt("/file");
      const { content, error } = await download({ auditLogs, onProgress: () => undefined }, job, {
        signal,
      });
      await server.close();
      expect(error).toBeUndefined();
      expect(content).toEqual(file);
      expect(server.requests()).toBe(history.length + 1);
      expect(timers.running).toEqual(new Set());
      expect(getEventListeners(signal, "abort")).toEqual([]);
    }),
    { numRuns: 40 },
  );
});

test("a download with ranges is always completed, with one request per response", async () => {
  const timers = takeTimers();
  const { signal } = new AbortController();
  const cut = integer({ min: 0, max: 2000 }).map(cutAfter);
  await assert(
    asyncProperty(array(oneof(transient, cut), { maxLength: 12 }), async (history) => {
      const server = await serveExport([...history, ranged()]);
      const { content, error } = await download(server, server.job, { signal });
      expect(error).toBeUndefined();
      expect(content).toEqual(file);
      expect(server.requests.length).toBeLessThanOrEqual(history.length + 1);
      expect(timers.running).toEqual(new Set());
      expect(getEventListeners(signal, "abort")).toEqual([]);
    }),
    { numRuns: 60 },
  );
});
