import { startMockServer, type MockJob } from "@audit-logs/mock-server";
import { expect, expectTypeOf, test, vi } from "vitest";
import {
  ExportFailedError,
  InvalidResponseError,
  TimeoutError,
  type ExportJob,
} from "../../src/index.ts";
import { listen } from "../listen.ts";
import { clientOf, errorOf, jobId, open, token } from "./setup.ts";

/** A client of a server whose job goes through these steps. */
async function play(job: MockJob) {
  const server = open(await startMockServer({ token, jobs: { [jobId]: job } }));
  return { server, auditLogs: clientOf(server.url) };
}

/** A client of a server that sends these bodies in turn, and then repeats the last one. */
async function responder(...bodies: [string, ...string[]]) {
  const server = open(
    await listen((_request, response) => {
      const [body = ""] = bodies.length > 1 ? bodies.splice(0, 1) : bodies;
      response.writeHead(200, { "content-type": "application/json" }).end(body);
    }),
  );
  return { server, auditLogs: clientOf(server.url) };
}

async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}

test("28 throws the server's reason once, with the job, if the job failed", async () => {
  const { server, auditLogs } = await play({
    steps: [
      { status: "running", progress: 40 },
      { status: "failed", progress: 40, error_message: "The store is full." },
    ],
  });
  const error = await errorOf(auditLogs.waitForExportJob(jobId, { interval: 1 }));
  expect(error).toBeInstanceOf(ExportFailedError);
  expect(error).toMatchObject({
    message: `Export job ${jobId}: failed: The store is full; start another export`,
    job: { id: jobId, status: "failed", progress: 40 },
    lastJob: { status: "failed" },
  });
  expect(server.requests).toHaveLength(2);
});

test("28 says so if the server gave no reason for the failure", async () => {
  const { auditLogs } = await play({ steps: [{ status: "failed", error_message: null }] });
  await expect(auditLogs.waitForExportJob(jobId)).rejects.toThrow(/gave no reason/);
});

test("28 a watch yields a failed job as the last snapshot, and ends without an error", async () => {
  const { auditLogs } = await play({ steps: [{ status: "running" }, { status: "failed" }] });
  const jobs = await collect(auditLogs.watchExportJob(jobId, { interval: 1 }));
  expect(jobs.map(({ status }) => status)).toEqual(["running", "failed"]);
});

test("29 treats an unknown status as running, and reports it", async () => {
  const { auditLogs } = await play({
    steps: [
      { status: "running", progress: 90 },
      { status: "archiving", progress: 95 },
      { status: "COMPLETED", progress: 99 },
      { status: "completed" },
    ],
  });
  const reported: string[] = [];
  const job = await auditLogs.waitForExportJob(jobId, {
    interval: 1,
    onProgress: ({ status }) => reported.push(status),
  });
  expect(reported).toEqual(["running", "archiving", "COMPLETED", "completed"]);
  expect(job.status).toBe("completed");
  expectTypeOf(job.status).toEqualTypeOf<
    "pending" | "running" | "completed" | "failed" | (string & {})
  >();
});

test("30 accepts progress that goes backwards, and reports each change", async () => {
  const { auditLogs } = await play({
    steps: [
      { status: "running", progress: 60 },
      { status: "running", progress: 20 },
      { status: "running", progress: 20 },
      { status: "pending", progress: null },
      { status: "completed" },
    ],
  });
  const reported: unknown[] = [];
  await auditLogs.waitForExportJob(jobId, {
    interval: 1,
    onProgress: ({ progress }) => reported.push(progress),
  });
  expect(reported).toEqual([60, 20, null, 100]);
});

test("30 accepts progress that is nested too deeply to be compared", async () => {
  const nested = "[".repeat(60_000) + "]".repeat(60_000);
  const { auditLogs } = await responder(
    `{"id":"${jobId}","status":"running","progress":${nested}}`,
    JSON.stringify({ id: jobId, status: "completed" }),
  );
  const reported: string[] = [];
  await auditLogs.waitForExportJob(jobId, {
    interval: 1,
    onProgress: ({ status }) => reported.push(status),
  });
  expect(reported).toEqual(["running", "completed"]);
});

test("31 a wait ends at the first completed status, even if the job runs again later", async () => {
  const { server, auditLogs } = await play({
    steps: [
      { status: "running" },
      { status: "completed" },
      { status: "running", progress: 10 },
      { status: "completed" },
    ],
  });
  const done = await auditLogs.waitForExportJob(jobId, { interval: 1 });
  expect(done.status).toBe("completed");
  expect(server.requests).toHaveLength(2);
  expect(await collect(auditLogs.readExport(done))).toHaveLength(5);

  // A new request returns the job's current state, and a new wait is possible.
  expect((await auditLogs.getExportJobStatus({ jobId })).status).toBe("running");
  expect((await auditLogs.waitForExportJob(jobId, { interval: 1 })).status).toBe("completed");
});

test("31 reading says that the job runs if it is not completed again", async () => {
  const { auditLogs } = await play({ steps: [{ status: "running", progress: 10 }] });
  const error = await errorOf(collect(auditLogs.readExport(jobId)));
  expect(error.message).toBe(
    `Download of export ${jobId}: the job is running, 10 %: wait for it first`,
  );
});

test.each([
  ["running", "wait for it first"],
  ["archiving", "this client does not know that state; is there a newer one?"],
])("31 a job that is %s is not read, although it has a URL", async (status, remedy) => {
  const { server, auditLogs } = await play({
    steps: [{ status, download_url: "/file", progress: 10 }],
  });
  const job = await auditLogs.getExportJobStatus({ jobId });
  expect(job.download_url).toBeTruthy();
  const error = await errorOf(collect(auditLogs.readExport(job)));
  expect(error.message).toContain(`the job is ${status}, 10 %: ${remedy}`);
  expect(server.requests).toHaveLength(2);
});

test("28 a job that has failed is not read, although it has a URL", async () => {
  const { auditLogs } = await play({ steps: [{ status: "failed", download_url: "/file" }] });
  const job = await auditLogs.getExportJobStatus({ jobId });
  expect(await errorOf(collect(auditLogs.readExport(job)))).toBeInstanceOf(ExportFailedError);
});

test("32 waits for a job that is completed without a URL, and requests the URL when it reads", async () => {
  const { server, auditLogs } = await play({
    steps: [{ status: "completed", download_url: null }, { status: "completed" }],
  });
  const job = await auditLogs.waitForExportJob(jobId);
  expect(job).toMatchObject({ status: "completed", download_url: null });
  expect(await collect(auditLogs.readExport(job))).toHaveLength(5);
  expect(server.requests).toHaveLength(3);
});

test.each([{ download_url: null }, { download_url: "" }])(
  "32 names the field if the second response has no URL either: %j",
  async (step) => {
    const { server, auditLogs } = await play({ steps: [{ status: "completed", ...step }] });
    const job = await auditLogs.waitForExportJob(jobId);
    const error = await errorOf(collect(auditLogs.readExport(job)));
    expect(error).toBeInstanceOf(InvalidResponseError);
    expect(error).toHaveProperty(
      "message",
      expect.stringContaining("completed and has no download_url"),
    );
    expect(server.requests).toHaveLength(2);
  },
);

test("33 accepts a job in which every nullable field is null", async () => {
  const nothing = {
    progress: null,
    completed_at: null,
    download_url: null,
    error_message: null,
    total_records: null,
  };
  const { auditLogs } = await play({
    steps: [
      { status: "pending", ...nothing },
      { status: "running", ...nothing },
      { status: "completed", ...nothing },
    ],
  });
  const reported: ExportJob[] = [];
  const job = await auditLogs.waitForExportJob(jobId, {
    interval: 1,
    onProgress: (snapshot) => reported.push(snapshot),
  });
  expect(job).toMatchObject({ id: jobId, status: "completed", ...nothing });
  expect(reported.map(({ status }) => status)).toEqual(["pending", "running", "completed"]);
});

test("33 accepts a job with only an id and a status", async () => {
  const body = { id: jobId, status: "completed" };
  const { auditLogs } = await responder(JSON.stringify(body));
  expect(await auditLogs.waitForExportJob(jobId)).toEqual(body);
});

test("34 the last of several equal keys counts, as in JSON.parse", async () => {
  const { server, auditLogs } = await responder(
    `{"id":"${jobId}","status":"completed","progress":1,"progress":2,"status":"running"}`,
    `{"id":"another","id":"${jobId}","status":"running","status":"completed"}`,
  );
  const jobs = await collect(auditLogs.watchExportJob(jobId, { interval: 1 }));
  expect(jobs).toEqual([
    { id: jobId, status: "running", progress: 2 },
    { id: jobId, status: "completed" },
  ]);
  expect(server.requests).toHaveLength(2);
});

test("35 returns an integer beyond 2^53 as the nearest number", async () => {
  const { auditLogs } = await responder(
    `{"id":"${jobId}","status":"completed","total_records":9007199254740993}`,
  );
  const job = await auditLogs.getExportJobStatus({ jobId });
  expect(job.total_records).toBe(9007199254740992);
  expect(Number.isSafeInteger(job.total_records)).toBe(false);
});

test("36 a __proto__ key in a job adds no property, and pollutes no prototype", async () => {
  const inherited = `{"status":"completed","polluted":true}`;
  const { auditLogs } = await responder(
    `{"id":"${jobId}","__proto__":${inherited},"constructor":{"prototype":${inherited}}}`,
  );
  const error = await errorOf(auditLogs.getExportJobStatus({ jobId }));
  expect(error).toBeInstanceOf(InvalidResponseError);
  expect(error).toHaveProperty("message", expect.stringContaining("no status"));
  expect({}).not.toHaveProperty("polluted");
});

test("36 keeps a __proto__ key in a job as an ordinary field", async () => {
  const { auditLogs } = await responder(
    `{"id":"${jobId}","status":"completed","__proto__":{"progress":7}}`,
  );
  const job = await auditLogs.waitForExportJob(jobId);
  expect(job.progress).toBeUndefined();
  expect(Object.getPrototypeOf(job)).toBe(Object.prototype);
  expect(Object.keys(job)).toEqual(["id", "status", "__proto__"]);
});

test("37 refuses another job's id, and names it", async () => {
  const other = "00000000-0000-4000-8000-000000000000";
  const { server, auditLogs } = await responder(
    JSON.stringify({ id: jobId, status: "running", progress: 5 }),
    JSON.stringify({ id: other, status: "completed" }),
  );
  const error = await errorOf(auditLogs.waitForExportJob(jobId, { interval: 1 }));
  expect(error).toBeInstanceOf(InvalidResponseError);
  expect(error).toMatchObject({ lastJob: { id: jobId, status: "running", progress: 5 } });
  expect(error).toHaveProperty(
    "message",
    expect.stringMatching(
      new RegExp(`${jobId}: .* it describes another job: its id is "${other}"`),
    ),
  );
  expect(server.requests).toHaveLength(2);
});

test.each([`{"status":"completed"}`, `{"id":null,"status":"completed"}`])(
  "37 refuses a job without an id: %s",
  async (body) => {
    const { auditLogs } = await responder(body);
    const error = await errorOf(auditLogs.getExportJobStatus({ jobId }));
    expect(error).toBeInstanceOf(InvalidResponseError);
    expect(error).toHaveProperty("message", expect.stringContaining("the job has no id"));
  },
);

test("37 ignores the case of an id", async () => {
  const { auditLogs } = await responder(
    JSON.stringify({ id: jobId.toUpperCase(), status: "completed" }),
  );
  expect((await auditLogs.waitForExportJob(jobId)).status).toBe("completed");
});

test.each(["{}", "[]", `{"id":"${jobId}"}`, `{"id":"${jobId}","status":null}`])(
  "37 names the status if a response has none: %s",
  async (body) => {
    const { auditLogs } = await responder(body);
    const error = await errorOf(auditLogs.getExportJobStatus({ jobId }));
    expect(error).toBeInstanceOf(InvalidResponseError);
    expect(error).toHaveProperty("message", expect.stringContaining("the job has no status"));
  },
);

test.each(["null", "7", `"completed"`])(
  "37 says that a response holds no job: %s",
  async (body) => {
    const { auditLogs } = await responder(body);
    const error = await errorOf(auditLogs.getExportJobStatus({ jobId }));
    expect(error).toBeInstanceOf(InvalidResponseError);
    expect(error).toHaveProperty("message", expect.stringContaining(`${jobId}: `));
    expect(error).toHaveProperty("message", expect.stringContaining("it contains no job"));
  },
);

test("38 ends at the deadline if the job never ends, with its last state", async () => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] });
  const { auditLogs } = await play({ steps: [{ status: "running", progress: 12 }] });
  let error: Promise<unknown> | undefined;
  await new Promise((onProgress) => {
    error = errorOf(auditLogs.waitForExportJob(jobId, { timeout: 20_000, onProgress }));
  });
  await vi.advanceTimersByTimeAsync(20_000);

  expect(await error).toBeInstanceOf(TimeoutError);
  expect(await error).toMatchObject({
    message: expect.stringContaining(`${jobId}: not finished within 20 s (timeout)`),
    bound: "total",
    timeout: 20_000,
    lastJob: { id: jobId, status: "running", progress: 12 },
  });
});
