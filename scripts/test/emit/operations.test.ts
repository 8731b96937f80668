import { describe, expect, test } from "vitest";
import type { Json, JsonObject } from "../../description/tree.ts";
import { emitOperations } from "../../emit/operations.ts";

type Part = Record<string, Json>;

const ok: Part = { responses: { 200: { description: "D", content: { "application/json": {} } } } };

function describePaths(paths: Part, more: Part = {}): JsonObject {
  return { openapi: "3.1.0", servers: [{ url: "https://example.com" }], paths, ...more };
}

/** The exported constants, by name. */
function constantsOf(description: JsonObject): Record<string, unknown> {
  const { text } = emitOperations("openapi.yaml", description);
  return Object.fromEntries(
    [...text.matchAll(/^export const (\S+) = ([^]+?) as const;$/gmu)].map(
      ([, name = "", json = ""]) => [name, JSON.parse(json)],
    ),
  );
}

/** The facts of the only operation of a description: a GET named `f` with these parts. */
function factsOf(operation: Part, more: Part = {}): Record<string, unknown> {
  const { f } = constantsOf(
    describePaths({ "/p": { get: { operationId: "f", ...ok, ...operation } } }, more),
  );
  return f as Record<string, unknown>;
}

test("a parameter is documented with its text, which cannot leave its comment", () => {
  const parameters = [
    { in: "query", name: 'a"b', description: 'One.\n"//": "x",\n@see */ export', schema: {} },
    { in: "header", name: "c", description: "Old.", deprecated: true, schema: {} },
    { in: "query", name: "//", schema: {} },
  ];
  const get = { operationId: "f", parameters, ...ok };
  const { text } = emitOperations("a", describePaths({ "/p": { get } }));
  expect(text).toContain(
    [
      '  "parameters": {',
      "    /**",
      "     * One.",
      '     * "//": "x",',
      "     * \\@see *\\/ export",
      "     */",
      '    "a\\"b": {',
      '      "in": "query",',
    ].join("\n"),
  );
  expect(text).toContain('    /**\n     * Old.\n     *\n     * @deprecated\n     */\n    "c": {\n');
  expect(text).toContain('    },\n    "//": {\n      "in": "query",\n');
});

test("an operation is one export, documented with its texts", () => {
  const get = {
    operationId: "list_things",
    summary: "List",
    description: "All of them.\r\n@internal */ export const a = 1; /*\u2028\u0007",
    deprecated: true,
    ...ok,
  };
  const { text } = emitOperations("a", describePaths({ "/things": { get } }));
  expect(text).toBe(
    [
      "/**",
      " * List",
      " *",
      " * All of them.",
      " * \\@internal *\\/ export const a = 1; /*",
      " *",
      " *",
      " * @deprecated",
      " */",
      "export const listThings = {",
      '  "method": "get",',
      '  "path": "/things",',
      '  "servers": [',
      '    "https://example.com"',
      "  ],",
      '  "parameters": {},',
      '  "responses": {',
      '    "200": [',
      '      "application/json"',
      "    ]",
      "  },",
      '  "authentication": []',
      "} as const;",
      "",
    ].join("\n"),
  );
});

test("a description without named operations is still a module", () => {
  expect(emitOperations("a", describePaths({ "/p": { get: ok } })).text).toBe("export {};\n");
});

test("notices name the operations without a name, and the servers a client cannot use", () => {
  const paths = { "/p": { get: ok, put: ok }, "/q": { get: { operationId: "f", ...ok } } };
  const servers = ["/v1", "http://things.example"].map((url) => ({ url }));
  expect(emitOperations("a", describePaths(paths, { servers })).notices).toEqual([
    "2 operations without an operationId cannot have a method in a client; the first is GET /p. Give each an x-client-name with an overlay action",
    "3 operations can use no server URL (/v1, http://things.example), so a client needs a baseUrl; the first is GET /p",
  ]);
});

test("a notice names the operations without a server", () => {
  const get = { operationId: "a", ...ok };
  const paths = { "/p": { get }, "/q": { servers: [], get: { ...get, operationId: "b" } } };
  expect(emitOperations("a", describePaths(paths)).notices).toEqual([
    "1 operation can use no server URL (/), so a client needs a baseUrl; the first is GET /q",
  ]);
  const { servers: _, ...without } = describePaths(paths);
  expect(emitOperations("a", without).notices).toEqual([
    "2 operations can use no server URL (/), so a client needs a baseUrl; the first is GET /p",
  ]);
});

describe("names", () => {
  test("the overlay's name overrides the operationId", () => {
    const get = { operationId: "a", "x-client-name": "b", ...ok };
    expect(Object.keys(constantsOf(describePaths({ "/p": { get } })))).toEqual(["b"]);
  });

  test.each<[what: string, paths: Part, message: string]>([
    [
      "two operations of one name",
      {
        "/a": { get: { operationId: "get_thing", ...ok } },
        "/b": { get: { operationId: "getThing", ...ok } },
      },
      "openapi.yaml #/paths/~1b/get: Its method would be named getThing, like the method of #/paths/~1a/get. Give one of the two an x-client-name with an overlay action.",
    ],
    [
      "an x-client-name that is not an identifier",
      { "/a": { get: { "x-client-name": "get thing", ...ok } } },
      'openapi.yaml #/paths/~1a/get: Its x-client-name "get thing" cannot be the name of a method. Use a JavaScript identifier that is not reserved, such as getThing.',
    ],
    [
      "an x-client-name that is a reserved word",
      { "/a": { get: { "x-client-name": "delete", ...ok } } },
      'openapi.yaml #/paths/~1a/get: Its x-client-name "delete" cannot be the name of a method. Use a JavaScript identifier that is not reserved, such as getThing.',
    ],
    [
      "an x-client-name that JSON.stringify would call",
      { "/a": { get: { "x-client-name": "toJSON", ...ok } } },
      'openapi.yaml #/paths/~1a/get: Its x-client-name "toJSON" cannot be the name of a method. Use a JavaScript identifier that is not reserved, such as getThing.',
    ],
    [
      "an x-client-name that would set the client's prototype",
      { "/a": { get: { "x-client-name": "__proto__", ...ok } } },
      'openapi.yaml #/paths/~1a/get: Its x-client-name "__proto__" cannot be the name of a method. Use a JavaScript identifier that is not reserved, such as getThing.',
    ],
  ])("stops at %s", (_what, paths, message) => {
    expect(() => emitOperations("openapi.yaml", describePaths(paths))).toThrow(
      expect.objectContaining({ message }),
    );
  });
});

function parametersOf(shared: Json, own: Json): unknown {
  const get = { operationId: "f", parameters: own, ...ok };
  const path = JSON.stringify([shared, own]).includes('"path"') ? "/things/{id}" : "/things";
  const { f } = constantsOf(describePaths({ [path]: { parameters: shared, get } }));
  return (f as Record<string, unknown>)["parameters"];
}

describe("parameters", () => {
  test("an operation's own parameter replaces the path's with the same name and location", () => {
    const limit = { in: "query", name: "limit" };
    expect(parametersOf([{ ...limit, required: false }], [{ ...limit, required: true }])).toEqual({
      limit: { ...limit, required: true, style: "form", explode: true, type: "unknown" },
    });
  });

  test("none hides another with the same client name", () => {
    expect(
      parametersOf(
        [{ in: "path", name: "id", required: true }],
        [
          { in: "query", name: "id" },
          { in: "header", name: "X-A", "x-client-name": "same" },
          { in: "header", name: "same" },
        ],
      ),
    ).toMatchObject({
      id: { in: "path", name: "id", required: true },
      "query.id": { in: "query", name: "id", required: false },
      same: { in: "header", name: "X-A", required: false },
      "header.same": { in: "header", name: "same", required: false },
    });
  });

  test("none hides another with a name that looks like a location", () => {
    const names = ["query.id", "query.query.id", "id"].map((name) => ({ in: "query", name }));
    expect(parametersOf([], [{ in: "path", name: "id", required: true }, ...names])).toMatchObject({
      id: { in: "path" },
      "query.id": { name: "query.id" },
      "query.query.id": { name: "query.query.id" },
      "query.query.query.id": { in: "query", name: "id" },
    });
  });

  test("the overlay's name takes precedence over the vendor's, in any order", () => {
    const limit = { in: "query", name: "limit" };
    const renamed = { in: "query", name: "q", "x-client-name": "limit" };
    for (const parameters of [
      [limit, renamed],
      [renamed, limit],
    ]) {
      expect(parametersOf([], parameters)).toMatchObject({
        limit: { name: "q" },
        "query.limit": { name: "limit" },
      });
    }
  });

  test("an operation's own parameter replaces the path's of another client name", () => {
    const limit = { in: "query", name: "limit" };
    expect(
      parametersOf([{ ...limit, "x-client-name": "a" }], [{ ...limit, "x-client-name": "b" }]),
    ).toEqual({ b: expect.objectContaining(limit) });
  });

  test.each<[what: string, parameter: Part, fault: string]>([
    ["another parameter has", { "x-client-name": "limit" }, "limit, like its parameter l"],
    ["the body has", { "x-client-name": "body" }, "body, which is reserved"],
    [
      "an option of every client has",
      { "x-client-name": "baseUrl", "x-client-option": true },
      "baseUrl, which is reserved",
    ],
    [
      "sets an object's prototype",
      { "x-client-name": "__proto__" },
      "__proto__, which is reserved",
    ],
  ])("stops at an x-client-name that %s", (_what, parameter, fault) => {
    const post = {
      operationId: "f",
      parameters: [
        { in: "query", name: "l", "x-client-name": "limit" },
        { in: "query", name: "q", ...parameter },
      ],
      requestBody: { content: { "application/json": {} } },
      ...ok,
    };
    expect(() => emitOperations("openapi.yaml", describePaths({ "/a": { post } }))).toThrow(
      expect.objectContaining({
        message: `openapi.yaml #/paths/~1a/post: Its parameter q would be named ${fault}. Give it another x-client-name with an overlay action.`,
      }),
    );
  });

  test("an option of the client is renamed in favour of one that every client has", () => {
    const name = "userAgent";
    const option = { in: "query", name, "x-client-option": true };
    expect(parametersOf([], [option])).toMatchObject({
      "query.userAgent": { name, clientOption: true },
    });
    expect(parametersOf([], [{ in: "query", name }])).toMatchObject({ userAgent: { name } });
  });

  test("a parameter named body is renamed in favour of the body", () => {
    const { f } = constantsOf(
      describePaths({
        "/p": {
          post: {
            operationId: "f",
            parameters: [{ in: "query", name: "body" }],
            requestBody: { content: { "application/json": {} } },
            ...ok,
          },
        },
      }),
    );
    expect(f).toMatchObject({
      parameters: { "query.body": { name: "body" } },
      body: { required: false, mediaTypes: ["application/json"] },
    });
  });

  test.each<[parameter: Part, facts: Part]>([
    [
      { in: "query", name: "p", explode: false, allowReserved: true, schema: { type: "array" } },
      { style: "form", explode: false, allowReserved: true, type: "array" },
    ],
    [
      { in: "query", name: "p", style: "deepObject", explode: true, schema: { properties: {} } },
      { style: "deepObject", explode: true, type: "object" },
    ],
    [
      {
        in: "header",
        name: "p",
        schema: { type: "string", default: "v1" },
        "x-client-option": true,
      },
      { style: "simple", explode: false, type: "string", default: "v1", clientOption: true },
    ],
    [
      { in: "query", name: "p", schema: { allOf: [{ type: "integer", default: 5 }], title: "T" } },
      { style: "form", explode: true, type: "integer", default: 5 },
    ],
    [
      { in: "query", name: "p", content: { "application/json": { schema: { type: "object" } } } },
      { content: "application/json", type: "object" },
    ],
  ])("%j", (parameter, facts) => {
    const { in: location, name } = parameter;
    expect(parametersOf([], [parameter])).toEqual({
      p: { in: location, name, required: false, ...facts },
    });
  });

  test.each<[type: string, schema: Part]>([
    ["string", { type: ["string", "null"] }],
    ["string", { anyOf: [{ type: "string" }, { type: "null" }] }],
    ["string", { enum: ["a", null] }],
    ["number", { const: 1 }],
    ["number", { oneOf: [{ type: "integer" }, { type: "number" }] }],
    ["integer", { allOf: [{ description: "D" }, { $ref: "#/components/schemas/Count" }] }],
    ["array", { items: {} }],
    ["unknown", {}],
    ["unknown", { type: ["string", "integer"] }],
    ["unknown", { anyOf: [{ type: "string" }, {}] }],
    ["unknown", { $ref: "#/components/schemas/Loop" }],
    ["string", { $ref: "#/components/schemas/Count", type: "string" }],
  ])("sends %s for %j", (type, schema) => {
    const { parameters } = factsOf(
      { parameters: [{ in: "query", name: "p", schema }] },
      {
        components: {
          schemas: {
            Count: { type: "integer" },
            Loop: { anyOf: [{ $ref: "#/components/schemas/Loop" }] },
          },
        },
      },
    );
    expect(parameters).toHaveProperty("p.type", type);
  });
});

describe("servers", () => {
  test.each<[servers: unknown, root: readonly string[], path?: Json, own?: Json]>([
    [
      ["https://own.example/eu"],
      [],
      [{ url: "https://path.example" }],
      [{ url: "https://own.example/{region}", variables: { region: { default: "eu" } } }],
    ],
    [["https://path.example"], ["https://root.example"], [{ url: "https://path.example" }]],
    [["https://root.example"], ["https://root.example"]],
    [
      ["http://localhost:8080/v1", "http://127.0.0.1", "http://[::1]"],
      ["http://localhost:8080/v1", "http://127.0.0.1", "http://[::1]"],
    ],
    [
      [],
      [
        "/v1",
        "//example.com",
        "http://example.com",
        "https://user:secret@example.com",
        "https://example.com?a=1",
        "https://example.com#a",
        "https://{region}.example.com",
        "ftp://example.com",
      ],
    ],
  ])("%j", (servers, root, path, own) => {
    const get = { operationId: "f", ...ok, ...(own === undefined ? {} : { servers: own }) };
    const item: Part = { get, ...(path === undefined ? {} : { servers: path }) };
    const more = { servers: root.map((url) => ({ url })) };
    expect(constantsOf(describePaths({ "/p": item }, more))["f"]).toHaveProperty(
      "servers",
      servers,
    );
  });
});

const responsesOf = (responses: Part): unknown => factsOf({ responses })["responses"];

test("successes are the 2xx statuses, or default if there are none", () => {
  const response = { description: "D" };
  const content = { "application/json": {}, "text/csv": {} };
  expect(responsesOf({ 200: { ...response, content }, 204: response, default: response })).toEqual({
    "200": ["application/json", "text/csv"],
    "204": [],
  });
  expect(responsesOf({ "2XX": response, 404: response })).toEqual({ "2XX": [] });
  expect(responsesOf({ default: { ...response, content }, 404: response })).toEqual({
    default: ["application/json", "text/csv"],
  });
});

test.each<[schema: Part, mediaType: string]>([
  [{ type: "string", format: "binary" }, "application/octet-stream"],
  [{ format: "binary" }, "application/octet-stream"],
  [{ type: ["string", "null"] }, "text/plain"],
  [{ allOf: [{ enum: ["a"] }] }, "text/plain"],
  [{ type: ["string", "object"] }, "*/*"],
  [{ type: "object" }, "*/*"],
  [{}, "*/*"],
])("what is declared as */* with the schema %j is %s", (schema, mediaType) => {
  const content = { "*/*": { schema } };
  expect(responsesOf({ 200: { description: "D", content } })).toEqual({ "200": [mediaType] });
});

test("a 204 and a 205 have no content, whatever is described", () => {
  const response = { description: "D", content: { "*/*": {} } };
  expect(responsesOf({ 200: response, 204: response, 205: response })).toEqual({
    "200": ["*/*"],
    "204": [],
    "205": [],
  });
});

const securitySchemes: Part = {
  token: { type: "http", scheme: "Bearer" },
  oauth: { type: "oauth2", flows: {} },
  connect: { type: "openIdConnect", openIdConnectUrl: "https://example.com" },
  key: { type: "apiKey", in: "header", name: "X-Key" },
  queryKey: { type: "apiKey", in: "query", name: "key" },
  session: { type: "apiKey", in: "cookie", name: "sid" },
  login: { type: "http", scheme: "basic" },
  digest: { type: "http", scheme: "digest" },
  host: { type: "apiKey", in: "header", name: "Host" },
  valueOf: { type: "apiKey", in: "header", name: "X-Key" },
  tls: { type: "mutualTLS" },
  spaced: { type: "apiKey", in: "header", name: "X Key" },
  authorizationKey: { type: "apiKey", in: "header", name: "authorization" },
  otherQueryKey: { type: "apiKey", in: "query", name: "key" },
};

test.each<[how: string, properties: Part, more?: Part]>([
  [
    "on the property",
    {
      state: { type: "string", "x-extensible-enum": ["a", "b"], "x-final-states": { b: "failed" } },
    },
  ],
  [
    "next to a reference",
    { state: { $ref: "#/components/schemas/State", "x-final-states": { b: "failed" } } },
  ],
  [
    "next to an allOf part",
    {
      state: { allOf: [{ $ref: "#/components/schemas/State" }], "x-final-states": { b: "failed" } },
    },
  ],
  [
    "in a part of the parent",
    {},
    { allOf: [{ properties: { state: { enum: ["a", "b"], "x-final-states": { b: "failed" } } } }] },
  ],
  [
    "in a part of the parent, which has more about the property",
    { state: { minLength: 1 } },
    { allOf: [{ properties: { state: { enum: ["a", "b"], "x-final-states": { b: "failed" } } } }] },
  ],
])("a job's states are in the facts: %s", (_how, properties, more = {}) => {
  const content = { "application/json": { schema: { type: "object", properties, ...more } } };
  expect(
    factsOf(
      { responses: { 200: { description: "D", content } } },
      { components: { schemas: { State: { type: "string", enum: ["a", "b"] } } } },
    ),
  ).toHaveProperty("job", { property: "state", states: ["a", "b"], succeeded: [], failed: ["b"] });
});

describe("authentication", () => {
  const components = { securitySchemes };
  const header = { in: "header", name: "Authorization", prefix: "Bearer " };

  test.each<[root: Json | undefined, own: Json | undefined, authentication: unknown]>([
    [undefined, undefined, []],
    [[{ token: [] }], [], []],
    [[{ token: [] }], undefined, [[{ scheme: "token", ...header }]]],
    [
      undefined,
      [{ oauth: ["read"] }, { connect: [] }, {}],
      [[{ scheme: "oauth", ...header }], [{ scheme: "connect", ...header }], []],
    ],
    [
      undefined,
      [{ key: [], queryKey: [] }],
      [
        [
          { scheme: "key", in: "header", name: "X-Key", prefix: "" },
          { scheme: "queryKey", in: "query", name: "key", prefix: "" },
        ],
      ],
    ],
    [
      [{ login: [] }, { key: [], session: [] }, { token: [] }],
      undefined,
      [[{ scheme: "token", ...header }]],
    ],
  ])("the description's %j and the operation's %j", (root, own, authentication) => {
    const operation = own === undefined ? {} : { security: own };
    const more = root === undefined ? { components } : { components, security: root };
    expect(factsOf(operation, more)["authentication"]).toEqual(authentication);
  });
});

describe("an operation is unsupported where", () => {
  const parameter = (part: Part): Part => ({ parameters: [{ name: "p", ...part }] });
  const array: Part = { schema: { type: "array" } };
  const list: Part = { type: "array" };
  const string: Part = { type: "string" };
  const schemas: Part = {
    List: { oneOf: [string, { ...list, items: { $ref: "#/components/schemas/List" } }] },
  };

  test.each<[reason: string, operation: Part, method?: string, path?: string]>([
    ["fetch does not send TRACE", {}, "trace"],
    ["fetch sends no body with GET", { requestBody: { content: { "application/json": {} } } }],
    [
      "it sends multipart/form-data or text/plain, but only JSON can be sent",
      { requestBody: { content: { "multipart/form-data": {}, "text/plain": {} } } },
      "post",
    ],
    [
      "it sends application/json-seq, but only JSON can be sent",
      { requestBody: { content: { "application/json-seq": {} } } },
      "post",
    ],
    ...["*/*", "application/*; charset=utf-8"].map((range): [string, Part, string] => [
      "it sends application/octet-stream or text/plain, but only JSON can be sent",
      {
        requestBody: {
          content: { [range]: { schema: { format: "binary" } }, "text/plain": { schema: string } },
        },
      },
      "post",
    ]),
    ["the parameter p is sent in the cookie", parameter({ in: "cookie" })],
    ["the parameter p has the style matrix", parameter({ in: "header", style: "matrix" })],
    [
      "the parameter p has the style deepObject, but is not of type object",
      parameter({ in: "query", style: "deepObject", ...array }),
    ],
    [
      "the parameter p has the style pipeDelimited, but is not of type array",
      parameter({ in: "query", style: "pipeDelimited", schema: string }),
    ],
    [
      "the parameter p is serialized as text/xml in the query",
      parameter({ in: "query", content: { "text/xml": {} } }),
    ],
    [
      "the parameter p is serialized as application/json in the header",
      parameter({ in: "header", content: { "application/json": {} } }),
    ],
    [
      "the parameter p contains lists or objects in a list or an object, which no style supports",
      parameter({ in: "query", schema: { type: "array", items: { type: "object" } } }),
    ],
    [
      "the parameter p contains lists or objects in a list or an object, which no style supports",
      parameter({
        in: "query",
        style: "deepObject",
        schema: { allOf: [{ properties: { a: { type: "array" } } }] },
      }),
    ],
    ...[
      { ...list, items: { anyOf: [{}, { type: "object" }] } },
      { ...list, prefixItems: [string, list] },
      { ...list, unevaluatedItems: list },
      { type: "object", patternProperties: { "^a": list } },
      { type: "object", unevaluatedProperties: list },
      { anyOf: [string, { additionalProperties: list }] },
      { oneOf: [{ properties: { a: list } }, { type: "null" }] },
      { allOf: [{ anyOf: [string, { ...list, items: list }] }] },
      ...["then", "else"].map((keyword) => ({ [keyword]: { properties: { a: list } } })),
      { dependentSchemas: { a: { properties: { b: list } } } },
      { $ref: "#/components/schemas/List" },
    ].map((schema): [string, Part] => [
      "the parameter p contains lists or objects in a list or an object, which no style supports",
      parameter({ in: "header", schema }),
    ]),
    ["the parameter p does not appear in its path", parameter({ in: "path" })],
    ["its path has {id}, but no parameter has this name", {}, "get", "/p/{id}"],
    ["its path does not begin with a slash", {}, "get", ".evil.example/p"],
    ["its path contains a query or a fragment", {}, "get", "/p?a=1"],
    ...["/a/../p", "/./p", "/p/..", "/p/%2E%2e/q", "/p/.%2e"].map(
      (path): [string, Part, string, string] => [
        "its path contains a dot segment, which fetch resolves",
        {},
        "get",
        path,
      ],
    ),
    ...["/a\\p", "/a\tp", "/p\n", "/p "].map((path): [string, Part, string, string] => [
      `its path ${JSON.stringify(path)} contains a character that fetch drops or replaces`,
      {},
      "get",
      path,
    ]),
    ...["X A", "X-A ", "", "X:A", "X-Ä"].map((name): [string, Part] => [
      `the parameter ${name} is not a valid header name`,
      { parameters: [{ name, in: "header" }] },
    ]),
    ..."Connection Content-Length cookie Expect Host Keep-Alive Sec-Fetch-Mode TE Trailer Transfer-Encoding Upgrade"
      .split(" ")
      .map((name): [string, Part] => [
        `the parameter ${name} is a header that fetch does not send`,
        { parameters: [{ name, in: "header" }] },
      ]),
    [
      'it authenticates by the header "X Key" (spaced), which is not a valid header name',
      { security: [{ spaced: [] }] },
    ],
    [
      "it authenticates by token and authorizationKey at once, but both are sent in the header authorization",
      { security: [{ token: [], authorizationKey: [] }] },
    ],
    [
      "it authenticates by queryKey and otherQueryKey at once, but both are sent in the query key",
      { security: [{ queryKey: [], otherQueryKey: [] }, { session: [] }] },
    ],
    [
      "the parameter p has the style deepObject, but need not be of type object",
      parameter({ in: "query", style: "deepObject", schema: { type: ["object", "integer"] } }),
    ],
    ["its security scheme other is not defined", { security: [{ other: [] }] }],
    [
      "its security scheme valueOf has a name that every object has",
      { security: [{ valueOf: [] }] },
    ],
    ["it has no responses", { responses: {} }],
    ["none of its responses is a success", { responses: { 302: { description: "D" } } }],
    [
      "it authenticates by Basic (login), but only bearer tokens and keys in a header or query can be sent",
      { security: [{ token: [], login: [] }, { tls: [] }] },
    ],
    [
      "it authenticates by cookie (session), but only bearer tokens and keys in a header or query can be sent",
      { security: [{ session: [] }] },
    ],
    [
      "it authenticates by the header Host (host), which fetch does not send",
      { security: [{ host: [] }] },
    ],
    [
      "it authenticates by http digest (digest), but only bearer tokens and keys in a header or query can be sent",
      { security: [{ digest: [] }] },
    ],
  ])("%s", (reason, operation, method = "get", path = "/p") => {
    const description = describePaths(
      {
        [path]: { [method]: { operationId: "f", ...ok, ...operation } },
        "/q": { get: { operationId: "g", ...ok } },
      },
      { components: { schemas, securitySchemes } },
    );
    const { f, g } = constantsOf(description);
    expect(f).toEqual({ method, path, unsupported: reason });
    expect(g).toHaveProperty("servers");
    expect(emitOperations("a", description).notices).toEqual([
      `f (${method.toUpperCase()} ${path}) is not supported: ${reason}`,
    ]);
  });

  test("not where a parameter is also a credential, which a notice tells", () => {
    const parameters = ["x-key", "key", "X-Other"].flatMap((name) => [
      { name, in: "header", required: true },
      { name, in: "query" },
    ]);
    const get = { operationId: "f", ...ok, parameters, security: [{ key: [], queryKey: [] }] };
    const description = describePaths({ "/p": { get } }, { components: { securitySchemes } });
    expect(Object.keys((constantsOf(description)["f"] as Part)["parameters"] ?? {})).toEqual([
      "query.x-key",
      "key",
      "X-Other",
      "query.X-Other",
    ]);
    expect(emitOperations("a", description).notices).toEqual([
      "1 operation can take x-key and key only as a credential, and not as a parameter; the first is GET /p",
    ]);
  });

  test.each([
    ["cannot be sent", [{ key: [], tls: [] }, { token: [] }]],
    ["a client may not use", [{ token: [] }, { key: [] }]],
    ["may be left out", [{}, { key: [] }]],
  ])("not where a parameter is a credential of an alternative that %s", (_, security) => {
    const parameters = [{ name: "X-Key", in: "header" }];
    const get = { operationId: "f", ...ok, parameters, security };
    const description = describePaths({ "/p": { get } }, { components: { securitySchemes } });
    expect(constantsOf(description)["f"]).toHaveProperty("parameters.X-Key");
  });

  test("not where a bearer token meets two schemes at once", () => {
    const get = { operationId: "f", ...ok, security: [{ token: [], oauth: [] }] };
    const { f } = constantsOf(
      describePaths({ "/p": { get } }, { components: { securitySchemes } }),
    );
    expect(f).toHaveProperty("authentication", [
      [expect.objectContaining({ scheme: "token" }), expect.objectContaining({ scheme: "oauth" })],
    ]);
  });

  test("only the alternative with two credentials in one header is left out", () => {
    const security = [
      { token: [], authorizationKey: [] },
      { token: [], key: [] },
    ];
    const get = { operationId: "f", ...ok, security };
    const { f } = constantsOf(
      describePaths({ "/p": { get } }, { components: { securitySchemes } }),
    );
    expect(f).toHaveProperty("authentication", [
      [expect.objectContaining({ scheme: "token" }), expect.objectContaining({ scheme: "key" })],
    ]);
  });

  test.each(["/a/...", "/a/..p", "/a/.p/%2F", "/a//p", "/a b", "/a/{id}.."])(
    "the path %s is supported",
    (path) => {
      const parameters = path.includes("{") ? [{ name: "id", in: "path" }] : [];
      const get = { operationId: "f", ...ok, parameters };
      expect(constantsOf(describePaths({ [path]: { get } }))["f"]).toHaveProperty("path", path);
    },
  );

  test.each(["application/vnd.api+json", "application/json; charset=utf-8", "*/*"])(
    "%s is supported",
    (mediaType) => {
      const requestBody = { content: { [mediaType]: {} } };
      const post = { operationId: "f", ...ok, requestBody };
      expect(constantsOf(describePaths({ "/p": { post } }))["f"]).toHaveProperty(
        "body.mediaTypes",
        [mediaType],
      );
    },
  );
});

test("of the media types of a body, only the first that is JSON is sent, and a notice names the others", () => {
  const patch = { ...ok, requestBody: { content: { "a/merge+json": {}, "a/patch+json": {} } } };
  const content = { "multipart/form-data": {}, "application/json": {}, "text/json": {} };
  const put = { ...ok, requestBody: { content } };
  const description = describePaths({
    "/p": { patch: { operationId: "e", ...patch }, put: { operationId: "f", ...put } },
    "/q": { put: { operationId: "g", ...put } },
  });
  expect(constantsOf(description)).toMatchObject({
    e: { body: { mediaTypes: ["a/merge+json"] } },
    f: { body: { mediaTypes: ["application/json"] } },
    g: { body: { mediaTypes: ["application/json"] } },
  });
  expect(emitOperations("a", description).notices).toEqual([
    "2 operations can send a body only as application/json, and not as multipart/form-data or text/json; the first is PUT /p",
    "1 operation can send a body only as a/merge+json, and not as a/patch+json; the first is PATCH /p",
  ]);
});

function withStatus(status: string): Part {
  return { responses: { ...(ok["responses"] as Part), [status]: { description: "D" } } };
}

describe("a status next to a success", () => {
  test.each(["101", "1xx", "300", "302", "303", "3XX"])("is a redirect: %s", (status) => {
    expect(factsOf(withStatus(status))).toMatchObject({ redirects: [status] });
    const get = { operationId: "f", ...ok, ...withStatus(status) };
    expect(emitOperations("a", describePaths({ "/p": { get } })).notices).toEqual([
      `f (GET /p) may respond with ${status} instead of a success: redirects are not followed, so the call then fails`,
    ]);
  });

  test.each(["100", "103", "301", "304", "307", "308", "404", "default"])(
    "is an error: %s",
    (status) => {
      expect(factsOf(withStatus(status))).not.toHaveProperty("redirects");
    },
  );
});
