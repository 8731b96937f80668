import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { setImmediate } from "node:timers/promises";
import { expect, test, vi } from "vitest";
import {
  limitResponse,
  contentKind,
  discard,
  readBody,
  readResponse,
  restoreBody,
} from "../src/response.ts";
import { openCall } from "../src/deadline.ts";
import { readAhead } from "../src/read-ahead.ts";

const call = openCall(
  { label: "GET /jobs" },
  {},
  {
    redact: (text) => text.replaceAll("a-token", "…"),
  },
);

const readAndRestore = async (...[context, response]: Parameters<typeof readResponse>) =>
  restoreBody(await readResponse(context, response));

test("a response can be read again after it was read, as text and as JSON", async () => {
  const restored = await readAndRestore(call, Response.json({ a: 1 }));
  expect(await restored.text()).toBe('{"a":1}');
  expect(await restored.json()).toEqual({ a: 1 });
  expect(await restored.text()).toBe('{"a":1}');
});

test("the kind of a success is found by its status, its class, or the default", () => {
  const responses = { 200: ["application/json"], "2XX": ["text/csv"], default: [] };
  const kindOf = (status: number, described: Record<string, string[]> = responses) =>
    contentKind(described, "GET", new Response(null, { status }));
  expect([kindOf(200), kindOf(206)]).toEqual(["json", "stream"]);
  expect(kindOf(206, { 200: ["application/json"], default: [] })).toBe("none");
});

test("data that is not JSON may be a proxy's, so it is transient", async () => {
  const error = await readResponse(call, new Response("<h1>")).catch((reason: unknown) => reason);
  expect(error).toMatchObject({ isTransient: true });
});

async function dataOf(text: string): Promise<unknown> {
  return (await readResponse(call, new Response(text, { status: 400 }))).data;
}

test("the data of a failure is its text, if there is any", async () => {
  expect(await dataOf("no: a-token")).toBe("no: …");
  expect(await dataOf("")).toBeUndefined();
});

test("a body that is announced to be longer than 16 MiB is not read to its end", async () => {
  let pulls = 0;
  const body = new ReadableStream({
    pull(controller) {
      pulls += 1;
      if (pulls > 100) controller.close();
      else controller.enqueue(new Uint8Array(2 ** 20));
    },
  });
  const headers = { "content-length": String(100 * 2 ** 20) };
  const reading = readResponse(call, new Response(body, { headers }));
  await expect(reading).rejects.toThrow("it is longer than 16777216 bytes");
  expect(pulls).toBeLessThan(20);
});

test("a bounded body is read only when its reader asks for it, and is released early", async () => {
  let pulls = 0;
  const cancel = vi.fn<() => void>();
  const body = new ReadableStream(
    {
      pull(controller) {
        pulls += 1;
        controller.enqueue(new Uint8Array(1));
      },
      cancel,
    },
    { highWaterMark: 0 },
  );
  const bounded = limitResponse(call, new Response(body), 1000);
  await setImmediate();
  expect(pulls).toBe(0);
  const reader = bounded.body?.getReader();
  await reader?.read();
  expect(pulls).toBe(1);
  await reader?.cancel();
  expect(cancel).toHaveBeenCalledOnce();
});

test("a body that is read partly is released", async () => {
  const cancel = vi.fn<() => void>();
  const body = new ReadableStream<Uint8Array<ArrayBuffer>>({
    pull: (controller) => controller.enqueue(new Uint8Array(1)),
    cancel,
  });
  for await (const _ of readBody(call, body, 1000)) break;
  expect(cancel).toHaveBeenCalledOnce();
});

test("a success that is not JSON is refused, and not quoted", async () => {
  const error = await readAndRestore(call, new Response("<h1>")).catch((reason) => reason);
  expect(error).toMatchObject({
    name: "InvalidResponseError",
    message: "GET /jobs: the response does not match the description: it is not JSON",
  });
  expect(error).not.toHaveProperty("cause");
});

function refused(): Response {
  return new Response("no: a-token, a-token", { status: 401 });
}

test("a response without a length is read to its end, up to 16 MiB", async () => {
  const chunk = new Uint8Array(2 ** 20).fill(0x31);
  const bodyOf = (chunks: number) => {
    let left = chunks;
    return new ReadableStream({
      pull: (body) => ((left -= 1) < 0 ? body.close() : body.enqueue(chunk)),
    });
  };
  const longest = await readAndRestore(call, new Response(bodyOf(16)));
  expect(await longest.text()).toHaveLength(2 ** 24);
  const headers = { "content-encoding": "gzip", "content-length": "5" };
  for (const init of [{}, { headers }]) {
    await expect(readAndRestore(call, new Response(bodyOf(17), init))).rejects.toMatchObject({
      message: expect.stringContaining("it is longer than 16777216 bytes"),
      isTransient: false,
    });
  }
});

test.each([{}, { "content-length": String(3 * 2 ** 20) }])(
  "of a failure, 1 MiB is read, and the connection is released: %j",
  async (headers) => {
    let isReleased = false;
    const body = new ReadableStream({
      pull: (controller) => controller.enqueue(new Uint8Array(2 ** 20).fill(0x31)),
      cancel: () => void (isReleased = true),
    });
    const { text } = await readResponse(call, new Response(body, { status: 400, headers }));
    expect(text).toHaveLength(2 ** 20);
    expect(isReleased).toBe(true);
  },
);

test("the excerpt of a failure starts with its first bytes, and does not cut a secret in two", async () => {
  const secretive = openCall(
    { label: "call" },
    {},
    { redact: (text) => text.replaceAll("a-token", "…") },
  );
  const start = "1".repeat(2 ** 20 - 3);
  const chunks = [`${start}a-to`, `ken${"2".repeat(2 ** 13)}`];
  for (const parts of [chunks, [chunks.join("")]]) {
    const body = ReadableStream.from(parts.map((part) => new TextEncoder().encode(part)));
    const { text } = await readResponse(secretive, new Response(body, { status: 400 }));
    expect(text).toBe(`${start}…22`);
  }
});

test("no part of a long secret is shown that the end of a failure's excerpt cuts", async () => {
  const token = "0123456789".repeat(600);
  const redact = (text: string): string => text.replaceAll(token, "…");
  const secretive = openCall({ label: "call" }, {}, { redact });
  const long = "x".repeat(2 ** 20 + 2 ** 16 - 2000);
  for (const body of [`${long}${token}`, `${"€".repeat(370_000)}${token}`, token.repeat(200)]) {
    const { text } = await readResponse(secretive, new Response(body, { status: 400 }));
    expect(text).not.toMatch(/\d/u);
  }
});

test("a character whose bytes arrive in two chunks is read as one", async () => {
  const bytes = new TextEncoder().encode('"é"');
  const body = ReadableStream.from([bytes.subarray(0, 2), bytes.subarray(2)]);
  expect((await readResponse(call, new Response(body))).data).toBe("é");
});

test("a body that is not a web stream can be read as text, but not as a stream", async () => {
  const [response, other] = [new Response("{}"), new Response("{}")];
  for (const each of [response, other]) {
    Object.defineProperty(each, "body", { value: {}, configurable: true });
  }
  expect(await (await readAndRestore(call, other)).json()).toEqual({});
  expect(() => limitResponse(call, response, 1000)).toThrow(/fetch returns no web streams/);
  expect(() => discard(response)).not.toThrow();
});

test("a body whose chunks are not bytes is the fault of the fetch option", async () => {
  for (const chunk of ["{}", { length: 2 }, 1]) {
    const body = ReadableStream.from([chunk]);
    const response = Object.defineProperty(new Response(), "body", { value: body });
    const reading = readResponse(call, response);
    await expect(reading).rejects.toThrow(/fetch returns no web streams of bytes/);
  }
});

test("a signal keeps no response that its caller has dropped", async () => {
  setFlagsFromString("--expose-gc");
  const collect: () => void = runInNewContext("gc");
  const { signal } = new AbortController();
  const drop = (): WeakRef<Response> => {
    const response = new Response(new ReadableStream());
    limitResponse(openCall({ label: "GET /jobs" }, { signal }), response, 1000);
    return new WeakRef(response);
  };
  const reference = drop();
  await vi.waitFor(() => {
    collect();
    // The error of an assertion about the response would keep it.
    expect(reference.deref() === undefined).toBe(true);
  });
});

test("a refusal need not be JSON, and a token that it quotes is redacted", async () => {
  expect(await (await readAndRestore(call, refused())).text()).toBe("no: …, …");
  const other = openCall({ label: "GET /jobs" });
  expect(await (await readAndRestore(other, refused())).text()).toBe("no: a-token, a-token");
});

test("the content of a success is not redacted", async () => {
  const restored = await readAndRestore(call, Response.json("a-token"));
  expect(await restored.text()).toBe('"a-token"');
});

test("a body that breaks off is a ConnectionError", async () => {
  const body = new ReadableStream({ pull: (controller) => controller.error(new Error("reset")) });
  await expect(readAndRestore(call, new Response(body))).rejects.toMatchObject({
    name: "ConnectionError",
    message: "GET /jobs: the connection was lost (reset)",
    cause: { message: "reset" },
  });
});

test("a refusal whose body breaks off is one without a body", async () => {
  const body = new ReadableStream({
    start: (controller) => controller.error(new TypeError("terminated")),
  });
  const refusal = await readResponse(call, new Response(body, { status: 403 }));
  expect(refusal).toMatchObject({ data: undefined, text: "" });
});

test("a refusal whose body is silent fails when the call ends", async () => {
  const silent = new ReadableStream({ pull: () => new Promise(() => undefined) });
  const short = openCall({ label: "GET /jobs" }, { timeout: 10 });
  const reading = readResponse(short, new Response(silent, { status: 403 }));
  await expect(reading).rejects.toThrow("not finished within 0.01 s");
});

test("a response that was read can be copied and streamed, with its status and headers", async () => {
  const response = new Response('{"a":1}', { status: 201, headers: { "x-a": "b" } });
  Object.defineProperty(response, "url", { value: "https://api.example.com/jobs" });
  const read = await readAndRestore(call, response);
  expect(read.url).toBe("https://api.example.com/jobs");
  expect(read.bodyUsed).toBe(false);
  const copy = read.clone();
  expect(copy.status).toBe(201);
  expect(copy.headers.get("x-a")).toBe("b");
  expect(await copy.json()).toEqual({ a: 1 });
  expect(await new Response(read.body).json()).toEqual({ a: 1 });
});

test("a copy of an empty response has no body, and an opaque response is not copied", async () => {
  const empty = await readAndRestore(call, new Response(null, { status: 404 }));
  expect(empty.clone().body).toBeNull();
  const hidden = Response.error();
  expect(await readAndRestore(call, hidden)).toBe(hidden);
});

test("the body of an error is parsed if it is JSON", async () => {
  const read = await readAndRestore(call, Response.json({ a: 1 }, { status: 400 }));
  expect(await read.json()).toEqual({ a: 1 });
});

test.each<[string, (response: Response) => Response]>([
  ["frozen", Object.freeze],
  [
    "a Proxy",
    (response) =>
      new Proxy(response, {
        get(target, name) {
          const value: unknown = Reflect.get(target, name, target);
          return typeof value === "function" ? value.bind(target) : value;
        },
      }),
  ],
])("a response that is %s can be read again", async (_, wrap) => {
  const restored = await readAndRestore(call, wrap(Response.json({ a: 1 }, { status: 201 })));
  expect(restored.status).toBe(201);
  expect(await restored.text()).toBe('{"a":1}');
  expect(await restored.json()).toEqual({ a: 1 });
});

test("an empty body can be read again", async () => {
  const response = restoreBody({ response: new Response("{}"), text: "", data: undefined });
  expect(await response.text()).toBe("");
  const unread = new Response("{}");
  expect(restoreBody({ response: unread, data: undefined })).toBe(unread);
  expect(await unread.json()).toEqual({});
});

test.each<[string, Record<string, readonly string[]>, number, string, string]>([
  ["by the status", { "200": ["application/json"], "202": ["text/csv"] }, 202, "", "stream"],
  ["by a range of statuses", { "2XX": ["application/json"] }, 201, "text/html", "json"],
  ["by default", { default: ["application/problem+json"] }, 200, "", "json"],
  ["by all that is described, for another status", { "200": ["text/csv"] }, 201, "", "stream"],
  ["nothing, where nothing is described", { "204": [] }, 204, "", "none"],
  ["by Content-Type, where nothing is described: JSON", {}, 200, "application/json", "json"],
  ["by Content-Type, where nothing is described: a stream", {}, 200, "text/csv", "stream"],
  ["JSON, if it is offered", { "200": ["text/csv", "*/*"] }, 200, "text/csv", "json"],
  [
    "JSON Lines are a stream",
    { "200": ["application/x-ndjson"] },
    200,
    "application/json",
    "stream",
  ],
  ["a JSON sequence is a stream", { "200": ["application/json-seq"] }, 200, "", "stream"],
])("the content of a success is determined %s", (_, responses, status, type, kind) => {
  const response = new Response(null, { status, headers: { "content-type": type } });
  expect(contentKind(responses, "GET", response)).toBe(kind);
});

test("a response without a Content-Type is a stream, where nothing is described", () => {
  expect(contentKind({}, "GET", new Response(null))).toBe("stream");
});

test("a 204 or 205 has no content, whatever is described for it", () => {
  for (const status of [204, 205]) {
    const response = new Response(null, { status });
    const json = ["application/json"];
    expect(contentKind({ [status]: json }, "DELETE", response)).toBe("none");
    expect(contentKind({ 200: json }, "DELETE", response)).toBe("json");
  }
});

test("a response to HEAD has no content", () => {
  const responses = { "200": ["application/json"] };
  expect(contentKind(responses, "HEAD", new Response())).toBe("none");
});

test("a stream keeps its status, and fails with the client's errors", async () => {
  const failing = new ReadableStream({ pull: (stream) => stream.error(new Error("reset")) });
  const bounded = limitResponse(call, new Response(failing, { status: 206 }), 1000);
  expect(bounded.status).toBe(206);
  await expect(bounded.text()).rejects.toMatchObject({
    name: "ConnectionError",
    message: "GET /jobs: the connection was lost (reset)",
  });
  expect(await limitResponse(call, new Response("ab"), 1000).text()).toBe("ab");
  const empty = new Response(null);
  expect(limitResponse(call, empty, 1000)).toBe(empty);
  // As in React Native.
  const streamless = Object.defineProperty(new Response("ab"), "body", { value: undefined });
  expect(limitResponse(call, streamless, 1000)).toBe(streamless);
});

test("a stream times out after too long a pause, and releases the connection when cancelled", async () => {
  const silent = limitResponse(call, new Response(new ReadableStream()), 1);
  await expect(silent.text()).rejects.toMatchObject({ name: "TimeoutError", bound: "idle" });
  const cancel = vi.fn<() => void>();
  const bounded = limitResponse(call, new Response(new ReadableStream({ cancel })), 1000);
  await bounded.body?.cancel();
  expect(cancel).toHaveBeenCalledOnce();
});

test("a stream can be cancelled while it waits for bytes", async () => {
  const cancel = vi.fn<() => void>();
  const never = new Response(new ReadableStream({ cancel }));
  const endless = openCall({ label: "GET /jobs" }, { timeout: Infinity });
  const reader = limitResponse(endless, never, Infinity).body?.getReader();
  const reading = reader?.read();
  await setImmediate();
  await reader?.cancel();
  expect(await reading).toEqual({ done: true, value: undefined });
  expect(cancel).toHaveBeenCalledOnce();
});

test("a response that was read can be read again in every form", async () => {
  const read = async () => readAndRestore(call, Response.json({ a: 1 }));
  expect(await (await read()).blob()).toMatchObject({ size: 7 });
  expect((await (await read()).arrayBuffer()).byteLength).toBe(7);
  const bytes: unknown = Reflect.get(await read(), "bytes");
  if (typeof bytes === "function") expect(await bytes()).toHaveLength(7);
  const form = new Response("a=1", {
    status: 400,
    headers: { "content-type": "application/x-www-form-urlencoded" },
  });
  expect((await (await readAndRestore(call, form)).formData()).get("a")).toBe("1");
});

test.each([
  [403, "Interdit \u00e9"],
  [200, "\u0413\u043e"],
  [999, "Request denied"],
])(
  "a response can be read again and streamed although its constructor refuses %i %s",
  async (status, statusText) => {
    const odd = (body: string): Response =>
      Object.defineProperties(new Response(body, { headers: { "x-id": "1" } }), {
        status: { value: status },
        statusText: { value: statusText },
        ok: { value: status === 200 },
      });
    const restored = restoreBody({ response: odd("{}"), text: "{}", data: {} });
    const expected = { status, statusText, ok: status === 200 };
    expect(await restored.json()).toEqual({});
    expect(await restored.clone().text()).toBe("{}");
    for (const response of [restored.clone(), limitResponse(call, odd("{}"), 1000)]) {
      expect(response).toMatchObject(expected);
      expect(response.headers.get("x-id")).toBe("1");
    }
    const closing = odd("{}");
    closing.headers.set("connection", "close");
    expect(readAhead(call, closing)).toMatchObject(expected);
  },
);

test("an abort releases a stream that nobody reads", async () => {
  const cancel = vi.fn<() => void>();
  const controller = new AbortController();
  const aborted = openCall({ label: "GET /jobs" }, { signal: controller.signal });
  limitResponse(aborted, new Response(new ReadableStream({ cancel })), 1000);
  controller.abort();
  await vi.waitFor(() => expect(cancel).toHaveBeenCalledOnce());
});

test("discard destroys the Node.js streams that some fetch libraries have", () => {
  const destroy = vi.fn<() => void>();
  discard({ body: { destroy } } as unknown as Response);
  expect(destroy).toHaveBeenCalledOnce();
});

test("a body of another origin is bounded in a browser, which does not show its encoding", async () => {
  const response = new Response("{}", { headers: { "content-length": "2" } });
  const text = vi.spyOn(response, "text");
  Object.defineProperty(response, "type", { value: "cors" });
  expect((await readResponse(call, response)).data).toEqual({});
  expect(text).not.toHaveBeenCalled();
});

test("discard releases a response, and accepts one without a body", async () => {
  const cancel = vi.fn<() => void>();
  discard(new Response(new ReadableStream({ cancel })));
  expect(cancel).toHaveBeenCalledOnce();
  expect(() => discard(new Response(null))).not.toThrow();
  const failing = new ReadableStream({ cancel: () => Promise.reject(new Error("away")) });
  const unhandled = vi.fn<() => void>();
  process.once("unhandledRejection", unhandled);
  discard(new Response(failing));
  await setImmediate();
  process.off("unhandledRejection", unhandled);
  expect(unhandled).not.toHaveBeenCalled();
});
