import { once } from "node:events";
import type { ServerResponse } from "node:http";
import { constants, gzipSync } from "node:zlib";
import { describe, expect, test, vi } from "vitest";
import {
  ApiError,
  ConnectionError,
  DownloadInterruptedError,
  InvalidResponseError,
  TimeoutError,
} from "../../src/index.ts";
import { html, json, type Answer } from "./answers.ts";
import {
  broken,
  download,
  etag,
  events,
  file,
  outside,
  part,
  ranged,
  read,
  refused,
  serveExport,
  whole,
} from "./export-server.ts";
import { errorOf, jobId, takeTimers, token } from "./setup.ts";

const half = 3000;
const headersOf = (range: number, tag = etag) => ({ range: `bytes=${range}-`, "if-range": tag });

test.each([400, 401, 403, 404, 410])(
  "45 asks the job for a fresh URL when the one it had is answered %i",
  async (status) => {
    const server = await serveExport([refused(status), whole()]);
    const { content } = await download(server, server.job);
    expect(content).toEqual(file);
    expect(server.requests.map(({ url }) => url)).toEqual(["/file?asked=0", "/file?asked=1"]);
  },
);

test("45 asks for a fresh URL once", async () => {
  const server = await serveExport([refused(403)]);
  const { content, error } = await download(server, server.job);
  expect(error).toBeInstanceOf(ApiError);
  expect(error).toMatchObject({ status: 403, body: "<Error/>" });
  expect(content).toHaveLength(0);
  expect(server.asked()).toBe(1);
  expect(server.requests).toHaveLength(2);
});

test("45 does not ask twice when the URL was fresh, nor for what is no matter of age", async () => {
  const fresh = await serveExport([refused(403)]);
  await download(fresh, jobId);
  expect(fresh.asked()).toBe(1);
  expect(fresh.requests).toHaveLength(1);

  const conflict = await serveExport([json({ detail: "not yet" }, 409)]);
  const { error } = await download(conflict, conflict.job);
  expect(error).toMatchObject({ status: 409, body: { detail: "not yet" } });
  expect(conflict.asked()).toBe(0);
});

test("45 asks for the URL of a job that has none yet", async () => {
  const server = await serveExport([whole()]);
  const { content } = await download(server, { ...server.job, download_url: null });
  expect(content).toEqual(file);
  expect(server.asked()).toBe(1);
});

test("45 the body of a refusal is bounded in time, and does not repeat the token", async () => {
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

test("46 asks for a fresh URL when it expires during a resume", async () => {
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

test("46 asks for a fresh URL when one that was fresh at the start expires during a resume", async () => {
  const server = await serveExport([broken(half), refused(403), ranged()]);
  const { content } = await download(server, jobId);
  expect(content).toEqual(file);
  expect(server.asked()).toBe(2);
});

test("47 goes on where the connection broke, by a range of the same file", async () => {
  const server = await serveExport([broken(half), broken(half + 500, { etag }, half), ranged()]);
  const { content, state } = await download(server, server.job);
  expect(content).toEqual(file);
  expect(state).toMatchObject({ bytes: file.byteLength, length: file.byteLength, etag });
  expect(server.requests[0]?.headers).not.toHaveProperty("range");
  expect(server.requests[1]?.headers).toMatchObject(headersOf(half));
  expect(server.requests[2]?.headers).toMatchObject(headersOf(half + 500));
});

test("47 reads each event once, though the connection broke inside of a line", async () => {
  const server = await serveExport([broken(half), ranged()], { total: events.length });
  const result = await read(server);
  expect(result.given).toEqual(events);
  expect(result.summary?.verifiedBy).toEqual(["length", "total_records"]);
});

test("47 takes a part without a length in all, and one that ends early", async () => {
  const size = file.byteLength;
  const early: Answer = (response) =>
    response
      .writeHead(206, { etag, "content-range": `bytes ${half}-${half + 99}/*` })
      .end(file.subarray(half, half + 100));
  const server = await serveExport([broken(half), early, ranged()]);
  const { content, state } = await download(server, server.job);
  expect(content).toEqual(file);
  expect(state).toMatchObject({ bytes: size, length: size });
});

test("47 takes a connection up again as long as bytes come, by other retries than those of requests", async () => {
  const cuts = Array.from({ length: 150 }, (_, count) =>
    broken(half + count, { etag }, count && half + count - 1),
  );
  const server = await serveExport([...cuts, ranged()]);
  expect((await download(server, server.job)).content).toEqual(file);
  expect(server.requests).toHaveLength(151);
});

test("47 goes on no more than maxRetries times in a row", async () => {
  const server = await serveExport([broken(half), refused(503)]);
  const { content, error } = await download(server, server.job, { maxRetries: 2 });
  expect(error).toBeInstanceOf(DownloadInterruptedError);
  expect(error).toMatchObject({ bytes: half, cause: expect.any(ApiError) });
  expect(content).toEqual(file.subarray(0, half));
  expect(server.requests).toHaveLength(1 + 2);
});

test("47 pauses before it goes on, no longer for a break after bytes have come", async () => {
  const cut = [broken(half), broken(half + 1, { etag }, half)];
  const server = await serveExport([...cut, ranged()]);
  vi.mocked(Math.random).mockReturnValue(0.5);
  const { pauses } = takeTimers();
  expect((await download(server, server.job)).content).toEqual(file);
  expect(pauses).toEqual([250, 250]);
});

/** Says that the file will come, and sends none of it. */
const headOnly: Answer = (response) =>
  response.writeHead(200, { "content-length": file.byteLength }).flushHeaders();

test("47 starts again when nothing was delivered yet, even without a tag", async () => {
  const server = await serveExport([headOnly, whole({})], { idleTimeout: 200 });
  const { content } = await download(server, server.job);
  expect(content).toEqual(file);
  expect(server.requests[1]?.headers).not.toHaveProperty("range");
});

test.each<[string, Answer]>([
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
])("48 refuses a 206 that %s", async (_, answer) => {
  const server = await serveExport([broken(half), answer]);
  const { content, error } = await download(server, server.job);
  expect(error).toBeInstanceOf(DownloadInterruptedError);
  expect(error).toMatchObject({ bytes: half });
  expect(content).toEqual(file.subarray(0, half));
  expect(server.requests).toHaveLength(2);
});

test("48 refuses a 206 that nobody asked for", async () => {
  const range = { "content-range": `bytes 0-${file.byteLength - 1}/${file.byteLength}` };
  const untagged: Answer = (response) => response.writeHead(206, range).end(file);
  for (const answer of [part(0), untagged]) {
    const server = await serveExport([answer]);
    expect((await download(server, server.job)).error).toMatchObject({
      name: "DownloadInterruptedError",
      bytes: 0,
    });
  }
});

test("49 skips what was delivered, when a range is answered by the whole of the same file", async () => {
  const server = await serveExport([broken(half), whole()]);
  const { content, state } = await download(server, server.job);
  expect(content).toEqual(file);
  expect(state?.bytes).toBe(file.byteLength);
});

test.each<[string, Answer]>([
  ["of another file", whole({ etag: '"other"' })],
  ["of a file without a tag", whole({})],
  ["of a file with a weak tag", whole({ etag: `W/${etag}` })],
])("49 stops when a range is answered by the whole %s", async (_, answer) => {
  const server = await serveExport([broken(half), answer]);
  const { content, error } = await download(server, server.job);
  expect(error).toBeInstanceOf(DownloadInterruptedError);
  expect(String(error)).toContain("the file has changed");
  expect(content).toEqual(file.subarray(0, half));
});

test("49 stops when the whole of the same file is shorter than what was delivered", async () => {
  const server = await serveExport([broken(half), whole({ etag }, file.subarray(0, half - 1))]);
  const { content, error } = await download(server, server.job);
  expect(error).toBeInstanceOf(DownloadInterruptedError);
  expect(content).toEqual(file.subarray(0, half));
});

test("50 stops when the file has changed, whether the server says so by 200 or by 206", async () => {
  const other = Buffer.from(file.toString().replaceAll("é", "è"));
  for (const answer of [ranged(other), part(half, {}, other)]) {
    const server = await serveExport([broken(half), answer]);
    const { content, error } = await download(server, server.job);
    expect(error).toBeInstanceOf(DownloadInterruptedError);
    expect(error).toMatchObject({ bytes: half });
    expect(content).toEqual(file.subarray(0, half));
    expect(server.requests[1]?.headers).toMatchObject(headersOf(half));
  }
});

test.each([{ etag: `W/${etag}` }, {}])(
  "51 asks for no part of a file of which it cannot tell versions apart: %j",
  async (headers) => {
    const server = await serveExport([broken(half, headers), ranged()]);
    const { content, error } = await download(server, server.job);
    expect(error).toBeInstanceOf(DownloadInterruptedError);
    expect(error).toMatchObject({ bytes: half, cause: expect.any(ConnectionError) });
    expect(content).toEqual(file.subarray(0, half));
    expect(server.requests).toHaveLength(1);
  },
);

test("52 takes a 416 for the end, if the file ends there", async () => {
  const server = await serveExport([outside(file.byteLength)]);
  const resume = { bytes: file.byteLength, etag };
  const { content, state } = await download(server, server.job, { resume });
  expect(content).toHaveLength(0);
  expect(state).toMatchObject({ bytes: file.byteLength, length: file.byteLength });
});

test.each([half - 1, half + 1, "*", "none"])(
  "52 stops at a 416 that says that the file has another length: %s",
  async (length) => {
    const server = await serveExport([outside(length)]);
    const { error } = await download(server, server.job, { resume: { bytes: half, etag } });
    expect(error).toBeInstanceOf(DownloadInterruptedError);
    expect(error).toMatchObject({ bytes: half });
  },
);

test("55 a file that is cut in the middle of a line is an error, after the lines before", async () => {
  const end = file.lastIndexOf("}") - 1;
  const server = await serveExport([(response) => response.end(file.subarray(0, end))]);
  const { given, error } = await read(server);
  expect(error).toBeInstanceOf(DownloadInterruptedError);
  expect(error).toMatchObject({ bytes: end });
  expect(String(error)).toContain("line 100, the last, is cut short");
  expect(given).toEqual(events.slice(0, -1));
});

describe("56 a file that is cut exactly after a newline", () => {
  const content = file.subarray(0, file.lastIndexOf("\n", -2) + 1);
  const cut: Answer = (response) => {
    response.flushHeaders();
    response.end(content);
  };

  test("56 is an error, if the job counts more events", async () => {
    const server = await serveExport([cut], { total: 100 });
    const { given, error } = await read(server);
    expect(error).toBeInstanceOf(DownloadInterruptedError);
    expect(error).toMatchObject({ bytes: content.byteLength });
    expect(String(error)).toContain("99 events came, and the job counts 100");
    expect(given).toEqual(events.slice(0, -1));
  });

  test("56 is not noticed, if the job counts none, and the summary says so", async () => {
    const { given, summary } = await read(await serveExport([cut]));
    expect(given).toHaveLength(99);
    expect(summary).toEqual({ events: 99, bytes: content.byteLength, verifiedBy: [] });
  });
});

const zipped = gzipSync(file);
const gzip = { "content-encoding": "gzip", etag };

test("57 a gzip that is cut, and ends as it should, is caught by its last line", async () => {
  const content = zipped.subarray(0, zipped.byteLength - 40);
  const server = await serveExport([(response) => response.writeHead(200, gzip).end(content)]);
  const { given, error } = await read(server);
  expect(error).toBeInstanceOf(DownloadInterruptedError);
  expect(given).toEqual(events.slice(0, given.length));
});

test("57 a gzip that is cut is caught by what the job counts", async () => {
  // Complete lines, and no end of the gzip after them.
  const lines = gzipSync(file, { finishFlush: constants.Z_SYNC_FLUSH });
  const cut: Answer = (response) => response.writeHead(200, gzip).end(lines);
  const { error } = await read(await serveExport([cut], { total: 101 }));
  expect(error).toBeInstanceOf(DownloadInterruptedError);
  const { summary } = await read(await serveExport([cut]));
  expect(summary?.verifiedBy).toEqual([]);
});

test("57 a gzip that is shorter than announced is an error", async () => {
  const server = await serveExport([
    (response) => {
      response.writeHead(200, { ...gzip, "content-length": zipped.byteLength });
      response.write(zipped.subarray(0, -40), () => response.destroy());
    },
  ]);
  const { error } = await read(server);
  expect(error).toBeInstanceOf(DownloadInterruptedError);
});

test("58 a gzip with a bad checksum is an error, and does not hang", async () => {
  const bad = Buffer.from(zipped);
  bad.writeUInt32LE(bad.readUInt32LE(bad.byteLength - 8) ^ 1, bad.byteLength - 8);
  const server = await serveExport([(response) => response.writeHead(200, gzip).end(bad)], {
    idleTimeout: 50,
  });
  const { given, error } = await read(server, { maxRetries: 3 });
  expect(error).toBeInstanceOf(DownloadInterruptedError);
  expect((error as Error).cause).toSatisfy(
    (cause) => cause instanceof TimeoutError || cause instanceof ConnectionError,
  );
  expect(given).toEqual(events.slice(0, given.length));
});

test("59 asks for the bytes as they are, so that ranges and lengths mean what they say", async () => {
  const server = await serveExport([whole()]);
  await download(server, server.job);
  expect(server.requests[0]?.headers["accept-encoding"]).toBe("identity");
});

test("59 reads a gzip all the same, and notes neither its length nor its tag", async () => {
  const server = await serveExport([whole(gzip, zipped)]);
  const { content, state } = await download(server, server.job);
  expect(content).toEqual(file);
  expect(state).not.toHaveProperty("length");
  expect(state).not.toHaveProperty("etag");
});

test("59 asks for no part of a gzip, whose bytes were not those that were counted", async () => {
  const bytes = gzipSync(file.subarray(0, half), { finishFlush: constants.Z_SYNC_FLUSH });
  const server = await serveExport([broken(half, gzip, 0, bytes), ranged()]);
  const { content, error } = await download(server, server.job);
  expect(error).toBeInstanceOf(DownloadInterruptedError);
  expect(content).toEqual(file.subarray(0, half));
  expect(server.requests).toHaveLength(1);
});

test.each([gzip, { "content-encoding": "gzip" }])(
  "59 refuses a part that comes as gzip: %j",
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

test("59 refuses the whole that comes as gzip in place of a part", async () => {
  const server = await serveExport([broken(half), whole(gzip, zipped)]);
  const { content, error } = await download(server, server.job);
  expect(error).toBeInstanceOf(DownloadInterruptedError);
  expect(content).toEqual(file.subarray(0, half));
});

describe("60 a decompression bomb", () => {
  const size = 2 ** 27;

  test("60 in one line is refused by the length of the line, in bounded memory", async () => {
    const bomb = gzipSync(Buffer.alloc(size, `{"a":"${"a".repeat(1000)}`));
    const server = await serveExport([whole(gzip, bomb)]);
    const before = process.memoryUsage.rss();
    let bytes = 0;
    const onProgress = (state: { readonly bytes: number }): void => {
      bytes = state.bytes;
    };
    const { given, error } = await read(server, { maxLineLength: 2 ** 20, onProgress });
    expect(bomb.byteLength).toBeLessThan(2 ** 20);
    expect(error).toBeInstanceOf(InvalidResponseError);
    expect(String(error)).toContain("line 1: it is longer than 1048576 bytes");
    expect(given).toEqual([]);
    // What is left of it is never unpacked.
    expect(bytes).toBeLessThan(2 ** 22);
    expect(process.memoryUsage.rss() - before).toBeLessThan(2 ** 26);
  });

  test("60 of many lines is read in bounded memory, and refused by what the job counts", async () => {
    const line = `{"a":"${"a".repeat(2 ** 14)}"}\n`;
    const bomb = gzipSync(line.repeat(size / line.length));
    const server = await serveExport([whole(gzip, bomb)], { total: 5 });
    const before = process.memoryUsage.rss();
    const reading = server.auditLogs.readExport(server.job);
    let count = 0;
    const error = await errorOf(
      (async () => {
        for await (const _ of reading) count += 1;
      })(),
    );
    expect(error).toBeInstanceOf(InvalidResponseError);
    expect(String(error)).toContain("the job counts 5");
    expect(count).toBeGreaterThanOrEqual(5);
    expect(process.memoryUsage.rss() - before).toBeLessThan(2 ** 27);
  });
});

/** An answer that stays open, and a promise of its end. */
function openEnded(): { readonly answer: Answer; readonly closed: Promise<unknown> } {
  let closing: (value: unknown) => void;
  const closed = new Promise((resolve) => {
    closing = resolve;
  });
  const answer = (response: ServerResponse): void => {
    response.writeHead(200, { etag }).write(file);
    once(response, "close").then(closing, closing);
  };
  return { answer, closed };
}

test("a consumer of events or bytes that stops early closes the connection", async () => {
  const { answer, closed } = openEnded();
  const server = await serveExport([answer]);
  const first: unknown[] = [];
  for await (const event of server.auditLogs.readExport(server.job)) {
    first.push(event);
    break;
  }
  expect(first).toEqual([events[0]]);
  await closed;

  const second = openEnded();
  const other = await serveExport([second.answer]);
  for await (const chunk of await other.auditLogs.openDownload(other.job)) {
    expect(chunk.byteLength).toBeGreaterThan(0);
    break;
  }
  await second.closed;
});

test("a download that is opened and never read lets go of its connection when it is closed", async () => {
  const { answer, closed } = openEnded();
  const server = await serveExport([answer]);
  const opened = await server.auditLogs.openDownload(server.job);
  expect(opened.state).toMatchObject({ bytes: 0, job: server.job });
  await opened.close();
  await closed;
});

test("a callback that throws ends the download with what it threw, and its connection", async () => {
  const { answer, closed } = openEnded();
  const server = await serveExport([answer]);
  const reason = new RangeError("too much");
  const onProgress = (): void => {
    throw reason;
  };
  const opened = await server.auditLogs.openDownload(server.job, { onProgress });
  await expect(opened[Symbol.asyncIterator]().next()).rejects.toBe(reason);
  await closed;
});

test("a download whose time is over, or that is aborted, ends with that, and its connection", async () => {
  const first = openEnded();
  const server = await serveExport([first.answer]);
  const { error } = await download(server, server.job, { timeout: 50 });
  expect(error).toMatchObject({ name: "TimeoutError", bound: "total" });

  const second = openEnded();
  const other = await serveExport([second.answer]);
  const controller = new AbortController();
  const reason = new Error("changed my mind");
  const { signal } = controller;
  const onProgress = (): void => controller.abort(reason);
  const opened = await other.auditLogs.openDownload(other.job, { signal, onProgress });
  const chunks = opened[Symbol.asyncIterator]();
  await chunks.next();
  await expect(chunks.next()).rejects.toBe(reason);
  await second.closed;
});

test("a page of HTML is not taken for the file, of events or of bytes", async () => {
  const server = await serveExport([html(200)]);
  for (const { error } of [await read(server), await download(server, server.job)]) {
    expect(error).toBeInstanceOf(InvalidResponseError);
    expect(String(error)).toContain("a page of HTML");
  }
});
