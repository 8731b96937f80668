import type { Middleware } from "openapi-fetch";
import { describe, expect, expectTypeOf, test, vi } from "vitest";
import { createApi } from "../src/api.ts";
import { openCall } from "../src/deadline.ts";
import { ApiError } from "../src/errors/api-error.ts";
import { ClientError } from "../src/errors/client-error.ts";
import { ConnectionError } from "../src/errors/connection-error.ts";
import { InvalidResponseError } from "../src/errors/invalid-response-error.ts";
import type { ClientEvent } from "../src/events.ts";
import {
  bindOperation,
  callOperation,
  createMethods,
  invoke,
  type Methods,
} from "../src/methods.ts";
import { checkState, hasFailed, poll } from "../src/poll.ts";
import { createSession, type ClientOptions, type SessionOptions } from "../src/session.ts";
import type { Data, Input } from "../src/types.ts";
import * as operations from "./operations.ts";
import { describe as describeValue } from "../src/values.ts";
import type { paths } from "./paths.ts";

interface Sent {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
  readonly cookies: string | undefined;
}

const credentials = { key: "a-key", bearer: "a-bearer", queryKey: "a/query key" };

/** A client whose server sends these responses in turn, and then repeats the last one. */
function clientOf(
  options: ClientOptions<paths, typeof operations> & Pick<SessionOptions, "userAgent"> = {},
  ...responders: (() => Response | Promise<Response>)[]
) {
  const sent: Sent[] = [];
  const session = createSession({
    credentials,
    ...options,
    async fetch(input, { method = "GET", headers, body, credentials: cookies } = {}) {
      sent.push({
        method,
        url: String(input),
        headers: Object.fromEntries(new Headers(headers)),
        body: body ? await new Response(body).text() : undefined,
        cookies,
      });
      const responder = responders[Math.min(sent.length, responders.length) - 1];
      return responder ? responder() : Response.json({});
    },
  });
  const methods = createMethods<paths, typeof operations>(session, operations);
  return { sent, session, methods, api: createApi<paths>(session, operations) };
}

const status =
  (code: number, headers = {}) =>
  () =>
    new Response("{}", { status: code, headers });
const never = () => new Promise<never>(() => undefined);
const unreachable = (): never => {
  throw Object.assign(new Error("connect ECONNREFUSED 127.0.0.1:1"), { code: "ECONNREFUSED" });
};
const refused = (): Response => {
  throw new TypeError("fetch failed", {
    cause: Object.assign(new Error("refused"), { code: "ECONNREFUSED" }),
  });
};

test("a redirect's address, which may grant access, is in no message", async () => {
  const location = "/elsewhere?signature=secret-signature";
  const body = { detail: `moved to ${location}` };
  const { methods } = clientOf({}, () =>
    Response.json(body, { status: 302, headers: { location } }),
  );
  const error: unknown = await methods.listThings().catch((reason: unknown) => reason);
  expect(String(error)).toContain("302");
  expect(String(error)).not.toContain("secret-signature");
});

test("an option of the client may be a parameter of the query", async () => {
  const { listThings } = operations;
  const region = { ...listThings.parameters.raw, name: "Region", clientOption: true } as const;
  const operation = { ...listThings, parameters: { region } };
  const queries: string[] = [];
  const options = {
    region: "eu",
    credentials,
    fetch: async (input: unknown) => {
      queries.push(new URL(String(input)).search);
      return Response.json([]);
    },
  };
  const session = createSession(options);
  for (const input of [{}, { region: "us" }]) {
    await callOperation(session, bindOperation(operation, input), openCall({ label: "call" }));
  }
  expect(queries).toEqual(["?Region=eu", "?Region=us"]);
});

describe("an input", () => {
  test.each<[string, Parameters<Methods<paths, typeof operations>["listThings"]>[0], string]>([
    ["nothing", undefined, ""],
    ["no parameter", {}, ""],
    ["an array", { tags: ["a b", "c&d"] }, "?tag=a%20b&tag=c%26d"],
    ["an empty array", { tags: [] }, ""],
    ["an array with commas, which may be read-only", { ids: [1, 2] as const }, "?ids=1,2"],
    ["an array with pipes", { pipes: ["a", "b"] }, "?pipes=a|b"],
    ["an array with spaces", { spaces: ["a", "b"] }, "?spaces=a%20b"],
    [
      "a deep object",
      { filter: { a: 1, "b&c": "x y", d: undefined, e: null } },
      "?filter[a]=1&filter[b%26c]=x%20y",
    ],
    ["an object with commas", { range: { from: 1, to: 2 } }, "?range=from,1,to,2"],
    ["JSON", { where: { name: "a&b" } }, `?where=${encodeURIComponent('{"name":"a&b"}')}`],
    ["reserved characters", { raw: "a/b?c#d" }, "?raw=a/b?c%23d"],
    ["a number", { limit: 0 }, "?limit=0"],
    ["several", { limit: 1, tags: ["a"] }, "?limit=1&tag=a"],
  ])("sends %s as described", async (_, input, query) => {
    const { methods, sent } = clientOf();
    await methods.listThings(input);
    expect(sent[0]?.url).toBe(`https://api.example.com/v1/things${query}`);
  });

  test("puts an object into a path, and only its own properties", async () => {
    const { sent, session } = clientOf();
    const { getThing } = operations;
    const parameters = {
      a: { ...getThing.parameters.thingId, type: "unknown", style: "label", explode: true },
    } as const;
    const operation = { ...getThing, parameters };
    const send = async (a: unknown) =>
      callOperation(session, bindOperation(operation, { a }), openCall({ label: "call" }));
    await send({ b: 1, c: "d e" });
    expect(sent[0]?.url).toBe("https://api.example.com/v1/things/.b=1.c=d%20e");
    for (const a of [[], {}, [".."], { b: ".." }, { "..": "b" }]) {
      await expect(send(a)).rejects.toThrow(/cannot be sent in a path/);
    }
    expect(sent).toHaveLength(1);
  });

  test("serializes an object in a header, exploded or not", async () => {
    const { sent, session } = clientOf();
    const { listThings } = operations;
    for (const explode of [false, true]) {
      const parameters = { a: { ...listThings.parameters.features, type: "object", explode } };
      const operation = { ...listThings, parameters };
      await callOperation(
        session,
        bindOperation(operation, { a: { b: 1, c: 2 } }),
        openCall({ label: "call" }),
      );
    }
    expect(sent.map(({ headers }) => headers["x-features"])).toEqual(["b,1,c,2", "b=1,c=2"]);
  });

  test("fills in path parameters in any style", async () => {
    const { methods, sent } = clientOf({}, () => new Response("a\nb"));
    await methods.readLog({ parts: ["a", "b c"], form: "txt", since: "1" });
    expect(sent[0]?.url).toBe(
      "https://logs.example.com/log;parts=a;parts=b%20c.txt?since=1&api%20key=a%2Fquery%20key",
    );
  });

  test("sends headers, except those that are null", async () => {
    const { methods, sent } = clientOf({ tenant: "acme" });
    expectTypeOf<ClientOptions<paths, typeof operations>["tenant"]>().toEqualTypeOf<
      string | null | undefined
    >();
    await methods.listThings({ features: ["a", "b"] });
    await methods.listThings({ tenant: "other" });
    await methods.listThings({ tenant: null });
    expect(sent.map(({ headers }) => [headers["x-features"], headers["x-tenant"]])).toEqual([
      ["a,b", "acme"],
      [undefined, "other"],
      [undefined, undefined],
    ]);
  });

  test("sends a body with the described media type, and accepts the described ones", async () => {
    const { methods, sent } = clientOf({}, () => Response.json({ id: "1" }, { status: 201 }));
    await methods.createThing({ body: { name: "é" } });
    expect(sent[0]).toMatchObject({ method: "POST", cookies: "same-origin", body: '{"name":"é"}' });
    expect(sent[0]?.headers).toMatchObject({
      "content-type": "application/merge-patch+json",
      accept: "application/json",
    });
  });

  test.each(["*/*", "application/*"])("sends JSON for the media range %s", async (range) => {
    const { session, sent } = clientOf();
    const operation = { ...operations.createThing, body: { required: true, mediaTypes: [range] } };
    await invoke(session, bindOperation(operation, { body: {} }));
    expect(sent[0]?.headers["content-type"]).toBe("application/json");
  });

  test("omits undefined values, and sends defaults only for options of the client", async () => {
    const { methods, sent } = clientOf();
    await methods.getThing({ thingId: "1" });
    expect(sent[0]?.headers["x-version"]).toBe("v1");
    expect(sent[0]?.url).not.toContain("limit");
  });

  test("with an unknown key is refused, and the key is named", async () => {
    const { methods, sent } = clientOf();
    // @ts-expect-error It is limit.
    const misspelt = methods.listThings({ limits: 1 });
    await expect(misspelt).rejects.toThrow(
      /^GET \/things has no parameter "limits"; it has tags, /,
    );
    // @ts-expect-error It has none.
    await expect(methods.getHealth({ body: {} })).rejects.toThrow(/it has no parameters$/);
    const thing = { body: { name: "a" }, force: true };
    await expect(methods.createThing(thing)).rejects.toThrow(
      'POST /things has no parameter "force"; it has tenant, body',
    );
    // @ts-expect-error That is no parameter.
    await expect(methods.getHealth({ toString: 1 })).rejects.toThrow(TypeError);
    expect(sent).toEqual([]);
  });

  test("that is no object is refused, and what it has to be is named", async () => {
    const { methods, sent } = clientOf();
    await expect(methods.getThing("1" as never)).rejects.toThrow(
      /^GET \/things\/\{thing-id\} takes an object of thingId.*, not "1"$/,
    );
    await expect(methods.getHealth("1" as never)).rejects.toThrow(
      'GET /health takes an object of no parameters, not "1"',
    );
    expect(sent).toEqual([]);
  });

  test("needs a required parameter, even if every object has a property of its name", () => {
    const parameters = {
      constructor: { in: "query", name: "constructor", required: true, type: "string" },
    } as const;
    const operation = { ...operations.getHealth, parameters };
    expect(() => bindOperation(operation, {})).toThrow(/requires constructor$/);
  });

  test("without a required key is refused, and the key is named", async () => {
    const { methods, sent } = clientOf();
    // @ts-expect-error It is required.
    await expect(methods.getThing({})).rejects.toThrow(/requires thingId$/);
    // @ts-expect-error It is required.
    await expect(methods.getThing()).rejects.toThrow(TypeError);
    const log = { parts: ["a"], form: "b" };
    // @ts-expect-error It is required.
    await expect(methods.readLog(log)).rejects.toThrow(/requires since$/);
    // @ts-expect-error It is required.
    await expect(methods.createThing({})).rejects.toThrow(/requires a body$/);
    expect(sent).toEqual([]);
  });

  test.each([new Map(), new FormData(), new Blob([]), Buffer.from("{}"), () => ({}), Number.NaN])(
    "with a body that has no JSON is refused: %s",
    async (body) => {
      const { methods, sent } = clientOf();
      const call = methods.createThing({ body: body as never });
      await expect(call).rejects.toThrow(`sends JSON, and not ${describeValue(body)}`);
      await methods.createThing({ body: { name: "a", toJSON: () => "b" } as never });
      expect(sent).toMatchObject([{ body: '"b"' }]);
    },
  );
});

describe("a method", () => {
  test("returns the described JSON", async () => {
    const { methods } = clientOf({}, () => Response.json([{ id: "1" }]));
    const things = await methods.listThings();
    expect(things).toEqual([{ id: "1" }]);
    expectTypeOf(things).toEqualTypeOf<{ id: string; name?: string }[]>();
  });

  test("returns undefined if there is no content", async () => {
    const { methods } = clientOf({}, () => new Response(null, { status: 204 }));
    expect(await methods.deleteThing({ thingId: "1" })).toBeUndefined();
    expectTypeOf(methods.deleteThing).returns.resolves.toEqualTypeOf<undefined>();
    expectTypeOf(methods.createThing).returns.resolves.toEqualTypeOf<
      { id: string; name?: string } | undefined
    >();
  });

  test("ignores content if none is described", async () => {
    const { methods } = clientOf(
      {},
      () => new Response("<p>Done</p>", { headers: { "content-length": "11" } }),
    );
    expect(await methods.deleteThing({ thingId: "1" })).toBeUndefined();
  });

  test("returns a stream as a Response", async () => {
    const { methods } = clientOf({}, () => new Response('{"a":1}\n'));
    const log = await methods.readLog({ parts: ["a"], form: "b", since: "1" });
    expectTypeOf(log).toEqualTypeOf<Response>();
    expect(await log.text()).toBe('{"a":1}\n');
  });

  test("accepts only JSON, even if the description offers other content", async () => {
    const options = { baseUrl: "https://example.com" };
    const { methods, sent } = clientOf(
      options,
      () => Response.json({ ok: true }),
      () => new Response("a,b", { status: 202 }),
    );
    const health = await methods.getHealth();
    expectTypeOf(health).toEqualTypeOf<{ ok: boolean } | Response>();
    expect(health).toEqual({ ok: true });
    expect(sent[0]?.headers["accept"]).toBe("application/json, text/csv");
    const other = await methods.getHealth();
    expect(other instanceof Response && (await other.text())).toBe("a,b");
  });

  test("reports its requests and responses to onEvent", async () => {
    vi.spyOn(Math, "random").mockReturnValue(0);
    const onEvent = vi.fn<(event: object) => void>();
    const { methods } = clientOf(
      { onEvent },
      () => new Response("", { status: 503 }),
      () => Response.json([], { headers: { "x-request-id": "7" } }),
    );
    await methods.listThings();
    expect(onEvent.mock.calls.map(([event]) => event)).toMatchObject([
      { type: "request", method: "GET" },
      { type: "response", status: 503, requestId: null },
      { type: "retry", attempt: 1 },
      { type: "request", method: "GET" },
      { type: "response", status: 200, requestId: "7" },
    ]);
  });

  test("passes status and headers to onResponse", async () => {
    const { methods } = clientOf({}, () => Response.json([], { headers: { "x-total": "7" } }));
    const onResponse = vi.fn<(response: Response) => void>();
    await methods.listThings({}, { onResponse });
    expect(onResponse.mock.calls[0]?.[0].headers.get("x-total")).toBe("7");
  });

  test("an error of onResponse ends the call, also if it is thrown asynchronously", async () => {
    const { methods } = clientOf({}, () => Response.json([]));
    const reason = new Error("no total");
    const call = methods.listThings({}, { onResponse: () => Promise.reject(reason) });
    await expect(call).rejects.toBe(reason);
  });

  test("throws an ApiError, or an InvalidResponseError if a success is not JSON", async () => {
    vi.spyOn(Math, "random").mockReturnValue(0);
    const { methods } = clientOf({}, () => Response.json({ why: "no" }, { status: 400 }));
    const error = await methods.listThings().catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(ApiError);
    expect(error).toMatchObject({ status: 400, body: { why: "no" } });
    const { methods: broken } = clientOf({}, () => new Response("<p>"));
    await expect(broken.listThings()).rejects.toThrow(InvalidResponseError);
  });

  test("exists for every supported operation, and for no other", () => {
    const { methods } = clientOf();
    expect(Object.keys(methods).toSorted()).toEqual(
      Object.keys(operations)
        .filter((name) => name !== "uploadThing")
        .toSorted(),
    );
    // @ts-expect-error It is unsupported.
    expect(methods.uploadThing).toBeUndefined();
  });

  test("needs a baseUrl if the description names no server", async () => {
    await expect(clientOf().methods.getHealth()).rejects.toThrow(/^baseUrl is missing/);
  });
});

describe("credentials", () => {
  const none = { credentials: {} };
  test("are those of the operation's first alternative that the client has", async () => {
    const { methods, sent } = clientOf();
    await methods.getThing({ thingId: "1" });
    expect(sent[0]?.headers).toMatchObject({ authorization: "Bearer a-bearer" });
    expect(sent[0]?.headers).not.toHaveProperty("x-key");
    const { methods: others, sent: keyed } = clientOf({ credentials: { key: "a-key" } });
    await others.getThing({ thingId: "1" });
    expect(keyed[0]?.headers).toMatchObject({ "x-key": "a-key" });
  });

  test("are all sent if the operation requires a set of them", async () => {
    const { methods, sent } = clientOf({}, () => Response.json({ id: "1" }));
    await methods.createThing({ body: { name: "a" } });
    expect(sent[0]?.headers).toMatchObject({ "x-key": "a-key", authorization: "Bearer a-bearer" });
  });

  test("are sent if the client has them, even if they are optional, by their exact name", async () => {
    const { session, sent } = clientOf();
    const { deleteThing } = operations;
    const [, [queryKey]] = deleteThing.authentication;
    const operation = { ...deleteThing, authentication: [[], [{ ...queryKey, name: "apiKey" }]] };
    const bound = bindOperation(operation, { thingId: "1" });
    await callOperation(session, bound, openCall({ label: "call" }));
    expect(sent[0]?.url).toBe("https://api.example.com/v1/things/1?apiKey=a%2Fquery%20key");
  });

  test("that are missing are named, and no request is sent", async () => {
    const { methods, sent } = clientOf(none);
    await expect(methods.createThing({ body: { name: "a" } })).rejects.toThrow(
      "credentials are missing: key and bearer",
    );
    await expect(methods.getThing({ thingId: "1" })).rejects.toThrow(
      "credentials are missing: bearer, or key",
    );
    expect(sent).toEqual([]);
  });

  test("may be missing if an operation does not require them", async () => {
    const { methods, sent } = clientOf(none, () => new Response(null, { status: 204 }));
    await methods.deleteThing({ thingId: "1" });
    expect(sent[0]?.url).toBe("https://api.example.com/v1/things/1");
  });

  test("from a function are replaced once when they are refused, for any method", async () => {
    let count = 0;
    const { methods, sent } = clientOf(
      { credentials: { key: () => `key-${(count += 1)}`, bearer: "a-bearer" } },
      status(401),
      () => Response.json({ id: "1" }, { status: 201 }),
    );
    await methods.createThing({ body: { name: "a" } });
    expect(sent.map(({ headers }) => headers["x-key"])).toEqual(["key-1", "key-2"]);
    expect(sent.map(({ body }) => body)).toEqual(Array(2).fill('{"name":"a"}'));
  });

  test("in a query appear in no error", async () => {
    const { methods } = clientOf({}, () =>
      Response.json({ detail: "no a/query key" }, { status: 400 }),
    );
    const error = await methods.deleteThing({ thingId: "1" }).catch((reason: unknown) => reason);
    expect(String(error)).toContain("DELETE /things/1: the server responded with 400");
    expect(String(error)).not.toContain("a/query key");
  });
});

/** Every secret and option that may be sent, and where it would appear. */
const declared = [
  { scheme: "key", value: "a-key" },
  { scheme: "bearer", value: "a-bearer" },
  { scheme: "queryKey", value: "a%2Fquery%20key" },
  { option: "tenant", value: "acme" },
  { option: "version", value: "v9" },
] as const;
const inputs: Record<string, Record<string, unknown>> = {
  getThing: { thingId: "1" },
  createThing: { body: { name: "a" } },
  deleteThing: { thingId: "1" },
  readLog: { parts: ["a"], form: "b", since: "1" },
  getJob: { id: 1 },
};
const supported = Object.entries(operations).flatMap(([name, operation]) =>
  "unsupported" in operation ? [] : [{ name, operation }],
);
const combinations = supported.flatMap((row) =>
  Array.from({ length: 2 ** declared.length }, (_, bits) => ({
    ...row,
    given: declared.filter((__, index) => bits & (1 << index)),
  })),
);

test.each(["a method", "api"])(
  "a credential or option is sent only with operations that declare it, in all combinations, by %s",
  async (way) => {
    for (const { name, operation, given } of combinations) {
      const values = (key: string) => given.some((each) => each.value === key);
      const { session, sent, api } = clientOf({
        baseUrl: "https://example.com",
        credentials: {
          ...(values("a-key") && { key: "a-key" }),
          ...(values("a-bearer") && { bearer: "a-bearer" }),
          ...(values("a%2Fquery%20key") && { queryKey: "a/query key" }),
        },
        ...(values("acme") && { tenant: "acme" }),
        ...(values("v9") && { version: "v9" }),
      });
      const { thingId, parts, form, since, id, body } = inputs[name] ?? {};
      const path = { "thing-id": thingId, parts, form, id };
      const parameters = {
        params: { path, query: { since } },
        ...(body !== undefined && { body }),
      };
      await (
        way === "api"
          ? Reflect.apply(api.request, api, [operation.method, operation.path, parameters])
          : callOperation(
              session,
              bindOperation(operation, inputs[name]),
              openCall({ label: "call" }),
            )
      ).catch((error: unknown) => expect(String(error)).toMatch(/credentials are missing/));
      const text = JSON.stringify(sent);
      const schemes: readonly string[] = operation.authentication
        .flat()
        .map(({ scheme }) => scheme);
      for (const each of declared) {
        const isDeclared =
          "scheme" in each
            ? schemes.includes(each.scheme)
            : Object.hasOwn(operation.parameters, each.option);
        if (!isDeclared || !given.includes(each)) {
          expect([name, given, text.includes(each.value)]).toEqual([name, given, false]);
        }
      }
    }
  },
);

const created = (): Response => Response.json({ id: "1" }, { status: 201 });

describe("retries", () => {
  const thing = { body: { name: "a" } };
  test.each<[string, () => Response, number]>([
    ["429 with Retry-After", status(429, { "retry-after": "0" }), 2],
    ["503 with Retry-After", status(503, { "retry-after": "0" }), 2],
    ["a connection that was refused", refused, 2],
    ["503 without Retry-After", status(503), 1],
    ["429 without Retry-After", status(429), 1],
    ["500", status(500, { "retry-after": "0" }), 1],
    [
      "a reset",
      () => {
        throw new TypeError("reset");
      },
      1,
    ],
    ["a success that is not JSON", () => new Response("<p>"), 1],
  ])("resend a POST only if it was not processed: %s", async (_, first, requests) => {
    vi.spyOn(Math, "random").mockReturnValue(0);
    const { methods, sent } = clientOf({}, first, created);
    await methods.createThing(thing).catch(() => undefined);
    expect(sent).toHaveLength(requests);
  });

  test("resend an idempotent request, including a DELETE", async () => {
    vi.spyOn(Math, "random").mockReturnValue(0);
    const { methods, sent } = clientOf({}, status(503), () => new Response(null, { status: 204 }));
    await methods.deleteThing({ thingId: "1" });
    expect(sent).toHaveLength(2);
  });
});

/** Calls operations that return JSON, a stream, nothing, and an error, and returns the sent requests. */
async function callEach(middleware: Middleware[]): Promise<readonly Sent[]> {
  const { api, methods, sent } = clientOf(
    { tenant: "acme" },
    () => Response.json([1]),
    () => new Response("{}\n"),
    () => new Response("Done"),
    () => new Response("no", { status: 400 }),
  );
  for (const each of middleware) api.use(each);
  expect(await methods.listThings({ limit: 1, tags: ["a"] })).toEqual([1]);
  const log = await methods.readLog({ parts: ["a"], form: "b", since: "1" });
  expect(await log.text()).toBe("{}\n");
  expect(await methods.deleteThing({ thingId: "1" })).toBeUndefined();
  const failing = methods.createThing({ body: { name: "a" } });
  await expect(failing).rejects.toMatchObject({ status: 400, body: "no" });
  return sent;
}

describe("middleware", () => {
  test("never sends credentials or headers of the API to another server", async () => {
    const { api, methods, sent } = clientOf({ tenant: "acme", userAgent: "test/1" }, () =>
      Response.json([]),
    );
    api.use({ onRequest: ({ request }) => new Request("https://elsewhere.example", request) });
    await methods.listThings();
    expect(sent[0]).toMatchObject({ url: "https://elsewhere.example/" });
    expect(Object.keys(sent[0]?.headers ?? {})).toEqual(["accept"]);
  });

  test.each([
    ["a request", { onRequest: never }],
    ["a response", { onResponse: never }],
  ])("that never returns from %s does not keep a call", async (_, middleware) => {
    const { api, methods } = clientOf({}, () => Response.json([]));
    api.use(middleware);
    await expect(methods.listThings({}, { timeout: 5 })).rejects.toMatchObject({ bound: "total" });
    const reason = new Error("enough");
    for (const signal of [
      AbortSignal.timeout(5),
      AbortSignal.abort(reason),
      AbortSignal.abort(null),
    ]) {
      const outcome = await methods.listThings({}, { signal }).catch((error: unknown) => error);
      expect(outcome).toBe(signal.reason);
      const other = await api.GET("/things", { signal }).catch((error: unknown) => error);
      expect(other).toBe(signal.reason);
    }
  });

  test("whose own response never ends does not keep a call", async () => {
    const { api, methods } = clientOf();
    api.use({ onRequest: () => new Response(new ReadableStream()) });
    await expect(methods.listThings({}, { timeout: 5 })).rejects.toMatchObject({ bound: "total" });
    const signal = AbortSignal.timeout(5);
    const outcome = await methods.listThings({}, { signal }).catch((error: unknown) => error);
    expect(outcome).toBe(signal.reason);
  });

  test("whose own response is not JSON is a response that does not match", async () => {
    const { api, methods } = clientOf();
    api.use({ onRequest: () => new Response("<p>secret") });
    await expect(methods.listThings()).rejects.toMatchObject({
      name: "InvalidResponseError",
      message: expect.stringMatching(/: it is not JSON$/),
    });
  });

  test("does not hide why a call ran out of time", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] });
    const { api, methods } = clientOf({}, status(503), never);
    api.use({ onResponse: () => undefined });
    const call = methods.listThings({}, { timeout: 20_000 }).catch((error: unknown) => error);
    await vi.advanceTimersByTimeAsync(20_000);
    expect(await call).toMatchObject({ bound: "total", cause: { status: 503 } });
  });

  test("that throws releases a response that is a stream", async () => {
    const cancel = vi.fn<() => void>();
    const { api, methods } = clientOf({}, () => new Response(new ReadableStream({ cancel })));
    api.use({
      onResponse() {
        throw new Error("no");
      },
    });
    const log = methods.readLog({ parts: ["a"], form: "b", since: "1" });
    await expect(log).rejects.toThrow("no");
    await vi.waitFor(() => expect(cancel).toHaveBeenCalledOnce());
  });

  test("returns nothing where the description has no content", async () => {
    const { api, methods } = clientOf({}, () => new Response(null, { status: 204 }));
    api.use({ onResponse: () => undefined });
    expect(await methods.deleteThing({ thingId: "1" })).toBeUndefined();
  });

  test("does not change what a call sends and returns", async () => {
    expect(await callEach([{ onResponse: () => undefined }])).toEqual(await callEach([]));
  });
});

test("a refused credential that is not a function is not replaced", async () => {
  const { methods, sent } = clientOf({}, status(401));
  await expect(methods.listThings()).rejects.toMatchObject({ status: 401 });
  expect(sent).toHaveLength(1);
});

test("an onResponse that throws releases a response that is a stream", async () => {
  const cancel = vi.fn<() => void>();
  const { methods } = clientOf({}, () => new Response(new ReadableStream({ cancel })));
  const log = methods.readLog(
    { parts: ["a"], form: "b", since: "1" },
    { onResponse: () => Promise.reject(new Error("no")) },
  );
  await expect(log).rejects.toThrow("no");
  await vi.waitFor(() => expect(cancel).toHaveBeenCalledOnce());
});

test("a POST that may have been processed is not sent again, even after one that was not", async () => {
  vi.spyOn(Math, "random").mockReturnValue(0);
  const { methods, sent } = clientOf({ attemptTimeout: 20 }, unreachable, never);
  const error = await methods
    .createThing({ body: { name: "a" } })
    .catch((reason: unknown) => reason);
  expect(error).toMatchObject({ bound: "attempt", cause: { name: "ConnectionError" } });
  expect(sent).toHaveLength(2);
});

test("a POST is sent again if the connection of the token function was lost: nothing was sent", async () => {
  vi.spyOn(Math, "random").mockReturnValue(0);
  const bearer = vi.fn<() => Promise<string>>().mockResolvedValue("a-bearer");
  bearer.mockRejectedValueOnce(Object.assign(new Error("away"), { code: "ECONNRESET" }));
  const options = { credentials: { ...credentials, bearer } };
  const { methods, sent } = clientOf(options, () => Response.json({ id: "1" }, { status: 201 }));
  expect(await methods.createThing({ body: { name: "a" } })).toEqual({ id: "1" });
  expect(sent).toHaveLength(1);
});

test("a POST is sent again if only the token came too late: nothing was sent", async () => {
  vi.spyOn(Math, "random").mockReturnValue(0);
  let calls = 0;
  const bearer = () => {
    calls += 1;
    return calls === 1 ? new Promise<string>(() => undefined) : "a-bearer";
  };
  const options = { credentials: { ...credentials, bearer }, attemptTimeout: 20 };
  const { methods, sent } = clientOf(options, () => Response.json({ id: "1" }, { status: 201 }));
  expect(await methods.createThing({ body: { name: "a" } })).toEqual({ id: "1" });
  expect(sent).toHaveLength(1);
});

test.each([
  ["ECONNRESET", 2, "ok"],
  ["ENOTFOUND", 2, "ok"],
  ["UND_ERR_SOCKET", 2, "ok"],
  ["ENOENT", 1, "ClientError: GET /things/1: the token function failed: fetch failed"],
])("a token function that fails with %s is called %i times", async (code, count, outcome) => {
  vi.spyOn(Math, "random").mockReturnValue(0);
  const bearer = vi.fn<() => Promise<string>>().mockResolvedValue("a-bearer");
  const cause = Object.assign(new Error("away"), { code });
  bearer.mockRejectedValueOnce(new TypeError("fetch failed", { cause }));
  const { methods } = clientOf({ credentials: { bearer } }, () => Response.json({ id: "1" }));
  const result = await methods.getThing({ thingId: "1" }).then(() => "ok", String);
  expect(result).toBe(outcome);
  expect(bearer).toHaveBeenCalledTimes(count);
});

test("a key in the query is not in the URL of a response", async () => {
  const { methods } = clientOf({}, () => {
    const response = new Response("a\n");
    return Object.defineProperty(response, "url", {
      value: "https://x/?a=a%2Fquery%20key",
      configurable: true,
    });
  });
  const onResponse = vi.fn<(response: Response) => void>();
  await methods.deleteThing({ thingId: "1" }, { onResponse });
  expect(onResponse.mock.calls[0]?.[0].url).toBe("https://api.example.com/v1/things/1");
});

describe("api", () => {
  test.each(["fetch", "querySerializer", "pathSerializer"])(
    "refuses %s for a request: the description decides it",
    async (option) => {
      const { api, sent } = clientOf();
      const request = api.GET("/things", { [option]: () => "" });
      await expect(request).rejects.toThrow(`takes no ${option}`);
      expect(sent).toEqual([]);
    },
  );

  test("sends operations according to their facts, through each of its functions", async () => {
    const { api, sent } = clientOf({ tenant: "acme" }, () => Response.json([]));
    const { data } = await api.GET("/things", { params: { query: { ids: [1, 2] } } });
    await api.request("get", "/things", { headers: { "X-Tenant": "mine" } });
    await api.GET("/things", { params: { header: { "X-Tenant": "other" } } });
    expect(data).toEqual([]);
    expect(sent[0]?.url).toBe("https://api.example.com/v1/things?ids=1,2");
    expect(sent.map(({ headers }) => headers["x-tenant"])).toEqual(["acme", "mine", "other"]);
    expect(sent[0]?.headers).toMatchObject({ "x-key": "a-key", accept: "application/json" });
  });

  test("returns the response to a HEAD unchanged", async () => {
    const head = { ...operations.getJob, method: "head" } as const;
    const { session, sent } = clientOf({}, () => new Response(null));
    expect(
      (await callOperation(session, bindOperation(head, { id: 1 }), openCall({ label: "call" })))
        .data,
    ).toBeUndefined();
    expect(sent[0]?.method).toBe("HEAD");
    type HeadPaths = { "/jobs/{id}": { head: paths["/jobs/{id}"]["get"] } };
    expectTypeOf<Data<HeadPaths, typeof head>>().toEqualTypeOf<undefined>();
  });

  test("takes parameters whose names are numbers", () => {
    const form = { in: "query", required: false, type: "string" } as const;
    const operation = {
      ...operations.getJob,
      parameters: {
        "1": { ...form, name: "1", in: "path", required: true },
        half: { ...form, name: "0.5" },
        "007": { ...form, name: "007" },
      },
    } as const;
    interface Paths {
      "/jobs/{id}": {
        get: { parameters: { path: { 1: string }; query?: { 0.5?: number; "007"?: boolean } } };
      };
    }
    expectTypeOf<Input<Paths, typeof operation>>().toEqualTypeOf<{
      readonly "1": string;
      readonly half?: number;
      readonly "007"?: boolean;
    }>();
  });

  test("handles a HEAD, a response without content, and a stream", async () => {
    const length = { "content-length": "2" };
    const { session, api } = clientOf(
      { baseUrl: "https://example.com" },
      () => new Response(null, { headers: { ...length, "content-type": "application/json" } }),
      () => new Response("{}", { headers: length }),
      () => new Response("a,b", { status: 202, headers: { "content-type": "text/csv" } }),
    );
    const head = { ...operations.listThings, method: "head" } as const;
    type HeadPaths = { "/things": { head: paths["/things"]["get"] } };
    const { response } = await createApi<HeadPaths>(session, { head }).HEAD("/things");
    expect(response.status).toBe(200);
    const things = { params: { path: { "thing-id": "1" } } };
    const { data, error } = await api.DELETE("/things/{thing-id}", things);
    expect([data, error]).toEqual([undefined, undefined]);
    expect((await api.GET("/health", { parseAs: "text" })).data).toBe("a,b");
  });

  test.each([200, 400])("lets each middleware read the response: %i", async (code) => {
    const { api, methods } = clientOf({}, () => Response.json([1], { status: code }));
    const read: unknown[] = [];
    const onResponse: Middleware["onResponse"] = async ({ response }) => {
      read.push(await response.json(), await response.clone().text());
    };
    api.use({ onResponse }, { onResponse });
    const result = await methods.listThings().catch((error: ApiError) => error.body);
    expect([result, ...read]).toEqual([[1], [1], "[1]", [1], "[1]"]);
  });

  test("shares its middleware with the methods", async () => {
    const { api, methods, sent } = clientOf({}, () => Response.json([]));
    api.use({ onRequest: ({ request }) => request.headers.set("x-trace", "1") });
    await methods.listThings();
    expect(sent[0]?.headers).toMatchObject({ "x-trace": "1" });
  });

  test("names a request in errors without its query", async () => {
    const { api } = clientOf({ maxRetries: 0 }, refused);
    const failing = api.GET("/things", { params: { query: { ids: [7] } } });
    const error = await failing.catch((reason: unknown) => reason);
    const path = "/things";
    expect(error).toMatchObject({ message: `GET ${path}: the connection failed (refused)` });
    expect(JSON.parse(JSON.stringify(error))).toMatchObject({ method: "GET", path });
  });

  test.each(["", "/", "//"])("has the same URLs as a method if baseUrl ends in %j", async (end) => {
    const { api, methods, sent } = clientOf({ baseUrl: `https://example.com/v1${end}` });
    await methods.listThings();
    await api.GET("/things");
    expect(sent.map(({ url }) => url)).toEqual(Array(2).fill("https://example.com/v1/things"));
  });

  test.each([
    ["/things/{thing-id}", "it sends multipart/form-data"],
    ["/others", "it is not in the description"],
  ])("refuses an operation that it cannot send as described: PUT %s", async (path, reason) => {
    const { api, sent } = clientOf({ baseUrl: "https://example.com" });
    await expect(api.PUT(path as never, {} as never)).rejects.toThrow(
      new TypeError(`PUT ${path} cannot be called: ${reason}`),
    );
    expect(sent).toEqual([]);
  });
});

const responder = (state: string, retryAfter: number) => async () => ({
  data: { state },
  retryAfter,
});

describe("a job", () => {
  test("of any description can be polled", async () => {
    const states = ["on", "on", "broken"];
    const { session } = clientOf({}, () => Response.json({ state: states.shift() }));
    const { getJob } = operations;
    const call = openCall({ label: "GET /jobs/1" });
    const ask = async () => {
      const { data } = await callOperation(session, bindOperation(getJob, { id: 1 }), call);
      return { data: checkState(getJob.job, call, data), retryAfter: 0 };
    };
    const reported: unknown[] = [];
    for await (const state of poll(getJob.job, call, 1, ask)) {
      reported.push([state["state"], hasFailed(getJob.job, state)]);
    }
    expect(reported).toEqual([
      ["on", false],
      ["on", false],
      ["broken", true],
    ]);
  });

  const { job } = operations.getJob;
  const call = openCall({ label: "GET /jobs/1" });

  test("ends when it has succeeded", async () => {
    const states: { readonly state: string }[] = [];
    for await (const state of poll(job, call, undefined, responder("off", 0))) states.push(state);
    expect(states).toEqual([{ state: "off" }]);
  });

  test("attaches its last state to the error that ends the wait", async () => {
    const responders = [{ data: { state: "on" }, retryAfter: 0 }];
    const ask = async () =>
      responders.pop() ?? Promise.reject(new ClientError({ label: "call" }, "away"));
    const states = poll(job, call, 1, ask);
    await states.next();
    await expect(states.next()).rejects.toMatchObject({ lastJob: { state: "on" } });
  });

  test("is polled again after a failed poll, soon and then at the usual pace", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] });
    const events: ClientEvent[] = [];
    const patient = openCall({ label: "call" }, {}, { emit: (event) => events.push(event) });
    const failure = new ConnectionError({ label: "call" }, "away");
    let polls = 0;
    const states = poll(job, patient, 2000, async (pollCall) => {
      expect(pollCall.maxRetries).toBe(0);
      polls += 1;
      if (polls > 1) throw failure;
      return { data: { state: "on" }, retryAfter: 0 };
    });
    await states.next();
    const end = states.next().catch((error: unknown) => error);
    await vi.advanceTimersByTimeAsync(120_000);
    expect(await end).toMatchObject({ bound: "total", lastJob: { state: "on" }, cause: failure });
    expect(polls).toBeGreaterThan(8);
    expect(polls).toBeLessThan(25);
    expect(events.map((event) => event.type === "retry" && event.attempt)).toEqual(
      events.map((_, index) => index + 1),
    );
  });

  test("ends with the failure after too many failed polls in a row", async () => {
    const impatient = openCall({ label: "call" }, { maxRetries: 1 });
    const failure = new ConnectionError({ label: "call" }, "away");
    const ask = vi.fn<() => Promise<never>>(() => Promise.reject(failure));
    await expect(poll(job, impatient, 1, ask).next()).rejects.toBe(failure);
    expect(ask).toHaveBeenCalledTimes(2);
    failure.retryAfter = 9e9;
    await expect(poll(job, call, 1, ask).next()).rejects.toBe(failure);
    expect(ask).toHaveBeenCalledTimes(3);
  });

  test("ends at once if Retry-After lies beyond the deadline", async () => {
    const states = poll(job, call, 1, responder("on", 9e9));
    await states.next();
    await expect(states.next()).rejects.toMatchObject({ bound: "total" });
  });

  test.each([
    [null, "it contains no job"],
    ["on", "it contains no job"],
    [{}, "the job has no state"],
    [{ state: 1 }, "the job has no state"],
  ])("without a state is an InvalidResponseError: %j", (data, fault) => {
    expect(() => checkState(job, call, data)).toThrow(fault);
  });
});

test("a client option of the description may have the name of an option of calls", async () => {
  const { listThings } = operations;
  const interval = { ...listThings.parameters.tenant, name: "X-Interval" } as const;
  const session = createSession({ interval: "daily", maxRetries: 1 } as SessionOptions);
  const list = { ...listThings, parameters: { interval } };
  expect(() => createMethods<paths, { list: typeof list }>(session, { list })).not.toThrow();
  expect(() => createSession({ maxRetries: "1" } as never)).toThrow("maxRetries must be");
});

test("a client option that cannot be sent is refused when the client is created", () => {
  expect(() => clientOf({ tenant: "a\nb" })).toThrow(/^tenant cannot be sent/);
  // @ts-expect-error No operation has such an option.
  expect(() => clientOf({ region: "eu" })).toThrow(
    /^unknown option region; the options are [^,]+(?:, [^,]+)*, userAgent, tenant, version$/,
  );
});

test("a credential of no operation is refused when the client is created", () => {
  // @ts-expect-error No operation has such a credential.
  expect(() => clientOf({ credentials: { nope: "x" } })).toThrow(
    /^unknown credential nope; the credentials are key, bearer, queryKey$/,
  );
});

test("the user agent is sent, except from a browser", async () => {
  const { methods, sent } = clientOf({ userAgent: "test/1" }, () => Response.json([]));
  await methods.listThings();
  vi.stubGlobal("document", {});
  const browser = clientOf({ userAgent: "test/1" }, () => Response.json([]));
  await browser.methods.listThings();
  const userAgents = [...sent, ...browser.sent].map(({ headers }) => headers["user-agent"]);
  expect(userAgents).toEqual(["test/1", undefined]);
});

test("a header parameter cannot replace a credential of the same name", async () => {
  const { listThings } = operations;
  const other = { ...listThings.parameters.features, name: "x-KEY", type: "string" } as const;
  const { session, sent } = clientOf();
  const bound = bindOperation({ ...listThings, parameters: { other } }, { other: "mine" });
  await callOperation(session, bound, openCall({ label: "call" }));
  expect(sent[0]?.headers).toEqual({ accept: "application/json", "x-key": "a-key" });
});

test("a body that is left out has no media type", async () => {
  const { createThing } = operations;
  const operation = { ...createThing, body: { ...createThing.body, required: false } };
  const { session, sent } = clientOf({}, () => Response.json({}, { status: 201 }));
  await callOperation(session, bindOperation(operation), openCall({ label: "call" }));
  expect(Object.keys(sent[0]?.headers ?? {}).toSorted()).toEqual([
    "accept",
    "authorization",
    "x-key",
  ]);
});

describe("onEvent", () => {
  test("reports every request, response, retry and new token, and no secret", async () => {
    vi.spyOn(Math, "random").mockReturnValue(0);
    const events: ClientEvent[] = [];
    const { methods } = clientOf(
      {
        credentials: { ...credentials, bearer: () => "a-bearer" },
        onEvent: (event) => events.push(event),
      },
      status(503),
      () =>
        Response.json({ id: "1" }, { headers: { "x-request-id": "for a-bearer" }, status: 200 }),
    );
    await methods.getThing({ thingId: "1" });
    const url = "https://api.example.com/v1/things/1";
    const request = { type: "request", call: "GET /things/1", method: "GET", url };
    const response = { ...request, type: "response" };
    expect(events).toMatchObject([
      { type: "token" },
      request,
      { ...response, status: 503, requestId: null },
      { type: "retry", call: "GET /things/1", attempt: 1, pause: 0, error: { status: 503 } },
      request,
      { ...response, status: 200, requestId: "for …", duration: expect.any(Number) },
    ]);
    expect(JSON.stringify(events)).not.toContain("a-bearer");
  });

  test.each([
    () => {
      throw new Error("no disk");
    },
    () => Promise.reject(new Error("no disk")),
  ])("does not affect a call: %s", async (onEvent) => {
    const unhandled = vi.fn<() => void>();
    process.once("unhandledRejection", unhandled);
    const { methods } = clientOf({ onEvent }, () => Response.json([]));
    expect(await methods.listThings()).toEqual([]);
    await new Promise((resolve) => setImmediate(resolve));
    process.off("unhandledRejection", unhandled);
    expect(unhandled).not.toHaveBeenCalled();
  });
});

test("a timeout costs more of the retry budget, and a pause beyond the deadline is not awaited", async () => {
  const { methods, sent } = clientOf(
    { attemptTimeout: 5, maxRetries: 1 },
    () => new Promise<Response>(() => undefined),
  );
  await expect(methods.listThings()).rejects.toMatchObject({ bound: "attempt" });
  expect(sent).toHaveLength(2);
  const { methods: busy, sent: once } = clientOf({}, status(503, { "retry-after": "9" }));
  await expect(busy.listThings({}, { timeout: 500 })).rejects.toMatchObject({ retryAfter: 9000 });
  expect(once).toHaveLength(1);
});
