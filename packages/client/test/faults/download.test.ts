import { once } from "node:events";
import type { ServerResponse } from "node:http";
import { setImmediate } from "node:timers/promises";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { constants, gzipSync } from "node:zlib";
import { describe, expect, test, vi } from "vitest";
import {
  ApiError,
  ConnectionError,
  DownloadInterruptedError,
  InvalidResponseError,
  TimeoutError,
} from "../../src/index.ts";
import { html, json, type Responder } from "./responses.ts";
import {
  broken,
  download,
  etag,
  events,
  file,
  jobAt,
  outside,
  part,
  ranged,
  read,
  refused,
  serveExport,
  tagOf,
  whole,
} from "./export-server.ts";
import { errorOf, jobId, takeTimers, token } from "./setup.ts";

const half = 3000;
const headersOf = (range: number) => ({ range: `bytes=${range}-`, "if-range": etag });

test.each([400, 401, 403, 404, 410])(
  "45 requests the job for a fresh URL when the old one responds with %i",
  async (status) => {
    const server = await serveExport([refused(status), whole()]);
    const { content } = await download(server, server.job);
    expect(content).toEqual(file);
    expect(server.requests.map(({ url }) => url)).toEqual(["/file?asked=0", "/file?asked=1"]);
  },
);

test("45 requests a fresh URL only once", async () => {
  const server = await serveExport([refused(403)]);
  const { content, error } = await download(server, server.job);
  expect(error).toBeInstanceOf(ApiError);
  expect(error).toMatchObject({ status: 403, body: "<Error/>" });
  expect(content).toHaveLength(0);
  expect(server.jobRequests()).toBe(1);
  expect(server.requests).toHaveLength(2);
});

test("45 does not request another URL if it was fresh, or if the status does not mean expiry", async () => {
  const fresh = await serveExport([refused(403)]);
  await download(fresh, jobId);
  expect(fresh.jobRequests()).toBe(1);
  expect(fresh.requests).toHaveLength(1);

  const conflict = await serveExport([json({ detail: "not yet" }, 409)]);
  const { error } = await download(conflict, conflict.job);
  expect(error).toMatchObject({ status: 409, body: { detail: "not yet" } });
  expect(conflict.jobRequests()).toBe(0);
});

test("45 requests the URL of a job that has none yet", async () => {
  const server = await serveExport([whole()]);
  const { content } = await download(server, jobAt(null));
  expect(content).toEqual(file);
  expect(server.jobRequests()).toBe(1);
});

test("45 the body of a refusal is subject to the timeout, and its token is redacted", async () => {
  const server = await serveExport([
    (response, { headers }) => response.writeHead(409).end(`No: ${headers.authorization}`),
  ]);
  const { error } = await download(server, server.job);
  expect(error).toBeInstanceOf(ApiError);
  expect((error as ApiError).body).toBe("No: Bearer …");
  expect((error as ApiError).body).not.toContain(token);

  const slow = await serveExport([(response) => response.writeHead(409).write("No")], {
    attemptTimeout: 20,
  });
  expect((await download(slow, slow.job, { maxRetries: 3 })).error).toMatchObject({
    name: "TimeoutError",
    bound: "attempt",
  });
});

test("46 requests a fresh URL if it expires during a resume", async () => {
  const server = await serveExport([broken(half), refused(403), ranged()]);
  const { content, state } = await download(server, server.job);
  expect(content).toEqual(file);
  expect(state).toMatchObject({ bytes: file.byteLength, length: file.byteLength });
  expect(server.requests.map(({ url }) => url)).toEqual([
    "/file?asked=0",
    "/file?asked=0",
    "/file?asked=1",
  ]);
  expect(server.requests[2]?.headers).toMatchObject(headersOf(half));
});

test("46 requests a fresh URL if one that was fresh at the start expires during a resume", async () => {
  const server = await serveExport([broken(half), refused(403), ranged()]);
  const { content } = await download(server, jobId);
  expect(content).toEqual(file);
  expect(server.jobRequests()).toBe(2);
});

test("47 resumes where the connection broke, with a range of the same file", async () => {
  const server = await serveExport([broken(half), broken(half + 500, { etag }, half), ranged()]);
  const { content, state } = await download(server, server.job);
  expect(content).toEqual(file);
  expect(state).toMatchObject({ bytes: file.byteLength, length: file.byteLength, etag });
  expect(server.requests[0]?.headers).not.toHaveProperty("range");
  expect(server.requests[1]?.headers).toMatchObject(headersOf(half));
  expect(server.requests[2]?.headers).toMatchObject(headersOf(half + 500));
});

test("47 reads each event once, even if the connection broke within a line", async () => {
  const server = await serveExport([broken(half), ranged()], { total: events.length });
  const result = await read(server);
  expect(result.delivered).toEqual(events);
  expect(result.summary?.verifiedBy).toEqual(["length", "total_records"]);
});

/** A part of the file, which does not say how long the file is. */
const partOf =
  (first: number, last: number): Responder =>
  (response) =>
    response
      .writeHead(206, { etag, "content-range": `bytes ${first}-${last}/*` })
      .end(file.subarray(first, last + 1));

test("47 accepts a part without a total length, and one that ends early", async () => {
  const size = file.byteLength;
  const server = await serveExport([broken(half), partOf(half, half + 99), ranged()]);
  const { content, state } = await download(server, server.job);
  expect(content).toEqual(file);
  expect(state).toMatchObject({ bytes: size, length: size });
});

test.each([file.byteLength, "*", "none"])(
  "47 requests the rest if no part says how long the file is, until a 416 with the length %s",
  async (length) => {
    const size = file.byteLength;
    const responders = [partOf(half, half + 99), partOf(half + 100, size - 1), outside(length)];
    const server = await serveExport(responders);
    const resume = { bytes: half, etag };
    const { content, state } = await download(server, server.job, { resume });
    expect(content).toEqual(file.subarray(half));
    expect(state?.bytes).toBe(size);
    expect(state?.length).toBe(length === size ? size : undefined);
    expect(server.requests.map(({ headers }) => headers.range)).toEqual(
      [half, half + 100, size].map((bytes) => `bytes=${bytes}-`),
    );
  },
);

test("47 resumes as long as bytes arrive, independently of the retries of requests", async () => {
  const cuts = Array.from({ length: 150 }, (_, count) =>
    broken(half + count, { etag }, count && half + count - 1),
  );
  const server = await serveExport([...cuts, ranged()]);
  expect((await download(server, server.job)).content).toEqual(file);
  expect(server.requests).toHaveLength(151);
});

test("47 resumes after all that arrived before the server closed the connection, however slow the reader", async () => {
  // More than sockets hold, so the server can close only because the client reads.
  const content = Buffer.alloc(25 * 2 ** 20, "x");
  const end = 24 * 2 ** 20;
  let closed: Promise<unknown> | undefined;
  const server = await serveExport([
    (response) => {
      const headers = { "content-length": content.byteLength, connection: "close" };
      response.writeHead(200, { etag: tagOf(content), ...headers });
      response.write(content.subarray(0, end), () => response.destroy());
      closed = once(response, "close");
    },
    ranged(content),
  ]);
  const chunks = await server.auditLogs.openDownload(server.job);
  await closed;
  let bytes = 0;
  for await (const chunk of chunks) bytes += chunk.byteLength;
  expect(bytes).toBe(content.byteLength);
  expect(server.requests.map(({ headers }) => headers.range)).toEqual([undefined, `bytes=${end}-`]);
});

test("47 resumes at most maxRetries times in a row", async () => {
  const server = await serveExport([broken(half), refused(503)]);
  const { content, error } = await download(server, server.job, { maxRetries: 2 });
  expect(error).toBeInstanceOf(DownloadInterruptedError);
  expect(error).toMatchObject({ bytes: half, cause: expect.any(ApiError) });
  expect(String(error)).toMatch(
    /: interrupted after 3000 bytes: it could not be resumed: the server responded with 503 Service Unavailable$/,
  );
  expect(content).toEqual(file.subarray(0, half));
  expect(server.requests).toHaveLength(1 + 2);
});

test("47 pauses before it resumes, and resets the pause after bytes have arrived", async () => {
  const cut = [broken(half), broken(half + 1, { etag }, half)];
  const server = await serveExport([...cut, ranged()]);
  vi.mocked(Math.random).mockReturnValue(0.5);
  const { pauses } = takeTimers();
  expect((await download(server, server.job)).content).toEqual(file);
  expect(pauses).toEqual([250, 250]);
});

test("47 waits as long as the server asks, even if that is longer than a download waits by itself", async () => {
  const busy = json({}, 429, { "retry-after": "130" });
  const server = await serveExport([broken(half), busy, busy, ranged()]);
  vi.mocked(Math.random).mockReturnValue(0);
  const { pauses } = takeTimers();
  expect((await download(server, server.job)).content).toEqual(file);
  expect(pauses).toEqual([0, 130_000, 130_000]);
});

test("46 requests a fresh URL if the old one leads to a login page during a resume", async () => {
  const server = await serveExport([broken(half), html(200), html(200), ranged()]);
  takeTimers();
  expect((await download(server, server.job)).content).toEqual(file);
  expect(server.requests.map(({ url }) => url)).toEqual([
    "/file?asked=0",
    "/file?asked=0",
    "/file?asked=0",
    "/file?asked=1",
  ]);
});

/** A redirect to the file. */
const redirect: Responder = (response) => response.writeHead(302, { location: "/file" }).end();

test("47 a page of a proxy in the middle of a download does not give up its URL", async () => {
  const server = await serveExport([broken(half), html(200), ranged()]);
  takeTimers();
  expect((await download(server, server.job)).content).toEqual(file);
  expect(server.jobRequests()).toBe(0);
});

test("47 a download whose file was opened does not time out for an earlier failure", async () => {
  const server = await serveExport([json({}, 503), headOnly]);
  vi.mocked(Math.random).mockReturnValue(0);
  const { error } = await download(server, server.job, { timeout: 200 });
  expect(error).toMatchObject({ bound: "total" });
  expect(error).not.toHaveProperty("cause");
});

test("a download that is closed before it is read leaves nothing on the caller's signal", async () => {
  const server = await serveExport([whole()]);
  const { signal } = new AbortController();
  const remove = vi.spyOn(signal, "removeEventListener");
  const closed = await server.auditLogs.openDownload(server.job, { signal });
  remove.mockClear();
  await closed.close();
  expect(remove).toHaveBeenCalledOnce();
  const returned = await server.auditLogs.openDownload(server.job, { signal });
  remove.mockClear();
  await returned[Symbol.asyncIterator]().return?.();
  expect(remove).toHaveBeenCalledOnce();
});

test("47 a download whose time is up behind a redirect reports the last failure", async () => {
  const timers = takeTimers();
  const runOut: Responder = () => setImmediate().then(timers.runOut);
  const server = await serveExport([redirect, json({}, 503), redirect, runOut]);
  const { error } = await download(server, server.job, { timeout: 20_000 });
  expect(error).toMatchObject({ bound: "total", cause: { status: 503 } });
});

test("47 a download whose time is up reports the last failure", async () => {
  const timers = takeTimers();
  const server = await serveExport([json({}, 503), () => setImmediate().then(timers.runOut)]);
  const { error } = await download(server, server.job, { timeout: 20_000 });
  expect(error).toMatchObject({
    bound: "total",
    cause: { status: 503 },
    message: expect.stringMatching(/; the last failure: the server responded with 503/),
  });
});

/** Sends the headers of the file, but no content. */
const headOnly: Responder = (response) =>
  response.writeHead(200, { "content-length": file.byteLength }).flushHeaders();

test("47 starts again if nothing was delivered yet, even without a tag", async () => {
  const server = await serveExport([headOnly, whole({})], { idleTimeout: 200 });
  const { content } = await download(server, server.job);
  expect(content).toEqual(file);
  expect(server.requests[1]?.headers).not.toHaveProperty("range");
});

test("47 a file that ends before its announced length is incomplete, though no connection broke", async () => {
  const headers = { "content-length": String(file.byteLength + 1) };
  const server = await serveExport([whole()], {
    fetch: async () => new Response(new Uint8Array(file), { headers }),
  });
  const { content, error } = await download(server, server.job, { maxRetries: 0 });
  expect(content).toEqual(file);
  expect(error).toMatchObject({
    bytes: file.byteLength,
    cause: { message: expect.stringContaining(`${file.byteLength + 1} bytes were announced`) },
  });
});

test("47 is complete if the connection breaks after the last byte that was announced", async () => {
  const range = { "content-range": `bytes ${half}-${file.byteLength - 1}/${file.byteLength}` };
  const server = await serveExport([
    broken(half),
    (response) => {
      // Chunked, and without the last chunk.
      response.writeHead(206, { etag, ...range });
      response.write(file.subarray(half), () => response.destroy());
    },
  ]);
  const { content, error } = await download(server, server.job);
  expect(error).toBeUndefined();
  expect(content).toEqual(file);
  expect(server.requests).toHaveLength(2);
});

test("47 a later Retry-After beyond the timeout is reported, with the bytes so far", async () => {
  const server = await serveExport([broken(half), json({}, 503, { "retry-after": "61" })]);
  const { error } = await download(server, server.job, { timeout: 60_000 });
  expect(error).toMatchObject({
    name: "DownloadInterruptedError",
    bytes: half,
    retryAfter: 61_000,
    isTransient: true,
  });
});

test("47 a Retry-After beyond the timeout ends a download at once", async () => {
  const server = await serveExport([json({}, 503, { "retry-after": "61" })]);
  const { error } = await download(server, server.job, { timeout: 60_000 });
  expect(error).toMatchObject({ name: "ApiError", status: 503, retryAfter: 61_000 });
  expect(server.requests).toHaveLength(1);
});

test("47 a Retry-After without an end ends a download at once, even without a timeout", async () => {
  takeTimers();
  const server = await serveExport([json({}, 503, { "retry-after": "9".repeat(400) }), whole()]);
  const { error } = await download(server, server.job, { timeout: Infinity });
  expect(error).toMatchObject({ name: "ApiError", status: 503, retryAfter: Infinity });
});

test("47 requests no range if no byte was delivered, even with a tag", async () => {
  const server = await serveExport([whole()]);
  const { content } = await download(server, server.job, { resume: { bytes: 0, etag } });
  expect(content).toEqual(file);
  expect(server.requests[0]?.headers).not.toHaveProperty("range");
});

test.each<[string, Responder]>([
  ["begins elsewhere", part(half - 1)],
  ["begins later", part(half + 1)],
  ["does not say where it begins", (response) => response.writeHead(206, { etag }).end("{}")],
  [
    "is in several parts",
    (response) =>
      response
        .writeHead(206, { etag, "content-type": "multipart/byteranges; boundary=x" })
        .end("--x--"),
  ],
  ["counts in other units", part(half, { "content-range": `lines ${half}-9/10` })],
])("48 refuses a 206 that %s", async (_, responder) => {
  const server = await serveExport([broken(half), responder]);
  const { content, error } = await download(server, server.job);
  expect(error).toBeInstanceOf(DownloadInterruptedError);
  expect(error).toMatchObject({ bytes: half });
  expect(content).toEqual(file.subarray(0, half));
  expect(server.requests).toHaveLength(2);
});

test("48 refuses an unsolicited 206", async () => {
  const range = { "content-range": `bytes 0-${file.byteLength - 1}/${file.byteLength}` };
  const untagged: Responder = (response) => response.writeHead(206, range).end(file);
  for (const responder of [part(0), untagged]) {
    const server = await serveExport([responder]);
    expect((await download(server, server.job)).error).toMatchObject({
      name: "DownloadInterruptedError",
      bytes: 0,
    });
  }
});

test("49 skips the delivered bytes if the server responds to a range with the complete file", async () => {
  const server = await serveExport([broken(half), whole()]);
  const { content, state } = await download(server, server.job);
  expect(content).toEqual(file);
  expect(state?.bytes).toBe(file.byteLength);
});

test("49 skips the delivered bytes in a complete file of many chunks, and delivers no empty one", async () => {
  const size = half / 2;
  const chunks = [0, 1, 2, 3].map((index) => file.subarray(index * size, (index + 1) * size));
  const server = await serveExport([whole()], {
    fetch: async () => new Response(ReadableStream.from(chunks), { headers: { etag } }),
  });
  const resume = { bytes: half + 1, etag };
  const delivered: Uint8Array[] = [];
  const handle = await server.auditLogs.openDownload(server.job, { resume });
  for await (const chunk of handle) delivered.push(chunk);
  expect(delivered).toEqual([file.subarray(half + 1, half + size), chunks[3]]);
});

test("a response without a body is an empty file", async () => {
  const server = await serveExport([whole()], { fetch: async () => new Response(null) });
  const { content, error } = await download(server, server.job);
  expect(error).toBeUndefined();
  expect(content).toHaveLength(0);
});

test.each<[string, Responder]>([
  ["another file", whole({ etag: '"other"' })],
  ["a file without a tag", whole({})],
  ["a file with a weak tag", whole({ etag: `W/${etag}` })],
])("49 stops if the server responds to a range with %s", async (_, responder) => {
  const server = await serveExport([broken(half), responder]);
  const { content, error } = await download(server, server.job);
  expect(error).toBeInstanceOf(DownloadInterruptedError);
  expect(String(error)).toContain("the file has changed");
  expect(content).toEqual(file.subarray(0, half));
});

test("49 stops if the complete file is shorter than the delivered bytes", async () => {
  const server = await serveExport([broken(half), whole({ etag }, file.subarray(0, half - 1))]);
  const { content, error } = await download(server, server.job);
  expect(error).toBeInstanceOf(DownloadInterruptedError);
  expect(content).toEqual(file.subarray(0, half));
});

test("50 stops if the file has changed, whether the server sends 200 or 206", async () => {
  const other = Buffer.from(file.toString().replaceAll("é", "è"));
  for (const responder of [ranged(other), part(half, {}, other)]) {
    const server = await serveExport([broken(half), responder]);
    const { content, error } = await download(server, server.job);
    expect(error).toBeInstanceOf(DownloadInterruptedError);
    expect(error).toMatchObject({ bytes: half });
    expect(content).toEqual(file.subarray(0, half));
    expect(server.requests[1]?.headers).toMatchObject(headersOf(half));
  }
});

test.each([{ etag: `W/${etag}` }, { etag: `${etag}, "b"` }, {}])(
  "51 requests no range of a file without a strong tag: %j",
  async (headers) => {
    const server = await serveExport([broken(half, headers), ranged()]);
    const { content, error } = await download(server, server.job);
    expect(error).toBeInstanceOf(DownloadInterruptedError);
    expect(error).toMatchObject({ bytes: half, cause: expect.any(ConnectionError) });
    expect(content).toEqual(file.subarray(0, half));
    expect(server.requests).toHaveLength(1);
  },
);

test("52 treats a 416 as the end, if the file ends there", async () => {
  const server = await serveExport([outside(file.byteLength)]);
  const resume = { bytes: file.byteLength, etag };
  const { content, state } = await download(server, server.job, { resume });
  expect(content).toHaveLength(0);
  expect(state).toMatchObject({ bytes: file.byteLength, length: file.byteLength });
});

test.each([half - 1, half + 1, "*", "none"])(
  "52 stops at a 416 if the file has another length: %s",
  async (length) => {
    const server = await serveExport([outside(length)]);
    const { error } = await download(server, server.job, { resume: { bytes: half, etag } });
    expect(error).toBeInstanceOf(DownloadInterruptedError);
    expect(error).toMatchObject({ bytes: half });
  },
);

test("55 a file that is cut within a line is an error, after the events before it", async () => {
  const end = file.lastIndexOf("}") - 1;
  const server = await serveExport([(response) => response.end(file.subarray(0, end))]);
  const { delivered, error } = await read(server);
  expect(error).toBeInstanceOf(DownloadInterruptedError);
  expect(error).toMatchObject({ bytes: end });
  expect(String(error)).toContain("line 100, the last, is truncated");
  expect(delivered).toEqual(events.slice(0, -1));
});

describe("56 a file that is cut exactly after a newline", () => {
  const content = file.subarray(0, file.lastIndexOf("\n", -2) + 1);
  const cut: Responder = (response) => {
    response.flushHeaders();
    response.end(content);
  };

  test("56 is an error, if the job counts more events", async () => {
    const server = await serveExport([cut], { total: 100 });
    const { delivered, error } = await read(server);
    expect(error).toBeInstanceOf(DownloadInterruptedError);
    expect(error).toMatchObject({ bytes: content.byteLength });
    expect(String(error)).toContain("the number of events is 99, but the job counts 100");
    expect(delivered).toEqual(events.slice(0, -1));
  });

  test("56 is not noticed, if the job has no count, and the summary says so", async () => {
    const { delivered, summary } = await read(await serveExport([cut]));
    expect(delivered).toHaveLength(99);
    expect(summary).toEqual({ events: 99, bytes: content.byteLength, verifiedBy: [] });
  });
});

const zipped = gzipSync(file);
const gzip = { "content-encoding": "gzip", etag };

test("57 truncated gzip with a regular end of the body is detected by its last line", async () => {
  const content = zipped.subarray(0, zipped.byteLength - 40);
  const server = await serveExport([(response) => response.writeHead(200, gzip).end(content)]);
  const { delivered, error } = await read(server);
  expect(error).toBeInstanceOf(DownloadInterruptedError);
  expect(delivered).toEqual(events.slice(0, delivered.length));
});

test("57 truncated gzip is detected by the job's count", async () => {
  // Complete lines, but without the end of the gzip data.
  const lines = gzipSync(file, { finishFlush: constants.Z_SYNC_FLUSH });
  const cut: Responder = (response) => response.writeHead(200, gzip).end(lines);
  const { error } = await read(await serveExport([cut], { total: 101 }));
  expect(error).toBeInstanceOf(DownloadInterruptedError);
  const { summary } = await read(await serveExport([cut]));
  expect(summary?.verifiedBy).toEqual([]);
});

test("57 gzip that is shorter than announced is an error", async () => {
  const server = await serveExport([
    (response) => {
      response.writeHead(200, { ...gzip, "content-length": zipped.byteLength });
      response.write(zipped.subarray(0, -40), () => response.destroy());
    },
  ]);
  const { error } = await read(server);
  expect(error).toBeInstanceOf(DownloadInterruptedError);
});

test("58 gzip with a bad checksum is an error, and does not hang", async () => {
  const bad = Buffer.from(zipped);
  bad.writeUInt32LE(bad.readUInt32LE(bad.byteLength - 8) ^ 1, bad.byteLength - 8);
  const server = await serveExport([(response) => response.writeHead(200, gzip).end(bad)], {
    idleTimeout: 50,
  });
  const { delivered, error } = await read(server, { maxRetries: 3 });
  expect(error).toBeInstanceOf(DownloadInterruptedError);
  expect((error as Error).cause).toSatisfy(
    (cause) => cause instanceof TimeoutError || cause instanceof ConnectionError,
  );
  expect(delivered).toEqual(events.slice(0, delivered.length));
});

test("59 requests the file without encoding, so that ranges and lengths are correct", async () => {
  const server = await serveExport([whole()]);
  await download(server, server.job);
  expect(server.requests[0]?.headers["accept-encoding"]).toBe("identity");
});

test("59 reads gzip anyway, and ignores its length and its tag", async () => {
  const server = await serveExport([whole(gzip, zipped)]);
  const { content, state } = await download(server, server.job);
  expect(content).toEqual(file);
  expect(state).not.toHaveProperty("length");
  expect(state).not.toHaveProperty("etag");
});

test("59 requests no range of gzip, because it has counted decoded bytes", async () => {
  const bytes = gzipSync(file.subarray(0, half), { finishFlush: constants.Z_SYNC_FLUSH });
  const server = await serveExport([broken(half, gzip, 0, bytes), ranged()]);
  const { content, error } = await download(server, server.job);
  expect(error).toBeInstanceOf(DownloadInterruptedError);
  expect(content).toEqual(file.subarray(0, half));
  expect(server.requests).toHaveLength(1);
});

test.each([gzip, { "content-encoding": "gzip" }])(
  "59 refuses a part in gzip: %j",
  async (headers) => {
    const range = { "content-range": `bytes ${half}-${file.byteLength - 1}/*` };
    const server = await serveExport([
      broken(half),
      (response) =>
        response.writeHead(206, { ...headers, ...range }).end(gzipSync(file.subarray(half))),
    ]);
    const { content, error } = await download(server, server.job);
    expect(error).toBeInstanceOf(DownloadInterruptedError);
    expect(content).toEqual(file.subarray(0, half));
  },
);

test("59 refuses the complete file in gzip instead of a part", async () => {
  const server = await serveExport([broken(half), whole(gzip, zipped)]);
  const { content, error } = await download(server, server.job);
  expect(error).toBeInstanceOf(DownloadInterruptedError);
  expect(content).toEqual(file.subarray(0, half));
});

/** The gzip of so many bytes that repeat a text: a member (RFC 1952 §2.2) for each 2^20 of them. */
function bombOf(size: number, text: string): Buffer {
  const member = gzipSync(text.repeat(2 ** 20 / text.length));
  return Buffer.concat(Array<Buffer>(size / 2 ** 20).fill(member));
}

/** How many bytes are still in use after a garbage collection. */
async function memoryInUse(): Promise<number> {
  setFlagsFromString("--expose-gc");
  const collect: () => void = runInNewContext("gc");
  collect();
  // Buffers are released by then.
  await setImmediate();
  collect();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

describe("60 a decompression bomb", () => {
  test("60 in one line is refused for the length of the line, in bounded memory", async () => {
    const bomb = bombOf(2 ** 27, `{"a":"${"a".repeat(1018)}`);
    const server = await serveExport([whole(gzip, bomb)]);
    let bytes = 0;
    const onProgress = (state: { readonly bytes: number }): void => {
      bytes = state.bytes;
    };
    const { delivered, error } = await read(server, { maxLineLength: 2 ** 20, onProgress });
    expect(bomb.byteLength).toBeLessThan(2 ** 20);
    expect(error).toBeInstanceOf(InvalidResponseError);
    expect(String(error)).toContain("line 1: it is longer than 1048576 bytes");
    expect(delivered).toEqual([]);
    // The rest is never decompressed.
    expect(bytes).toBeLessThan(2 ** 22);
  });

  test("60 of many lines is read in bounded memory, and refused for the job's count", async () => {
    const [size, lineSize] = [2 ** 26, 2 ** 14];
    const bomb = bombOf(size, `{"a":"${"a".repeat(lineSize - 9)}"}\n`);
    const server = await serveExport([whole(gzip, bomb)], { total: 5 });
    const before = await memoryInUse();
    let halfway = Number.NaN;
    let count = 0;
    const error = await errorOf(
      (async () => {
        for await (const _ of server.auditLogs.readExport(server.job)) {
          count += 1;
          if (count === size / lineSize / 2) halfway = await memoryInUse();
        }
      })(),
    );
    expect(error).toBeInstanceOf(InvalidResponseError);
    expect(String(error)).toContain("the job counts 5");
    expect(count).toBe(size / lineSize);
    // Either half would be in memory if it were kept, or decompressed ahead. A third of one may be on its way.
    expect(halfway - before).toBeLessThan(size / 3);
  });
});

/** A response that stays open, and a promise that resolves when it is closed. */
function openEnded(): { readonly responder: Responder; readonly closed: Promise<unknown> } {
  let closing: (value: unknown) => void;
  const closed = new Promise((resolve) => {
    closing = resolve;
  });
  const responder = (response: ServerResponse): void => {
    response.writeHead(200, { etag }).write(file);
    once(response, "close").then(closing, closing);
  };
  return { responder, closed };
}

test("leaving the loop over events or bytes early closes the connection", async () => {
  const { responder, closed } = openEnded();
  const server = await serveExport([responder]);
  const first: unknown[] = [];
  for await (const event of server.auditLogs.readExport(server.job)) {
    first.push(event);
    break;
  }
  expect(first).toEqual([events[0]]);
  await closed;

  const second = openEnded();
  const other = await serveExport([second.responder]);
  for await (const chunk of await other.auditLogs.openDownload(other.job)) {
    expect(chunk.byteLength).toBeGreaterThan(0);
    break;
  }
  await second.closed;
});

test("closing a download that was never read releases the connection", async () => {
  const { responder, closed } = openEnded();
  const server = await serveExport([responder]);
  const handle = await server.auditLogs.openDownload(server.job);
  expect(handle.state).toMatchObject({ bytes: 0, job: server.job });
  await handle.close();
  await closed;
});

test("an error of a callback ends the download and closes the connection", async () => {
  const { responder, closed } = openEnded();
  const server = await serveExport([responder]);
  const reason = new RangeError("too much");
  const onProgress = (): void => {
    throw reason;
  };
  const handle = await server.auditLogs.openDownload(server.job, { onProgress });
  await expect(handle[Symbol.asyncIterator]().next()).rejects.toBe(reason);
  await closed;
});

test("a timeout or an abort ends the download and closes the connection", async () => {
  const first = openEnded();
  const server = await serveExport([first.responder]);
  const { error } = await download(server, server.job, { timeout: 50 });
  expect(error).toMatchObject({ name: "TimeoutError", bound: "total" });

  const second = openEnded();
  const other = await serveExport([second.responder]);
  const controller = new AbortController();
  const reason = new Error("changed my mind");
  const { signal } = controller;
  const onProgress = (): void => controller.abort(reason);
  const handle = await other.auditLogs.openDownload(other.job, { signal, onProgress });
  const chunks = handle[Symbol.asyncIterator]();
  await expect(chunks.next()).rejects.toBe(reason);
  // The bytes were not delivered, so a later download has to start before them.
  expect(handle.state.bytes).toBe(0);
  await second.closed;
});

test.each(["nope\n", '{"a":'])(
  "an abort before %j in the same chunk ends the reading with its reason",
  async (rest) => {
    const server = await serveExport([whole({}, Buffer.from(`{"a":1}\n${rest}`))]);
    const controller = new AbortController();
    const reason = new Error("changed my mind");
    const { signal } = controller;
    const reading = server.auditLogs.readExport(server.job, { signal });
    await reading.next();
    controller.abort(reason);
    await expect(reading.next()).rejects.toBe(reason);
  },
);

test("a file that a proxy has changed is a file, and another success is not quoted", async () => {
  const [changed, accepted] = await Promise.all(
    [203, 202].map(async (status) => {
      const server = await serveExport([(response) => response.writeHead(status).end(file)]);
      return download(server, server.job);
    }),
  );
  expect(changed?.content).toEqual(file);
  expect(accepted?.error).toMatchObject({ name: "ApiError", status: 202, reason: "" });
});

test("an abort before the first read closes the connection", async () => {
  const { responder, closed } = openEnded();
  const server = await serveExport([responder]);
  const controller = new AbortController();
  const { signal } = controller;
  const handle = await server.auditLogs.openDownload(server.job, { signal });
  const reason = new Error("changed my mind");
  controller.abort(reason);
  await closed;
  await expect(handle[Symbol.asyncIterator]().next()).rejects.toBe(reason);
});

test("an abort between two reads closes the connection", async () => {
  const { responder, closed } = openEnded();
  const server = await serveExport([responder]);
  const controller = new AbortController();
  const { signal } = controller;
  const handle = await server.auditLogs.openDownload(server.job, { signal });
  const chunks = handle[Symbol.asyncIterator]();
  await chunks.next();
  const reason = new Error("changed my mind");
  controller.abort(reason);
  await closed;
  await expect(chunks.next()).rejects.toBe(reason);
});

test("an HTML page is not mistaken for the file, when reading events or bytes", async () => {
  const server = await serveExport([html(200)]);
  for (const { error } of [await read(server), await download(server, server.job)]) {
    expect(error).toBeInstanceOf(InvalidResponseError);
    expect(String(error)).toContain("an HTML page");
  }
});
