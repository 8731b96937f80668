import { execFileSync, fork } from "node:child_process";
import { randomBytes, randomUUID } from "node:crypto";
import { once } from "node:events";
import { appendFileSync, existsSync, truncateSync, writeFileSync } from "node:fs";
import fs, {
  chmod,
  chown,
  link,
  mkdir,
  mkdtemp,
  open,
  readdir,
  readFile,
  rm,
  stat,
  symlink,
  writeFile,
} from "node:fs/promises";
import { syncBuiltinESMExports } from "node:module";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, expectTypeOf, test, vi } from "vitest";
import { runProgram } from "../../../scripts/command/program.js";
import {
  ApiError,
  AuditLogsError,
  DownloadInterruptedError,
  InvalidResponseError,
} from "../src/index.ts";
import {
  createLineCheck,
  findHostFault,
  saveExport,
  type SavedExport,
  type SaveOptions,
} from "../src/node.ts";
import { inspectLines } from "../src/node/line-file.ts";
import { html, type Responder } from "./faults/responses.ts";
import {
  broken,
  etag,
  events,
  file,
  outside,
  part,
  ranged,
  refused,
  serveExport,
  tagOf,
  whole,
  type ExportServer,
} from "./faults/export-server.ts";
import { jobId, reasonOf } from "./faults/setup.ts";

const half = 3000;
let folder = "";
let path = "";
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "save-export-"));
  path = join(folder, "events.jsonl");
});
afterEach(() => rm(folder, { recursive: true }));

const save = (
  { auditLogs, job, onProgress }: ExportServer,
  options: SaveOptions = {},
): Promise<SavedExport> => saveExport(auditLogs, job, path, { onProgress, ...options });
const files = async (): Promise<string[]> => (await readdir(folder)).toSorted();
const parts = ["events.jsonl.part", "events.jsonl.part.json"];

function expectExists(error: unknown): void {
  expect(error).toBeInstanceOf(AuditLogsError);
  const message = `${path}: it exists, and overwrite is false`;
  expect(error).toMatchObject({ code: "EEXIST", message });
}

/** Leaves what a process leaves that was killed. */
async function leave(content: Uint8Array, note: unknown = { id: jobId, etag }): Promise<void> {
  await writeFile(`${path}.part`, content);
  await writeFile(`${path}.part.json`, typeof note === "string" ? note : JSON.stringify(note));
}

test("saves an export, reports its bytes, and leaves no other file", async () => {
  const server = await serveExport([whole()], { total: events.length });
  const progress: number[] = [];
  const saved = await saveExport(server.auditLogs, jobId, path, {
    onProgress: ({ bytes }) => progress.push(bytes),
  });
  expect(saved).toEqual({
    path,
    bytes: file.byteLength,
    verifiedBy: ["length", "total_records"],
  });
  expect(await readFile(path)).toEqual(file);
  expect(progress.at(-1)).toBe(file.byteLength);
  expect(await files()).toEqual(["events.jsonl"]);
  expectTypeOf(saved).toEqualTypeOf<SavedExport>();
});

test("replaces an existing file only when the new one is complete", async () => {
  await writeFile(path, "old");
  const server = await serveExport([broken(half, {}), whole()]);
  expect(await reasonOf(save(server))).toBeInstanceOf(DownloadInterruptedError);
  expect(await readFile(path, "utf8")).toBe("old");
  await save(server);
  expect(await readFile(path)).toEqual(file);
});

describe("without overwriting", () => {
  test("an existing file is refused before any request", async () => {
    await writeFile(path, "old");
    const server = await serveExport([whole()]);
    expectExists(await reasonOf(save(server, { overwrite: false })));
    expect(server.requests).toEqual([]);
    expect(await readFile(path, "utf8")).toBe("old");
    expect(await files()).toEqual(["events.jsonl"]);
  });

  describe.each(["with", "without"])("on a file system %s links", (links) => {
    beforeEach(() => {
      if (links === "with") return;
      const noLinks = Object.assign(new Error("no links"), { code: "EPERM" });
      // The lock needs no link, either.
      vi.spyOn(fs, "link").mockRejectedValue(noLinks);
      syncBuiltinESMExports();
    });
    afterEach(() => {
      vi.restoreAllMocks();
      syncBuiltinESMExports();
    });

    test.each([false, true])("a new file is saved, compressed: %s", async (compress) => {
      const server = await serveExport([whole()]);
      await save(server, { overwrite: false, compress });
      const saved = await readFile(path);
      expect(compress ? gunzipSync(saved) : saved).toEqual(file);
      expect(await files()).toEqual(["events.jsonl"]);
    });

    test("a file that appears during the download stays, and so does the part", async () => {
      const server = await serveExport([
        (response, request) => {
          writeFileSync(path, "new");
          return whole()(response, request);
        },
        outside(file.byteLength),
      ]);
      expectExists(await reasonOf(save(server, { overwrite: false })));
      expect(await readFile(path, "utf8")).toBe("new");
      expect(await files()).toEqual(["events.jsonl", ...parts]);
      await save(server, { overwrite: true });
      expect(await readFile(path)).toEqual(file);
    });
  });
});

test("saves an empty export, and one without a newline at the end", async () => {
  const empty = await serveExport([whole({}, new Uint8Array())], { total: 0 });
  expect(await save(empty)).toEqual({ path, bytes: 0, verifiedBy: ["length", "total_records"] });
  expect(await readFile(path)).toHaveLength(0);

  const content = Buffer.from('\ufeff\n{"a":1}\r\n \t\r\n\n{"a":2}');
  const server = await serveExport([whole({}, content)], { total: 2 });
  expect(await save(server)).toMatchObject({ verifiedBy: ["length", "total_records"] });
  expect(await readFile(path)).toEqual(content);
});

test.each(["events.jsonl", "events.jsonl.gz"])(
  "an abort after the last byte of %s keeps the part, and the next call goes on from there",
  async (name) => {
    path = join(folder, name);
    const server = await serveExport([whole({ etag }), outside(file.byteLength)]);
    const controller = new AbortController();
    const { signal } = controller;
    const auditLogs: Parameters<typeof saveExport>[0] = {
      async openDownload(source, options) {
        const download = await server.auditLogs.openDownload(source, options);
        const close = async (): Promise<void> => {
          await download.close();
          controller.abort("stop");
        };
        return { ...download, close };
      },
    };
    const saving = saveExport(auditLogs, jobId, path, { signal });
    await expect(saving).rejects.toBe("stop");
    expect(await files()).toEqual([`${name}.part`, `${name}.part.json`]);
    await save(server);
    expect(server.requests[1]?.headers).toMatchObject({ range: `bytes=${file.byteLength}-` });
    expect(await files()).toEqual([name]);
  },
);

describe("gzip", () => {
  const packed = gzipSync(file);
  const count = { total: events.length };

  test.each<[string, string, boolean | undefined, Buffer]>([
    ["for a path that ends in .gz", "events.jsonl.gz", undefined, packed],
    ["for any path, if it is asked for", "events.bin", true, packed],
    ["not for a path that ends in .gz, if it is not wanted", "events.gz", false, file],
  ])("is made %s", async (_, name, compress, content) => {
    path = join(folder, name);
    const server = await serveExport([whole()], count);
    const saved = await save(server, compress === undefined ? {} : { compress });
    expect(saved).toEqual({
      path,
      bytes: file.byteLength,
      verifiedBy: ["length", "total_records"],
    });
    expect(await readFile(path)).toEqual(content);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect(await files()).toEqual([name]);
  });

  test("is made of the complete file, also after a resumption", async () => {
    path = join(folder, "events.jsonl.gz");
    const server = await serveExport([broken(half), ranged()]);
    expect(await reasonOf(save(server, { maxRetries: 0 }))).toBeInstanceOf(
      DownloadInterruptedError,
    );
    await save(server);
    expect(server.requests[1]?.headers).toMatchObject({ range: `bytes=${half}-` });
    expect(gunzipSync(await readFile(path))).toEqual(file);
  });

  test("is aborted while it is made, and the part is kept", async () => {
    path = join(folder, "events.jsonl.gz");
    // Takes longer to compress than to notice that it has begun.
    const lines = Array.from({ length: 50 }, () => randomBytes(30_000).toString("base64"));
    const content = Buffer.from(lines.map((line) => `{"a":"${line}"}\n`).join(""));
    const server = await serveExport([whole({ etag }, content)]);
    const controller = new AbortController();
    const saving = save(server, { signal: controller.signal });
    const outcome = saving.then(
      () => "saved",
      (reason: unknown) => reason,
    );
    while (!existsSync(`${path}.part.gz`)) await new Promise(setImmediate);
    controller.abort("stop");
    expect(await outcome).toBe("stop");
    expect(await files()).toEqual(["events.jsonl.gz.part", "events.jsonl.gz.part.json"]);
  });

  test("is refused as an option that is no boolean", async () => {
    const server = await serveExport([whole()]);
    const options = { compress: "yes" } as unknown as SaveOptions;
    await expect(save(server, options)).rejects.toThrow(
      new TypeError("compress must be true or false, but is of type string"),
    );
    expect(server.requests).toEqual([]);
  });

  test("94 stays as the server sends it, if gzip is wanted", async () => {
    path = join(folder, "events.jsonl.gz");
    const server = await serveExport([whole({ etag }, packed)], count);
    expect(await save(server)).toEqual({
      path,
      bytes: packed.byteLength,
      verifiedBy: ["length", "total_records"],
    });
    expect(await readFile(path)).toEqual(packed);
  });

  test.each<[string, string, Uint8Array, RegExp]>([
    [
      "for a path that is not for gzip",
      "events.jsonl",
      packed,
      /it is gzip that was not decompressed: save it to a path that ends in \.gz/,
    ],
    [
      "with other counts than the job's",
      "events.jsonl.gz",
      gzipSync('{"id":1}\n'),
      /the number of events is 1, but the job counts 100/,
    ],
    ["with lines that are no objects", "e.gz", gzipSync("\n[]\n"), /line 2: it is not a JSON/],
    ["that is corrupt", "e.gz", withWrongChecksum(packed), /its gzip is corrupt/],
    ["that is cut", "e.gz", packed.subarray(0, -30), /the last line is truncated/],
    ["with a line that is cut", "e.gz", gzipSync('{"a":1}\n{"b":'), /the last line is truncated/],
  ])("94 is refused from the server %s, and not renamed", async (_, name, content, message) => {
    path = join(folder, name);
    const server = await serveExport([whole({ etag }, Buffer.from(content))], count);
    expect(String(await reasonOf(save(server)))).toMatch(message);
    expect(await files()).toEqual([`${name}.part`]);
  });

  test("94 may end without a newline", async () => {
    path = join(folder, "events.jsonl.gz");
    const content = gzipSync('{"a":1}\n{"b":2}');
    const server = await serveExport([whole({ etag }, content)], { total: 2 });
    expect(await save(server)).toMatchObject({ verifiedBy: ["length", "total_records"] });
  });
});

/** A gzip whose checksum (RFC 1952 §2.3.1) is another. */
function withWrongChecksum(gzip: Buffer): Buffer {
  const copy = Buffer.from(gzip);
  copy.writeUInt32LE(0, copy.length - 8);
  return copy;
}

const noFault = async (): Promise<undefined> => undefined;

test("looks up foreign hosts by default", async () => {
  const { auditLogs } = await serveExport([ranged()]);
  const given: unknown[] = [];
  const openDownload: typeof auditLogs.openDownload = (source, options) => {
    given.push(options?.findHostFault);
    return auditLogs.openDownload(source, options);
  };
  // As JavaScript may call it.
  const unset: object = { findHostFault: undefined };
  for (const options of [{}, unset, { findHostFault: noFault }]) {
    await saveExport({ openDownload }, jobId, path, options);
  }
  expect(given).toEqual([findHostFault, findHostFault, noFault]);
});

test("changes no file when the server refuses", async () => {
  await leave(file.subarray(0, half));
  const server = await serveExport([refused(403)]);
  expect(await reasonOf(save(server))).toBeInstanceOf(ApiError);
  expect(await files()).toEqual(parts);
  expect(await readFile(`${path}.part`)).toEqual(file.subarray(0, half));
  await rm(`${path}.part`);
  await rm(`${path}.part.json`);
  await reasonOf(save(server));
  expect(await files()).toEqual([]);
});

test("throws Node's own error when there is no such folder", async () => {
  const server = await serveExport([whole()]);
  const saving = saveExport(server.auditLogs, jobId, join(folder, "none", "events.jsonl"));
  expect(await reasonOf(saving)).toMatchObject({ code: "ENOENT" });
});

test("53 a killed process leaves a part, from which another process resumes", async () => {
  const first: Responder = (response) => {
    response.writeHead(200, { etag, "content-length": file.byteLength });
    response.write(file.subarray(0, half));
    hold = () => response.write(file.subarray(half, half + 1000));
  };
  let hold: (() => void) | undefined;
  const server = await serveExport([first, ranged()], { total: events.length });
  const start = () =>
    fork(new URL("save-child.js", import.meta.url), [server.url, jobId, path], {
      execArgv: [],
      stdio: "inherit",
    });

  const killed = start();
  await new Promise<void>((resolve) => {
    killed.on("message", (bytes) => {
      // The next progress is reported after the bytes before it were written.
      if (bytes === half) hold?.();
      if (Number(bytes) > half) resolve();
    });
  });
  killed.kill("SIGKILL");
  expect(await once(killed, "exit")).toEqual([null, "SIGKILL"]);
  expect(await files()).toEqual(["events.jsonl.lock", ...parts]);
  const { size } = await stat(`${path}.part`);
  expect(size).toBeGreaterThanOrEqual(half);

  const second = start();
  const messages: unknown[] = [];
  second.on("message", (message) => messages.push(message));
  expect(await once(second, "exit")).toEqual([0, null]);
  expect(messages.at(-1)).toMatchObject({ verifiedBy: ["length", "total_records"] });
  expect(await readFile(path)).toEqual(file);
  expect(await files()).toEqual(["events.jsonl"]);
  // What was delivered is not asked for again.
  expect(server.requests).toHaveLength(2);
  expect(server.requests[1]?.headers).toMatchObject({
    range: `bytes=${size}-`,
    "if-range": etag,
  });
});

test("53 a part is kept when the connection breaks, and resumed", async () => {
  const cut = [0, 1, 2, 3, 4, 5].map((n) => broken(half + n, { etag }, n && half + n - 1));
  const server = await serveExport([...cut, refused(503), ranged()]);
  expect(await reasonOf(save(server, { maxRetries: 1 }))).toBeInstanceOf(DownloadInterruptedError);
  expect(await files()).toEqual(parts);
  expect(await readFile(`${path}.part`)).toEqual(file.subarray(0, half + 5));
  expect(await save(server)).toEqual({ path, bytes: file.byteLength, verifiedBy: ["length"] });
  expect(await readFile(path)).toEqual(file);
  expect(server.requests.at(-1)?.headers).toMatchObject({ range: `bytes=${half + 5}-` });
});

test("53 a part is kept when every connection breaks before the first byte", async () => {
  await leave(file.subarray(0, half));
  const headOnly: Responder = (response) =>
    response
      .writeHead(206, { etag, "content-range": `bytes ${half}-${file.byteLength - 1}/*` })
      .flushHeaders();
  const server = await serveExport([headOnly], { idleTimeout: 20 });
  expect(await reasonOf(save(server, { maxRetries: 3 }))).toBeInstanceOf(DownloadInterruptedError);
  expect(await files()).toEqual(parts);
  expect(await readFile(`${path}.part`)).toEqual(file.subarray(0, half));
  expect(server.requests.every(({ headers }) => headers.range === `bytes=${half}-`)).toBe(true);
});

test("53 a complete part is only renamed", async () => {
  await leave(file);
  const server = await serveExport([ranged()]);
  expect(await save(server)).toMatchObject({ bytes: file.byteLength, verifiedBy: ["length"] });
  expect(await readFile(path)).toEqual(file);
  expect(await files()).toEqual(["events.jsonl"]);
});

test("53 nothing is left of a compression that was killed when the next save does not compress", async () => {
  await leave(file);
  await writeFile(`${path}.part.gz`, gzipSync(file).subarray(0, half));
  const server = await serveExport([outside(file.byteLength)]);
  await save(server);
  expect(await files()).toEqual(["events.jsonl"]);
});

test("53 the note holds the job and the tag, and no address", async () => {
  const server = await serveExport([broken(half), whole({ etag: '"other"' })]);
  await reasonOf(save(server));
  expect(JSON.parse(await readFile(`${path}.part.json`, "utf8"))).toEqual({ id: jobId, etag });
});

test.each<[string, unknown]>([
  ["is of another job", { id: "other", etag }],
  ["has a weak tag", { id: jobId, etag: `W/${etag}` }],
  ["has a tag that is no header", { id: jobId, etag: '"a\r\nX-Evil: 1"' }],
  ["has no tag", { id: jobId }],
  ["is cut", '{"id":'],
  ["is null", null],
])("53 a part whose note %s is not resumed", async (_, note) => {
  await leave(file.subarray(0, half), note);
  const server = await serveExport([ranged()]);
  await save(server);
  expect(server.requests[0]?.headers).not.toHaveProperty("range");
  expect(await readFile(path)).toEqual(file);
});

test("53 a part without a strong tag or without bytes is not resumed", async () => {
  const weak = await serveExport([broken(half, { etag: `W/${etag}` }), whole()]);
  await reasonOf(save(weak));
  expect(await files()).toEqual(["events.jsonl.part"]);
  await save(weak);
  expect(weak.requests[1]?.headers).not.toHaveProperty("range");
  expect(await readFile(path)).toEqual(file);

  await leave(new Uint8Array(), { id: jobId, etag: '"old"' });
  const empty = await serveExport([broken(half), whole({ etag: '"new"' }), ranged()]);
  await reasonOf(save(empty));
  expect(JSON.parse(await readFile(`${path}.part.json`, "utf8"))).toEqual({ id: jobId, etag });
  expect(empty.requests[0]?.headers).not.toHaveProperty("range");
});

const other = Buffer.from(file.toString().replaceAll("é", "è"));

test.each<[string, Responder]>([
  ["by 200", ranged(other)],
  ["by 206", part(half, {}, other)],
  ["by 416", ranged(file.subarray(0, half - 1))],
  ["by a range that begins elsewhere", part(half - 1)],
])(
  "50 a part of another version is downloaded again when the server reveals it %s",
  async (_, responder) => {
    await leave(file.subarray(0, half), { id: jobId, etag: tagOf(file.subarray(0, half - 1)) });
    const server = await serveExport([responder, ranged(other)]);
    expect(await save(server)).toMatchObject({ bytes: other.byteLength });
    expect(await readFile(path)).toEqual(other);
    expect(await files()).toEqual(["events.jsonl"]);
    expect(server.requests[0]?.headers).toMatchObject({ range: `bytes=${half}-` });
    expect(server.requests[1]?.headers).not.toHaveProperty("range");
  },
);

test("50 a part that was started again is noted with the new version's tag", async () => {
  await leave(file.subarray(0, half), { id: jobId, etag: tagOf(other) });
  const server = await serveExport([ranged(), broken(half), ranged(other)]);
  expect(await reasonOf(save(server))).toBeInstanceOf(DownloadInterruptedError);
  expect(await readFile(`${path}.part`)).toEqual(file.subarray(0, half));
  expect(JSON.parse(await readFile(`${path}.part.json`, "utf8"))).toEqual({ id: jobId, etag });
});

test("50 a part that was started again has no note when the new version has no tag", async () => {
  await leave(file.subarray(0, half), { id: jobId, etag: tagOf(other) });
  const server = await serveExport([whole({}), broken(half, {})]);
  expect(await reasonOf(save(server))).toBeInstanceOf(DownloadInterruptedError);
  expect(await files()).toEqual(["events.jsonl.part"]);
});

test("50 a file that changes during a download is downloaded again by the next call", async () => {
  const server = await serveExport([broken(half), ranged(other)]);
  expect(await reasonOf(save(server))).toBeInstanceOf(DownloadInterruptedError);
  expect(await readFile(`${path}.part`)).toEqual(file.subarray(0, half));
  await save(server);
  expect(await readFile(path)).toEqual(other);
});

const headOnly: Responder = (response) => {
  response.writeHead(200, { etag, "content-length": file.byteLength }).flushHeaders();
};

test("50 a part is noted with the tag of its first byte", async () => {
  const server = await serveExport(
    [headOnly, broken(half, { etag: tagOf(other) }, 0, other.subarray(0, half)), refused(403)],
    { idleTimeout: 20 },
  );
  expect(await reasonOf(save(server))).toBeInstanceOf(ApiError);
  expect(JSON.parse(await readFile(`${path}.part.json`, "utf8"))).toEqual({
    id: jobId,
    etag: tagOf(other),
  });
});

const ends =
  (content: string | Uint8Array): Responder =>
  (response) => {
    // Chunked: its length is not announced.
    response.writeHead(200, { etag }).flushHeaders();
    response.end(content);
  };

test.each<[string, string | Uint8Array, number | null, RegExp]>([
  ["55 cut in a line", file.subarray(0, -5), null, /last line is truncated/],
  ["55 cut in a nested object", '{"a":{}', null, /last line is truncated/],
  ["56 cut after a newline", file, 101, /the number of events is 100, but the job counts 101/],
])("%s, a file is not renamed, and its part is resumed", async (_, content, total, message) => {
  const server = await serveExport([ends(content)], { total });
  const error = await reasonOf(save(server));
  expect(error).toBeInstanceOf(DownloadInterruptedError);
  expect(String(error)).toMatch(message);
  expect(await files()).toEqual(parts);
  await reasonOf(save(server));
  expect(server.requests[1]?.headers).toMatchObject({ range: expect.anything() });
});

test("56 a file that cannot be compared with anything is reported as not verified", async () => {
  const server = await serveExport([ends(file)]);
  expect(await save(server)).toEqual({ path, bytes: file.byteLength, verifiedBy: [] });
});

test.each<[string, string, number | null, RegExp]>([
  [
    "that is whole, and has fewer events",
    '{"a":1}\n',
    2,
    /the number of events is 1, but the job counts 2/,
  ],
  [
    "that has more events",
    '{"a":1}\n{"a":2}\n',
    1,
    /the number of events is 2, but the job counts 1/,
  ],
  ["whose lines are no objects", '{"a":1}\n \n[1]\n', null, /line 3: it is not a JSON object/],
  ["that is a page", "<h1>Sorry</h1>\n", null, /line 1: it is not a JSON object/],
])("a file %s is not renamed, and is downloaded again", async (_, content, total, message) => {
  const server = await serveExport([whole({ etag }, Buffer.from(content)), ranged()], { total });
  expect(String(await reasonOf(save(server)))).toMatch(message);
  expect(await files()).toEqual(["events.jsonl.part"]);
  await save(server).catch(() => undefined);
  expect(server.requests[1]?.headers).not.toHaveProperty("range");
});

const undeclaredGzip = "it is gzip that was not decompressed: save it to a path that ends in .gz";
const noObject = /line \d: it is not a JSON object/;
test.each([
  ["62 a byte order mark that is cut", Uint8Array.of(0xef), /the last line is truncated/],
  ["62 an object after a byte order mark that is cut", Buffer.from("\xef{}", "latin1"), noObject],
  [
    "62 a line end after a byte order mark that is cut",
    Buffer.from("\xef\xbb\n", "latin1"),
    noObject,
  ],
  ["67 a line of a no-break space", '{"a":1}\n\u00a0\n', noObject],
  ["67 a line of a byte order mark", '{"a":1}\n\ufeff\n', noObject],
  ["67 a line of a vertical tab", '{"a":1}\n\v\n', noObject],
])("%s is not saved", async (_, content, fault) => {
  const server = await serveExport([whole({}, Buffer.from(content))]);
  expect(String(await reasonOf(save(server)))).toMatch(fault);
  expect(await files()).toEqual(["events.jsonl.part"]);
});

test.each([
  ["\ufeff{}\n \r\n\t{} \n", { events: 2, isCut: false }],
  ["\x1f\n{}\n", { events: 0, isCut: false, fault: undeclaredGzip }],
  ['\ufeff{"a":"ü"}', { events: 1, isCut: false }],
  ['{}\n{"a":', { events: 2, isCut: true }],
  ["{}\n\n[]\n{}\n", { events: 1, isCut: false, fault: "line 3: it is not a JSON object" }],
])("lines are checked alike however they arrive: %j", (text, report) => {
  const content = Buffer.from(text);
  for (let size = 1; size <= content.byteLength; size += 1) {
    const check = createLineCheck();
    const buffer = Buffer.alloc(size);
    let fault: string | undefined;
    for (let start = 0; start < content.byteLength; start += size) {
      // A chunk may be overwritten once it has been checked.
      const length = content.copy(buffer, 0, start);
      fault = check.add(buffer.subarray(0, length));
    }
    expect(check.end()).toEqual(report);
    expect(fault).toBe(check.end().fault);
  }
});

test.each([
  ["67 a line that only begins as an object", Buffer.from('{"a":\n')],
  ["70 a line that is not UTF-8", Buffer.from('{"a":"\xff"}\n', "latin1")],
])("%s is saved as it is", async (_, content) => {
  await save(await serveExport([whole({}, content)]));
  expect(await readFile(path)).toEqual(content);
});

test("an HTML response leaves a part unchanged", async () => {
  await leave(file.subarray(0, half));
  expect(await reasonOf(save(await serveExport([html(200)])))).toBeInstanceOf(InvalidResponseError);
  expect(await readFile(`${path}.part`)).toEqual(file.subarray(0, half));
  expect(await files()).toEqual(parts);
});

test.each([
  ["written to", () => appendFileSync(`${path}.part`, "\n".repeat(file.byteLength))],
  ["cut", () => truncateSync(`${path}.part`, 10)],
])("a part that another process has %s is not renamed to its final path", async (_, change) => {
  const server = await serveExport([broken(half), ranged()]);
  const saving = saveExport(server.auditLogs, jobId, path, {
    onProgress: (state) => {
      server.onProgress(state);
      if (state.bytes > half) change();
    },
  });
  const error = await reasonOf(saving);
  expect(error).toBeInstanceOf(AuditLogsError);
  expect(String(error)).toContain("did another process write to it?");
  expect(await files()).toEqual(["events.jsonl.part"]);
});

test("a file that cannot be inspected is Node's own error", async () => {
  await expect(inspectLines(folder, false)).rejects.toMatchObject({ code: "EISDIR" });
  await expect(inspectLines(join(folder, "none"), true)).rejects.toMatchObject({ code: "ENOENT" });
});

test("lines are counted however the file is read", async () => {
  // More than what is read at a time, with lines that cross from one piece to the next.
  const lines = Array.from({ length: 3 }, (_, id) =>
    JSON.stringify({ id, text: "a".repeat(2 ** 20) }),
  );
  const content = Buffer.from(lines.join("\n"));
  const server = await serveExport([whole({ etag: tagOf(content) }, content)], { total: 3 });
  expect(await save(server)).toMatchObject({ verifiedBy: ["length", "total_records"] });
});

test("gzip that is cut anywhere is cut, and gzip within gzip is no JSON", async () => {
  const cut = join(folder, "cut");
  const packed = gzipSync(file);
  for (let length = 2; length < packed.byteLength; length += length < 40 ? 1 : 97) {
    await writeFile(cut, packed.subarray(0, length));
    expect(await inspectLines(cut, true)).toMatchObject({ isCut: true });
  }
  await writeFile(cut, gzipSync(packed));
  expect(await inspectLines(cut, true)).toEqual({
    events: 0,
    isCut: false,
    fault: undeclaredGzip,
  });
  await writeFile(cut, Buffer.concat([packed, packed]));
  expect(await inspectLines(cut, true)).toEqual({ events: 2 * events.length, isCut: false });
});

test("a last line without a newline is not held in memory if it is longer than 256 MiB", async () => {
  const long = join(folder, "long");
  // Its parts are members (RFC 1952 §2.2). Uncompressed, the file would fill the memory of the system.
  const rest = Array<Buffer>(2 ** 8).fill(gzipSync(Buffer.alloc(2 ** 20)));
  await writeFile(long, Buffer.concat([gzipSync(`{"id":1}\n{"text":"`), ...rest]));
  const fault = `line 2, the last: no newline follows it, and it is longer than ${2 ** 28} bytes`;
  expect(await inspectLines(long, true)).toEqual({ events: 2, isCut: false, fault });
});

/** Saves to a small file system. */
async function saveToDisk(
  size: string,
  skip: (reason: string) => void,
  work: (disk: string) => Promise<void>,
): Promise<void> {
  const disk = join(folder, "disk");
  await mkdir(disk);
  const options = ["-t", "tmpfs", "-o", `size=${size}`, "tmpfs", disk];
  if ((await runProgram("mount", options)).exitCode !== 0) {
    return skip("A file system can be mounted by root only");
  }
  try {
    await work(disk);
  } finally {
    execFileSync("umount", [disk]);
  }
}

describe("54 a disk that is full", () => {
  test("54 is Node's own error, and no name appears", async () => {
    const probe = await open(import.meta.filename);
    await probe.close();
    const full = Object.assign(new Error("no space left on device"), { code: "ENOSPC" });
    vi.spyOn(Object.getPrototypeOf(probe), "appendFile").mockRejectedValue(full);
    let closed: Promise<unknown> | undefined;
    const server = await serveExport([
      (response) => {
        closed = once(response, "close");
        response.writeHead(200).write(file);
      },
    ]);
    expect(await reasonOf(save(server))).toMatchObject({ code: "ENOSPC" });
    // The connection is released.
    await closed;
    expect(await files()).toEqual(["events.jsonl.part"]);
  });

  test("54 keeps the part, and resumes it once files may be larger", async ({ skip }) => {
    if (process.platform === "win32") skip("It has no limit for the size of a file");
    const line = `${JSON.stringify({ text: "a".repeat(997) })}\n`;
    const content = Buffer.from(line.repeat(2000));
    const server = await serveExport([ranged(content)], { total: 2000 });
    const script = join(import.meta.dirname, "save-child.js");
    const program = [process.execPath, script, server.url, jobId, path];
    // In blocks of 512 bytes.
    const limited = ["-c", 'ulimit -f 2048; exec "$@"', "sh", ...program];
    const { exitCode, stderr } = await runProgram("sh", limited);
    expect(exitCode).toBe(1);
    expect(stderr).toContain("EFBIG");
    expect(await files()).toEqual(parts);
    expect(await readFile(`${path}.part`)).toEqual(content.subarray(0, 2 ** 20));

    await save(server);
    expect(await readFile(path)).toEqual(content);
    expect(server.requests.at(-1)?.headers).toMatchObject({ range: `bytes=${2 ** 20}-` });
  });

  test("54 is Node's own error also while the file is compressed", ({ skip }) =>
    saveToDisk("200k", skip, async (disk) => {
      path = join(disk, "events.jsonl.gz");
      // Gzip makes little of it.
      const content = Buffer.from(`{"text":"${randomBytes(120_000).toString("base64")}"}\n`);
      const server = await serveExport([ranged(content)], { total: 1 });
      expect(await reasonOf(save(server))).toMatchObject({ code: "ENOSPC" });
      expect(await readdir(disk)).not.toContain("events.jsonl.gz.part.gz");
    }));

  test("54 keeps the part, and resumes it once there is room", ({ skip }) =>
    saveToDisk("16k", skip, async (disk) => {
      path = join(disk, "events.jsonl");
      const content = Buffer.concat([file, file, file]);
      const server = await serveExport([ranged(content)]);
      expect(await reasonOf(save(server))).toMatchObject({ code: "ENOSPC" });
      expect((await readdir(disk)).toSorted()).toEqual(parts);
      const begun = await readFile(`${path}.part`);
      expect(begun.byteLength).toBeGreaterThan(0);
      expect(begun).toEqual(content.subarray(0, begun.byteLength));

      execFileSync("mount", ["-o", "remount,size=1m", disk]);
      await save(server);
      expect(await readFile(path)).toEqual(content);
      expect(server.requests.at(-1)?.headers).toMatchObject({
        range: `bytes=${begun.byteLength}-`,
      });
    }));
});

test.each<[string, () => Promise<unknown>, string]>([
  ["a directory", () => mkdir(path), "a directory"],
  ["a pipe", async () => execFileSync("mkfifo", [path]), "a device"],
  ["a link", () => symlink(join(folder, "x"), path), "a link"],
  ["a link in place of the part", () => symlink(join(folder, "x"), `${path}.part`), "a link"],
  ["a link in place of the note", () => symlink(join(folder, "x"), `${path}.part.json`), "a link"],
  ["a directory in place of the lock", () => mkdir(`${path}.lock`), "a directory"],
  ["a pipe in place of the lock", async () => execFileSync("mkfifo", [`${path}.lock`]), "a device"],
])("97 %s is not saved to", async (_, make, kind) => {
  await make();
  const before = await files();
  const server = await serveExport([whole()]);
  const error = await reasonOf(save(server));
  expect(error).toBeInstanceOf(AuditLogsError);
  expect(String(error)).toContain(`it is ${kind}; save to the path of a regular file`);
  expect(await files()).toEqual(before);
  expect(server.requests).toEqual([]);
});

test.each([
  ["", "path must be the path of a file"],
  ["folder/", "path must be the path of a file"],
  ["events.part", "path must not end in .part:"],
  ["events.part.json", "path must not end in .part.json:"],
  ["events.part.gz", "path must not end in .part.gz:"],
  ["events.lock", "path must not end in .lock:"],
])("the path %j is refused before anything is sent", async (name, message) => {
  const server = await serveExport([whole()]);
  const saving = saveExport(server.auditLogs, jobId, name && `${folder}/${name}`);
  await expect(saving).rejects.toThrow(message);
  expect(server.requests).toEqual([]);
});

test("97 the file and its part are readable by their owner alone", async () => {
  const server = await serveExport([broken(half), refused(503), ranged()]);
  await reasonOf(save(server, { maxRetries: 1 }));
  for (const name of parts) expect((await stat(join(folder, name))).mode & 0o777).toBe(0o600);
  await save(server);
  expect((await stat(path)).mode & 0o777).toBe(0o600);
});

test.each([
  [".part", {}],
  [".part.gz", { compress: true }],
])("97 no file is readable by others because its %s was", async (name, options) => {
  await writeFile(path + name, "old");
  await chmod(path + name, 0o666);
  const server = await serveExport([broken(half), ranged()]);
  await reasonOf(save(server, { maxRetries: 0 }));
  for (const each of parts) expect((await stat(join(folder, each))).mode & 0o777).toBe(0o600);
  await save(server, options);
  expect((await stat(path)).mode & 0o777).toBe(0o600);
});

test("97 a part that others could read is resumed, and they cannot read the file", async () => {
  await leave(file.subarray(0, half));
  await chmod(`${path}.part`, 0o666);
  const server = await serveExport([ranged()]);
  await save(server);
  expect(server.requests[0]?.headers).toMatchObject({ range: `bytes=${half}-` });
  expect((await stat(path)).mode & 0o777).toBe(0o600);
});

test.each([
  ["", { id: jobId, etag }],
  [" when it is not resumed", {}],
])("97 a part that has a second name is not written to%s", async (_, note) => {
  await leave(file.subarray(0, half), note);
  const second = join(folder, "second");
  await link(`${path}.part`, second);
  const server = await serveExport([ranged()]);
  await save(server);
  expect(server.requests[0]?.headers).not.toHaveProperty("range");
  expect(await readFile(path)).toEqual(file);
  expect(await readFile(second)).toEqual(file.subarray(0, half));
});

test("97 a part of another user is not resumed", async ({ skip }) => {
  if (process.getuid?.() !== 0) skip("Only root can give a file to another user");
  await leave(file.subarray(0, half));
  await chown(`${path}.part`, 1, 1);
  const server = await serveExport([ranged()]);
  await save(server);
  expect(server.requests[0]?.headers).not.toHaveProperty("range");
  expect((await stat(path)).uid).toBe(0);
});

test("98 a second save to the same path is refused, and says who holds it", async () => {
  let finish: (() => unknown) | undefined;
  const server = await serveExport([
    (response, request) => {
      finish = () => whole()(response, request);
    },
  ]);
  // Either may be the first to hold it.
  const saves = [save(server), save(server)];
  const error = await reasonOf(Promise.race(saves));
  expect(error).toBeInstanceOf(AuditLogsError);
  expect(String(error)).toContain(
    `process ${process.pid} on ${hostname()} is already saving to it`,
  );
  await vi.waitFor(() => expect(server.requests).toHaveLength(1));
  finish?.();
  const outcomes = await Promise.allSettled(saves);
  expect(outcomes.map(({ status }) => status).toSorted()).toEqual(["fulfilled", "rejected"]);
  expect(await files()).toEqual(["events.jsonl"]);
});

test("98 the lock of a dead process is taken over, however long the file's name is", async () => {
  // 255 bytes is the longest name on most systems.
  path = join(folder, "e".repeat(255 - ".part.json".length));
  await writeFile(`${path}.lock`, `4194305 on ${hostname()}\n${randomUUID()}\nlong ago`);
  const server = await serveExport([whole()]);
  expect(await save(server)).toMatchObject({ bytes: file.byteLength });
});

test("a relative path is that of the start, even if the process changes its directory", async () => {
  const before = process.cwd();
  process.chdir(folder);
  try {
    const server = await serveExport([whole()]);
    const saving = saveExport(server.auditLogs, jobId, "events.jsonl");
    process.chdir(before);
    expect(await saving).toMatchObject({ path: "events.jsonl" });
  } finally {
    process.chdir(before);
  }
  expect(await files()).toEqual(["events.jsonl"]);
});

test("98 a file that is no lock is not replaced", async () => {
  await writeFile(`${path}.lock`, "# the lock of another tool\n");
  const server = await serveExport([whole()]);
  const error = await reasonOf(save(server));
  expect(String(error)).toContain(`${path}.lock is empty, or not a lock of this client`);
  expect(await readFile(`${path}.lock`, "utf8")).toBe("# the lock of another tool\n");
});

test("98 a save is refused while another process saves to the path", async () => {
  const server = await serveExport([
    (response) => response.writeHead(200, { etag }).write(file.subarray(0, half)),
  ]);
  const script = new URL("save-child.js", import.meta.url);
  const child = fork(script, [server.url, jobId, path], { execArgv: [] });
  await once(child, "message");
  const error = await reasonOf(save(server));
  child.kill("SIGKILL");
  await once(child, "exit");
  expect(String(error)).toContain(`process ${child.pid} on ${hostname()} is already saving to it`);
  expect(await files()).toContain("events.jsonl.lock");
});

test.each<[string, string, string, boolean, string?]>([
  ["of another host", "1 on elsewhere", randomUUID(), false],
  ["of another host, without a start", "1 on elsewhere", randomUUID(), false, ""],
  ["of a running process, without a start", `1 on ${hostname()}`, randomUUID(), false, ""],
  ["of a process that has died", `4194305 on ${hostname()}`, randomUUID(), true],
  ["of an earlier process with our number", `${process.pid} on ${hostname()}`, randomUUID(), true],
  ["of no process", `0 on ${hostname()}`, randomUUID(), true],
  ["with an id that is a path", "1 on elsewhere", `a/${randomUUID()}`, true],
  ["that was cut when it was written", "1 on elsewhere", "", true],
])(
  "98 a lock %s is taken over, if its process is dead",
  async (_, holder, id, isTaken, start = "\nlong ago") => {
    await writeFile(`${path}.lock`, `${holder}\n${id}${start}`);
    const server = await serveExport([whole()]);
    const outcome = await save(server).catch((error: unknown) => error);
    if (isTaken) expect(outcome).toMatchObject({ bytes: file.byteLength });
    else expect(String(outcome)).toContain(`process ${holder} is already saving to it`);
    expect(await files()).toEqual(isTaken ? ["events.jsonl"] : ["events.jsonl.lock"]);
  },
);
