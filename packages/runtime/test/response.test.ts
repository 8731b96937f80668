import { expect, test, vi } from "vitest";
import { copyAnswer, discard, readAnswer } from "../src/answer.ts";
import { openCall } from "../src/deadline.ts";

const call = openCall("GET /jobs");

test("an answer that was read can be read again, as text and as JSON", async () => {
  const answer = await readAnswer(call, Response.json({ a: 1 }), "a-token");
  expect(await answer.text()).toBe('{"a":1}');
  expect(await answer.json()).toEqual({ a: 1 });
  expect(await answer.text()).toBe('{"a":1}');
});

test("a success that is no JSON is refused, and not quoted", async () => {
  const error = await readAnswer(call, new Response("<h1>"), undefined).catch((one) => one);
  expect(error).toMatchObject({
    name: "InvalidResponseError",
    message: "GET /jobs: the answer is not what the description promises: it is not JSON",
  });
  expect(error).not.toHaveProperty("cause");
});

function refused(): Response {
  return new Response("no: a-token, a-token", { status: 401 });
}

test("a refusal need be no JSON, and is left without the token that it quotes", async () => {
  expect(await (await readAnswer(call, refused(), "a-token")).text()).toBe("no: …, …");
  // Without a token there is none to leave out.
  expect(await (await readAnswer(call, refused(), undefined)).text()).toBe("no: a-token, a-token");
  expect(await (await readAnswer(call, refused(), "")).text()).toBe("no: a-token, a-token");
});

test("a success keeps what it says, whatever that is", async () => {
  const answer = await readAnswer(call, Response.json("a-token"), "a-token");
  expect(await answer.text()).toBe('"a-token"');
});

test("a body that breaks off is the connection's fault", async () => {
  const body = new ReadableStream({ pull: (controller) => controller.error(new Error("reset")) });
  await expect(readAnswer(call, new Response(body), undefined)).rejects.toMatchObject({
    name: "ConnectionError",
    message: "GET /jobs: the connection broke off in the answer",
    cause: { message: "reset" },
  });
});

test("a copy has the status, the headers and the text, and a body of its own", async () => {
  const response = new Response('{"a":1}', { status: 201, headers: { "x-a": "b" } });
  const copy = await copyAnswer(await readAnswer(call, response, undefined));
  expect(copy).not.toBe(response);
  expect(copy.status).toBe(201);
  expect(copy.headers.get("x-a")).toBe("b");
  expect(await copy.clone().json()).toEqual({ a: 1 });
  expect(copy.body).not.toBeNull();
});

test("a copy of what has no body has none, and what a browser hides is not copied", async () => {
  const empty = await readAnswer(call, new Response(null, { status: 404 }), "");
  expect((await copyAnswer(empty)).body).toBeNull();
  const hidden = Response.error();
  expect(await copyAnswer(hidden)).toBe(hidden);
});

test("an answer that nobody reads is let go of, and so is one that has nothing", async () => {
  const cancel = vi.fn<() => void>();
  discard(new Response(new ReadableStream({ cancel })));
  expect(cancel).toHaveBeenCalledOnce();
  expect(() => discard(new Response(null))).not.toThrow();
  const failing = new ReadableStream({ cancel: () => Promise.reject(new Error("away")) });
  const unhandled = vi.fn<() => void>();
  process.once("unhandledRejection", unhandled);
  discard(new Response(failing));
  await new Promise((resolve) => setImmediate(resolve));
  process.off("unhandledRejection", unhandled);
  expect(unhandled).not.toHaveBeenCalled();
});
