import { expect, expectTypeOf, test } from "vitest";
import { createMethods } from "../src/methods.ts";
import { createSession } from "../src/session.ts";
import type { Readable, Writable } from "../src/read-write.ts";

interface Marks {
  read: { readonly $read: string };
  write: { readonly $write: string };
}

/** In the format of openapi-typescript, with marks. */
interface Thing {
  id: Marks["read"];
  secret: Marks["write"];
  name: string;
  etag?: Marks["read"];
  state?: "on" | "off" | (string & {});
  parts: { readonly $read: { at: Marks["read"]; key: Marks["write"]; size: number }[] };
  children?: Thing[];
  nothing?: never;
  other: unknown;
}

interface paths {
  "/things": {
    post: {
      parameters: { query?: never; header?: never; path?: never; cookie?: never };
      requestBody: { content: { "application/json": Thing } };
      responses: { 200: { headers: object; content: { "application/json": Thing } } };
    };
  };
}

const makeThing = {
  method: "post",
  path: "/things",
  servers: ["https://api.example.com"],
  parameters: {},
  body: { required: true, mediaTypes: ["application/json"] },
  responses: { "200": ["application/json"] },
  authentication: [],
} as const;

test("inputs cannot have read-only properties, and results have no write-only ones", async () => {
  const sent: unknown[] = [];
  const session = createSession({
    fetch: async (_, init) => {
      sent.push(JSON.parse(await new Response(init?.body).text()));
      return Response.json({ id: "1", name: "a" });
    },
  });
  const { makeThing: make } = createMethods<paths, { makeThing: typeof makeThing }>(session, {
    makeThing,
  });
  type Body = Parameters<typeof make>[0]["body"];
  const body: Body = { secret: "s", name: "a", other: 1 };
  const thing = await make({ body });
  expect(sent).toEqual([body]);

  expectTypeOf(thing.id).toEqualTypeOf<string>();
  expectTypeOf(thing.etag).toEqualTypeOf<string | undefined>();
  expectTypeOf(thing.parts).toEqualTypeOf<{ at: string; size: number }[]>();
  expectTypeOf(thing.state).toEqualTypeOf<"on" | "off" | (string & {}) | undefined>();
  expectTypeOf(thing).not.toHaveProperty("secret");
  expectTypeOf<NonNullable<typeof thing.children>[number]["id"]>().toEqualTypeOf<string>();
  expectTypeOf<Readable<Thing>["other"]>().toEqualTypeOf<unknown>();
  expectTypeOf<Readable<Thing>>().toHaveProperty("nothing");

  expectTypeOf<Body["secret"]>().toEqualTypeOf<string>();
  expectTypeOf<Body["id"]>().toEqualTypeOf<undefined>();
  expectTypeOf<NonNullable<Body["children"]>[number]["secret"]>().toEqualTypeOf<string>();
  // @ts-expect-error It is read only.
  const wrong: Body = { ...body, id: "1" };
  expect(wrong).toHaveProperty("id");
});

test("marks also count next to an index signature", () => {
  type Open = Thing & { [field: string]: unknown };
  expectTypeOf<Readable<Open>["id"]>().toEqualTypeOf<string>();
  expectTypeOf<Readable<Open>["secret"]>().toEqualTypeOf<unknown>();
  expectTypeOf<Writable<Open>["secret"]>().toEqualTypeOf<string>();
  expectTypeOf<Writable<Open>["id"]>().toEqualTypeOf<undefined>();
  expectTypeOf<Readable<Open>["another"]>().toEqualTypeOf<unknown>();
});

test("a type without marks stays as it is", () => {
  interface Plain {
    a?: "b" | (string & {});
    readonly c: readonly [number, { d: null }];
    [field: string]: unknown;
  }
  expectTypeOf<Readable<Plain>>().toEqualTypeOf<Plain>();
  expectTypeOf<Writable<Plain>>().toEqualTypeOf<Plain>();
  expectTypeOf<Readable<unknown>>().toEqualTypeOf<unknown>();
  expectTypeOf<Writable<unknown>>().toEqualTypeOf<unknown>();
});
