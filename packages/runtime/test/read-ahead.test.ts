import { setImmediate } from "node:timers/promises";
import { expect, test, vi } from "vitest";
import { readAhead } from "../src/read-ahead.ts";

const mebibyte = 2 ** 20;
const subject = { label: "GET /file" };

/** A response of the platform, in chunks of 1 MiB, which counts how many were taken. */
function respond(
  chunks: number,
  headers: Record<string, string>,
  failure?: { readonly reason: unknown },
) {
  const cancel = vi.fn<() => void>();
  const state = { pulls: 0 };
  const body = new ReadableStream<Uint8Array<ArrayBuffer>>(
    {
      pull(controller) {
        state.pulls += 1;
        if (state.pulls <= chunks) controller.enqueue(new Uint8Array(mebibyte));
        else if (failure) controller.error(failure.reason);
        else controller.close();
      },
      cancel,
    },
    { highWaterMark: 0 },
  );
  const response = new Response(body, { headers });
  Object.defineProperty(response, "type", { value: "basic", configurable: true });
  return { response, state, cancel };
}

/** Lets streams do what they can without their readers. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 500; turn += 1) await setImmediate();
}

test.each<[string, Record<string, string>, Response["type"]]>([
  ["of a connection that stays open", { connection: "keep-alive", "content-length": "5" }, "basic"],
  ["with a length", { "content-length": "5" }, "basic"],
  ["in chunks", { "transfer-encoding": "chunked" }, "basic"],
  ["whose headers a browser hides", {}, "cors"],
  ["that a program made", {}, "default"],
])("a response %s waits for its reader", async (_of, headers, type) => {
  const { response, state } = respond(5, headers);
  Object.defineProperty(response, "type", { value: type });
  expect(readAhead(subject, response)).toBe(response);
  await settle();
  expect(state.pulls).toBe(0);
});

test("a response without a body is left alone", () => {
  const response = new Response(undefined, { headers: { connection: "close" } });
  expect(readAhead(subject, response)).toBe(response);
});

test.each<[string, Record<string, string>]>([
  ["whose connection will be closed", { connection: "Close", "transfer-encoding": "chunked" }],
  ["that only the end of its connection ends", {}],
])("a response %s is read before its reader asks, up to 32 MiB", async (_that, headers) => {
  const { response, state } = respond(100, headers);
  const ahead = readAhead(subject, response);
  await settle();
  expect(state.pulls).toBeGreaterThanOrEqual(32);
  expect(state.pulls).toBeLessThan(40);
  expect((await ahead.arrayBuffer()).byteLength).toBe(100 * mebibyte);
});

test("the end of a body does not wait, however much is waiting already", async () => {
  const length = String(40 * mebibyte);
  const { response, state } = respond(40, { connection: "close", "content-length": length });
  const reader = readAhead(subject, response).body?.getReader();
  await settle();
  const { pulls } = state;
  expect(pulls).toBeLessThan(39);
  // All but the last chunk, which comes by itself.
  while (state.pulls < 39) {
    await reader?.read();
    await settle();
  }
  expect(state.pulls).toBeGreaterThanOrEqual(40);
});

test("compressed content waits for its reader, although it is longer than announced", async () => {
  const length = String(2 * mebibyte);
  const { response, state } = respond(100, { connection: "close", "content-length": length });
  const ahead = readAhead(subject, response);
  await settle();
  expect(state.pulls).toBeLessThan(40);
  expect((await ahead.arrayBuffer()).byteLength).toBe(100 * mebibyte);
});

test.each([new TypeError("terminated"), undefined])(
  "a failure comes after all that had arrived, whatever its reason (%s)",
  async (reason) => {
    const { response, state } = respond(3, { connection: "close" }, { reason });
    const reader = readAhead(subject, response).body?.getReader();
    await settle();
    expect(state.pulls).toBe(4);
    for (let chunk = 0; chunk < 3; chunk += 1) {
      expect((await reader?.read())?.value?.byteLength).toBe(mebibyte);
    }
    await expect(reader?.read()).rejects.toBe(reason);
  },
);

test("a response that nobody reads further is released", async () => {
  const { response, cancel } = respond(100, { connection: "close" });
  const reader = readAhead(subject, response).body?.getReader();
  await reader?.read();
  await reader?.cancel();
  await settle();
  expect(cancel).toHaveBeenCalledOnce();
});
