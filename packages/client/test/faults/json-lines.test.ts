import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { expect, expectTypeOf, test } from "vitest";
import {
  DownloadInterruptedError,
  InvalidResponseError,
  type AuditLog,
  type ReadOptions,
  type ReadSummary,
} from "../../src/index.ts";
import { listen } from "../listen.ts";
import { clientOf, jobId, open } from "./setup.ts";

/** The file in chunks, and the job's count. */
interface Export {
  readonly chunks: Iterable<string | Uint8Array>;
  readonly total?: number | null;
}

/** A client of a server with a job and its file. Each chunk is an HTTP chunk (RFC 9112 §7.1). */
async function serve({ chunks, total = null }: Export) {
  const server = open(
    await listen((request, response) => {
      if (request.url === "/file") {
        // Sends the headers, even if there is no chunk.
        response.flushHeaders();
        // Fails if the client closes the connection.
        return pipeline(Readable.from(chunks), response).catch(() => undefined);
      }
      const download_url = `http://${request.headers.host}/file`;
      const job = { id: jobId, status: "completed", total_records: total, download_url };
      return response.end(JSON.stringify(job));
    }),
  );
  return clientOf(server.url);
}

/** Reads the complete export, and returns the events, with the summary or the error. */
async function read(file: Export, options: ReadOptions = {}) {
  const auditLogs = await serve(file);
  const events: AuditLog[] = [];
  let summary: ReadSummary | undefined;
  const onEnd = (result: ReadSummary): void => {
    summary = result;
  };
  try {
    for await (const event of auditLogs.readExport(jobId, { ...options, onEnd })) {
      events.push(event);
    }
    return { events, summary };
  } catch (error) {
    return { events, error };
  }
}

const first = { id: 1, name: "é€😀" };
const second = { id: 2 };
const text = `${JSON.stringify(first)}\n${JSON.stringify(second)}\n`;

function expectInvalid(error: unknown, fault: string): void {
  expect(error).toBeInstanceOf(InvalidResponseError);
  expect(error).toHaveProperty("message", expect.stringContaining(`export ${jobId}: `));
  expect(error).toHaveProperty("message", expect.stringContaining(fault));
}

test("61 reads UTF-8 that is split across chunks, at every byte", async () => {
  const chunks = Array.from(Buffer.from(text), (byte) => Uint8Array.of(byte));
  expect(await read({ chunks, total: 2 })).toEqual({
    events: [first, second],
    summary: { events: 2, bytes: chunks.length, verifiedBy: ["total_records"] },
  });
});

test("86 an error of onEnd ends the call, also if it is thrown asynchronously", async () => {
  const reason = new Error("the database is closed");
  const auditLogs = await serve({ chunks: [text] });
  const onEnd = () => Promise.reject(reason);
  const reading = auditLogs.readExport(jobId, { onEnd });
  await reading.next();
  await reading.next();
  await expect(reading.next()).rejects.toBe(reason);
});

test("62 drops a byte order mark", async () => {
  expect(await read({ chunks: ["\ufeff", text] })).toMatchObject({ events: [first, second] });
});

test("62 drops a byte order mark that is split across chunks", async () => {
  const bytes = Buffer.from(`\ufeff${text}`);
  const chunks = [bytes.subarray(0, 1), bytes.subarray(1, 2), bytes.subarray(2)];
  expect(await read({ chunks })).toMatchObject({ events: [first, second] });
});

test("62 refuses a byte order mark within the file, and names the line", async () => {
  const { events, error } = await read({ chunks: [text, "\ufeff", text] });
  expect(events).toEqual([first, second]);
  expectInvalid(error, "line 3: it is not a JSON object");
});

test("63 reads lines that end with CRLF", async () => {
  expect(await read({ chunks: [text.replaceAll("\n", "\r\n")] })).toMatchObject({
    events: [first, second],
    summary: { events: 2 },
  });
});

test("64 reads lines whose CR and LF come in different chunks", async () => {
  const chunks = text.split("\n").flatMap((line) => (line === "" ? [] : [`${line}\r`, "\n"]));
  expect(await read({ chunks })).toMatchObject({ events: [first, second] });
});

test("65 skips blank lines, which count in line numbers but not as events", async () => {
  expect(await read({ chunks: ["\n", "\r\n", ` \t\n${text}\n\n`], total: 2 })).toMatchObject({
    events: [first, second],
    summary: { events: 2 },
  });
  const { error } = await read({ chunks: ["\n\r\n", text, "\n{\n"] });
  expectInvalid(error, "line 6: ");
});

test.each(["\u00a0", "\ufeff", "\v"])("65 a line of %j is not blank", async (line) => {
  const { events, error } = await read({ chunks: [`${text}${line}\n`] });
  expect(events).toEqual([first, second]);
  expectInvalid(error, "line 3: ");
});

test("66 reads a last line without a newline", async () => {
  expect(await read({ chunks: [text.trimEnd()], total: 2 })).toMatchObject({
    events: [first, second],
    summary: { events: 2, verifiedBy: ["total_records"] },
  });
});

test.each([`{"id":2`, `{"id":2,"name":"\u00e9`, `{`])(
  "66 says that a last line without a newline is truncated: %s",
  async (line) => {
    const { events, error } = await read({ chunks: [text, line] });
    expect(events).toEqual([first, second]);
    expect(error).toBeInstanceOf(DownloadInterruptedError);
    expect(error).toMatchObject({ bytes: Buffer.byteLength(text + line) });
    expect(error).toHaveProperty(
      "message",
      expect.stringContaining("line 3, the last, is truncated"),
    );
  },
);

test("66 says that a last line is truncated within a character", async () => {
  const { error } = await read({ chunks: [text, Buffer.from(`{"id":"\u20ac`).subarray(0, -1)] });
  expect(error).toBeInstanceOf(DownloadInterruptedError);
  expect(error).toHaveProperty("message", expect.stringContaining("line 3, the last"));
});

test.each(["{", "not JSON", "[1]", "null", "7", `"text"`, "{} {}", "{'id':1}", "NaN", "<html>"])(
  "67 names the number of a line that is not a JSON object, after the events before it: %s",
  async (line) => {
    // In a single chunk, and in a chunk per line.
    for (const chunks of [[`${text}${line}\n${text}`], [text, `${line}\n`, text]]) {
      const { events, error } = await read({ chunks, total: 4 });
      expect(events).toEqual([first, second]);
      expectInvalid(error, "line 3: it is not a JSON object");
    }
  },
);

test("67 names a last line that is JSON, but not an object", async () => {
  const { events, error } = await read({ chunks: [text, "[1]"] });
  expect(events).toEqual([first, second]);
  expectInvalid(error, "line 3: it is not a JSON object");
});

test("67 does not quote the line, which may hold confidential data", async () => {
  const { error } = await read({ chunks: [`{"password": "hunter2" "a": 1}\n`] });
  expectInvalid(error, "line 1: ");
  expect(error).not.toHaveProperty("cause");
  expect(String((error as Error).stack)).not.toContain("hunter2");
});

/** `{"text":"xxx…"}` of a length, in chunks of 64 KiB. */
function* longLine(length: number): Generator<Uint8Array> {
  const chunk = new Uint8Array(2 ** 16).fill(0x78);
  yield Buffer.from(`{"text":"`);
  for (let sent = 0; sent < length; sent += chunk.length) yield chunk;
  yield Buffer.from(`"}\n`);
}

test("68 refuses a line of 100 MB by default, and names it", async () => {
  let sent = 0;
  function* count(): Generator<string | Uint8Array> {
    yield text;
    for (const chunk of longLine(100e6)) {
      sent += chunk.length;
      yield chunk;
    }
  }
  const { events, error } = await read({ chunks: count() });
  expect(events).toEqual([first, second]);
  expectInvalid(error, `line 3: it is longer than ${2 ** 24} bytes`);
  // The rest is not read, apart from the buffers of the sockets.
  expect(sent).toBeLessThan(60e6);
});

test("68 reads a line beyond the default limit if maxLineLength allows it", async () => {
  const length = 2 ** 24 + 2 ** 16;
  const auditLogs = await serve({ chunks: [text, ...longLine(length), text], total: 5 });
  const lengths: unknown[] = [];
  const events = auditLogs.readExport<{ text?: string }>(jobId, { maxLineLength: 2 ** 25 });
  for await (const event of events) lengths.push(event.text?.length);
  expect(lengths).toEqual([undefined, undefined, length, undefined, undefined]);
});

test("68 refuses a shorter line if maxLineLength is lower", async () => {
  const { events, error } = await read({ chunks: [text] }, { maxLineLength: 10 });
  expect(events).toEqual([]);
  expectInvalid(error, "line 1: it is longer than 10 bytes");
});

test("69 does not end a line at U+2028 or U+2029 inside a string", async () => {
  const event = { id: 1, message: "a\u2028b\u2029c\u0085d" };
  expect(await read({ chunks: [`${JSON.stringify(event)}\n`], total: 1 })).toMatchObject({
    events: [event],
  });
});

test("70 refuses invalid UTF-8, and names the line, after the events before it", async () => {
  const bad = Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d, 0x0a]);
  const good = Buffer.from(text);
  for (const chunks of [
    [good, bad, good],
    [Buffer.concat([good, bad, good])],
    [good, bad.subarray(0, 3), bad.subarray(3), good],
  ]) {
    const { events, error } = await read({ chunks, total: 5 });
    expect(events).toEqual([first, second]);
    expectInvalid(error, "line 3: it is not a JSON object in UTF-8");
  }
});

test("70 keeps a replacement character that is in the file", async () => {
  const event = { id: "\ufffd" };
  expect(await read({ chunks: [JSON.stringify(event)] })).toMatchObject({ events: [event] });
});

test.each<[string, string[]]>([
  ["no byte", []],
  ["a newline", ["\n"]],
  ["a byte order mark", ["\ufeff"]],
])("71 a file of %s has no events", async (_, chunks) => {
  expect(await read({ chunks, total: 0 })).toEqual({
    events: [],
    summary: {
      events: 0,
      bytes: Buffer.byteLength(chunks.join("")),
      verifiedBy: ["total_records"],
    },
  });
  // There is nothing to compare with, and the summary says so.
  expect(await read({ chunks })).toMatchObject({ summary: { verifiedBy: [] } });
});

test("71 says that an empty file is too short for a job that counts events", async () => {
  const { error } = await read({ chunks: [], total: 3 });
  expect(error).toBeInstanceOf(DownloadInterruptedError);
  expect(error).toMatchObject({ bytes: 0 });
  expect(error).toHaveProperty(
    "message",
    expect.stringContaining("the number of events is 0, but the job counts 3"),
  );
});

test("71 refuses a file of more events than the job counts, after all of them", async () => {
  const { events, error } = await read({ chunks: [text], total: 1 });
  expect(events).toEqual([first, second]);
  expectInvalid(error, "the number of events is 2, but the job counts 1");
});

test("34 the last of several equal keys of an event counts", async () => {
  expect(await read({ chunks: [`{"id":1,"id":2}\n`] })).toMatchObject({ events: [{ id: 2 }] });
});

test("35 returns an integer beyond 2^53 in an event as the nearest number", async () => {
  const { events } = await read({ chunks: [`{"id":9007199254740993}\n`] });
  expect(events).toEqual([{ id: 9007199254740992 }]);
});

test("36 keeps a __proto__ key in an event as an ordinary field, and pollutes no prototype", async () => {
  const { events } = await read({
    chunks: [`{"id":1,"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":1}}}\n`],
  });
  const event = events[0] ?? expect.fail("There is none");
  expect(Object.keys(event)).toEqual(["id", "__proto__", "constructor"]);
  expect(Object.getPrototypeOf(event)).toBe(Object.prototype);
  expect(event["polluted"]).toBeUndefined();
  expect({}).not.toHaveProperty("polluted");
});

test("the type of an event is open, or chosen by the caller", () => {
  expectTypeOf<AuditLog["anything"]>().toEqualTypeOf<unknown>();

  interface Login {
    readonly action_key: "auth.login";
    readonly meta: { readonly ip_address: string };
  }
  // Nothing is sent before the first event is requested.
  const auditLogs = clientOf("http://127.0.0.1");
  expectTypeOf(auditLogs.readExport(jobId)).toEqualTypeOf<
    AsyncGenerator<AuditLog, ReadSummary, undefined>
  >();
  expectTypeOf(auditLogs.readExport<Login>(jobId)).toEqualTypeOf<
    AsyncGenerator<Login, ReadSummary, undefined>
  >();
  // @ts-expect-error: an event is an object
  expectTypeOf(auditLogs.readExport<string>).toBeFunction();
});
