import { describe, expect, test } from "vitest";
import { toCanonical, withoutUnusedCopies } from "../../description/canonical.ts";
import type { Json, JsonObject } from "../../description/tree.ts";

type Part = Readonly<Record<string, Json>>;

function canonical(description: Part): JsonObject {
  const once = toCanonical({ openapi: "3.1.0", ...description });
  expect(toCanonical(once)).toEqual(once);
  return once;
}

function schema(value: Part, openapi = "3.1.0"): Json | undefined {
  const { components } = canonical({ openapi, components: { schemas: { A: value } } });
  return (components as { schemas: Part }).schemas["A"];
}

test.each<[before: Part, after: Part]>([
  [
    { anyOf: [{ type: "string", format: "uuid" }, { type: "null" }], title: "A" },
    { type: ["string", "null"], format: "uuid", title: "A" },
  ],
  [
    { oneOf: [{ type: "null" }, { type: "integer", minimum: 0 }] },
    { type: ["integer", "null"], minimum: 0 },
  ],
  [{ type: ["string", "null"] }, { type: ["string", "null"] }],
  [{ allOf: [{ $ref: "#/a" }] }, { $ref: "#/a" }],
  [{ allOf: [{ allOf: [{ type: "string" }] }] }, { type: "string" }],
  [{ anyOf: [{ type: "null" }] }, { type: "null" }],
  [{ oneOf: [{ $ref: "#/a" }] }, { $ref: "#/a" }],
  [
    { type: ["string"], title: "A" },
    { type: "string", title: "A" },
  ],
  [{ type: ["null", "string", "string"] }, { type: ["string", "null"] }],
  [{ type: ["string", "string"] }, { type: "string" }],
  [{ const: null }, { type: "null" }],
  [{ type: ["string", "null"], const: null }, { type: "null" }],
  [
    { type: "string", const: null },
    { type: "string", const: null },
  ],
  [{ anyOf: [{ type: "string" }, { const: null }] }, { type: ["string", "null"] }],
  [{ anyOf: [{ type: ["string"] }, { type: "null" }] }, { type: ["string", "null"] }],
  [
    { $ref: "#/a", minLength: 1, description: "D" },
    { minLength: 1, description: "D", allOf: [{ $ref: "#/a" }] },
  ],
  [{ $ref: "#/a", allOf: [{ maxLength: 1 }] }, { allOf: [{ maxLength: 1 }, { $ref: "#/a" }] }],
  ...["items", "additionalProperties", "not"].map((keyword): [Part, Part] => [
    { [keyword]: { $ref: "#/a", type: ["string", "null"] } },
    { [keyword]: { type: ["string", "null"], allOf: [{ $ref: "#/a" }] } },
  ]),
  [
    { properties: { $ref: { $ref: "#/a", required: ["b"] } } },
    { properties: { $ref: { required: ["b"], allOf: [{ $ref: "#/a" }] } } },
  ],
  [
    { $ref: "#/a", title: "A", default: 1, readOnly: true, "x-a": 1, $defs: {} },
    { $ref: "#/a", title: "A", default: 1, readOnly: true, "x-a": 1, $defs: {} },
  ],
  [
    {
      anyOf: [{ type: "object", properties: { a: {} }, required: ["a"] }, { type: "null" }],
      properties: { b: {} },
      required: ["b"],
    },
    { type: ["object", "null"], properties: { b: {}, a: {} }, required: ["b", "a"] },
  ],
  // A change would alter the meaning of these.
  ...[
    [{ properties: { a: {} } }, { additionalProperties: false }],
    [{ additionalProperties: false }, { properties: { a: {} } }],
    [{ patternProperties: { a: {} } }, { additionalProperties: false }],
    [{ prefixItems: [{}] }, { items: { type: "integer" } }],
    [{ items: { type: "integer" } }, { prefixItems: [{}] }],
    [{ contains: {} }, { minContains: 2 }],
  ].map(([inside, beside]): [Part, Part] => {
    const type = JSON.stringify(inside).includes("roperties") ? "object" : "array";
    const nullable = { anyOf: [{ type, ...inside }, { type: "null" }], ...beside };
    return [nullable, nullable];
  }),
  [{ type: [] }, { type: [] }],
  [
    { allOf: [{ $ref: "#/a" }], description: "D" },
    { allOf: [{ $ref: "#/a" }], description: "D" },
  ],
  [
    { anyOf: [{ type: "string", enum: ["a"] }, { type: "null" }] },
    { anyOf: [{ type: "string", enum: ["a"] }, { type: "null" }] },
  ],
  [
    { anyOf: [{ type: "string" }, { type: "null" }], minLength: 1, enum: ["a", null] },
    { type: ["string", "null"], minLength: 1, enum: ["a", null] },
  ],
  [{ anyOf: [] }, { anyOf: [] }],
  // These only look like schemas.
  [
    { properties: { allOf: { type: "string" } }, default: { allOf: [{}] } },
    { properties: { allOf: { type: "string" } }, default: { allOf: [{}] } },
  ],
  [{ "x-a": { allOf: [{ a: 1 }] } }, { "x-a": { allOf: [{ a: 1 }] } }],
])("%j", (before, after) => {
  expect(schema(before)).toEqual(after);
});

test("extensions of the paths and of an operation's responses are left out", () => {
  const get = { operationId: "a", responses: { 200: { description: "All" } } };
  const named = { "x-a": { description: "A" } };
  const properties = { responses: { type: "object", properties: { "x-b": { type: "string" } } } };
  const components = { responses: named, schemas: { paths: { type: "object", properties } } };
  const extended = {
    "x-c.example/y": { get },
    "x-d": { $ref: "#/nowhere" },
    "/a": { get: { ...get, responses: { ...get.responses, "x-note": "some text" } } },
  };
  expect(canonical({ paths: extended, components })).toEqual(
    canonical({ paths: { "/a": { get } }, components }),
  );
  expect(canonical({ components })).toMatchObject({ components });
});

test("in 3.0, everything next to a reference is ignored", () => {
  expect(schema({ $ref: "#/a", minLength: 1 }, "3.0.3")).toEqual({ $ref: "#/a" });
});

test("next to a reference to something other than a schema, only texts count", () => {
  const $ref = "#/components/parameters/Q";
  const q = { name: "q", in: "query", schema: { type: "string" } };
  const response = { $ref: "#/components/responses/R", description: "D" };
  const get = {
    parameters: [{ $ref, in: "header", required: true, description: "D" }],
    responses: { "200": { ...response, content: { "text/csv": {} } } },
  };
  expect(canonical({ paths: { "/a": { get } }, components: { parameters: { Q: q } } })).toEqual({
    openapi: "3.1.0",
    paths: {
      "/a": { get: { parameters: [{ ...q, description: "D" }], responses: { "200": response } } },
    },
    components: {},
  });
});

test.each(["3.0.3", "3.1.0"])(
  "what stands next to the reference of a path item counts: %s",
  (openapi) => {
    const [get, post] = [{ operationId: "a" }, { operationId: "b" }];
    const paths = { "/a": { $ref: "#/components/pathItems/A", post } };
    const { paths: all } = canonical({ openapi, paths, components: { pathItems: { A: { get } } } });
    expect(all).toEqual({ "/a": { get, post } });
  },
);

const choice = (mapping: Part): Part => ({
  oneOf: [],
  discriminator: { propertyName: "a", mapping },
});

test("names in a discriminator's mapping become references", () => {
  const a = "#/components/schemas/A";
  expect(schema(choice({ a: "A", b: a, c: "C", d: "a.yaml", e: "constructor" }))).toEqual(
    choice({ a, b: a, c: "C", d: "a.yaml", e: "constructor" }),
  );
  expect(
    canonical({ components: { schemas: { A: choice({ p: "50%" }), "50%": {} } } }),
  ).toHaveProperty("components.schemas.A", choice({ p: "#/components/schemas/50%25" }));
  // These are names of properties.
  const properties = { properties: { discriminator: { mapping: { a: "A" } } } };
  expect(schema(properties)).toEqual(properties);
});

test("a choice between types becomes a list of types, also next to other keywords", () => {
  const items = { items: { type: "string" } };
  const types = [{ type: "null" }, { type: ["array", "integer"] }];
  const typed = { type: ["array", "integer", "null"], ...items };
  expect(schema({ anyOf: types, ...items })).toEqual(typed);
  expect(schema({ oneOf: types, ...items })).toEqual(typed);
  for (const other of [
    // A whole number matches both, so oneOf refuses it.
    { oneOf: [{ type: "integer" }, { type: "number" }], ...items },
    { anyOf: [{ type: "array" }, { type: "string" }], type: "array" },
    { anyOf: [{ type: "array" }], oneOf: [{ type: "array" }] },
    { anyOf: [{ type: "array", minItems: 1 }, { type: "string" }], ...items },
  ]) {
    expect(schema(other)).toEqual(other);
  }
});

describe("a oneOf of null and one other schema becomes anyOf", () => {
  const here = { $ref: "#/components/schemas/A/$defs/B" };
  const around = (keyword: string, other: Json, B: Part): Part => ({
    [keyword]: [other, { type: "null" }],
    $defs: { B },
  });

  test.each<[other: Part, definition: Part]>([
    [{ type: "string", enum: ["a"] }, {}],
    [{ type: ["string", "integer"], format: "x" }, {}],
    [{ enum: ["a", 1] }, {}],
    [{ const: "a" }, {}],
    [here, { type: "object" }],
    [here, { allOf: [{}, { type: "object" }] }],
    [here, { anyOf: [{ type: "string" }, { const: 1 }] }],
    [{ type: "string", allOf: [here] }, {}],
  ])("if the other cannot be null: %j, %j", (other, definition) => {
    expect(schema(around("oneOf", other, definition))).toEqual(around("anyOf", other, definition));
  });

  // Here null matches both alternatives, so oneOf refuses it.
  test.each<[other: Part, definition: Part]>([
    [{}, {}],
    [{ type: ["string", "null"] }, {}],
    [{ type: "null", title: "Nothing" }, {}],
    [{ enum: ["a", null] }, {}],
    [{ minLength: 1 }, {}],
    [here, { type: ["object", "null"] }],
    [here, { anyOf: [{ type: "string" }, {}] }],
    [here, here],
    [{ $ref: "#/nowhere" }, {}],
  ])("but not if the other may be null: %j, %j", (other, definition) => {
    const before = around("oneOf", other, definition);
    expect(schema(before)).toEqual(before);
  });
});

test.each<[before: Part, after: Part]>([
  [
    { type: "string", nullable: true, description: "D" },
    { type: ["string", "null"], description: "D" },
  ],
  [{ type: "string", nullable: false }, { type: "string" }],
  [
    { type: "string", nullable: true, enum: ["a"] },
    { anyOf: [{ type: "string", enum: ["a"] }, { type: "null" }] },
  ],
  [{ allOf: [{ $ref: "#/a" }], nullable: true }, { anyOf: [{ $ref: "#/a" }, { type: "null" }] }],
  [{ minimum: 1, exclusiveMinimum: true }, { exclusiveMinimum: 1 }],
  [{ maximum: 1, exclusiveMaximum: false }, { maximum: 1 }],
  [{ $ref: "#/a", description: "Says nothing" }, { $ref: "#/a" }],
  [
    { properties: { nullable: { type: "string" } } },
    { properties: { nullable: { type: "string" } } },
  ],
])("3.0: %j", (before, after) => {
  expect(schema(before, "3.0.3")).toEqual(after);
});

test("3.0 becomes 3.1", () => {
  expect(canonical({ openapi: "3.0.3" })).toEqual({ openapi: "3.1.0" });
});

const mapping = { limit: { in: "query" } };

test.each<Part>([
  { openapi: ["3.0.3"] },
  { security: { key: [] }, paths: { "/a": { get: {} } } },
  { paths: { "/a": { get: { parameters: mapping }, parameters: [] } } },
  { paths: { "/a": { get: {}, parameters: mapping } } },
  { paths: { "/a": { get: { parameters: null } } } },
  { paths: { "/a": { parameters: [null] } } },
  { paths: { "/a": { get: { parameters: [{ in: "path", required: "yes" }] } } } },
  { paths: { "/a": { get: { parameters: [{ in: "header", name: ["Accept"] }] } } } },
])("a value of the wrong type stays for lint to report: %j", (description) => {
  expect(canonical(description)).toEqual({ openapi: "3.1.0", ...description });
});

test.each<[value: Part, openapi?: string]>([
  [{ anyOf: [{ type: "string" }, { type: null }] }],
  [{ anyOf: [{ type: "string" }, { type: [] }] }],
  [{ type: [["string"]] }],
  [{ type: ["null", 1], const: null }],
  [choice({ a: ["A"] })],
  [{ type: "string", nullable: "true" }, "3.0.3"],
])("so does one in a schema: %j", (value, openapi) => {
  expect(schema(value, openapi)).toEqual(value);
});

test("allOf that is not a list stays one part next to a reference", () => {
  expect(schema({ $ref: "#/a", allOf: { maxLength: 1 } })).toEqual({
    allOf: [{ allOf: { maxLength: 1 } }, { $ref: "#/a" }],
  });
});

test("the operation keeps each parameter that has no name to override", () => {
  const [here, there] = [{ $ref: "#/here" }, { $ref: "#/there" }];
  const paths = { "/a": { parameters: [here], get: { parameters: [there] } } };
  expect(canonical({ paths })).toHaveProperty("paths./a.get.parameters", [here, there]);
});

test("parameters move to the operations, inlined and without duplicates", () => {
  const [id, limit, trace] = [
    { in: "path", name: "id", required: false },
    { in: "query", name: "limit" },
    { in: "header", name: "x-trace" },
  ];
  const description = canonical({
    paths: {
      "/a": {
        parameters: [{ $ref: "#/components/parameters/Id" }, limit, { ...trace, name: "X-Trace" }],
        get: {
          parameters: [
            { ...limit, required: true },
            { in: "header", name: "x-trace", required: true },
            { in: "header", name: "Accept" },
          ],
        },
        put: {},
      },
      "/b": { $ref: "#/components/pathItems/B" },
    },
    components: { parameters: { Id: id, Other: limit }, pathItems: { B: { get: {} } } },
  });
  expect(description).toEqual({
    openapi: "3.1.0",
    paths: {
      "/a": {
        get: {
          parameters: [
            // Path parameters are always required, whatever the vendor writes.
            { ...id, required: true },
            { ...limit, required: true },
            { in: "header", name: "x-trace", required: true },
          ],
        },
        put: { parameters: [{ ...id, required: true }, limit, trace] },
      },
      "/b": { get: {} },
    },
    components: { parameters: { Other: limit } },
  });
});

test("bodies and responses move to the operations, unless something else refers to them", () => {
  const [body, response, other] = [{ required: true }, { description: "R" }, { description: "O" }];
  const description = canonical({
    paths: {
      "/a": {
        post: {
          requestBody: { $ref: "#/components/requestBodies/B" },
          responses: {
            "200": { $ref: "#/components/responses/R", description: "Mine", summary: "None" },
            "404": { $ref: "#/components/responses/Other" },
          },
        },
      },
    },
    components: {
      requestBodies: { B: body },
      responses: { R: response, Other: other, Alias: { $ref: "#/components/responses/Other" } },
    },
  });
  expect(description).toEqual({
    openapi: "3.1.0",
    paths: {
      "/a": {
        post: { requestBody: body, responses: { "200": { description: "Mine" }, "404": other } },
      },
    },
    components: {
      responses: { Other: other, Alias: { $ref: "#/components/responses/Other" } },
    },
  });
});

test("a security scheme that is a reference becomes what it refers to", () => {
  const bearer = { type: "http", scheme: "bearer" };
  const { components } = canonical({
    components: {
      securitySchemes: { A: { $ref: "#/components/securitySchemes/B" }, B: bearer },
    },
  });
  expect(components).toEqual({ securitySchemes: { A: bearer, B: bearer } });
});

test("leaves unresolved and circular references for the stages that report them", () => {
  const paths = {
    "/a": { get: { parameters: [{ $ref: "#/components/parameters/None" }] } },
    "/b": { $ref: "#/paths/~1b" },
  };
  expect(canonical({ paths })).toEqual({ openapi: "3.1.0", paths });
});

describe("a reference to a part that is moved, renamed or dropped is written out", () => {
  const parameters = [
    { in: "header", name: "Accept", schema: { type: "array" } },
    { in: "query", name: "a", schema: { type: "number" } },
    { $ref: "#/components/parameters/B" },
  ];
  const header = { schema: { type: "boolean" } };
  const response = {
    headers: { "X-A": header },
    content: { "A/B": { schema: { type: "object" } } },
  };
  const whole = {
    paths: {
      "/a": {
        parameters: [
          { in: "query", name: "c", schema: { type: "string", minLength: 2 } },
          { in: "query", name: "d", schema: { type: "string" } },
        ],
        get: { parameters, responses: { "200": response } },
      },
    },
  };
  const parts = { B: { in: "query", name: "b", schema: { type: "integer" } } };
  const refer = (value: Part, schemas: Part = {}): Json | undefined => {
    const description = canonical({
      ...whole,
      components: {
        parameters: parts,
        schemas: {
          Nullable: { anyOf: [{ type: "string", format: "uuid" }, { type: "null" }] },
          Sole: { allOf: [{ type: "string", minLength: 1 }] },
          Chain: { anyOf: [{ $ref: "#/components/schemas/Nullable/anyOf/0" }, { type: "null" }] },
          Tuple: { allOf: [{ type: "object" }, { required: ["a"] }] },
          ...schemas,
          A: value,
        },
      },
    });
    return (description["components"] as { schemas: Part }).schemas["A"];
  };

  test.each<[pointer: string, target: Part]>([
    ["/paths/~1a/get/parameters/1/schema", { type: "number" }],
    ["/paths/~1a/get/parameters/0/schema", { type: "array" }],
    ["/paths/~1a/parameters/0/schema", { type: "string", minLength: 2 }],
    ["/components/parameters/B/schema", { type: "integer" }],
    ["/paths/~1a/get/responses/200/content/A~1B/schema", { type: "object" }],
    ["/paths/~1a/get/responses/200/headers/X-A/schema", { type: "boolean" }],
    ["/components/schemas/Nullable/anyOf/0", { type: "string", format: "uuid" }],
    ["/components/schemas/Chain/anyOf/0", { type: "string", format: "uuid" }],
    ["/components/schemas/Sole/allOf/0", { type: "string", minLength: 1 }],
  ])("%s", (pointer, target) => {
    expect(refer({ items: { $ref: `#${pointer}` } })).toEqual({ items: target });
  });

  test("together with what stands next to it", () => {
    const $ref = "#/components/schemas/Nullable/anyOf/0";
    const target = { type: "string", format: "uuid" };
    expect(refer({ $ref, title: "T" })).toEqual({ ...target, title: "T" });
    expect(refer({ $ref, maxLength: 1 })).toEqual({ maxLength: 1, allOf: [target] });
  });

  test("also if it is a header", () => {
    const paths = {
      ...whole.paths,
      "/b": {
        get: {
          responses: {
            "200": {
              headers: { "x-b": { $ref: "#/paths/~1a/get/responses/200/headers/X-A" } },
            },
          },
        },
      },
    };
    expect(canonical({ paths })).toHaveProperty(
      ["paths", "/b", "get", "responses", "200", "headers", "x-b"],
      header,
    );
  });

  test("and no other", () => {
    for (const $ref of ["#/components/schemas/Tuple/allOf/1", "#/components/schemas/Sole"])
      expect(refer({ $ref })).toEqual({ $ref });
  });

  test("but not if it is circular, or would double with each step", () => {
    const circular = { items: { $ref: "#/components/schemas/Circle/allOf/0" } };
    expect(refer(circular, { Circle: { allOf: [circular] } })).toEqual(circular);
    const steps = Array.from({ length: 30 }, (_, step) => {
      const next = { $ref: `#/components/schemas/S${step + 1}/allOf/0` };
      return [`S${step}`, { allOf: [{ properties: { a: next, b: next } }] }] as const;
    });
    const first = { $ref: "#/components/schemas/S0/allOf/0" };
    const last = { S30: { allOf: [{ type: "string" }] } };
    expect(refer(first, { ...Object.fromEntries(steps), ...last })).toEqual(first);
  });

  test("a parameter that only a reference to its schema leads to is not dropped", () => {
    const $ref = "#/components/parameters/Unused/schema";
    const Unused = { name: "unused", in: "query", schema: { items: { $ref } } };
    const components = { parameters: { Unused } };
    expect(withoutUnusedCopies(canonical({ paths: {}, components }))).toHaveProperty(
      "components",
      components,
    );
  });

  test("and what a circular one leads to is not dropped", () => {
    const $ref = "#/components/responses/Tree/content/a~1b/schema";
    const Tree = { content: { "a/b": { schema: { items: { $ref } } } } };
    const responses = { "200": { $ref: "#/components/responses/Tree" } };
    const result = canonical({
      paths: { "/a": { get: { responses } } },
      components: { responses: { Tree } },
    });
    expect(result.components).toEqual({ responses: { Tree } });
    expect(result.paths).toHaveProperty(["/a", "get", "responses", "200"], Tree);
  });
});

/** A description with the same operation wherever one may be. */
function describeEverywhere(operation: Part): Part {
  const callback = { "{$url}": { post: operation } };
  const item = { get: operation, put: { security: [], callbacks: { done: callback } } };
  return {
    paths: { "/a": item },
    webhooks: { a: item },
    components: {
      callbacks: { Done: callback },
      pathItems: { A: item },
      schemas: { A: { properties: { get: {} } } },
    },
  };
}

test("copies the root's security to each operation without its own, also in callbacks", () => {
  const security = [{ key: [] }];
  expect(canonical({ security, ...describeEverywhere({}) })).toEqual({
    openapi: "3.1.0",
    ...describeEverywhere({ security }),
  });
});

function describeNames(
  header: string,
  mediaType: string,
  scheme: string,
  servers: readonly string[],
  responseHeader: string,
): Part {
  return {
    paths: {
      "/A": {
        servers: servers.map((url) => ({ url })),
        get: {
          parameters: [
            { in: "header", name: header },
            { in: "query", name: "Q" },
          ],
          responses: {
            "200": { headers: { [responseHeader]: {} }, content: { [mediaType]: { schema: {} } } },
          },
        },
      },
    },
    components: {
      headers: { "X-Shared": {} },
      parameters: { P: { in: "header", name: header } },
      schemas: { S: { properties: { content: { in: "header", name: "Kept" } } } },
      securitySchemes: {
        A: { type: "http", scheme },
        B: { type: "apiKey", in: "header", name: header },
        C: { type: "apiKey", in: "query", name: "Kept" },
      },
    },
  };
}

test("case-insensitive names become lower case", () => {
  expect(
    canonical(
      describeNames(
        "X-Org",
        "Application/JSON; charset=UTF-8",
        "Bearer",
        [
          "HTTPS://Things.Example:443/V1",
          "http://things.example:80",
          "https://thing\u0455.example:8443/",
          "/V1",
          "https://{Host}/a",
        ],
        "X-Rate",
      ),
    ),
  ).toEqual({
    openapi: "3.1.0",
    ...describeNames(
      "x-org",
      "application/json;charset=utf-8",
      "bearer",
      [
        "https://things.example/V1",
        "http://things.example",
        "https://xn--thing-l2e.example:8443/",
        "/V1",
        "https://{Host}/a",
      ],
      "x-rate",
    ),
  });
});

const describeBody = (mediaType: string): JsonObject => ({
  paths: { "/a": { get: { requestBody: { content: { [mediaType]: {} } } } } },
});

test.each([
  ["A/B ;Charset=UTF-8; Profile=C", "a/b;charset=utf-8;profile=C"],
  ['A/B; Charset="UTF-8; C"', 'a/b; Charset="UTF-8; C"'],
])("the parameters of a media type keep values that may be case-sensitive: %s", (before, after) => {
  expect(canonical(describeBody(before))).toEqual({ openapi: "3.1.0", ...describeBody(after) });
});

test("media types that differ only in case stay separate", () => {
  const paths = { "/a": { get: { requestBody: { content: { "a/b": {}, "A/B": {} } } } } };
  expect(canonical({ paths })).toEqual({ openapi: "3.1.0", paths });
});

test.each<[what: string, description: Part, openapi: string]>([
  ["no new features", { tags: [{ name: "t" }], paths: { "/query": { get: {} } } }, "3.1.0"],
  ["a query", { paths: { "/a": { query: {} } } }, "3.2.0"],
  ["a shared query", { components: { pathItems: { A: { query: {} } } } }, "3.2.0"],
  ["another method", { paths: { "/a": { additionalOperations: { LINK: {} } } } }, "3.2.0"],
  [
    "streamed items",
    {
      paths: {
        "/a": { get: { responses: { "200": { content: { "a/b": { itemSchema: {} } } } } } },
      },
    },
    "3.2.0",
  ],
  [
    "a querystring",
    { paths: { "/a": { get: { parameters: [{ name: "q", in: "querystring" }] } } } },
    "3.2.0",
  ],
  [
    "a style of cookies",
    { paths: { "/a": { get: { parameters: [{ name: "q", in: "cookie", style: "cookie" }] } } } },
    "3.2.0",
  ],
  ["its own URI", { $self: "https://example.com/openapi" }, "3.2.0"],
  ["shared media types", { components: { mediaTypes: { A: {} } } }, "3.2.0"],
  ...["itemEncoding", "prefixEncoding"].map((key): [string, Part, string] => [
    key,
    { paths: { "/a": { post: { requestBody: { content: { "a/b": { [key]: {} } } } } } } },
    "3.2.0",
  ]),
  [
    "a default mapping",
    {
      components: { schemas: { A: { discriminator: { propertyName: "a", defaultMapping: "B" } } } },
    },
    "3.2.0",
  ],
])("3.2 with %s", (_what, description, openapi) => {
  expect(canonical({ openapi: "3.2.0", ...description })).toEqual({ ...description, openapi });
});

/** A description with parts that OpenAPI 3.2 adds something to. */
function describe32(server: Part, tag: Part, response: Part, example: Part, scheme: Part): Part {
  return {
    servers: [{ url: "https://a.example", ...server }],
    tags: [{ name: "t", ...tag }],
    paths: {
      "/a": {
        get: {
          responses: { "200": { content: { "a/b": { examples: { a: example } } }, ...response } },
        },
      },
    },
    components: { securitySchemes: { a: scheme }, schemas: { A: { properties: { tags: {} } } } },
  };
}

test("what 3.2 adds without an effect on requests or responses is left out", () => {
  const oauth = { type: "oauth2", flows: { implicit: {} } };
  const before = describe32(
    { name: "prod" },
    { summary: "T", parent: "u", kind: "nav" },
    { summary: "R" },
    { dataValue: 1, serializedValue: "1" },
    { ...oauth, flows: { ...oauth.flows, deviceAuthorization: {} }, deprecated: true },
  );
  const after = describe32({}, {}, { description: "" }, { value: 1 }, oauth);
  expect(canonical({ openapi: "3.2.0", ...before })).toEqual({ openapi: "3.1.0", ...after });
});
