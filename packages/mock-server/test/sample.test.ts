import { Ajv2020 } from "ajv/dist/2020.js";
import formats from "ajv-formats";
import { expect, onTestFinished, test, vi } from "vitest";
import { startMockServer } from "../src/index.ts";
import { describeOperation } from "./exports-description.ts";

async function sample(
  content: object,
  { accept = "*/*", components = {}, openapi = "3.1.0" } = {},
): Promise<{ status: number; type: string | null; text: string }> {
  const responses = { "200": { description: "Thing", content } };
  const description = describeOperation({ responses }, { components, openapi });
  await using server = await startMockServer({ description });
  const response = await fetch(`${server.url}/thing`, { headers: { Accept: accept } });
  const type = response.headers.get("Content-Type");
  return { status: response.status, type, text: await response.text() };
}

function property(schema: object): object {
  return { type: "object", required: ["p"], properties: { p: schema } };
}

test.each<[string, object]>([
  [
    "formats",
    propertyOfEach([
      "uuid",
      "date-time",
      "date",
      "email",
      "uri",
      "ipv4",
      "ipv6",
      "hostname",
      "time",
    ]),
  ],
  ["enums", property({ type: "string", enum: ["b", "a"] })],
  ["constants", property({ const: 7 })],
  ["bounds", property({ type: "integer", minimum: 7, maximum: 9 })],
  ["exclusive bounds", property({ type: "number", exclusiveMinimum: 0, exclusiveMaximum: 2 })],
  ["lengths", property({ type: "string", minLength: 20, maxLength: 21 })],
  ["numbers of items", property({ type: "array", items: { type: "integer" }, minItems: 3 })],
  ["patterns", property({ type: "string", pattern: "^(?:ab|c[d-f]{3})-\\d{4}$" })],
  ["patterns that are nowhere anchored", property({ type: "string", pattern: "[a-f\\d]{24}" })],
  ["patterns that are not Unicode", property({ type: "string", pattern: "^[a-c]{2}\\-$" })],
  ["what may be null", property({ type: ["string", "null"], format: "uuid" })],
  ["wrong examples", property({ type: "string", format: "uuid", examples: ["<uuid>"] })],
  ["wrong defaults", property({ type: "integer", default: "none" })],
  ["open objects", { type: "object", additionalProperties: { type: "string", format: "uuid" } }],
  ["closed objects", { ...property({ type: "boolean" }), additionalProperties: false }],
  [
    "parts",
    {
      allOf: [
        property({ type: "string" }),
        { type: "object", required: ["q"], properties: { q: { type: "integer" } } },
      ],
    },
  ],
  ["alternatives", { oneOf: [{ type: "integer", minimum: 5 }, { type: "string" }] }],
  [
    "an optional property that cannot be sampled",
    { ...property({ type: "integer" }), properties: { p: { type: "integer" }, q: { not: {} } } },
  ],
  ["required properties that are not declared", { ...property({}), required: ["p", "q", "r"] }],
  [
    "an enum beside a reference",
    { allOf: [{ properties: { v: { enum: [8, 9] } } }, { $ref: "#/components/schemas/Node" }] },
  ],
  [
    "a constant beside a reference",
    { allOf: [{ properties: { v: { const: 9 } } }, { $ref: "#/components/schemas/Node" }] },
  ],
  [
    "bounds that alternatives share",
    property({ minimum: 5, maximum: 7, anyOf: [{ type: "integer" }, { type: "number" }] }),
  ],
  [
    "exclusive bounds that alternatives share",
    property({ exclusiveMinimum: 5, exclusiveMaximum: 7, anyOf: [{ type: "integer" }] }),
  ],
  ["upper bounds that alternatives share", property({ maximum: -5, anyOf: [{ type: "integer" }] })],
  [
    "negative numbers that alternatives share",
    property({ exclusiveMaximum: -5, anyOf: [{ type: "integer" }] }),
  ],
  ["lengths that alternatives share", property({ minLength: 20, anyOf: [{ type: "string" }] })],
  ["multiples", property({ type: "integer", minimum: 7, multipleOf: 5 })],
  ["texts without characters", property({ type: "string", maxLength: 0 })],
  ["formats that few know", propertyOfEach(["byte", "duration", "url", "iso-date-time"])],
  [
    "unique items",
    property({ type: "array", minItems: 3, uniqueItems: true, items: { type: "integer" } }),
  ],
  [
    "unique items of an enum",
    { type: "array", minItems: 2, uniqueItems: true, items: { enum: ["a", "b"] } },
  ],
  [
    "unique objects",
    { type: "array", minItems: 2, uniqueItems: true, items: property({ type: "string" }) },
  ],
  ["items of any type", { type: "array", minItems: 2 }],
  [
    "a list that contains a constant",
    { type: "array", items: { type: "string" }, contains: { const: "x" } },
  ],
  ["numbers of properties", { type: "object", minProperties: 2 }],
  [
    "names of properties",
    {
      type: "object",
      minProperties: 1,
      propertyNames: { pattern: "^[a-z]+$" },
      additionalProperties: true,
    },
  ],
  ["dependent properties", { ...property({ type: "string" }), dependentRequired: { p: ["q"] } }],
  [
    "one of two properties",
    {
      type: "object",
      properties: { p: { type: "string" }, q: { type: "string" } },
      oneOf: [{ required: ["p"] }, { required: ["q"] }],
    },
  ],
  ["anything but null", property({ not: { type: "null" } })],
  ["items that cannot be sampled", property({ type: "array", items: { not: {} } })],
  [
    "a schema that refers to itself",
    {
      ...property({ type: "string" }),
      properties: { p: { type: "string" }, next: { $ref: "#/components/schemas/Node" } },
    },
  ],
])("a response conforms to %s", async (_, schema) => {
  const components = {
    schemas: {
      Node: {
        type: "object",
        required: ["v"],
        properties: { v: { type: "integer" }, next: { $ref: "#/components/schemas/Node" } },
      },
    },
  };
  const { status, text } = await sample({ "application/json": { schema } }, { components });

  expect({ status, text }).toMatchObject({ status: 200 });
  const ajv = new Ajv2020({ strict: false, logger: false, code: { regExp: sloppy } });
  formats.default(ajv);
  const isValid = ajv.validate({ ...schema, components }, JSON.parse(text));
  expect(ajv.errors).toBe(null);
  expect(isValid).toBe(true);
});

function propertyOfEach(names: readonly string[]): object {
  return {
    type: "object",
    required: names,
    properties: Object.fromEntries(names.map((format) => [format, { type: "string", format }])),
  };
}

function sloppy(pattern: string): RegExp {
  return new RegExp(pattern);
}
sloppy.code = "";

test("a response conforms to patterns that only a Unicode expression understands", async () => {
  const schema = { type: "string", pattern: "^\\p{Lu}{3}$" };
  expect(await sample({ "application/json": { schema } })).toMatchObject({
    status: 200,
    text: expect.stringMatching(/^"\p{Lu}{3}"$/u),
  });
});

test("responds with an example, if the schema accepts one", async () => {
  const schema = property({ type: "integer" });
  const content = (mediaType: object) => ({ "application/json": { schema, ...mediaType } });

  expect((await sample(content({ example: { p: 3 } }))).text).toBe('{"p":3}');
  const examples = { wrong: { value: { p: "x" } }, right: { value: { p: 4 } } };
  expect((await sample(content({ examples }))).text).toBe('{"p":4}');
  expect((await sample(content({ example: { p: "x" } }))).text).toBe('{"p":0}');
});

test.each<[how: string, password: object, media: object]>([
  ["by itself", { type: "string", writeOnly: true }, {}],
  ["by its reference", { $ref: "#/components/schemas/Secret" }, {}],
  ["by a part of it", { allOf: [{ $ref: "#/components/schemas/Secret" }] }, {}],
  [
    "although an example has it",
    { type: "string", writeOnly: true },
    { example: { name: "n", password: "p" } },
  ],
])("does not respond with a property that is write-only %s", async (_how, password, media) => {
  const schema = {
    type: "object",
    required: ["name", "password"],
    properties: { name: { type: "string" }, password },
  };
  const components = { schemas: { Secret: { type: "string", writeOnly: true } } };

  const { text } = await sample({ "application/json": { schema, ...media } }, { components });
  expect(JSON.parse(text)).toEqual({ name: expect.any(String) });
});

test("prints nothing about a schema that has no sample", async () => {
  const warn = vi.spyOn(console, "warn");
  onTestFinished(() => warn.mockRestore());
  const schema = property({ allOf: [{ type: "string" }, { type: "integer" }] });
  await sample({ "application/json": { schema } });
  expect(warn).not.toHaveBeenCalled();
});

test("responds with 501 if no sample is valid, and says how to fix it", async () => {
  const schema = property({ not: {} });
  const { status, text } = await sample({ "application/json": { schema } });

  expect(status).toBe(501);
  expect(JSON.parse(text).detail).toMatch(
    /no example of its application\/json is valid by its schema \(.*\); add one that is/,
  );
});

test.each<[string, object, string, string]>([
  ["text", { "text/plain": { schema: { type: "string" } } }, "text/plain", "string"],
  ["a text of no kind in particular", { "text/html": {} }, "text/html", "string"],
  ["a text's example", { "text/csv": { example: "a,b\n" } }, "text/csv", "a,b\n"],
  [
    "bytes",
    { "application/octet-stream": { schema: { type: "string", format: "binary" } } },
    "application/octet-stream",
    "string",
  ],
  [
    "JSON Lines",
    { "application/x-ndjson": { schema: property({ type: "integer" }) } },
    "application/x-ndjson",
    '{"p":0}\n',
  ],
  ["anything", { "*/*": { schema: { type: "integer" } } }, "application/json", "0"],
  ["JSON by another name", { "application/hal+json": {} }, "application/hal+json", "{}"],
  ["JSON outside application/", { "model/gltf+json": {} }, "model/gltf+json", "{}"],
])("responds with %s", async (_, content, type, text) => {
  expect(await sample(content)).toEqual({ status: 200, type, text });
});

test("prefers JSON, unless the request accepts another media type", async () => {
  const content = { "text/plain": { example: "text" }, "application/json": { example: 1 } };

  expect(await sample(content)).toMatchObject({ type: "application/json", text: "1" });
  expect(await sample(content, { accept: "text/plain" })).toMatchObject({ text: "text" });
});

test.each([
  ["application/jsonl", "application/jsonl"],
  ["application/xml, application/jsonl, */*;q=0.1", "application/jsonl"],
  ["application/json;q=0.1, application/jsonl;q=0.5", "application/jsonl"],
  ["application/jsonl;q=0, application/json", "application/json"],
  ["TEXT/CSV", "text/csv; charset=utf-8"],
  ["text/*", "text/csv; charset=utf-8"],
  ["application/xml", "application/json"],
  ["*/*, text/csv", "application/json"],
])("responds to Accept: %s with %s", async (accept, type) => {
  const content = {
    "text/csv; charset=utf-8": { example: "a,b\n" },
    "application/json": { example: {} },
    "application/jsonl": { example: {} },
  };

  expect(await sample(content, { accept })).toMatchObject({ status: 200, type });
});

test("a refusal has the form that the description declares", async () => {
  const problem = {
    type: "object",
    required: ["title"],
    properties: { title: { type: "string", minLength: 1 } },
    additionalProperties: false,
  };
  const description = describeOperation({
    parameters: [{ in: "query", name: "p", required: true, schema: {} }],
    responses: {
      "200": { description: "Thing" },
      "4XX": { description: "No", content: { "application/problem+json": { schema: problem } } },
    },
  });
  await using server = await startMockServer({ description });

  const response = await fetch(`${server.url}/thing`);
  expect(response.status).toBe(422);
  expect(response.headers.get("Content-Type")).toBe("application/problem+json");
  expect(await response.json()).toEqual({ title: expect.any(String) });
});
