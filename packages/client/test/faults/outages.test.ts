import dns from "node:dns";
import { EventEmitter, getEventListeners, once } from "node:events";
import { get } from "node:http";
import { createServer, type ServerOptions } from "node:https";
import type { AddressInfo } from "node:net";
import { PassThrough, pipeline, Readable, Writable } from "node:stream";
import { setImmediate as immediate } from "node:timers/promises";
import { promisify } from "node:util";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { expect, onTestFinished, test, vi } from "vitest";
import {
  ApiError,
  ConnectionError,
  DownloadInterruptedError,
  TimeoutError,
  createAuditLogsClient,
  type CallOptions,
} from "../../src/index.ts";
import { saveExport } from "../../src/node.ts";
import { serveResponses, html, json, type Responder } from "./responses.ts";
import { makeCertificate } from "./certificate.ts";
import {
  broken,
  download,
  etag,
  events,
  file,
  jobAt,
  part,
  ranged,
  serveExport,
} from "./export-server.ts";
import {
  clientOf,
  completedJob,
  errorOf,
  jobId,
  reasonOf,
  runningJob,
  takeTimers,
  token,
} from "./setup.ts";

const half = 3000;
const done = json(completedJob);
const reset: Responder = (response) => response.socket?.resetAndDestroy();

test.each<[string, Responder]>([
  ["without a connection", reset],
  ["with status 503", html(503)],
  ["with login pages", html(200)],
])("78 polls fail during an outage %s, and the wait continues", async (_, bad) => {
  const timers = takeTimers();
  const failedPolls: unknown[] = [];
  const outage = Array.from({ length: 12 }, () => bad);
  const server = await serveResponses(json(runningJob), ...outage, done);
  const auditLogs = clientOf(server.url, {
    onEvent: (event) => event.type === "retry" && failedPolls.push(event),
  });
  expect(await auditLogs.waitForExportJob(jobId)).toEqual(completedJob);
  expect(server.requests).toHaveLength(14);
  expect(failedPolls).toHaveLength(12);
  expect(failedPolls[2]).toMatchObject({
    call: expect.stringContaining(jobId),
    attempt: 3,
    pause: 2000,
  });
  expect(timers.pauses.slice(0, 8)).toEqual([2000, 500, 1000, 2000, 4000, 8000, 16_000, 20_000]);
});

test("78 a failure that arrives after the deadline of a wait is the cause of its timeout", async () => {
  const { now } = performance;
  let late = 0;
  vi.spyOn(performance, "now").mockImplementation(() => now.call(performance) + late);
  const auditLogs = clientOf("https://api.example.com", {
    fetch: async () => {
      // A busy program: the timer of the deadline cannot fire.
      late = 60_000;
      return new Response(null, { status: 503 });
    },
  });
  const error = await errorOf(auditLogs.waitForExportJob(jobId, { timeout: 30_000 }));
  expect(error).toBeInstanceOf(TimeoutError);
  expect(error).toMatchObject({ bound: "total", cause: { status: 503 } });
  expect(error.message).not.toContain("asked to wait");
});

test("78 a wait that times out during an outage reports the last failure", async () => {
  const server = await serveResponses(json(runningJob), html(503));
  const error = await errorOf(
    clientOf(server.url).waitForExportJob(jobId, { timeout: 1000, interval: 1 }),
  );
  expect(error).toBeInstanceOf(TimeoutError);
  expect(error).toMatchObject({ bound: "total", lastJob: runningJob, cause: { status: 503 } });
});

test("79 a download survives an outage, and resets its counter with every byte", async () => {
  takeTimers();
  const outage = Array.from({ length: 9 }, (_, index) => (index % 2 ? html(503) : reset));
  const server = await serveExport([
    broken(half),
    ...outage,
    broken(half + 1, { etag }, half),
    ...outage,
    ranged(),
  ]);
  const { content, error } = await download(server, server.job, { maxRetries: 10 });
  expect(error).toBeUndefined();
  expect(content).toEqual(file);
});

test("79 a download without progress for two minutes ends, and reports the delivered bytes", async () => {
  vi.mocked(Math.random).mockReturnValue(0.999);
  const timers = takeTimers();
  let skipped = 0;
  const { now } = performance;
  vi.spyOn(performance, "now").mockImplementation(
    () => now.call(performance) + (skipped = timers.pauses.reduce((sum, one) => sum + one, 0)),
  );
  const server = await serveExport([broken(half), html(503)]);
  const { content, error } = await download(server, server.job);
  expect(error).toBeInstanceOf(DownloadInterruptedError);
  expect(error).toMatchObject({ bytes: half, cause: { status: 503 } });
  expect(content).toEqual(file.subarray(0, half));
  expect(skipped).toBeGreaterThan(90_000);
  expect(skipped).toBeLessThan(120_000);
});

test("79 the two minutes begin when the bytes are first read", async () => {
  const { now } = performance;
  let skipped = 0;
  vi.spyOn(performance, "now").mockImplementation(() => now.call(performance) + skipped);
  let cut: (() => unknown) | undefined;
  const headOnly: Responder = (response) => {
    response.writeHead(200, { etag, "content-length": file.byteLength }).flushHeaders();
    cut = () => response.destroy();
  };
  const server = await serveExport([headOnly, html(503), ranged()]);
  const opened = await server.auditLogs.openDownload(server.job);
  skipped = 200_000;
  cut?.();
  takeTimers();
  const chunks: Uint8Array[] = [];
  for await (const chunk of opened) chunks.push(chunk);
  expect(Buffer.concat(chunks)).toEqual(file);
});

test("80 fifty waiters on one client survive the same outage", async () => {
  takeTimers();
  const counts = new Map<string, number>();
  const server = await serveResponses((response, request) => {
    const { url = "" } = request;
    const count = (counts.get(url) ?? 0) + 1;
    counts.set(url, count);
    const id = url.split("/").at(-1);
    // More failures than a client retries of one call, and of all its calls.
    return (count < 5 ? html(503) : json({ ...completedJob, id }))(response, request);
  });
  const auditLogs = clientOf(server.url);
  const jobs = await Promise.all(
    Array.from({ length: 50 }, (_, index) => auditLogs.waitForExportJob(`job-${index}`)),
  );
  expect(jobs).toHaveLength(50);
});

test("81 no call fails if one request in five gets a single 503", async () => {
  takeTimers();
  let count = 0;
  const server = await serveResponses((response, request) =>
    ((count += 1) % 5 === 0 ? html(503) : done)(response, request),
  );
  const auditLogs = clientOf(server.url);
  // More retries than the hundred that the calls of a client may spend before any has succeeded.
  for (let call = 0; call < 420; call += 1) await auditLogs.getExportJobStatus({ jobId });
  expect(server.requests).toHaveLength(420 + 104);
});

test("82 a failed DNS lookup during a download is retried", async () => {
  takeTimers();
  // It looks its own host up.
  const server = await serveExport([broken(half), ranged()]);
  const failed = Object.assign(new Error("getaddrinfo EAI_AGAIN"), { code: "EAI_AGAIN" });
  const addresses = [{ address: "127.0.0.1", family: 4 }];
  const lookup = vi.spyOn(dns, "lookup").mockImplementation(((
    _hostname: string,
    _options: unknown,
    callback: (error: Error | null, found?: typeof addresses) => void,
  ) => {
    if (lookup.mock.calls.length === 2) callback(failed);
    else callback(null, addresses);
  }) as unknown as typeof dns.lookup);
  const causes: unknown[] = [];
  const auditLogs = clientOf(server.url.replace("127.0.0.1", "localhost"), {
    onEvent: (event) => event.type === "retry" && causes.push(event.error.cause),
  });
  const { onProgress, job } = server;
  expect((await download({ auditLogs, onProgress }, job)).content).toEqual(file);
  expect(lookup).toHaveBeenCalledTimes(3);
  expect(server.requests).toHaveLength(2);
  expect(causes.at(-1)).toMatchObject({ code: "EAI_AGAIN" });
});

test("83 changes to the clock move no deadline, and a long sleep allows one more attempt", async () => {
  vi.spyOn(Date, "now").mockReturnValue(0);
  const server = await serveResponses(json(runningJob), done);
  expect(await clientOf(server.url).waitForExportJob(jobId, { interval: 1 })).toEqual(completedJob);

  const sleeping = await serveExport([broken(half), ranged()]);
  const { now } = performance;
  let slept = 0;
  vi.spyOn(performance, "now").mockImplementation(() => now.call(performance) + slept);
  const onProgress = (state: { readonly bytes: number }): void => {
    if (state.bytes !== half) return;
    // When the client waits for the next bytes.
    setImmediate(() => {
      slept = 1_800_000;
      sleeping.onProgress({ bytes: half, job: sleeping.job });
    });
  };
  expect((await download(sleeping, sleeping.job, { onProgress })).content).toEqual(file);
});

/** A server with TLS that responds to nothing, and how many connections it has had. */
async function serveTls(
  options: ServerOptions = {},
): Promise<{ readonly url: string; readonly count: () => number }> {
  const server = createServer({ ...makeCertificate(), ...options }).listen(0, "127.0.0.1");
  let connections = 0;
  server.on("connection", () => (connections += 1));
  onTestFinished(() => void server.close());
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return { url: `https://127.0.0.1:${port}`, count: () => connections };
}

test("84 an untrusted certificate is not retried, and the message says so", async () => {
  const { url, count } = await serveTls();
  const auditLogs = clientOf(url);
  for (const call of [auditLogs.getExportJobStatus({ jobId }), auditLogs.waitForExportJob(jobId)]) {
    const error = await errorOf(call);
    expect(error).toBeInstanceOf(ConnectionError);
    expect(error.message).toContain("the server's certificate is not trusted; add your own");
    expect(error.cause).toMatchObject({ code: "DEPTH_ZERO_SELF_SIGNED_CERT" });
  }
  expect(count()).toBe(2);
});

test.each([
  [
    "a client certificate",
    { requestCert: true, rejectUnauthorized: true, maxVersion: "TLSv1.2" },
    "the server refused the TLS handshake; it may require a client certificate",
  ],
  [
    "another version of TLS",
    { minVersion: "TLSv1", maxVersion: "TLSv1.1", ciphers: "DEFAULT@SECLEVEL=0" },
    "the server requires another version of TLS",
  ],
] as const)("84 a server that requires %s is not retried", async (_, options, remedy) => {
  const { url, count } = await serveTls(options);
  const auditLogs = clientOf(url);
  for (const call of [auditLogs.getExportJobStatus({ jobId }), auditLogs.waitForExportJob(jobId)]) {
    const error = await errorOf(call);
    expect(error).toBeInstanceOf(ConnectionError);
    expect(error.message).toContain(": the connection failed (");
    expect(error.message.endsWith(`): ${remedy}`)).toBe(true);
  }
  expect(count()).toBe(2);
});

test("84 over TLS 1.3, Node's fetch reports a missing client certificate as a closed connection", async () => {
  // The server's certificate is checked before its refusal arrives.
  vi.stubEnv("NODE_TLS_REJECT_UNAUTHORIZED", "0");
  onTestFinished(() => void vi.unstubAllEnvs());
  vi.spyOn(process, "emitWarning").mockReturnValue();
  const options = { requestCert: true, minVersion: "TLSv1.3" } as const;
  const { url, count } = await serveTls(options);
  const error = await errorOf(clientOf(url).getExportJobStatus({ jobId }, { maxRetries: 1 }));
  expect(error).toMatchObject({ name: "ConnectionError", isTransient: true });
  expect(count()).toBe(2);
});

test("84 a server without TLS, or a port that fetch refuses, is not retried, and the message says so", async () => {
  const { url } = await serveResponses(done);
  for (const [baseUrl, remedy] of [
    [url.replace("http:", "https:"), "the server does not speak TLS; is its URL http?"],
    ["https://localhost:9", "fetch refuses this port"],
  ] as const) {
    const error = await errorOf(clientOf(baseUrl).waitForExportJob(jobId));
    expect(error).toBeInstanceOf(ConnectionError);
    expect(error.message.endsWith(`: ${remedy}`)).toBe(true);
  }
});

test("84 a proxy's 407 is not retried, and the message says so", async () => {
  const server = await serveResponses(html(407));
  const auditLogs = clientOf(server.url);
  for (const call of [auditLogs.getExportJobStatus({ jobId }), auditLogs.waitForExportJob(jobId)]) {
    const error = await errorOf(call);
    expect(error.isTransient).toBe(false);
    expect(error.message).toMatch(/: the proxy responded with 407; pass it your credentials$/);
  }
  expect(server.requests).toHaveLength(2);
});

/** An endless file, and a promise that resolves when its connection is closed. */
async function endless() {
  const closing = new EventEmitter();
  const closed = once(closing, "close");
  const server = await serveExport([
    (response) => {
      response.writeHead(200, { etag }).write(file);
      response.once("close", () => closing.emit("close"));
    },
  ]);
  return { ...server, closed };
}

test("85 a failing stage of a pipeline closes the connection, and its error is thrown", async () => {
  const { auditLogs, job, closed } = await endless();
  const reason = new RangeError("the disk is full");
  const failing = new Writable({
    objectMode: true,
    write: (_event, _encoding, callback) => callback(reason),
  });
  const reading = Readable.from(auditLogs.readExport(job));
  expect(await reasonOf(promisify(pipeline)(reading, failing))).toBe(reason);
  await closed;
});

/** A file whose server is silent after its first line. */
async function silent() {
  const line = `${JSON.stringify(events[0])}\n`;
  return serveExport([(response) => response.writeHead(200, { etag }).write(line)]);
}

type Reader = (options: CallOptions) => AsyncGenerator<unknown>;

test.each<[string, () => Promise<{ start: Reader; requests: readonly unknown[] }>]>([
  [
    "readExport",
    async () => {
      const { auditLogs, job, requests } = await silent();
      return { start: (options) => auditLogs.readExport(job, options), requests };
    },
  ],
  [
    "watchExportJob",
    async () => {
      const { url, requests } = await serveResponses(json(runningJob));
      return { start: (options) => clientOf(url).watchExportJob(jobId, options), requests };
    },
  ],
])("85 %s can be left while it waits, and requests nothing more", async (_, serve) => {
  const { start, requests } = await serve();
  const timers = takeTimers({ holdsPauses: true });
  for (const end of ["return", "throw"] as const) {
    for (const options of [{}, { signal: new AbortController().signal }]) {
      const generator = start(options);
      await generator.next();
      const pending = reasonOf(generator.next());
      const reason = new RangeError("enough");
      const left = generator[end](reason);
      if (end === "throw") expect(await reasonOf(left)).toBe(reason);
      else expect(await left).toEqual({ done: true, value: reason });
      expect(await pending).toMatchObject({ name: "AbortError" });
      expect(timers.running.size).toBe(0);
    }
  }
  expect(requests).toHaveLength(4);
});

test("85 a download can be closed while it waits for bytes", async () => {
  const timers = takeTimers();
  const { auditLogs, job, requests } = await silent();
  const opened = await auditLogs.openDownload(job);
  const chunks = opened[Symbol.asyncIterator]();
  await chunks.next();
  const pending = reasonOf(chunks.next());
  await opened.close();
  expect(await pending).toMatchObject({ name: "AbortError" });
  expect(timers.running.size).toBe(0);
  expect(requests).toHaveLength(1);
});

test("85 a signal that nothing but the read refers to still aborts it", async () => {
  const { auditLogs, job } = await silent();
  const reading = auditLogs.readExport(job, { signal: AbortSignal.timeout(200) });
  await reading.next();
  const reason = reasonOf(reading.next());
  setFlagsFromString("--expose-gc");
  // Signals that are joined with AbortSignal.any are collected in Node.js 20, and never abort.
  for (let turn = 0; turn < 3; turn += 1) {
    await immediate();
    runInNewContext("gc")();
  }
  expect(await reason).toMatchObject({ name: "TimeoutError", code: 23 });
});

test("85 a failing pipeline ends a read that waits for bytes", async () => {
  const timers = takeTimers();
  const { auditLogs, job, requests } = await silent();
  const reason = new RangeError("the disk is full");
  const failing = new Writable({
    objectMode: true,
    write: (_event, _encoding, callback) => setImmediate(callback, reason),
  });
  const reading = Readable.from(auditLogs.readExport(job));
  expect(await reasonOf(promisify(pipeline)(reading, failing))).toBe(reason);
  await vi.waitFor(() => expect(timers.running.size).toBe(0));
  expect(requests).toHaveLength(1);
});

test("85 await using ends a read, a watch and an export", async () => {
  const { auditLogs, job, closed } = await endless();
  {
    await using reading = auditLogs.readExport(job);
    expect((await reading.next()).value).toEqual(events[0]);
  }
  await closed;
  const watching = auditLogs.watchExportJob(jobId);
  await watching[Symbol.asyncDispose]();
  expect(await watching.next()).toEqual({ done: true, value: undefined });
  const exporting = auditLogs.exportEvents();
  await exporting[Symbol.asyncDispose]();
  expect(await exporting.next()).toEqual({ done: true, value: undefined });
});

test("85 the generator of events supports return, throw, break, yield* and concurrent next", async () => {
  const reason = new RangeError("enough");
  for (const end of ["return", "throw"] as const) {
    const { auditLogs, job, closed } = await endless();
    const reading = auditLogs.readExport(job);
    const [first, second] = await Promise.all([reading.next(), reading.next()]);
    expect([first.value, second.value]).toEqual(events.slice(0, 2));
    if (end === "throw") expect(await reasonOf(reading.throw(reason))).toBe(reason);
    else expect((await reading.return({ events: 2, bytes: 0, verifiedBy: [] })).done).toBe(true);
    expect(await reading.next()).toEqual({ done: true, value: undefined });
    await closed;
  }
  const { auditLogs, job, closed } = await endless();
  const delegating = (async function* () {
    yield* auditLogs.readExport(job);
  })();
  for await (const event of delegating) {
    expect(event).toEqual(events[0]);
    break;
  }
  await closed;
});

test.each([
  ["an error", new RangeError("too much")],
  [
    "an error that would be transient in a request",
    new ConnectionError({ label: "elsewhere" }, "it failed"),
  ],
])(
  "86 if a callback throws or rejects with %s, the call ends with that error",
  async (_, reason) => {
    const throwing = (): never => {
      throw reason;
    };
    const rejecting = async (): Promise<never> => throwing();
    const server = await serveResponses(json(runningJob));
    for (const onProgress of [throwing, rejecting]) {
      expect(await reasonOf(clientOf(server.url).waitForExportJob(jobId, { onProgress }))).toBe(
        reason,
      );
      const { auditLogs, job, closed } = await endless();
      expect(await reasonOf(auditLogs.readExport(job, { onProgress }).next())).toBe(reason);
      await closed;
    }
  },
);

test.each<[string, CallOptions, object]>([
  ["its signal", {}, { message: "changed my mind" }],
  ["its timeout", { timeout: 1000 }, { name: "TimeoutError", bound: "total", timeout: 1000 }],
])("86 a call whose callback never returns ends by %s", async (name, options, expected) => {
  const server = await serveResponses(json(runningJob));
  const { auditLogs, job, closed } = await endless();
  for (const start of [
    (all: CallOptions & { onProgress: () => unknown }) =>
      clientOf(server.url).waitForExportJob(jobId, all),
    (all: CallOptions & { onProgress: () => unknown }) => auditLogs.readExport(job, all).next(),
  ]) {
    const controller = new AbortController();
    const onProgress = () => {
      if (name === "its signal") setImmediate(() => controller.abort(new Error("changed my mind")));
      return new Promise(() => undefined);
    };
    const { signal } = controller;
    expect(await reasonOf(start({ ...options, signal, onProgress }))).toMatchObject(expected);
    expect(getEventListeners(signal, "abort")).toEqual([]);
  }
  await closed;
});

test("86 an abort ends a call whose onResponse or onEnd never returns", async () => {
  const { auditLogs, job } = await serveExport([ranged()]);
  const reason = new Error("changed my mind");
  for (const name of ["onResponse", "onEnd"]) {
    const controller = new AbortController();
    const hang = (): Promise<never> => {
      setImmediate(() => controller.abort(reason));
      return new Promise(() => undefined);
    };
    const options = { signal: controller.signal, [name]: hang };
    const call = async (): Promise<unknown> => {
      if (name === "onResponse") return auditLogs.getExportJobStatus({ jobId }, options);
      for await (const _ of auditLogs.readExport(job, options));
      return undefined;
    };
    expect(await reasonOf(call())).toBe(reason);
  }
});

test("86 a wait whose callback is late has the job it was called with", async () => {
  const server = await serveResponses(json(runningJob));
  const wait = clientOf(server.url).waitForExportJob(jobId, {
    timeout: 1000,
    onProgress: () => new Promise(() => undefined),
  });
  expect((await errorOf(wait)).lastJob).toEqual(runningJob);
});

test("87 refuses a 206 whose total is less than announced", async () => {
  const less = { "content-range": `bytes ${half}-${file.byteLength - 2}/${file.byteLength - 1}` };
  const server = await serveExport([broken(half), part(half, less, file.subarray(0, -1))]);
  const { content, error } = await download(server, server.job);
  expect(error).toBeInstanceOf(DownloadInterruptedError);
  expect(content).toEqual(file.subarray(0, half));
});

const last = file.byteLength - 1;
test.each<[string, string, string, Record<string, number>?]>([
  ["is before its first", `bytes ${half}-${half - 1}/${file.byteLength}`, "does not fit the file"],
  ["is beyond the total", `bytes ${half}-${last + 1}/${file.byteLength}`, "does not fit the file"],
  [
    "does not match its length",
    `bytes ${half}-${last - 1}/${file.byteLength}`,
    "does not fit the file",
    { "content-length": file.byteLength - half },
  ],
  [
    "is before the end of its body",
    `bytes ${half}-${half + 99}/${file.byteLength}`,
    "the part is longer than its Content-Range",
  ],
])("88 refuses a 206 whose last position %s", async (_, range, fault, headers) => {
  const server = await serveExport([
    broken(half),
    (response) => {
      response.writeHead(206, { etag, "content-range": range, ...headers });
      response.flushHeaders();
      response.end(file.subarray(half));
    },
  ]);
  const { error, content } = await download(server, server.job);
  expect(error).toBeInstanceOf(DownloadInterruptedError);
  expect(String(error)).toContain(fault);
  expect(content).toEqual(file.subarray(0, half));
});

test("88 requests the rest of a part that is shorter than it says", async () => {
  const range = { etag, "content-range": `bytes ${half}-${last}/${file.byteLength}` };
  const failures: unknown[] = [];
  const server = await serveExport(
    [
      broken(half),
      (response) => {
        response.writeHead(206, range).flushHeaders();
        response.end(file.subarray(half, half + 10));
      },
      ranged(),
    ],
    { onEvent: (event) => event.type === "retry" && failures.push(String(event.error)) },
  );
  expect((await download(server, server.job)).content).toEqual(file);
  expect(server.requests[2]?.headers.range).toBe(`bytes=${half + 10}-`);
  expect(failures.at(-1)).toContain("the response ended early");
});

test("88 a part that ends before the file is no failure", async () => {
  const range = { etag, "content-range": `bytes ${half}-${half + 9}/${file.byteLength}` };
  const server = await serveExport([
    part(half, range, file.subarray(0, half + 10)),
    part(half + 10),
  ]);
  const { content, error } = await download(server, server.job, {
    resume: { bytes: half, etag },
    maxRetries: 0,
  });
  expect(error).toBeUndefined();
  expect(content).toEqual(file.subarray(half));
});

test("88 the complete file must not end before the bytes that were delivered", async () => {
  const server = await serveExport(
    [
      (response) => {
        // Chunked, so that no length is announced.
        response.writeHead(200, { etag });
        response.write(file.subarray(0, half), () => response.destroy());
      },
      (response) => response.writeHead(200, { etag }).end(file.subarray(0, 9)),
    ],
    { maxRetries: 0 },
  );
  const { error, content } = await download(server, server.job, { maxRetries: 1 });
  expect(error).toMatchObject({ name: "DownloadInterruptedError", bytes: half });
  expect(content).toEqual(file.subarray(0, half));
});

test("89 a response of hundreds of megabytes is not read completely", async () => {
  const huge = Buffer.alloc(2 ** 20, " ");
  let closed = false;
  const server = await serveResponses((response) => {
    response.on("close", () => (closed = true));
    const write = (): void => {
      while (!response.destroyed && response.write(huge));
      response.once("drain", write);
    };
    write();
  });
  const error = await errorOf(clientOf(server.url).getExportJobStatus({ jobId }));
  expect(error.message).toContain("it is longer than 16777216 bytes");
  await vi.waitFor(() => expect(closed).toBe(true));
  expect(server.requests).toHaveLength(1);
});

test("90 invalid options are refused by name, before anything is sent", async () => {
  const server = await serveResponses(done);
  const auditLogs = clientOf(server.url);
  const calls: readonly [string, () => unknown][] = [
    ["timeout", () => auditLogs.getExportJobStatus({ jobId }, { timeout: Number.NaN })],
    ["maxRetries", () => auditLogs.startExport({}, { maxRetries: -1 })],
    ["interval", () => auditLogs.waitForExportJob(jobId, { interval: "2 s" as never })],
    ["onProgres", () => auditLogs.waitForExportJob(jobId, { onProgres: 1 } as never)],
    ["interval", () => auditLogs.watchExportJob(jobId, { interval: -1 })],
    ["timeout", () => auditLogs.readExport(jobId, { timeout: -1 })],
    [
      "token must not be inherited",
      () => createAuditLogsClient(Object.create({ token, baseUrl: server.url })),
    ],
    [
      "timeout must not be inherited",
      () => auditLogs.waitForExportJob(jobId, Object.create({ timeout: 1 })),
    ],
    [
      "from must not be inherited",
      () => auditLogs.startExport(Object.create({ from: "2026-01-01" })),
    ],
    ["resume", () => auditLogs.openDownload(jobId, { resume: Object.create({ bytes: 1, etag }) })],
    ["resume", () => auditLogs.readExport(jobId, { resume: {} } as never)],
    ["resume", () => auditLogs.openDownload(jobId, { resume: {} } as never)],
    ["resume", () => auditLogs.openDownload(jobId, { resume: { etag } as never })],
    ["resume", () => auditLogs.openDownload(jobId, { resume: { bytes: -1, etag } })],
    ["resume", () => auditLogs.openDownload(jobId, { resume: { bytes: 1.5, etag } })],
    ["resume", () => auditLogs.openDownload(jobId, { resume: { bytes: Infinity, etag } })],
    ["resume", () => auditLogs.openDownload(jobId, { resume: { bytes: "8" as never, etag } })],
    ["resume", () => auditLogs.openDownload(jobId, { resume: { bytes: 1, etag: '"a"\r\nb: c' } })],
    ["resume", () => auditLogs.openDownload(jobId, { resume: { bytes: 1, etag: 'W/"a"' } })],
    ["requires jobId", () => auditLogs.getExportJobStatus(undefined as never)],
    ["job id", () => auditLogs.openDownload(null as never)],
    ["job id", () => auditLogs.openDownload({} as never)],
    ["job id", () => auditLogs.readExport(undefined as never).next()],
    ["job id", () => auditLogs.waitForExportJob(1 as never)],
    ["job id", () => saveExport(auditLogs, undefined as never, "events.jsonl")],
    ["resume", () => saveExport(auditLogs, jobId, "events.jsonl", { resume: {} } as never)],
    ["path", () => saveExport(auditLogs, jobId, "")],
    ["path", () => saveExport(auditLogs, jobId, undefined as never)],
    ["signal", () => auditLogs.openDownload(jobId, { signal: {} as never })],
    ["interval", () => auditLogs.exportEvents({}, { interval: 0 })],
    ["since", () => auditLogs.startExport({ since: 1 } as never)],
    ["since", () => auditLogs.exportEvents({ since: 1 } as never)],
    ["from", () => auditLogs.exportEvents({ from: "soon" }).next()],
    ["q must", () => auditLogs.startExport({ q: "action_verb:login" as never })],
    ["q must", () => auditLogs.startExport({ q: [1] as never })],
    ["options", () => auditLogs.startExport({}, null as never)],
    ["options", () => auditLogs.getExportJobStatus({ jobId }, "1 s" as never)],
    ["insecureHosts", () => clientOf("http://mock", { insecureHosts: ["MOCK"] })],
    ["attemptTimeout", () => clientOf(server.url, { attemptTimeout: -1 })],
    ["idleTimeout", () => clientOf(server.url, { idleTimeout: "1" as never })],
    ["maxRetry", () => clientOf(server.url, { maxRetry: 1 } as never)],
    ["baseUrl", () => clientOf("api.example.com")],
    ["baseUrl", () => clientOf(`${server.url}/?a=b`)],
    ["baseUrl", () => clientOf(`${server.url}/#a`)],
  ];
  for (const [name, call] of calls) {
    const error = await reasonOf((async () => call())());
    expect(error).toBeInstanceOf(TypeError);
    expect(String(error)).toContain(name);
  }
  expect(server.requests).toEqual([]);
});

test("91 a fetch without web streams works for calls, but not for downloads", async () => {
  const server = await serveExport([ranged()], {
    fetch: async (input, init) => {
      const response = await fetch(input, init);
      return Object.defineProperties(response, { body: { value: undefined, configurable: true } });
    },
  });
  expect(await server.auditLogs.getExportJobStatus({ jobId })).toMatchObject({ id: jobId });
  const { content, error } = await download(server, server.job);
  expect(String(error)).toContain("fetch returns no web streams");
  expect(content).toHaveLength(0);
});

/** A fetch with streams of Node.js. As in node-fetch 2, only an abort closes the connection. */
const fetchNodeStream: typeof fetch = async (url, init) => {
  const request = get(String(url), { signal: init?.signal ?? undefined });
  request.on("error", () => undefined);
  const [incoming] = await once(request, "response");
  const body: unknown = incoming.pipe(new PassThrough());
  return Object.defineProperty(new Response(), "body", { value: body });
};

test("91 a download that is refused for its stream closes the connection", async () => {
  const closings = new EventEmitter();
  const server = await serveResponses((response) => {
    response.once("close", () => closings.emit("close"));
    response.write(file);
  });
  const auditLogs = clientOf(server.url, { fetch: fetchNodeStream });
  for (const start of [
    () => auditLogs.openDownload(jobAt("/file")),
    () => auditLogs.downloadExport({ jobId }),
  ]) {
    const closed = once(closings, "close");
    expect(String(await errorOf(start()))).toContain("fetch returns no web streams");
    await closed;
  }
});

test.each([undefined, null, "OK", {}, { status: 200, headers: {} }])(
  "91 a fetch that returns %j instead of a Response is one clear error",
  async (value) => {
    const { auditLogs, job } = await serveExport([ranged()], { fetch: async () => value as never });
    for (const call of [
      auditLogs.getExportJobStatus({ jobId }),
      auditLogs.waitForExportJob(jobId),
      auditLogs.openDownload(job),
    ]) {
      expect((await errorOf(call)).message).toMatch(
        /: the client's fetch returned no Response, or one/,
      );
    }
  },
);

test("92 reading a job says to wait if it is not done, and says why if it has failed", async () => {
  const pending = await serveResponses(json({ ...runningJob, status: "pending", progress: null }));
  const reading = clientOf(pending.url).readExport(jobId).next();
  expect((await errorOf(reading)).message).toMatch(/: the job is pending: wait for it first$/);
  const failed = await serveResponses(
    json({ ...runningJob, status: "failed", error_message: "The store is full" }),
  );
  expect(await errorOf(clientOf(failed.url).readExport(jobId).next())).toMatchObject({
    name: "ExportFailedError",
    message: expect.stringContaining("The store is full"),
  });
});

test("93 a 304 and a redirect without a location are explained", async () => {
  for (const [status, headers, said] of [
    [304, {}, "although the client caches nothing"],
    [302, {}, "a redirect without a location"],
    [302, { location: "" }, "a redirect without a location"],
  ] as const) {
    const server = await serveResponses((response) => response.writeHead(status, headers).end());
    const auditLogs = clientOf(server.url);
    for (const call of [
      auditLogs.getExportJobStatus({ jobId }),
      auditLogs.openDownload(jobAt("/file")),
    ]) {
      expect((await errorOf(call)).message).toContain(said);
    }
  }
});

test("94 a gzip file without Content-Encoding is explained", async () => {
  const { gzipSync } = await import("node:zlib");
  const server = await serveExport([(response) => response.end(gzipSync(file))]);
  const error = await errorOf(server.auditLogs.readExport(server.job).next());
  expect(error.message).toContain("it is gzip that was not decompressed");
});

test("94 a file that is not gzip but declares it is explained at once", async () => {
  const server = await serveExport([
    (response) => response.setHeader("content-encoding", "gzip").end(file),
  ]);
  const error = await errorOf(server.auditLogs.readExport(server.job).next());
  expect(error).toBeInstanceOf(ConnectionError);
  expect(error.message).toContain("the content is not encoded as its Content-Encoding says");
  expect(server.requests).toHaveLength(1);
});

test.each([
  [
    "application/xml",
    "<Error><Code>Denied</Code><Message>not for you</Message></Error>",
    "Denied not for you",
  ],
  ["application/problem+json", '{"title":"Denied","detail":"not for you"}', "not for you"],
  ["text/plain", "not\r\nfor you", "not for you"],
])("95 the server's reason in %s is in the message", async (type, body, reason) => {
  const server = await serveResponses((response) =>
    response.writeHead(403, { "content-type": type }).end(body),
  );
  const error = await errorOf(clientOf(server.url).getExportJobStatus({ jobId }));
  expect(error).toBeInstanceOf(ApiError);
  expect(error).toMatchObject({ reason });
  expect(error.message.endsWith(`: ${reason}`)).toBe(true);
});
