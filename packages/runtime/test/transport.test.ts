import { beforeEach, expect, test, vi } from "vitest";
import { openCall, type CallOptions } from "../src/deadline.ts";
import type { ClientEvent } from "../src/events.ts";
import type { CredentialSource } from "../src/prepare.ts";
import { readResponse } from "../src/response.ts";
import { createRetryBudget, type RetryBudget } from "../src/retry.ts";
import { createTokenSource } from "../src/token.ts";
import { send } from "../src/transport.ts";

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] });
  vi.spyOn(Math, "random").mockReturnValue(1);
});

interface Options extends CallOptions {
  readonly budget?: RetryBudget;
  readonly url?: string;
  readonly credentials?: readonly CredentialSource[];
}

/** Sends a GET request that gets these responses in turn, and then the last one. */
async function run(
  responders: readonly (() => unknown)[],
  {
    budget = createRetryBudget(),
    url = "https://a.test/x",
    credentials = [],
    ...options
  }: Options = {},
) {
  const events: ClientEvent[] = [];
  const sent: { url: string; authorization: string | null }[] = [];
  const call = openCall({ label: "GET /x" }, options, {
    emit: (event: ClientEvent): unknown => events.push(event),
  });
  const start = performance.now();
  const fetch = async (target: unknown, init?: RequestInit): Promise<Response> => {
    const authorization = new Headers(init?.headers).get("authorization");
    sent.push({ url: String(target), authorization });
    return responders[Math.min(sent.length, responders.length) - 1]?.() as Response;
  };
  const transport = {
    fetch: fetch as typeof globalThis.fetch,
    budget,
    maxRetries: 3,
    attemptTimeout: 1000,
  };
  const request = {
    url,
    method: "GET",
    headers: {},
    body: null,
    cookies: "omit",
    credentials,
  } as const;
  const sending = send(transport, request, call, (response) => readResponse(call, response)).then(
    ({ response }) => ({ status: response.status }),
    (error: unknown) => ({ error }),
  );
  await vi.runAllTimersAsync();
  const outcome: { status?: number; error?: unknown } = await sending;
  return { ...outcome, events, sent, time: performance.now() - start };
}

const respond =
  (status: number, headers: Record<string, string> = {}) =>
  () =>
    new Response("{}", { status, headers });
const silent = () => new Promise(() => undefined);
const failing = () => Promise.reject(new TypeError("fetch failed"));

test("a retry within the deadline is made, up to its last millisecond", async () => {
  const busy = respond(503, { "retry-after": "2" });
  expect(await run([busy, respond(200)], { timeout: 2001 })).toMatchObject({ status: 200 });
  const late = await run([busy, respond(200)], { timeout: 2000 });
  expect(late).toMatchObject({ status: 503, sent: { length: 1 }, time: 0 });
});

test("a call whose deadline would end the pause says at once why it failed", async () => {
  vi.spyOn(Math, "random").mockReturnValue(0.9);
  for (const [responder, outcome] of [
    [respond(503), { status: 503 }],
    [failing, { error: { name: "ConnectionError" } }],
  ] as const) {
    const late = await run([responder, respond(200)], { timeout: 450 });
    expect(late).toMatchObject({ ...outcome, sent: { length: 1 }, time: 0 });
    expect(await run([responder, respond(200)], { timeout: 451 })).toMatchObject({ status: 200 });
  }
});

test("the pause that is compared with the deadline is the pause that is made", async () => {
  vi.spyOn(Math, "random").mockReturnValueOnce(0.5).mockReturnValue(1);
  expect((await run([respond(503), respond(200)])).events).toContainEqual(
    expect.objectContaining({ type: "retry", pause: 250 }),
  );
});

test("a timeout without a failure before it has no cause", async () => {
  const { error } = await run([silent], { timeout: 900 });
  expect(error).toMatchObject({ name: "TimeoutError", bound: "total" });
  expect(error).not.toHaveProperty("cause");
});

test("the cause of a timeout is the failure before it", async () => {
  const { error } = await run([respond(503), () => new Promise(() => undefined)], { timeout: 900 });
  expect(error).toMatchObject({ name: "TimeoutError", bound: "total", cause: { status: 503 } });
});

test("a response that arrives after its attempt has ended is released, and changes nothing", async () => {
  let count = 0;
  const source = createTokenSource(() => String((count += 1)));
  const credentials: CredentialSource[] = [
    { scheme: "a", in: "header", name: "authorization", prefix: "", source },
  ];
  const cancel = vi.fn<() => void>();
  const late = async (): Promise<Response> => {
    await new Promise((resolve) => setTimeout(resolve, 1600));
    return new Response(new ReadableStream({ cancel }), { status: 401 });
  };
  const { status, sent } = await run([late, silent, respond(401), respond(200)], { credentials });
  expect(status).toBe(200);
  expect(sent.map(({ authorization }) => authorization)).toEqual(["1", "1", "1", "2"]);
  expect(cancel).toHaveBeenCalledOnce();
});

test("nothing is retried when the budget is spent", async () => {
  const budget = createRetryBudget();
  while (budget.take(5));
  expect((await run([respond(503)], { budget })).sent).toHaveLength(1);
  expect((await run([failing], { budget })).sent).toHaveLength(1);
});

test("a success gives 1 back, a retry that succeeds what it took, and a failure nothing", async () => {
  const refill = vi.fn<(cost: number) => void>();
  const budget = { take: () => true, refill };
  await run([respond(200)], { budget });
  expect(refill.mock.calls).toEqual([[1]]);
  refill.mockClear();
  await run([respond(503), respond(200)], { budget });
  await run([() => new Promise(() => undefined), respond(200)], { budget });
  expect(refill.mock.calls).toEqual([[5], [10]]);
  refill.mockClear();
  await run([respond(404)], { budget });
  await run([respond(503)], { budget });
  expect(refill).not.toHaveBeenCalled();
});

test("a token is replaced once, and that is no retry", async () => {
  let count = 0;
  const source = createTokenSource(() => String((count += 1)));
  const credentials: CredentialSource[] = [
    { scheme: "a", in: "header", name: "authorization", prefix: "Bearer ", source },
  ];
  const { status, sent, events } = await run([respond(401)], { credentials });
  expect(status).toBe(401);
  expect(sent.map(({ authorization }) => authorization)).toEqual(["Bearer 1", "Bearer 2"]);
  expect(events.filter(({ type }) => type === "retry")).toEqual([]);
  const busy = await run(
    [respond(401), ...Array.from({ length: 3 }, () => respond(503)), respond(200)],
    {
      credentials,
    },
  );
  expect(busy).toMatchObject({ status: 200, sent: { length: 5 } });
});

test("a pause is at least what the server asks for, and at least the backoff", async () => {
  const long = await run([respond(503, { "retry-after": "7" }), respond(200)]);
  const short = await run([respond(503), respond(503, { "retry-after": "0" }), respond(200)]);
  expect([long.time, short.time]).toEqual([7000, 500 + 1000]);
});

test("a failed connection and a fetch that returns no new response have different errors", async () => {
  const locked = new Response("{}");
  locked.body?.getReader();

  const { error } = await run([failing], { maxRetries: 0 });
  expect(String(error)).toBe("ConnectionError: GET /x: the connection failed (fetch failed)");
  for (const value of [
    undefined,
    null,
    {},
    { headers: {} },
    { headers: new Headers(), bodyUsed: true },
    locked,
  ]) {
    const { error: odd, sent } = await run([() => value]);
    expect(String(odd)).toBe(
      "ClientError: GET /x: the client's fetch returned no Response, or one whose body had been read",
    );
    expect(sent).toHaveLength(1);
  }
});

test("a fetch that returns Response.error() is a failed connection, and is retried", async () => {
  const { error } = await run([() => Response.error()], { maxRetries: 0 });
  expect(String(error)).toBe("ConnectionError: GET /x: the connection failed (Response.error())");
  const { sent } = await run([() => Response.error(), respond(200)]);
  expect(sent).toHaveLength(2);
});

async function respondLate(): Promise<Response> {
  await new Promise((resolve) => setTimeout(resolve, 300));
  return respond(200)();
}

test("the duration of a response is the time since its request", async () => {
  vi.advanceTimersByTime(5000);
  expect((await run([respondLate])).events.at(-1)).toMatchObject({
    type: "response",
    duration: 300,
  });
});

test("a key in the query is added to those that are there, and events have no query", async () => {
  const source = createTokenSource("k&y");
  const credentials: CredentialSource[] = [
    { scheme: "a", in: "query", name: "api key", prefix: "", source },
  ];
  for (const [url, target] of [
    ["https://a.test/x", "https://a.test/x?api%20key=k%26y"],
    ["https://a.test/x?b=1", "https://a.test/x?b=1&api%20key=k%26y"],
  ] as const) {
    const { sent, events } = await run([respond(200)], { url, credentials });
    expect(sent[0]?.url).toBe(target);
    expect(events).toMatchObject([{ url: "https://a.test/x" }, { url: "https://a.test/x" }]);
  }
});
