import { getEventListeners } from "node:events";
import { array, assert, asyncProperty, constantFrom, integer, oneof, record } from "fast-check";
import { expect, test } from "vitest";
import { serveAnswers, html, json, type Answer } from "./faults/answers.ts";
import { download, etag, file, ranged, serveExport } from "./faults/export-server.ts";
import { clientOf, completedJob, jobId, runningJob, takeTimers } from "./faults/setup.ts";

const faults: Record<string, Answer> = {
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
const fault = constantFrom(...Object.keys(faults)).map((name) => faults[name] ?? html(503));
const transient = fault.filter((answer) => answer !== faults["login"] && answer !== faults["cut"]);

/** Sends the requested range, and breaks off after some bytes. */
const cutAfter =
  (length: number): Answer =>
  (response, { headers }) => {
    const start = Number(/^bytes=(\d+)-$/.exec(headers.range ?? "")?.[1] ?? 0);
    const range = { "content-range": `bytes ${start}-${file.byteLength - 1}/${file.byteLength}` };
    response.writeHead(start === 0 ? 200 : 206, {
      etag,
      "content-length": file.byteLength - start,
      ...(start > 0 && range),
    });
    response.write(file.subarray(start, start + length), () => response.destroy());
  };

test("a wait survives outages that end in time, with one request per response", async () => {
  const timers = takeTimers();
  const { signal } = new AbortController();
  await assert(
    asyncProperty(
      array(oneof(fault, record({ progress: integer() })), { maxLength: 12 }),
      async (history) => {
        const answers = history.map((one) =>
          typeof one === "function" ? one : json({ ...runningJob, ...one }),
        );
        const server = await serveAnswers(...answers, json(completedJob));
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
