import { beforeEach, expect, test, vi } from "vitest";
import {
  ApiError,
  createAuditLogsClient,
  ExportFailedError,
  TimeoutError,
  type WatchOptions,
} from "../src/index.ts";

const jobId = "3f6c1f2e-5d0a-4b7e-9c43-2a8d4e6f7b10";

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance", "Date"] });
});

const running = (progress: number | null): object => ({ status: "running", progress });
const completed = { status: "completed" };

/** A client whose server immediately sends these responses in turn, and then repeats the last one. */
function respondWith(...responses: [object, ...object[]]) {
  const times: number[] = [];
  const auditLogs = createAuditLogsClient({
    token: "a-secret-token",
    baseUrl: "https://example.com",
    async fetch() {
      times.push(performance.now());
      const [next] = responses.length > 1 ? responses.splice(0, 1) : responses;
      return next instanceof Response ? next.clone() : Response.json({ id: jobId, ...next });
    },
  });
  return {
    auditLogs,
    /** The pauses between the requests, in milliseconds. */
    pauses: () => times.slice(1).map((time, index) => Math.round(time - (times[index] ?? 0))),
  };
}

/** Advances time until a promise is settled, and returns the rejection reason. */
async function settle(promise: Promise<unknown>): Promise<unknown> {
  const settled = promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  await vi.runAllTimersAsync();
  return settled;
}

function many(count: number): object[] {
  return Array.from({ length: count }, () => running(1));
}

async function pausesOf(options: WatchOptions): Promise<readonly number[]> {
  const { auditLogs, pauses } = respondWith(running(1), ...many(9), completed);
  await settle(auditLogs.waitForExportJob(jobId, options));
  return pauses();
}

test("polls again after 2 s, with a pause that grows by half each time, up to 30 s", async () => {
  expect(await pausesOf({})).toEqual([
    2000, 3000, 4500, 6750, 10125, 15187, 22781, 30000, 30000, 30000,
  ]);
});

test("shortens each interval by up to half at random", async () => {
  vi.mocked(Math.random).mockReturnValue(1 - 2 ** -53);
  expect(await pausesOf({})).toEqual([
    1000, 1500, 2250, 3375, 5062, 7593, 11390, 15000, 15000, 15000,
  ]);
});

test("starts with the interval option", async () => {
  expect((await pausesOf({ interval: 100 })).slice(0, 4)).toEqual([100, 150, 225, 337]);
});

test("keeps an interval that is above 30 s", async () => {
  expect((await pausesOf({ interval: 60_000 })).slice(0, 4)).toEqual([60000, 60000, 60000, 60000]);
});

test.each([0, -1, Number.NaN])("refuses the interval %s, without a request", async (interval) => {
  const { auditLogs, pauses } = respondWith(running(1), completed);
  const error = await settle(auditLogs.waitForExportJob(jobId, { interval }));
  expect(error).toBeInstanceOf(TypeError);
  expect(error).toHaveProperty(
    "message",
    `interval must be a number of milliseconds above 0, but is ${interval}`,
  );
  expect(pauses()).toEqual([]);
  expect(vi.getTimerCount()).toBe(0);
});

test("waits as long as Retry-After says, if that is more than the interval", async () => {
  const later = (seconds: string): Response =>
    Response.json({ id: jobId, ...running(1) }, { headers: { "retry-after": seconds } });
  const { auditLogs, pauses } = respondWith(later("7"), later("1"), later("60"), completed);
  await settle(auditLogs.waitForExportJob(jobId));
  expect(pauses()).toEqual([7000, 3000, 60000]);
});

test("ends at once, and names the value, if Retry-After lies beyond the deadline", async () => {
  const headers = { "retry-after": "120" };
  const { auditLogs, pauses } = respondWith(
    Response.json({ id: jobId, ...running(8) }, { headers }),
  );
  const error = await settle(auditLogs.waitForExportJob(jobId, { timeout: 60_000 }));
  expect(error).toBeInstanceOf(TimeoutError);
  expect(error).toMatchObject({ bound: "total", timeout: 60_000, lastJob: { progress: 8 } });
  expect(error).toHaveProperty("message", expect.stringContaining("wait for 120 s"));
  expect(performance.now()).toBeLessThan(60_000);
  expect(pauses()).toEqual([]);
});

test("calls onProgress the first time, and when status or progress has changed", async () => {
  const { auditLogs } = respondWith(
    { status: "pending" },
    { status: "pending" },
    { status: "pending", progress: 0 },
    { status: "running", progress: 0 },
    { status: "running", progress: 0, total_records: 5 },
    { status: "polishing", progress: 0 },
    { status: "running", progress: 50 },
    { status: "running", progress: 20 },
    { status: "running", progress: null },
    { status: "running", progress: null },
    { status: "completed", progress: 100 },
  );
  const reported: unknown[] = [];
  await settle(
    auditLogs.waitForExportJob(jobId, {
      onProgress: ({ status, progress }) => reported.push([status, progress]),
    }),
  );
  expect(reported).toEqual([
    ["pending", undefined],
    ["pending", 0],
    ["running", 0],
    ["polishing", 0],
    ["running", 50],
    ["running", 20],
    ["running", null],
    ["completed", 100],
  ]);
});

test("watchExportJob yields every snapshot, changed or not, until the job has ended", async () => {
  const { auditLogs } = respondWith(
    running(1),
    running(1),
    { status: "new" },
    completed,
    running(2),
  );
  const reported: string[] = [];
  const watching = (async () => {
    for await (const { status } of auditLogs.watchExportJob(jobId)) reported.push(status);
  })();
  expect(await settle(watching)).toBeUndefined();
  expect(reported).toEqual(["running", "running", "new", "completed"]);
});

test("stops polling, and leaves no timer, when the caller leaves the loop", async () => {
  const { auditLogs, pauses } = respondWith(running(1));
  for await (const job of auditLogs.watchExportJob(jobId)) {
    expect(job.progress).toBe(1);
    break;
  }
  expect(vi.getTimerCount()).toBe(0);
  expect(pauses()).toEqual([]);
});

function spoil(job: { status: string }): void {
  job.status = job.status === "running" ? "completed" : "running";
}

test("decides by the job as the server sent it, whatever the caller makes of it", async () => {
  const states = [running(1), running(1), completed] as const;
  const { auditLogs, pauses } = respondWith(...states);
  const onProgress = vi.fn<(job: { status: string }) => void>(spoil);
  expect(await settle(auditLogs.waitForExportJob(jobId, { onProgress }))).toBeUndefined();
  expect(pauses()).toHaveLength(2);
  expect(onProgress).toHaveBeenCalledTimes(2);
  const failing = respondWith({ status: "failed" }).auditLogs;
  const error = await settle(failing.waitForExportJob(jobId, { onProgress: spoil }));
  expect(error).toBeInstanceOf(ExportFailedError);
  const watched: unknown[] = [];
  const watching = (async () => {
    for await (const job of respondWith(...states).auditLogs.watchExportJob(jobId)) {
      watched.push(job.status);
      spoil(job);
    }
  })();
  expect(await settle(watching)).toBeUndefined();
  expect(watched).toEqual(["running", "running", "completed"]);
});

test("throws what onProgress throws, and leaves no timer", async () => {
  const { auditLogs } = respondWith(running(1));
  const reason = new Error("not in the mood");
  const waiting = auditLogs.waitForExportJob(jobId, {
    onProgress() {
      throw reason;
    },
  });
  expect(await settle(waiting)).toBe(reason);
  expect(vi.getTimerCount()).toBe(0);
});

const notFound = Response.json({ detail: "Export job not found" }, { status: 404 });

test("throws a 404 before the first success at once, without a last state", async () => {
  const { auditLogs, pauses } = respondWith(notFound);
  const error = await settle(auditLogs.waitForExportJob(jobId));
  expect(error).toBeInstanceOf(ApiError);
  expect(error).toMatchObject({ status: 404, body: { detail: "Export job not found" } });
  expect(error).not.toHaveProperty("lastJob.id");
  expect(pauses()).toEqual([]);
});

test("throws a 404 after a success at once, with the last state", async () => {
  const { auditLogs, pauses } = respondWith(running(30), running(70), notFound);
  const error = await settle(auditLogs.waitForExportJob(jobId));
  expect(error).toBeInstanceOf(ApiError);
  expect(error).toMatchObject({ status: 404, lastJob: { id: jobId, progress: 70 } });
  expect(pauses()).toHaveLength(2);
});

test("ends at the deadline, even during a pause, with the last state", async () => {
  const { auditLogs, pauses } = respondWith(running(30));
  const error = await settle(auditLogs.waitForExportJob(jobId, { timeout: 4000 }));
  expect(error).toBeInstanceOf(TimeoutError);
  expect(error).toMatchObject({ bound: "total", timeout: 4000, lastJob: { progress: 30 } });
  expect(performance.now()).toBeCloseTo(4000, -1);
  expect(pauses()).toEqual([2000]);
  expect(vi.getTimerCount()).toBe(0);
});

test("ends after an hour by default, without a last state if there was no response", async () => {
  const auditLogs = createAuditLogsClient({
    token: "a-secret-token",
    baseUrl: "https://example.com",
    attemptTimeout: 1e9,
    fetch: () => new Promise(() => undefined),
  });
  const error = await settle(auditLogs.waitForExportJob(jobId));
  expect(error).toMatchObject({ name: "TimeoutError", bound: "total", timeout: 3_600_000 });
  expect(error).not.toHaveProperty("lastJob.id");
});
