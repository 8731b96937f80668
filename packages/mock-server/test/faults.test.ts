import { setImmediate as nextTurn } from "node:timers/promises";
import { gunzipSync } from "node:zlib";
import { expect, test } from "vitest";
import {
  defaultJobId,
  faultKinds,
  type Fault,
  type FaultName,
  type MockJob,
  type MockServer,
} from "../src/index.ts";
import { exportsDescription } from "./exports-description.ts";
import { startExports, type Job } from "./start.ts";
import { ask, chunksOf, contentOf, field, messageOf, type Seen } from "./ask.ts";

const bearer = { Authorization: "Bearer secret" };
const events = [
  { id: 1, text: "prüfung" },
  { id: 2, text: "b" },
  { id: 3, text: "c" },
];
const lines = events.map((event) => `${JSON.stringify(event)}\n`);
const file = Buffer.from(lines.join(""));
const half = file.length >> 1;
const unasked = '{"detail":"Nobody asked for this"}';
const running = { status: "running", progress: 40 };

/** How one fault is provoked, and what is to be seen of it. */
interface Sight {
  /** What the job goes through; by default it runs, or is completed for a fault of the download. */
  readonly steps?: MockJob["steps"];
  /** How many proper answers about the job come first. */
  readonly before?: number;
  readonly range?: string;
  /** When there is no need to wait for the end of the connection. */
  readonly isEnough?: (bytes: Buffer) => boolean;
  readonly see: (seen: Seen, url: string) => void | Promise<void>;
}

function jobOf(seen: Seen): Job {
  expect(messageOf(seen).status).toBe(200);
  return JSON.parse(contentOf(seen).toString());
}

function answers(
  status: number,
  fields: Readonly<Record<string, unknown>> = {},
  body?: RegExp,
): Sight {
  return {
    see(seen) {
      const message = messageOf(seen);
      expect(message.status).toBe(status);
      expect(Object.fromEntries(message.fields)).toMatchObject(fields);
      if (body) expect(contentOf(seen).toString()).toMatch(body);
    },
  };
}

const isHtml = { "content-type": "text/html" };

/** 429, with a date so many seconds from the answer's own, which may be hours from ours. */
function waitsUntil(seconds: number, hours: number): Sight {
  return {
    see(seen) {
      const message = messageOf(seen);
      expect(message.status).toBe(429);
      const date = Date.parse(field(message, "date") ?? "");
      const until = Date.parse(field(message, "retry-after") ?? "");
      expect(until - date).toBe(seconds * 1000);
      expect(Math.abs(date - Date.now() - hours * 3_600_000)).toBeLessThan(600_000);
    },
  };
}

function tells(fields: Job, rest: Omit<Sight, "see"> = {}): Sight {
  return {
    ...rest,
    see: (seen) => expect(jobOf(seen)).toMatchObject({ id: defaultJobId, ...fields }),
  };
}

function holds(content: string | Buffer): Sight {
  return {
    see(seen) {
      expect(messageOf(seen).status).toBe(200);
      expect(contentOf(seen)).toEqual(Buffer.from(content));
    },
  };
}

const resumes = { range: `bytes=${half}-` };
const completes = { steps: [{ status: "completed" }] };

const sights: Record<FaultName, Sight> = {
  "reset-before-headers": {
    see: (seen) => expect(seen).toEqual({ bytes: Buffer.alloc(0), code: "ECONNRESET" }),
  },
  "close-before-headers": { see: (seen) => expect(seen).toEqual({ bytes: Buffer.alloc(0) }) },
  "reset-in-body": {
    see(seen) {
      const message = messageOf(seen);
      expect(seen.code).toBe("ECONNRESET");
      expect(message.body.toString()).toMatch(/^\{"id"/);
      expect(message.body.length).toBeLessThan(Number(field(message, "content-length")));
    },
  },
  "short-body": {
    see(seen) {
      const message = messageOf(seen);
      expect(seen.code).toBeUndefined();
      expect(message.body.length).toBe(Number(field(message, "content-length")) - 9);
    },
  },
  "truncated-chunked-body": {
    see(seen) {
      const chunks = chunksOf(messageOf(seen));
      expect(seen.code).toBeUndefined();
      expect(chunks).toHaveLength(1);
      expect(JSON.parse(chunks.join(""))).toMatchObject(running);
    },
  },
  "not-http": { see: ({ bytes }) => expect(bytes.toString()).toBe("220 ready\r\n") },
  "two-content-lengths": {
    see(seen) {
      const { fields, body } = messageOf(seen);
      const lengths = fields.filter(([name]) => name === "content-length");
      expect(lengths.map(([, length]) => Number(length))).toEqual([body.length, body.length + 1]);
    },
  },
  // That nothing comes is seen at the end of the server: below.
  "no-headers": { see: ({ bytes }) => expect(bytes).toHaveLength(0) },
  "dripping-body": {
    isEnough: (bytes) => bytes.toString().endsWith("\r\n\r\n   "),
    see(seen) {
      const message = messageOf(seen);
      expect(message.status).toBe(200);
      expect(Number(field(message, "content-length"))).toBeGreaterThan(2 ** 40);
      expect(message.body.toString()).toBe("   ");
    },
  },
  "long-body": {
    isEnough: (bytes) => bytes.toString().endsWith(unasked),
    see(seen) {
      const message = messageOf(seen);
      const length = Number(field(message, "content-length"));
      expect(field(message, "connection")).toBe("keep-alive");
      expect(JSON.parse(message.body.subarray(0, length).toString())).toMatchObject(running);
      const rest = messageOf({ bytes: message.body.subarray(length) });
      expect(rest.status).toBe(200);
      expect(contentOf({ bytes: message.body.subarray(length) }).toString()).toBe(unasked);
    },
  },

  "bad-gateway": answers(502, isHtml, /^<!doctype html>/),
  "service-unavailable": answers(503, isHtml, /^<!doctype html>/),
  "gateway-timeout": answers(504, isHtml, /^<!doctype html>/),
  "retry-after-seconds": answers(429, { "retry-after": "1" }),
  "retry-after-date": waitsUntil(1, 0),
  "retry-after-past": waitsUntil(-3600, 0),
  "retry-after-invalid": answers(429, { "retry-after": "soon" }),
  "retry-after-negative": answers(429, { "retry-after": "-5" }),
  "retry-after-days": answers(429, { "retry-after": "259200" }),
  "clock-ahead": waitsUntil(1, 1),
  "clock-behind": waitsUntil(1, -1),
  "login-page": answers(200, isHtml, /<h1>Sign in/),
  "cut-json": answers(200, { "content-type": "application/json" }, /^\{"id".*[^}]$/),
  "empty-answer": answers(200, { "content-length": "0" }, /^$/),
  "no-content": {
    see(seen) {
      const message = messageOf(seen);
      expect(message.status).toBe(204);
      expect(field(message, "content-length")).toBeUndefined();
      expect(message.body).toHaveLength(0);
    },
  },
  "redirect-loop": {
    see(seen, url) {
      const message = messageOf(seen);
      expect(message.status).toBe(302);
      expect(new URL(field(message, "location") ?? "", url).href).toBe(url);
    },
  },
  "redirect-elsewhere": answers(302, { location: "https://elsewhere.invalid/" }),
  "expired-token": { ...answers(401, { "www-authenticate": /^Bearer/ }), before: 1 },
  forbidden: answers(403),
  "not-found-at-first": answers(404),
  "not-found-after-progress": { ...answers(404), before: 1 },

  "job-failed": tells({
    status: "failed",
    download_url: null,
    error_message: "The store is full.",
  }),
  "unknown-status": tells({ status: "archiving", progress: 40 }),
  "progress-backwards": tells({ status: "running", progress: 20 }, { before: 1 }),
  "running-again": tells(
    { status: "running", progress: 10, download_url: null },
    { ...completes, before: 1 },
  ),
  "completed-without-url": tells({ status: "completed", download_url: null }, completes),
  "null-fields": {
    ...completes,
    see(seen) {
      const { properties } = exportsDescription().components.schemas.Export;
      const nullable = Object.entries(properties).filter(([, schema]) => "anyOf" in schema);
      const job = jobOf(seen);
      expect(job).toMatchObject({ id: defaultJobId, status: "completed" });
      expect(nullable.length).toBeGreaterThan(0);
      expect(job).toMatchObject(Object.fromEntries(nullable.map(([name]) => [name, null])));
    },
  },
  "duplicate-keys": {
    see(seen) {
      expect(
        contentOf(seen)
          .toString()
          .match(/"(id|status)":/g),
      ).toEqual(expect.arrayContaining(['"id":', '"status":', '"id":', '"status":']));
      expect(
        contentOf(seen)
          .toString()
          .match(/"(id|status)":/g),
      ).toHaveLength(4);
      expect(jobOf(seen)).toMatchObject({ id: defaultJobId, ...running });
    },
  },
  "unsafe-integer": {
    see: (seen) => expect(contentOf(seen).toString()).toContain(`"total_records":9007199254740993`),
  },
  "proto-key": {
    see(seen) {
      expect(Object.keys(jobOf(seen))).toContain("__proto__");
      expect(jobOf(seen)).toMatchObject(running);
    },
  },
  "other-job": tells({ id: "00000000-0000-4000-8000-000000000000", ...running }),
  "never-finished": tells({ status: "running", progress: 99, download_url: null }, completes),

  "expired-url": {
    async see(seen, url) {
      expect(messageOf(seen).status).toBe(403);
      expect(messageOf(await ask(url)).status).toBe(403);
    },
  },
  "expired-url-on-resume": {
    ...resumes,
    async see(seen, url) {
      expect(messageOf(seen).status).toBe(403);
      expect(messageOf(await ask(url)).status).toBe(403);
    },
  },
  "interrupted-download": {
    async see(seen, url) {
      const message = messageOf(seen);
      expect(seen.code).toBeUndefined();
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
    ...answers(206, { "content-range": `bytes ${half + 1}-${file.length - 1}/${file.length}` }),
  },
  "range-ignored": {
    ...resumes,
    see(seen) {
      expect(messageOf(seen).status).toBe(200);
      expect(field(messageOf(seen), "content-range")).toBeUndefined();
      expect(contentOf(seen)).toEqual(file);
    },
  },
  "changed-etag": { ...resumes, ...answers(206, { etag: '"another-version"' }) },
  "changed-file": {
    ...resumes,
    see(seen) {
      expect(messageOf(seen).status).toBe(200);
      expect(field(messageOf(seen), "etag")).toBe('"another-version"');
      expect(field(messageOf(seen), "content-range")).toBeUndefined();
      expect(contentOf(seen)).not.toEqual(file);
    },
  },
  "weak-etag": {
    see(seen) {
      const message = messageOf(seen);
      expect(field(message, "etag")).toMatch(/^W\/"[0-9a-f]{32}"$/);
      expect(field(message, "content-length")).toBe(String(file.length));
      expect(message.body).toEqual(file.subarray(0, half));
    },
  },
  "range-not-satisfiable": {
    ...resumes,
    ...answers(416, { "content-range": `bytes */${file.length}` }),
  },
  "cut-in-line": holds(file.subarray(0, -2)),
  "cut-after-line": holds(lines.slice(0, -1).join("")),
  "cut-gzip": {
    see(seen) {
      expect(field(messageOf(seen), "content-encoding")).toBe("gzip");
      expect(() => gunzipSync(contentOf(seen))).toThrow("unexpected end of file");
    },
  },
  "bad-gzip-checksum": {
    see(seen) {
      expect(field(messageOf(seen), "content-encoding")).toBe("gzip");
      expect(() => gunzipSync(contentOf(seen))).toThrow("incorrect data check");
    },
  },
  "gzip-range": {
    ...resumes,
    see(seen) {
      const message = messageOf(seen);
      expect(message.status).toBe(206);
      expect(field(message, "content-encoding")).toBe("gzip");
      expect(field(message, "content-range")).toMatch(new RegExp(`^bytes ${half}-`));
      expect(gunzipSync(contentOf(seen))).toEqual(file.subarray(half));
    },
  },
  "gzip-bomb": {
    see(seen) {
      const message = messageOf(seen);
      expect(field(message, "content-encoding")).toBe("gzip");
      expect(message.body.length).toBeLessThan(1e6);
      expect(gunzipSync(message.body).length).toBeGreaterThan(100e6);
    },
  },

  "split-utf8": {
    see(seen) {
      const chunks = chunksOf(messageOf(seen));
      expect(chunks).toEqual([...Array.from(file, (byte) => String.fromCharCode(byte)), ""]);
    },
  },
  bom: holds(`\ufeff${lines.join("")}`),
  crlf: holds(lines.join("").replaceAll("\n", "\r\n")),
  "split-crlf": {
    see(seen) {
      const chunks = chunksOf(messageOf(seen));
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
    see(seen) {
      const { body } = messageOf(seen);
      expect(body.subarray(0, file.length)).toEqual(file);
      expect(body.indexOf("\n", file.length)).toBe(body.length - 1);
      expect(body.length - file.length).toBe(`{"text":""}\n`.length + 100e6);
    },
  },
  "line-separator": holds(file.toString().replace("{", '{"separator":"a\u2028b",')),
  "invalid-utf8": {
    see(seen) {
      const content = contentOf(seen);
      expect(() => new TextDecoder("utf-8", { fatal: true }).decode(content)).toThrow(TypeError);
      expect(content.toString("latin1")).toContain(`{"invalid":"\u00ff",`);
    },
  },
  "empty-file": holds(""),

  "file-url": tells({ download_url: "file:///etc/passwd" }, completes),
  "data-url": tells({ download_url: "data:application/x-ndjson,{}" }, completes),
  "link-local-url": tells({ download_url: "https://169.254.169.254/latest/meta-data" }, completes),
  "private-url": tells({ download_url: "https://10.0.0.1/export" }, completes),
  "private-name-url": tells({ download_url: "https://localhost/export" }, completes),
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

/** The job, byte for byte, but for the address of its file. */
async function jobTextOf(server: MockServer): Promise<string> {
  const seen = await ask(server.statusUrl(defaultJobId), bearer);
  return contentOf(seen)
    .toString()
    .replace(/"http:[^"]*"/, '"download"');
}

/** All that came, but for the time of day. */
function undated({ bytes, code = "" }: Seen): string {
  return bytes.toString("latin1").replace(/^date: .*$/im, "") + code;
}

async function downloadUrl(server: MockServer): Promise<string> {
  const { download_url: url } = await askJob(server);
  return typeof url === "string" ? url : expect.fail("The job has no download_url");
}

const isFaultName = (name: string): name is FaultName => Object.hasOwn(sights, name);
const names = Object.keys(faultKinds).filter(isFaultName);
const inAny = names.filter((name) => faultKinds[name].on === "any");
const hangs = (name: FaultName): boolean => name === "no-headers";

/** Asks, and once the request has arrived, ends the server, so that an answer that hangs ends too. */
async function askToTheEnd(server: MockServer, url: string): Promise<Seen> {
  const before = server.requests.length;
  const answer = ask(url, bearer);
  while (server.requests.length === before) await nextTurn();
  // The server goes on, one connection apart.
  await askJob(server);
  await server.close();
  return answer;
}

test.each(names)("%s is what it says on the wire, once, and then all is well", async (name) => {
  const { steps, before = 0, range, isEnough, see } = sights[name];
  const isDownload = faultKinds[name].on === "download";
  const normal = steps ?? (isDownload ? completes.steps : [running]);
  await using server = await startWith(normal, { fault: name, times: 1 });
  for (let count = 0; count < before; count += 1) {
    expect(await askJob(server)).toMatchObject(normal[0] ?? {});
  }
  const url = isDownload ? await downloadUrl(server) : server.statusUrl(defaultJobId);
  const headers = isDownload ? { ...(range && { Range: range }) } : bearer;

  if (hangs(name)) return await see(await askToTheEnd(server, url), url);
  await see(await ask(url, headers, isEnough), url);

  await using other = await startWith(normal);
  expect(await jobTextOf(server)).toBe(await jobTextOf(other));
  if (!isDownload) return;
  const next = await ask(await downloadUrl(server), headers);
  expect(contentOf(next)).toEqual(range ? file.subarray(half) : file);
  expect(undated(next)).toBe(undated(await ask(await downloadUrl(other), headers)));
});

test.each(inAny.filter((name) => !hangs(name)))(
  "%s spoils a download, if it is told to",
  async (fault) => {
    const faults = [{ fault, on: "download", times: 1 }] as const;
    await using server = await startWith(completes.steps, ...faults);
    const url = await downloadUrl(server);
    expect(await askJob(server)).toMatchObject({ id: defaultJobId, status: "completed" });

    const spoiled = await ask(url, {}, sights[fault].isEnough);
    const next = await ask(url);

    expect(contentOf(next)).toEqual(file);
    expect(undated(spoiled)).not.toBe(undated(next));
  },
);

test("the faults are those of a server, by their numbers", () => {
  // Not a server's: names, a refresh, what the caller controls, the disk, and what it is given.
  const ofOthers = [6, 24, 39, 40, 41, 42, 43, 44, 53, 54, 72, 73, 74, 75, 76];
  const ofServer = Array.from({ length: 77 }, (_, index) => index + 1).filter(
    (number) => !ofOthers.includes(number),
  );
  const numbers = Object.values(faultKinds).map(({ number }) => number);

  expect([...new Set(numbers)]).toEqual(ofServer);
});

async function statusesOf(server: MockServer, count: number): Promise<number[]> {
  const statuses: number[] = [];
  for (let asked = 0; asked < count; asked += 1) {
    statuses.push(messageOf(await ask(server.statusUrl(defaultJobId), bearer)).status);
  }
  return statuses;
}

test("a fault comes once by default, or as often as it is told to", async () => {
  await using once = await startWith([running], { fault: "bad-gateway" });
  await using twice = await startWith([running], { fault: "bad-gateway", times: 2 });
  await using always = await startWith([running], { fault: "bad-gateway", times: Infinity });

  expect(await statusesOf(once, 3)).toEqual([502, 200, 200]);
  expect(await statusesOf(twice, 4)).toEqual([502, 502, 200, 200]);
  expect(await statusesOf(always, 4)).toEqual([502, 502, 502, 502]);
});

test("what would be no fault if it passed lasts by default", async () => {
  await using loop = await startWith([running], { fault: "redirect-loop" });
  await using job = await startWith(completes.steps, { fault: "never-finished" });

  expect(await statusesOf(loop, 3)).toEqual([302, 302, 302]);
  for (let asked = 0; asked < 3; asked += 1) {
    expect(await askJob(job)).toMatchObject({ status: "running" });
  }
});

test("faults come one after the other, in their order, and after what is let through", async () => {
  await using server = await startWith(
    [running],
    { fault: "bad-gateway", after: 1 },
    { fault: "forbidden" },
    { fault: "gateway-timeout", after: 2 },
  );

  expect(await statusesOf(server, 6)).toEqual([403, 502, 200, 200, 504, 200]);
});

test("a fault waits for an answer that it can spoil, and a later one goes first", async () => {
  await using server = await startWith(
    [{ status: "running" }, { status: "running" }, { status: "completed" }],
    { fault: "completed-without-url" },
    { fault: "bad-gateway" },
  );

  expect(await statusesOf(server, 2)).toEqual([502, 200]);
  expect(await askJob(server)).toMatchObject({ status: "completed", download_url: null });
  expect(await downloadUrl(server)).toContain(server.url);
});

test("an interrupted download and a fault of its resumption follow each other", async () => {
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

test("a URL that expired is replaced when the job is asked for again, and stays expired", async () => {
  await using server = await startWith(completes.steps, { fault: "expired-url" });
  const old = await downloadUrl(server);
  expect(messageOf(await ask(old)).status).toBe(403);

  const fresh = await downloadUrl(server);

  expect(fresh).not.toBe(old);
  expect(contentOf(await ask(fresh))).toEqual(file);
  expect(messageOf(await ask(old)).status).toBe(403);
});

test("a request that is refused uses up no fault", async () => {
  await using server = await startWith([running], { fault: "bad-gateway" });

  expect(messageOf(await ask(server.statusUrl(defaultJobId))).status).toBe(401);
  expect(messageOf(await ask(`${server.url}/nowhere`)).status).toBe(404);
  expect((await fetch(server.statusUrl(defaultJobId), { method: "POST" })).status).toBe(405);
  expect(await statusesOf(server, 2)).toEqual([502, 200]);
});

test("faults of one server are not those of another, nor of the options that are used again", async () => {
  const faults: Fault[] = [{ fault: "bad-gateway" }];
  await using one = await startWith([running], ...faults);
  await using two = await startWith([running], ...faults);

  expect(await statusesOf(one, 2)).toEqual([502, 200]);
  expect(await statusesOf(two, 2)).toEqual([502, 200]);
});

test("an answer about no job is spoiled where that is asked for, whatever its method", async () => {
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

test("close ends what hangs and what drips", async () => {
  const server = await startWith(
    [running],
    { fault: "no-headers" },
    { fault: "dripping-body", times: Infinity },
  );
  const hanging = ask(server.statusUrl(defaultJobId), bearer);
  while (server.requests.length === 0) await nextTurn();
  const dripping = new Promise<Seen>((resolve) => {
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
  [{ fault: "bad-gatewy" }, /no fault 'bad-gatewy'; there are reset-before-headers, .*url$/],
  [{ fault: "toString" }, /no fault 'toString'/],
  [{ fault: "crlf", on: "status" }, /crlf is a fault of the download, not of the status/],
  [
    { fault: "bad-gateway", on: "file" },
    /on of bad-gateway must be one of status, download, operation: file/,
  ],
  [{ fault: "crlf", times: 0 }, /times of crlf/],
  [{ fault: "crlf", times: 1.5 }, /times of crlf/],
  [{ fault: "crlf", times: Number.NaN }, /times of crlf/],
  [{ fault: "crlf", after: -1 }, /after of crlf/],
  [{ fault: "crlf", after: Infinity }, /after of crlf/],
])("%j is refused", async (fault, message) => {
  // As somebody without types would give it.
  const faults: readonly Fault[] = JSON.parse("[]").concat(fault);
  const start = startExports({ faults });

  await expect(start).rejects.toThrow(TypeError);
  await expect(start).rejects.toThrow(message);
});
