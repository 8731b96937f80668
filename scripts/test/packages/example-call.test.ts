import { expect, test } from "vitest";
import type { Json, JsonObject } from "../../description/tree.ts";
import { findExampleCall } from "../../packages/example-call.ts";

type Part = Readonly<Record<string, Json>>;

const ok = { responses: { 204: { description: "D" } } };

function describePaths(paths: Part, more: Part = {}): JsonObject {
  return { openapi: "3.1.0", info: { title: "T", version: "1" }, paths, ...more };
}

const anyJson = { "application/json": {} };
const oneParameter = [{ name: "p", in: "query", required: true, schema: { type: "string" } }];
const securitySchemes = { key: { type: "apiKey", in: "query", name: "key" } };

test.each<[what: string, parameter: Part, value: Json]>([
  ["its example", { schema: { type: "string" }, example: "a" }, "a"],
  ["the first of its examples", { examples: { a: { value: "b" }, c: { value: "d" } } }, "b"],
  [
    "a valid example, if another is not",
    { schema: { type: "integer" }, examples: { a: { value: "b" }, c: { value: 3 } } },
    3,
  ],
  ["no example of another type", { schema: { type: "integer", minimum: 3 }, example: "a" }, 3],
  ["a multiple", { schema: { type: "integer", minimum: 7, multipleOf: 5 } }, 10],
  [
    "unlike items",
    { schema: { type: "array", minItems: 2, uniqueItems: true, items: { type: "string" } } },
    ["string", "string2"],
  ],
  [
    "a value of its content",
    {
      content: {
        "application/json": {
          schema: { type: "object", required: ["a"], properties: { a: { const: 1 } } },
        },
      },
    },
    { a: 1 },
  ],
])("a parameter has %s", async (_what, parameter, value) => {
  const parameters = [{ name: "p", in: "query", required: true, ...parameter }];
  const description = describePaths({ "/a": { get: { operationId: "f", parameters, ...ok } } });
  await expect(findExampleCall(description)).resolves.toMatchObject({
    method: "f",
    input: { p: value },
    isValid: true,
  });
});

test.each(["^\\d{4}-\\d{2}-\\d{2}$", "^(a|b)$", "^[\\w-]{3,}$", "^[A-Z]{2}(-[A-Z]{2})?$"])(
  "a parameter matches the pattern %s",
  async (pattern) => {
    const schema = { type: "string", pattern };
    const parameters = [{ name: "p", in: "path", required: true, schema }];
    const get = { operationId: "f", parameters, ...ok };
    const call = await findExampleCall(describePaths({ "/a/{p}": { get } }));
    expect(call).toMatchObject({ isValid: true });
    expect(call?.input["p"]).toMatch(new RegExp(pattern, "u"));
  },
);

test("an option of the client has a value of its type, and a credential is no parameter", async () => {
  const parameters = [
    {
      name: "n",
      in: "header",
      required: true,
      schema: { type: "integer" },
      "x-client-option": true,
    },
    { name: "key", in: "query", required: true, schema: { type: "string" } },
  ];
  const get = { operationId: "f", parameters, security: [{ key: [] }], ...ok };
  const description = describePaths({ "/a": { get } }, { components: { securitySchemes } });
  await expect(findExampleCall(description)).resolves.toEqual({
    method: "f",
    input: {},
    options: { credentials: { key: "a-token" }, n: 0 },
    hasServer: false,
    isValid: true,
  });
});

test("a body has its required properties, as it is sent", async () => {
  const schema = {
    type: "object",
    required: ["a", "id", "b"],
    properties: {
      a: { enum: ["x"] },
      id: { type: "string", readOnly: true },
      c: { type: "string" },
    },
  };
  const content = { "text/csv": {}, "a/b+json": { schema }, "application/json": {} };
  const post = { operationId: "f", requestBody: { required: true, content }, ...ok };
  await expect(findExampleCall(describePaths({ "/a": { post } }))).resolves.toMatchObject({
    input: { body: { a: "x", b: "string" } },
    isValid: true,
  });
});

test("an operation that cannot be called with its example is passed over, if there is another", async () => {
  const parameters = [{ name: "p", in: "path", required: true, schema: { const: "a/b" } }];
  const get = { operationId: "f", parameters, ...ok };
  const post = { operationId: "g", ...ok };
  const first = { "/a/{p}": { get } };
  await expect(findExampleCall(describePaths(first))).resolves.toMatchObject({
    method: "f",
    isValid: false,
  });
  await expect(findExampleCall(describePaths({ ...first, "/b": { post } }))).resolves.toMatchObject(
    { method: "g", isValid: true },
  );
});

type Case = readonly [method: string, operation: Part];
test.each<[what: string, better: Case, worse: Case]>([
  ["reading to writing", ["get", { parameters: oneParameter }], ["post", {}]],
  [
    "an operation without a body",
    ["post", { parameters: oneParameter }],
    ["post", { requestBody: { required: true, content: anyJson } }],
  ],
  [
    "JSON to a stream",
    [
      "get",
      { parameters: oneParameter, responses: { 200: { description: "D", content: anyJson } } },
    ],
    ["get", { responses: { 200: { description: "D", content: { "text/csv": {} } } } }],
  ],
])("prefers %s", async (_what, better, worse) => {
  const paths = Object.entries({ worse, better }).map(([operationId, [method, operation]]) => [
    `/${operationId}`,
    { [method]: { operationId, ...ok, ...operation } },
  ]);
  const description = describePaths(Object.fromEntries(paths));
  await expect(findExampleCall(description)).resolves.toMatchObject({ method: "better" });
});

test("a schema that cannot be checked makes no call valid", async () => {
  const schema = { type: "string", pattern: "(" };
  const parameters = [{ name: "p", in: "query", required: true, schema }];
  const get = { operationId: "f", parameters, ...ok };
  await expect(findExampleCall(describePaths({ "/a": { get } }))).resolves.toMatchObject({
    isValid: false,
  });
});
