import { expect, test } from "vitest";
import { startMockServer } from "../src/index.ts";
import { describeOperation } from "./exports-description.ts";

const list = { type: "array", items: { type: "integer" } };
const object = {
  type: "object",
  required: ["a", "b"],
  properties: { a: { type: "integer" }, b: { type: "boolean" } },
  additionalProperties: false,
};

interface Sent {
  readonly target: string;
  readonly headers?: Record<string, string>;
}

async function send(
  parameter: object,
  { target, headers = {} }: Sent,
): Promise<{ status: number; body: unknown }> {
  const template = target.startsWith("/thing/") ? "/thing/{p}" : "/thing";
  const description = describeOperation(
    { parameters: [{ name: "p", ...parameter }] },
    { path: template },
  );
  await using server = await startMockServer({ description });
  const response = await fetch(server.url + target, { headers });
  const text = await response.text();
  return { status: response.status, body: text === "" ? undefined : JSON.parse(text) };
}

const path = { in: "path", required: true };
const query = { in: "query", required: true };
const header = { in: "header", required: true };

// The examples of OpenAPI, "Style Examples", and how clients encode them.
test.each<[string, object, Sent]>([
  ["a number in the path", { ...path, schema: { type: "integer" } }, { target: "/thing/5" }],
  [
    "an encoded path",
    { ...path, schema: { enum: ["a/b ü"] } },
    { target: "/thing/a%2Fb%20%C3%BC" },
  ],
  ["a simple list", { ...path, schema: list }, { target: "/thing/3,4" }],
  ["a simple object", { ...path, schema: object }, { target: "/thing/a,1,b,true" }],
  [
    "an exploded simple object",
    { ...path, explode: true, schema: object },
    { target: "/thing/a=1,b=true" },
  ],
  ["a label", { ...path, style: "label", schema: { type: "integer" } }, { target: "/thing/.5" }],
  ["a list as a label", { ...path, style: "label", schema: list }, { target: "/thing/.3,4" }],
  [
    "an exploded list as a label",
    { ...path, style: "label", explode: true, schema: list },
    { target: "/thing/.3.4" },
  ],
  [
    "an exploded object as a label",
    { ...path, style: "label", explode: true, schema: object },
    { target: "/thing/.a=1.b=true" },
  ],
  [
    "a matrix",
    { ...path, style: "matrix", schema: { type: "integer" } },
    { target: "/thing/;p=5" },
  ],
  ["a list as a matrix", { ...path, style: "matrix", schema: list }, { target: "/thing/;p=3,4" }],
  [
    "an exploded list as a matrix",
    { ...path, style: "matrix", explode: true, schema: list },
    { target: "/thing/;p=3;p=4" },
  ],
  [
    "an object as a matrix",
    { ...path, style: "matrix", schema: object },
    { target: "/thing/;p=a,1,b,true" },
  ],
  [
    "an exploded object as a matrix",
    { ...path, style: "matrix", explode: true, schema: object },
    { target: "/thing/;a=1;b=true" },
  ],
  ["a form", { ...query, schema: { enum: ["a b&c"] } }, { target: "/thing?p=a+b%26c" }],
  ["a form's list", { ...query, schema: list }, { target: "/thing?p=3&p=4" }],
  ["a form's list of one", { ...query, schema: list }, { target: "/thing?p=3" }],
  [
    "a list by reference or null",
    { ...query, schema: { anyOf: [list, { type: "null" }] } },
    { target: "/thing?p=3&p=4" },
  ],
  ["a list in one", { ...query, explode: false, schema: list }, { target: "/thing?p=3,4" }],
  ["a form's object", { ...query, schema: object }, { target: "/thing?a=1&b=true" }],
  [
    "an object in one",
    { ...query, explode: false, schema: object },
    { target: "/thing?p=a,1,b,true" },
  ],
  [
    "spaces",
    { ...query, style: "spaceDelimited", explode: false, schema: list },
    { target: "/thing?p=3%204" },
  ],
  [
    "pluses",
    { ...query, style: "spaceDelimited", explode: false, schema: list },
    { target: "/thing?p=3+4" },
  ],
  [
    "pipes",
    { ...query, style: "pipeDelimited", explode: false, schema: list },
    { target: "/thing?p=3|4" },
  ],
  [
    "encoded pipes",
    { ...query, style: "pipeDelimited", explode: false, schema: list },
    { target: "/thing?p=3%7C4" },
  ],
  [
    "a form's object with a property of the same name",
    { ...query, schema: { type: "object", required: ["p"], properties: { p: {} } } },
    { target: "/thing?p=1" },
  ],
  [
    "a deep object",
    { ...query, style: "deepObject", schema: object },
    { target: "/thing?p[a]=1&p%5Bb%5D=true" },
  ],
  [
    "JSON in the query",
    { ...query, content: { "application/json": { schema: object } } },
    { target: '/thing?p={"a":1,"b":true}' },
  ],
  [
    "a header",
    { ...header, schema: { type: "number" } },
    { target: "/thing", headers: { P: "1.5" } },
  ],
  ["a header's list", { ...header, schema: list }, { target: "/thing", headers: { p: "3, 4" } }],
  [
    "a header's object",
    { ...header, schema: object },
    { target: "/thing", headers: { p: "a,1,b,true" } },
  ],
  [
    "an exploded header's object",
    { ...header, explode: true, schema: object },
    { target: "/thing", headers: { p: "a=1,b=true" } },
  ],
  [
    "a number where texts are allowed, too",
    { ...path, schema: { oneOf: [{ type: "integer" }, { type: "string" }] } },
    { target: "/thing/1" },
  ],
  [
    "a text of digits that is not a number by the schema",
    { ...query, schema: { type: "string", not: { type: "integer" } } },
    { target: "/thing?p=12" },
  ],
  [
    "a number with the bounds of numbers, where texts are allowed, too",
    { ...query, schema: { type: ["string", "integer"], maxLength: 2 } },
    { target: "/thing?p=1234" },
  ],
  [
    "a text where lists are allowed, too",
    { ...query, schema: { oneOf: [{ type: "string" }, { ...list, minItems: 2 }] } },
    { target: "/thing?p=a" },
  ],
  [
    "a list of one where texts are allowed, too",
    { ...query, schema: { oneOf: [{ type: "string" }, { type: "array", minItems: 1 }] } },
    { target: "/thing?p=a" },
  ],
  [
    "a text where objects are allowed, too",
    { ...query, style: "deepObject", schema: { anyOf: [object, { type: "integer" }] } },
    { target: "/thing?p=5" },
  ],
  ["a number of an enum", { ...path, schema: { enum: [1, 2] } }, { target: "/thing/1" }],
  [
    "text that is not a JSON number, where texts are allowed, too",
    { ...query, schema: { anyOf: [{ type: "integer" }, { type: "string" }] } },
    { target: "/thing?p=0x10" },
  ],
  ...["1.0", "-0", "1e3", "2E%2B2"].map((number): [string, object, Sent] => [
    `the number ${number}`,
    { ...query, schema: { type: "integer" } },
    { target: `/thing?p=${number}` },
  ]),
  ["a constant", { ...query, schema: { const: true } }, { target: "/thing?p=true" }],
  [
    "a list of numbers of an enum",
    { ...query, schema: { type: "array", items: { enum: [1, 2] } } },
    { target: "/thing?p=1&p=2" },
  ],
  [
    "the languages of a fetch that sets none",
    { in: "header", name: "Accept-Language", schema: { enum: ["en"] } },
    { target: "/thing" },
  ],
  ["nothing, where nothing is required", { in: "query", schema: list }, { target: "/thing" }],
])("accepts %s", async (_, parameter, sent) => {
  expect(await send(parameter, sent)).toEqual({ status: 204, body: undefined });
});

test.each<[string, object, Sent, readonly unknown[]]>([
  [
    "text for a number",
    { ...path, schema: { type: "integer" } },
    { target: "/thing/x" },
    ["path", "p"],
  ],
  [
    "another style",
    { ...path, style: "label", schema: list },
    { target: "/thing/3,4" },
    ["path", "p"],
  ],
  ["a query that is missing", { ...query, schema: list }, { target: "/thing" }, ["query", "p"]],
  [
    "a member that is wrong",
    { ...query, schema: list },
    { target: "/thing?p=3&p=x" },
    ["query", "p", "1"],
  ],
  [
    "a number that the enum does not list, beside one that it does",
    { ...query, schema: { type: "array", items: { enum: [1, 2] } } },
    { target: "/thing?p=1&p=3" },
    ["query", "p", "1"],
  ],
  [
    "a number that comes twice",
    { ...query, schema: { type: "integer" } },
    { target: "/thing?p=3&p=4" },
    ["query", "p"],
  ],
  [
    "an object without a property",
    { ...query, schema: object },
    { target: "/thing?a=1" },
    ["query", "p", "b"],
  ],
  [
    "a value that is not a property",
    { ...query, schema: object },
    { target: "/thing?a=1&b=true&c=1" },
    ["query", "p", "c"],
  ],
  ...["0x10", "0b1", "+5", "05", "5.", ".5", "%205", "5%20", "Infinity", "1e999", ""].map(
    (text): [string, object, Sent, readonly unknown[]] => [
      `"${text}" for a number`,
      { ...query, schema: { type: "number" } },
      { target: `/thing?p=${text}` },
      ["query", "p"],
    ],
  ),
  [
    "a member that is not a JSON number, beside one that is",
    { ...query, schema: list },
    { target: "/thing?p=3&p=0x10" },
    ["query", "p", "1"],
  ],
  [
    "a list in one value that comes twice",
    { ...query, explode: false, schema: list },
    { target: "/thing?p=3&p=4" },
    ["query", "p"],
  ],
  [
    "JSON that comes twice",
    { ...query, content: { "application/json": { schema: object } } },
    { target: '/thing?p={"a":1,"b":true}&p={"a":1,"b":true}' },
    ["query", "p"],
  ],
  [
    "a deep object's name by itself",
    { in: "query", style: "deepObject", schema: object },
    { target: "/thing?p=1" },
    ["query", "p"],
  ],
  ["an unknown parameter", { in: "query", schema: list }, { target: "/thing?q=1" }, ["query", "q"]],
  [
    "a number as text in JSON",
    { ...query, content: { "application/json": { schema: object } } },
    { target: '/thing?p={"a":"1","b":true}' },
    ["query", "p", "a"],
  ],
  [
    "invalid JSON",
    { ...query, content: { "application/json": { schema: object } } },
    { target: "/thing?p={" },
    ["query", "p"],
  ],
  [
    "a text for a number of an enum",
    { ...query, schema: { enum: [1] } },
    { target: "/thing?p=2" },
    ["query", "p"],
  ],
  [
    "languages that the caller does not set",
    { ...header, name: "Accept-Language", schema: { enum: ["en"] } },
    { target: "/thing" },
    ["header", "Accept-Language"],
  ],
  ["a header that is missing", { ...header, schema: {} }, { target: "/thing" }, ["header", "p"]],
])("refuses %s with 422 and its location", async (_, parameter, sent, loc) => {
  expect(await send(parameter, sent)).toMatchObject({ status: 422, body: { detail: [{ loc }] } });
});

test("a parameter of an operation overrides the one of its path", async () => {
  const parameter = { in: "query", name: "p", required: true, schema: { enum: ["path's"] } };
  const operationParameter = { ...parameter, schema: { enum: ["operation's"] } };
  const responses = { "204": { description: "Done" } };
  const description = {
    ...describeOperation({}),
    paths: {
      "/thing": {
        parameters: [{ $ref: "#/components/parameters/Shared" }],
        get: { parameters: [operationParameter], responses },
        put: { responses },
      },
    },
    components: { parameters: { Shared: parameter } },
  };
  await using server = await startMockServer({ description });
  const statusOf = async (method: string, value: string): Promise<number> =>
    (await fetch(`${server.url}/thing?p=${value}`, { method })).status;

  expect([await statusOf("GET", "operation's"), await statusOf("GET", "path's")]).toEqual([
    204, 422,
  ]);
  expect([await statusOf("PUT", "path's"), await statusOf("PUT", "operation's")]).toEqual([
    204, 422,
  ]);
});

const response = (text: string) => ({
  get: {
    responses: { "200": { description: text, content: { "text/plain": { example: text } } } },
  },
});

test("the most concrete path that matches is used, also if a parameter is only a part of a segment", async () => {
  const description = {
    ...describeOperation({}),
    paths: {
      "/things/{id}": response("by id"),
      "/things/latest": response("latest"),
      "/things/{from}...{to}": response("range"),
    },
  };
  await using server = await startMockServer({ description });
  const textOf = async (target: string): Promise<string> =>
    (await fetch(server.url + target)).text();

  expect(await textOf("/things/latest")).toBe("latest");
  expect(await textOf("/things/7")).toBe("by id");
  expect(await textOf("/things/7...9")).toBe("range");
  expect((await fetch(`${server.url}/things/`)).status).toBe(404);
  expect((await fetch(`${server.url}/things/7/8`)).status).toBe(404);
});
