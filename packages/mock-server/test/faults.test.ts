import { readFile } from "node:fs/promises";
import { Readable } from "node:stream";
import { setImmediate as nextTurn } from "node:timers/promises";
import { createGunzip, gunzipSync } from "node:zlib";
import { expect, test } from "vitest";
import {
  defaultJobId,
  faultKinds,
  type Fault,
  type FaultName,
  type MockJob,
  type MockServer,
} from "../src/index.ts";
import { isFaultName } from "../src/faults.ts";
import { exportsDescription } from "./exports-description.ts";
import { startExports, type Job } from "./start.ts";
import { ask, chunksOf, contentOf, field, messageOf, type RawMessage } from "./ask.ts";

const bearer = { Authorization: "Bearer secret" };
const events = [
  { id: 1, text: "prüfung" },
  { id: 2, text: "b" },
  { id: 3, text: "c" },
];
const lines = events.map((event) => `${JSON.stringify(event)}\n`);
const file = Buffer.from(lines.join(""));
const half = file.length >> 1;
const unsolicited = '{"detail":"Unsolicited response"}';
const running = { status: "running", progress: 40 };

/** How to provoke a fault, and what to expect of it. */
interface Expectation {
  /** The steps of the job; by default it runs, or is completed for a fault of the download. */
  readonly steps?: MockJob["steps"];
  /** The number of correct responses about the job before the fault. */
  readonly before?: number;
  readonly range?: string;
  /** Says when the test need not wait for the end of the connection. */
  readonly isEnough?: (bytes: Buffer) => boolean;
  readonly verify: (raw: RawMessage, url: string) => void | Promise<void>;
}

function jobOf(raw: RawMessage): Job {
  expect(messageOf(raw).status).toBe(200);
  return JSON.parse(contentOf(raw).toString());
}

function responds(
  status: number,
  fields: Readonly<Record<string, unknown>> = {},
  body?: RegExp,
): Expectation {
  return {
    verify(raw) {
      const message = messageOf(raw);
      expect(message.status).toBe(status);
      expect(Object.fromEntries(message.fields)).toMatchObject(fields);
      if (body) expect(contentOf(raw).toString()).toMatch(body);
    },
  };
}

const isHtml = { "content-type": "text/html" };

/** 429, with a date in some seconds by the response's own clock, which may be hours off. */
function waitsUntil(seconds: number, hours: number): Expectation {
  return {
    verify(raw) {
      const message = messageOf(raw);
      expect(message.status).toBe(429);
      const date = Date.parse(field(message, "date") ?? "");
      const until = Date.parse(field(message, "retry-after") ?? "");
      expect(until - date).toBe(seconds * 1000);
      expect(Math.abs(date - Date.now() - hours * 3_600_000)).toBeLessThan(600_000);
    },
  };
}

function reports(fields: Job, rest: Omit<Expectation, "verify"> = {}): Expectation {
  return {
    ...rest,
    verify: (raw) => expect(jobOf(raw)).toMatchObject({ id: defaultJobId, ...fields }),
  };
}

function holds(content: string | Buffer): Expectation {
  return {
    verify(raw) {
      expect(messageOf(raw).status).toBe(200);
      expect(contentOf(raw)).toEqual(Buffer.from(content));
    },
  };
}

const resumes = { range: `bytes=${half}-` };
const completes = { steps: [{ status: "completed" }] };

const expectations: Record<FaultName, Expectation> = {
  "reset-before-headers": {
    verify: (raw) => expect(raw).toEqual({ bytes: Buffer.alloc(0), code: "ECONNRESET" }),
  },
  "close-before-headers": { verify: (raw) => expect(raw).toEqual({ bytes: Buffer.alloc(0) }) },
  "reset-in-body": {
    verify(raw) {
      const message = messageOf(raw);
      expect(raw.code).toBe("ECONNRESET");
      expect(message.body.toString()).toMatch(/^\{"id"/);
      expect(message.body.length).toBeLessThan(Number(field(message, "content-length")));
    },
  },
  "short-body": {
    verify(raw) {
      const message = messageOf(raw);
      expect(raw.code).toBeUndefined();
      expect(message.body.length).toBe(Number(field(message, "content-length")) - 9);
    },
  },
  "truncated-chunked-body": {
    verify(raw) {
      const chunks = chunksOf(messageOf(raw));
      expect(raw.code).toBeUndefined();
      expect(chunks).toHaveLength(1);
      expect(JSON.parse(chunks.join(""))).toMatchObject(running);
    },
  },
  "not-http": { verify: ({ bytes }) => expect(bytes.toString()).toBe("220 ready\r\n") },
  "two-content-lengths": {
    verify(raw) {
      const { fields, body } = messageOf(raw);
      const lengths = fields.filter(([name]) => name === "content-length");
      expect(lengths.map(([, length]) => Number(length))).toEqual([body.length, body.length + 1]);
    },
  },
  // The test below closes the server, and then sees that nothing was sent.
  "no-headers": { verify: ({ bytes }) => expect(bytes).toHaveLength(0) },
  "dripping-body": {
    isEnough: (bytes) => bytes.toString().endsWith("\r\n\r\n   "),
    verify(raw) {
      const message = messageOf(raw);
      expect(message.status).toBe(200);
      expect(Number(field(message, "content-length"))).toBeGreaterThan(2 ** 40);
      expect(message.body.toString()).toBe("   ");
    },
  },
  "long-body": {
    isEnough: (bytes) => bytes.toString().endsWith(unsolicited),
    verify(raw) {
      const message = messageOf(raw);
      const length = Number(field(message, "content-length"));
      expect(field(message, "connection")).toBe("keep-alive");
      expect(JSON.parse(message.body.subarray(0, length).toString())).toMatchObject(running);
      const rest = messageOf({ bytes: message.body.subarray(length) });
      expect(rest.status).toBe(200);
      expect(contentOf({ bytes: message.body.subarray(length) }).toString()).toBe(unsolicited);
    },
  },

  "bad-gateway": responds(502, isHtml, /^<!doctype html>/),
  "service-unavailable": responds(503, isHtml, /^<!doctype html>/),
  "gateway-timeout": responds(504, isHtml, /^<!doctype html>/),
  "retry-after-seconds": responds(429, { "retry-after": "1" }),
  "retry-after-date": waitsUntil(1, 0),
  "retry-after-past": waitsUntil(-3600, 0),
  "retry-after-invalid": responds(429, { "retry-after": "soon" }),
  "retry-after-negative": responds(429, { "retry-after": "-5" }),
  "retry-after-days": responds(429, { "retry-after": "259200" }),
  "clock-ahead": waitsUntil(1, 1),
  "clock-behind": waitsUntil(1, -1),
  "login-page": responds(200, isHtml, /<h1>Sign in/),
  "cut-json": responds(200, { "content-type": "application/json" }, /^\{"id".*[^}]$/),
  "empty-response": responds(200, { "content-length": "0" }, /^$/),
  "no-content": {
    verify(raw) {
      const message = messageOf(raw);
      expect(message.status).toBe(204);
      expect(field(message, "content-length")).toBeUndefined();
      expect(message.body).toHaveLength(0);
    },
  },
  "redirect-loop": {
    verify(raw, url) {
      const message = messageOf(raw);
      expect(message.status).toBe(302);
      expect(new URL(field(message, "location") ?? "", url).href).toBe(url);
    },
  },
  "redirect-elsewhere": responds(302, { location: "https://elsewhere.invalid/" }),
  "expired-token": { ...responds(401, { "www-authenticate": /^Bearer/ }), before: 1 },
  forbidden: responds(403),
  "shorter-total": {
    ...resumes,
    verify(raw) {
      const message = messageOf(raw);
      const total = file.length - 1;
      expect(field(message, "content-range")).toBe(`bytes ${half}-${total - 1}/${total}`);
      expect(contentOf(raw)).toEqual(file.subarray(half, -1));
    },
  },
  "short-part": {
    ...resumes,
    verify(raw) {
      expect(field(messageOf(raw), "content-range")).toMatch(`bytes ${half}-${file.length - 1}/`);
      expect(contentOf(raw)).toHaveLength((file.length - half) >> 1);
    },
  },
  "not-modified": responds(304),
  "redirect-nowhere": {
    verify(raw) {
      expect(messageOf(raw).status).toBe(302);
      expect(field(messageOf(raw), "location")).toBeUndefined();
    },
  },
  "undeclared-gzip": {
    verify(raw) {
      expect(field(messageOf(raw), "content-encoding")).toBeUndefined();
      expect(gunzipSync(contentOf(raw))).toEqual(file);
    },
  },
  "xml-refusal": responds(403, { "content-type": "application/xml" }, /<Message>Not allowed</),
  "not-found-at-first": responds(404),
  "not-found-after-progress": { ...responds(404), before: 1 },

  "job-failed": reports({
    status: "failed",
    download_url: null,
    error_message: "The store is full.",
  }),
  "unknown-status": reports({ status: "archiving", progress: 40 }),
  "progress-backwards": reports({ status: "running", progress: 20 }, { before: 1 }),
  "running-again": reports(
    { status: "running", progress: 10, download_url: null },
    { ...completes, before: 1 },
  ),
  "completed-without-url": reports({ status: "completed", download_url: null }, completes),
  "null-fields": {
    ...completes,
    verify(raw) {
      const { properties } = exportsDescription().components.schemas.Export;
      const nullable = Object.entries(properties).filter(([, schema]) => "anyOf" in schema);
      const job = jobOf(raw);
      expect(job).toMatchObject({ id: defaultJobId, status: "completed" });
      expect(nullable.length).toBeGreaterThan(0);
      expect(job).toMatchObject(Object.fromEntries(nullable.map(([name]) => [name, null])));
    },
  },
  "duplicate-keys": {
    verify(raw) {
      expect(
        contentOf(raw)
          .toString()
          .match(/"(id|status)":/g),
      ).toEqual(expect.arrayContaining(['"id":', '"status":', '"id":', '"status":']));
      expect(
        contentOf(raw)
          .toString()
          .match(/"(id|status)":/g),
      ).toHaveLength(4);
      expect(jobOf(raw)).toMatchObject({ id: defaultJobId, ...running });
    },
  },
  "unsafe-integer": {
    verify: (raw) =>
      expect(contentOf(raw).toString()).toContain(`"total_records":9007199254740993`),
  },
  "proto-key": {
    verify(raw) {
      expect(Object.keys(jobOf(raw))).toContain("__proto__");
      expect(jobOf(raw)).toMatchObject(running);
    },
  },
  "other-job": reports({ id: "00000000-0000-4000-8000-000000000000", ...running }),
  "never-finished": reports({ status: "running", progress: 99, download_url: null }, completes),

  "expired-url": {
    async verify(raw, url) {
      expect(messageOf(raw).status).toBe(403);
      expect(messageOf(await ask(url)).status).toBe(403);
    },
  },
  "expired-url-on-resume": {
    ...resumes,
    async verify(raw, url) {
      expect(messageOf(raw).status).toBe(403);
      expect(messageOf(await ask(url)).status).toBe(403);
    },
  },
  "interrupted-download": {
    async verify(raw, url) {
      const message = messageOf(raw);
      expect(raw.code).toBeUndefined();
      expect(field(message, "content-length")).toBe(String(file.length));
      expect(message.body).toEqual(file.subarray(0, half));
      const tag = field(message, "etag") ?? "";
      const rest = await ask(url, { Range: `bytes=${half}-`, "If-Range": tag });
      expect(messageOf(rest).status).toBe(206);
      expect(contentOf(rest)).toEqual(file.subarray(half));
    },
  },
  "wrong-range": {
    ...resumes,
    ...responds(206, { "content-range": `bytes ${half + 1}-${file.length - 1}/${file.length}` }),
  },
  "range-ignored": {
    ...resumes,
    verify(raw) {
      expect(messageOf(raw).status).toBe(200);
      expect(field(messageOf(raw), "content-range")).toBeUndefined();
      expect(contentOf(raw)).toEqual(file);
    },
  },
  "changed-etag": { ...resumes, ...responds(206, { etag: '"another-version"' }) },
  "changed-file": {
    ...resumes,
    verify(raw) {
      expect(messageOf(raw).status).toBe(200);
      expect(field(messageOf(raw), "etag")).toBe('"another-version"');
      expect(field(messageOf(raw), "content-range")).toBeUndefined();
      expect(contentOf(raw)).not.toEqual(file);
    },
  },
  "weak-etag": {
    verify(raw) {
      const message = messageOf(raw);
      expect(field(message, "etag")).toMatch(/^W\/"[0-9a-f]{32}"$/);
      expect(field(message, "content-length")).toBe(String(file.length));
      expect(message.body).toEqual(file.subarray(0, half));
    },
  },
  "range-not-satisfiable": {
    ...resumes,
    ...responds(416, { "content-range": `bytes */${file.length}` }),
  },
  "cut-in-line": holds(file.subarray(0, -2)),
  "cut-after-line": holds(lines.slice(0, -1).join("")),
  "cut-gzip": {
    verify(raw) {
      expect(field(messageOf(raw), "content-encoding")).toBe("gzip");
      expect(() => gunzipSync(contentOf(raw))).toThrow("unexpected end of file");
    },
  },
  "bad-gzip-checksum": {
    verify(raw) {
      expect(field(messageOf(raw), "content-encoding")).toBe("gzip");
      expect(() => gunzipSync(contentOf(raw))).toThrow("incorrect data check");
    },
  },
  "gzip-range": {
    ...resumes,
    verify(raw) {
      const message = messageOf(raw);
      expect(message.status).toBe(206);
      expect(field(message, "content-encoding")).toBe("gzip");
      expect(field(message, "content-range")).toMatch(new RegExp(`^bytes ${half}-`));
      expect(gunzipSync(contentOf(raw))).toEqual(file.subarray(half));
    },
  },
  "gzip-bomb": {
    async verify(raw) {
      const { body, ...message } = messageOf(raw);
      expect(field({ ...message, body }, "content-encoding")).toBe("gzip");
      let length = 0;
      for await (const chunk of Readable.from([body]).pipe(createGunzip({ chunkSize: 2 ** 16 }))) {
        length += chunk.length;
      }
      expect(length).toBe(`{"text":""}\n`.length + 2 ** 24 + 2 ** 20);
      expect(body.length).toBeLessThan(length / 1000);
    },
  },

  "split-utf8": {
    verify(raw) {
      const chunks = chunksOf(messageOf(raw));
      expect(chunks).toEqual([...Array.from(file, (byte) => String.fromCharCode(byte)), ""]);
    },
  },
  bom: holds(`\ufeff${lines.join("")}`),
  crlf: holds(lines.join("").replaceAll("\n", "\r\n")),
  "split-crlf": {
    verify(raw) {
      const chunks = chunksOf(messageOf(raw));
      expect(chunks.filter((chunk) => chunk.includes("\r\n"))).toEqual([]);
      expect(Buffer.from(chunks.join(""), "latin1").toString()).toBe(
        lines.join("").replaceAll("\n", "\r\n"),
      );
    },
  },
  "blank-lines": holds(lines.join("\n") + "\n"),
  "no-final-newline": holds(file.subarray(0, -1)),
  "bad-line": holds(`not JSON\n${lines.join("")}`),
  "huge-line": {
    verify(raw) {
      const { body } = messageOf(raw);
      expect(body.subarray(0, file.length)).toEqual(file);
      expect(body.indexOf("\n", file.length)).toBe(body.length - 1);
      expect(body.length - file.length).toBe(`{"text":""}\n`.length + 2 ** 24 + 2 ** 20);
    },
  },
  "line-separator": holds(file.toString().replace("{", '{"separator":"a\u2028b",')),
  "invalid-utf8": {
    verify(raw) {
      const content = contentOf(raw);
      expect(() => new TextDecoder("utf-8", { fatal: true }).decode(content)).toThrow(TypeError);
      expect(content.toString("latin1")).toContain(`{"invalid":"\u00ff",`);
    },
  },
  "empty-file": holds(""),

  "file-url": reports({ download_url: "file:///etc/passwd" }, completes),
  "data-url": reports({ download_url: "data:application/x-ndjson,{}" }, completes),
  "link-local-url": reports(
    { download_url: "https://169.254.169.254/latest/meta-data" },
    completes,
  ),
  "private-url": reports({ download_url: "https://10.0.0.1/export" }, completes),
  "private-name-url": reports({ download_url: "https://localhost/export" }, completes),
};

function startWith(
  steps: MockJob["steps"] = [running],
  ...faults: readonly Fault[]
): Promise<MockServer> {
  return startExports({ token: "secret", jobs: { [defaultJobId]: { steps, events } }, faults });
}

async function askJob(server: MockServer): Promise<Job> {
  return jobOf(await ask(server.statusUrl(defaultJobId), bearer));
}

/** The job, byte for byte, except for the URL of its file. */
async function jobTextOf(server: MockServer): Promise<string> {
  const raw = await ask(server.statusUrl(defaultJobId), bearer);
  return contentOf(raw)
    .toString()
    .replace(/"http:[^"]*"/, '"download"');
}

/** The complete response, without its date. */
function undated({ bytes, code = "" }: RawMessage): string {
  return bytes.toString("latin1").replace(/^date: .*$/im, "") + code;
}

async function downloadUrl(server: MockServer): Promise<string> {
  const { download_url: url } = await askJob(server);
  return typeof url === "string" ? url : expect.fail("The job has no download_url");
}

const names = Object.keys(faultKinds).filter(isFaultName);
const inAny = names.filter((name) => faultKinds[name].on === "any");
const hangs = (name: FaultName): boolean => name === "no-headers";

/** Sends a request, and closes the server once it has arrived, so that even a hanging response ends. */
async function askToTheEnd(server: MockServer, url: string): Promise<RawMessage> {
  const before = server.requests.length;
  const response = ask(url, bearer);
  while (server.requests.length === before) await nextTurn();
  // The server still responds on another connection.
  await askJob(server);
  await server.close();
  return response;
}

test.each(names)("%s sends what it describes, once, and then correct responses", async (name) => {
  const { steps, before = 0, range, isEnough, verify } = expectations[name];
  const isDownload = faultKinds[name].on === "download";
  const normal = steps ?? (isDownload ? completes.steps : [running]);
  await using server = await startWith(normal, { fault: name, times: 1 });
  for (let count = 0; count < before; count += 1) {
    expect(await askJob(server)).toMatchObject(normal[0] ?? {});
  }
  const url = isDownload ? await downloadUrl(server) : server.statusUrl(defaultJobId);
  const headers = isDownload ? { ...(range && { Range: range }) } : bearer;

  if (hangs(name)) return await verify(await askToTheEnd(server, url), url);
  await verify(await ask(url, headers, isEnough), url);

  await using other = await startWith(normal);
  expect(await jobTextOf(server)).toBe(await jobTextOf(other));
  if (!isDownload) return;
  const next = await ask(await downloadUrl(server), headers);
  expect(contentOf(next)).toEqual(range ? file.subarray(half) : file);
  expect(undated(next)).toBe(undated(await ask(await downloadUrl(other), headers)));
});

test.each(inAny.filter((name) => !hangs(name)))(
  "%s affects a download, if `on` says so",
  async (fault) => {
    const faults = [{ fault, on: "download", times: 1 }] as const;
    await using server = await startWith(completes.steps, ...faults);
    const url = await downloadUrl(server);
    expect(await askJob(server)).toMatchObject({ id: defaultJobId, status: "completed" });

    const faulty = await ask(url, {}, expectations[fault].isEnough);
    const next = await ask(url);

    expect(contentOf(next)).toEqual(file);
    expect(undated(faulty)).not.toBe(undated(next));
  },
);

test("the README lists all faults of the client's table that the server does not play", async () => {
  const [table, readme] = await Promise.all(
    ["../../client/FAULTS.md", "../README.md"].map((path) =>
      readFile(new URL(path, import.meta.url), "utf8"),
    ),
  );
  const numbered = [...(table ?? "").matchAll(/^\| (\d+) /gm)].map(([, number]) => Number(number));
  const played = new Set(Object.values(faultKinds).map(({ number }) => number));
  const [, list = ""] = readme?.split("except those that this server has no fault for:") ?? [];
  const numbersIn = list.match(/\| [\d–, ]+\|$/gm)?.join() ?? "";
  const listed = [...numbersIn.matchAll(/(\d+)(?:–(\d+))?/g)].flatMap(([, from, to = from]) =>
    Array.from({ length: Number(to) - Number(from) + 1 }, (_, index) => Number(from) + index),
  );

  expect(numbered).toEqual(expect.arrayContaining([...played]));
  expect(listed.toSorted((a, b) => a - b)).toEqual(
    numbered.filter((number) => !played.has(number)),
  );
});

async function statusesOf(server: MockServer, count: number): Promise<number[]> {
  const statuses: number[] = [];
  for (let requests = 0; requests < count; requests += 1) {
    statuses.push(messageOf(await ask(server.statusUrl(defaultJobId), bearer)).status);
  }
  return statuses;
}

test("a fault occurs once by default, or `times` times", async () => {
  await using once = await startWith([running], { fault: "bad-gateway" });
  await using twice = await startWith([running], { fault: "bad-gateway", times: 2 });
  await using always = await startWith([running], { fault: "bad-gateway", times: Infinity });

  expect(await statusesOf(once, 3)).toEqual([502, 200, 200]);
  expect(await statusesOf(twice, 4)).toEqual([502, 502, 200, 200]);
  expect(await statusesOf(always, 4)).toEqual([502, 502, 502, 502]);
});

test("a fault that would be a different one if it ended lasts by default", async () => {
  await using loop = await startWith([running], { fault: "redirect-loop" });
  await using job = await startWith(completes.steps, { fault: "never-finished" });

  expect(await statusesOf(loop, 3)).toEqual([302, 302, 302]);
  for (let requests = 0; requests < 3; requests += 1) {
    expect(await askJob(job)).toMatchObject({ status: "running" });
  }
});

test("faults occur one after the other, in order, each after the responses that pass", async () => {
  await using server = await startWith(
    [running],
    { fault: "bad-gateway", after: 1 },
    { fault: "forbidden" },
    { fault: "gateway-timeout", after: 2 },
  );

  expect(await statusesOf(server, 6)).toEqual([403, 502, 200, 200, 504, 200]);
});

test("a fault waits for a response that it applies to, and a later fault can precede it", async () => {
  await using server = await startWith(
    [{ status: "running" }, { status: "running" }, { status: "completed" }],
    { fault: "completed-without-url" },
    { fault: "bad-gateway" },
  );

  expect(await statusesOf(server, 2)).toEqual([502, 200]);
  expect(await askJob(server)).toMatchObject({ status: "completed", download_url: null });
  expect(await downloadUrl(server)).toContain(server.url);
});

test("an interrupted download can be followed by a fault of its resumption", async () => {
  await using server = await startWith(
    completes.steps,
    { fault: "interrupted-download" },
    { fault: "range-ignored" },
  );
  const url = await downloadUrl(server);

  expect(messageOf(await ask(url)).body).toEqual(file.subarray(0, half));
  const resumed = { Range: `bytes=${half}-` };
  expect(contentOf(await ask(url, resumed))).toEqual(file);
  expect(contentOf(await ask(url, resumed))).toEqual(file.subarray(half));
});

test("the job reports a new URL after one has expired, and the old one stays expired", async () => {
  await using server = await startWith(completes.steps, { fault: "expired-url" });
  const old = await downloadUrl(server);
  expect(messageOf(await ask(old)).status).toBe(403);

  const fresh = await downloadUrl(server);

  expect(fresh).not.toBe(old);
  expect(contentOf(await ask(fresh))).toEqual(file);
  expect(messageOf(await ask(old)).status).toBe(403);
});

test("a refused request does not use up a fault", async () => {
  await using server = await startWith([running], { fault: "bad-gateway" });

  expect(messageOf(await ask(server.statusUrl(defaultJobId))).status).toBe(401);
  expect(messageOf(await ask(`${server.url}/nowhere`)).status).toBe(404);
  expect((await fetch(server.statusUrl(defaultJobId), { method: "POST" })).status).toBe(405);
  expect(await statusesOf(server, 2)).toEqual([502, 200]);
});

test("servers do not share faults, even if their options are the same object", async () => {
  const faults: Fault[] = [{ fault: "bad-gateway" }];
  await using one = await startWith([running], ...faults);
  await using two = await startWith([running], ...faults);

  expect(await statusesOf(one, 2)).toEqual([502, 200]);
  expect(await statusesOf(two, 2)).toEqual([502, 200]);
});

test("`on: operation` affects responses about other things than jobs, for any method", async () => {
  await using server = await startWith([running], {
    fault: "service-unavailable",
    on: "operation",
    times: 2,
  });
  const post = async (): Promise<number> => {
    const headers = { ...bearer, "Content-Type": "application/json" };
    const body = JSON.stringify({ from_date: null });
    return (await fetch(`${server.url}/exports`, { method: "POST", headers, body })).status;
  };

  expect(await post()).toBe(503);
  expect(await statusesOf(server, 1)).toEqual([200]);
  expect(await post()).toBe(503);
  expect(await post()).toBe(200);
});

test("close ends responses that hang or drip", async () => {
  const server = await startWith(
    [running],
    { fault: "no-headers" },
    { fault: "dripping-body", times: Infinity },
  );
  const hanging = ask(server.statusUrl(defaultJobId), bearer);
  while (server.requests.length === 0) await nextTurn();
  const dripping = new Promise<RawMessage>((resolve) => {
    void ask(server.statusUrl(defaultJobId), bearer, (bytes) => {
      if (bytes.includes("\r\n\r\n")) void server.close();
      return false;
    }).then(resolve);
  });

  expect(messageOf(await dripping).status).toBe(200);
  expect((await hanging).bytes).toHaveLength(0);
  await server.close();
});

test.each<[unknown, RegExp]>([
  [
    { fault: "bad-gatewy" },
    /no fault 'bad-gatewy'; the faults are reset-before-headers, .*xml-refusal$/,
  ],
  [{ fault: "toString" }, /no fault 'toString'/],
  [{ fault: "crlf", on: "status" }, /crlf applies to the download, not to the status/],
  [
    { fault: "bad-gateway", on: "file" },
    /^on of faults\[0\] must be one of status, download, operation$/,
  ],
  [{ fault: "crlf", times: 0 }, /^times of faults\[0\] must be an integer of at least 1/],
  [{ fault: "crlf", times: 1.5 }, /^times of/],
  [{ fault: "crlf", times: Number.NaN }, /^times of/],
  [{ fault: "crlf", after: -1 }, /^after of faults\[0\] must be an integer of at least 0$/],
  [{ fault: "crlf", after: Infinity }, /^after of/],
  [
    { fault: "crlf", time: 2 },
    /^faults\[0\] has no option time; the options are fault, on, times, after$/,
  ],
  [{}, /no fault 'undefined'/],
  ["crlf", /^the options of faults\[0\] must be an object with fault, on, times, after$/],
])("the fault %j is refused", async (fault, message) => {
  // JavaScript callers have no type check.
  const faults: readonly Fault[] = JSON.parse("[]").concat(fault);
  const start = startExports({ faults });

  await expect(start).rejects.toThrow(TypeError);
  await expect(start).rejects.toThrow(message);
});
