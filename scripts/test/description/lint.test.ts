import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { description, schemas, small, things, type Files } from "../../fixtures/project.ts";
import { readFolder } from "../../command/read-folder.ts";
import { makeProject, refusal, run } from "../project.ts";

const withActions = (actions: string): Files => ({
  ...small,
  "redocly.yaml": `apis: { x: { root: ${description}, overlays: [spec/x/overlay.yaml] } }\nextends: []\n`,
  "spec/x/overlay.yaml": `overlay: 1.1.0\ninfo: { title: T, version: "1" }\nactions: [${actions}]\n`,
});

test("reports both places of a duplicate operationId", () =>
  expect(
    refusal({
      [description]: things.replace(
        "components:",
        '  /b: { get: { operationId: listThings, responses: { "200": { description: D } } } }\ncomponents:',
      ),
    }),
  ).resolves.toBe(
    `${description} #/paths/~1b/get/operationId: The operationId "listThings" is also used by #/paths/~1things/get/operationId. Give one of the two another operationId with an overlay action.`,
  ));

test.each([
  ["9007199254740993", "9007199254740992"],
  ["-9007199254740993", "-9007199254740992"],
  ["0x20000000000001", "9007199254740992"],
  ["18446744073709551616", "18446744073709552000"],
  ["1000000000000000000000001", "1e+24"],
  ["340282366920938463463374607431768211455", "3.402823669209385e+38"],
  ["0.12345678901234567890", "0.12345678901234568"],
  ["0.999999999999999999", "1"],
  ["-.0999999999999999999", "-0.1"],
])("reports the number %s, which JavaScript writes as %s", (literal, value) =>
  expect(
    refusal({
      [description]: `${things}          maxLength: 1\n          enum: [a, ${literal}]\n`,
    }),
  ).resolves.toBe(
    `${description} #/components/schemas/Thing/properties/name/enum/1: JavaScript cannot hold all digits of ${literal}, and would make it ${value}. Remove it, or write it as a string, with an overlay action.`,
  ),
);

test("an action that removes a number names it by all of its digits", async () => {
  const action = '{ target: "$..maximum", remove: true, x-replaces: 1 }';
  const files = { [description]: `${things}          maximum: 0.999999999999999999\n` };
  await expect(refusal({ ...withActions(action), ...files })).resolves.toMatch(
    /give the action x-replaces: 0\.9{18}\.$/u,
  );
  const named = withActions(action.replace(": 1 ", ": 0.999999999999999999 "));
  await expect(run(await makeProject({ ...named, ...files }))).resolves.toBeDefined();
});

test("keeps all digits of a number in an extension", async () => {
  const root = await makeProject({
    ...small,
    [description]: `${things}          x-limit: 18446744073709551615\n`,
  });
  await run(root);
  await expect(readFile(join(root, "generated/x/openapi.json"), "utf8")).resolves.toContain(
    '"x-limit": 18446744073709551615\n',
  );
});

test("accepts numbers that keep their digits, or that are written with an exponent", async () => {
  const numbers =
    "9007199254740991, -9007199254740992, 100000000000000000000, 1e20, 1.7976931348623157e308, 123456789012345678e9, 0.1000000000000000000000";
  const root = await makeProject({
    ...small,
    [description]: `${things}          enum: [a, ${numbers}]\n`,
  });
  await expect(run(root)).resolves.toBeDefined();
});

test.each([
  "              example: { $ref: '#/nowhere' }\n",
  "              example: { $ref: other.yaml }\n",
  "              schema: { type: object, example: { $ref: '#/nowhere' } }\n",
  "              schema: { properties: { a: { example: { $ref: '#/nowhere' } } } }\n",
  "              examples: { a: { value: { $ref: '#/nowhere' } } }\n",
])("accepts an example that is a reference as data: %s", async (media) => {
  const root = await makeProject({
    ...small,
    "redocly.yaml": String(small["redocly.yaml"]).replace("[]", "[spec]"),
    [description]: things.replace(/ {14}schema:\n.*\n/u, media),
  });
  await expect(run(root)).resolves.toBeDefined();
});

test("follows the reference of an example by name", () =>
  expect(
    refusal({
      [description]: things.replace(
        "              schema:",
        "              examples: { a: { $ref: '#/components/examples/Gone' } }\n              schema:",
      ),
    }),
  ).resolves.toContain(
    "examples/a/$ref: The reference #/components/examples/Gone points to nothing",
  ));

function refusalWith(rules: string, info = ""): Promise<string> {
  return refusal({
    "redocly.yaml": `apis: { x: { root: ${description}, rules: { ${rules} } } }\nextends: []\n`,
    [description]: things
      .replace("title:", `x-logo: 1\n${info}  title:`)
      .replace("get:", "get:\n      x-codeSamples: { lang: 1 }\n      x-hideTryItPanel: 1"),
  });
}

test("checks the examples next to a reference", () =>
  expect(
    refusal({
      "redocly.yaml": `${small["redocly.yaml"]}rules: { no-invalid-schema-examples: error }\n`,
      [description]: schemas(
        '    Name: { type: string }\n    Thing: { properties: { name: { $ref: "#/components/schemas/Name", examples: [5] } } }',
      ),
    }),
  ).resolves.toMatch(
    /^\S+ #\/components\/schemas\/Thing\/properties\/name\/examples\/0: .*type must be string/u,
  ));

describe("extensions that Redocly knows", () => {
  test("may have any content", () =>
    expect(refusalWith("struct: error")).rejects.toThrow("It did not stop"));

  test("do not hide other faults", () =>
    expect(refusalWith("struct: error", "  licence: MIT\n")).resolves.toMatch(
      /^[^\n]+#\/info\/licence: [^\n]+$/u,
    ));

  test("are checked by the rules of redocly.yaml", () =>
    expect(
      refusalWith(
        "rule/logo: { subject: { type: Info, property: x-logo }, assertions: { enum: [a] }, severity: error }",
      ),
    ).resolves.toContain("(rule/logo)"));
});

test("a rule that fails at a name is named, with the file", () =>
  expect(
    refusal({
      "redocly.yaml": `${small["redocly.yaml"]}rules: { no-required-schema-properties-undefined: error }\n`,
      [description]: things.replace(
        "      properties:\n",
        "      required: [name]\n      properties:\n        hasOwnProperty: { type: string }\n",
      ),
    }),
  ).resolves.toBe(
    `${description}: The linter fails in no-required-schema-properties-undefined: TypeError: obj.hasOwnProperty is not a function. Turn the rule off under apis/x/rules in redocly.yaml, with the reason.`,
  ));

describe("with the rule that required properties are defined", () => {
  const rule = `${small["redocly.yaml"]}rules: { no-required-schema-properties-undefined: error }\n`;
  const withSchema = (schema: string) => ({
    "redocly.yaml": rule,
    [description]: schemas(`    A: ${schema}`),
  });

  test.each([
    "if: { required: [a] }, then: { required: [b] }, else: { not: { required: [b] } }",
    "dependentSchemas: { a: { required: [b] } }",
    "not: { anyOf: [{ required: [a] }, { required: [b] }] }",
  ])("a condition may require what the schema around it defines: %s", async (condition) => {
    const files = withSchema(`{ type: object, properties: { a: {}, b: {} }, ${condition} }`);
    await expect(run(await makeProject({ ...small, ...files }))).resolves.toBeDefined();
  });

  test.each([
    ["", "{ required: [a] }"],
    ["/properties/not", "{ properties: { not: { required: [a] } } }"],
    ["/then/properties/b", "{ if: {}, then: { properties: { b: { required: [a] } } } }"],
  ])("another schema may not: %s", (place, schema) =>
    expect(refusal(withSchema(schema))).resolves.toBe(
      `${description} #/components/schemas/A${place}/required/0: Required property 'a' is not defined (no-required-schema-properties-undefined). Correct it with an overlay action.`,
    ),
  );
});

test.each<[what: string, broken: string, actions: string]>([
  [
    "a version that is a number",
    things.replace("3.1.0", "3.1"),
    "{ target: $, update: { openapi: 3.1.0 }, x-replaces: 3.1 }",
  ],
  [
    "a reference to nothing",
    `${things}        part: { $ref: "#/components/schemas/Part" }\n`,
    "{ target: $.components.schemas, update: { Part: {} } }",
  ],
])("an overlay corrects %s", async (_what, broken, actions) => {
  expect(await refusal({ [description]: broken })).toMatch(
    /with an overlay action|under components/u,
  );
  const root = await makeProject({ ...withActions(actions), [description]: broken });
  await expect(run(root)).resolves.toBeDefined();
});

test("a link that names an operation is not a duplicate operationId", async () => {
  const link = `          links: { self: { operationId: listThings } }\n`;
  const text = things.replace("          content:\n", `${link}          content:\n`);
  const root = await makeProject({ ...small, [description]: text });
  await expect(run(root)).resolves.toMatchObject({ data: { changed: expect.any(Array) } });
});

test("ignores an unresolved reference within an extension", async () => {
  const root = await makeProject({
    ...small,
    "redocly.yaml": `${small["redocly.yaml"]}rules: { no-unresolved-refs: error }\n`,
    [description]: `${things}x-mint: { items: { $ref: "#/components/schemas/Pruned" } }\n`,
  });
  await run(root);
  expect(String((await readFolder(root, "generated"))["generated/x/openapi.json"])).toContain(
    "Pruned",
  );
});

test("a header of a part file may be called x-…, and a media type */*", async () => {
  const response =
    'description: A\n          headers: { x-trace: { $ref: "headers.yaml#/x-trace" } }';
  const root = await makeProject({
    ...small,
    [description]: things
      .replace("description: All things", response)
      .replace("application/json", '"*/*"'),
    "spec/x/headers.yaml": "x-trace: { schema: { type: string } }\n",
  });
  await run(root);
  const types = String((await readFolder(root, "generated"))["generated/x/schema.ts"]);
  expect(types).toContain('"*/*": components["schemas"]["Thing"]');
  expect(types).toContain('"x-trace": components["headers"]["x-trace"]');
});

const get = '{ operationId: listThings, responses: { "200": { description: D } } }';

test.each<[what: string, actions: string, message: string]>([
  [
    "a reference",
    "{ target: $.components.schemas.Thing.properties.name, update: { items: { $ref: other.yaml } } }",
    "#/actions/0/update/items/$ref: The reference to other.yaml is in an overlay, and overlays cannot add files, at #/components/schemas/Thing/properties/name/items/$ref of the description. Write what it refers to into the action.",
  ],
  [
    "an operation, next to another action",
    `{ target: $.info, update: { summary: S } }, { target: $.paths, update: { /b: { get: ${get} } } }`,
    '#/actions/1/update/~1b/get/operationId: The operationId "listThings" is also used by #/paths/~1things/get/operationId, at #/paths/~1b/get/operationId of the description. Give one of the two another operationId.',
  ],
  [
    "a number in a list",
    "{ target: $..name, update: { enum: [a] } }, { target: $..name.enum, update: [b, 18446744073709551615] }",
    "#/actions/1/update/1: JavaScript cannot hold all digits of 18446744073709551615, and would make it 18446744073709552000, at #/components/schemas/Thing/properties/name/enum/2 of the description. Remove it, or write it as a string.",
  ],
])("names the action that wrote %s", (_what, actions, message) =>
  expect(refusal(withActions(actions))).resolves.toBe(`spec/x/overlay.yaml ${message}`),
);

test.each<[what: string, update: string, place: string]>([
  [
    "names the action that wrote all but what is missing",
    `/b: { put: { responses: { "201": { description: D } } } }`,
    "spec/x/overlay.yaml #/actions/0/update/~1b/put/responses",
  ],
  [
    "does not name an action that wrote only a part",
    `/things: { get: { responses: { "201": { description: D } } } }`,
    `${description} #/paths/~1things/get/responses`,
  ],
])("%s", (_what, update, place) =>
  expect(
    refusal({
      ...withActions(`{ target: $.paths, update: { ${update} } }`),
      "redocly.yaml": `apis: { x: { root: ${description}, overlays: [spec/x/overlay.yaml] } }\nextends: []\nrules: { operation-4xx-response: error }\n`,
    }),
  ).resolves.toContain(`${place}: Operation must have at least one \`4XX\` response`),
);

test("reports an unknown overlay version at its key", () =>
  expect(
    refusal({
      ...withActions("{ target: $.info, update: { summary: S } }"),
      "spec/x/overlay.yaml": "overlay: 1.1\nactions: []\n",
    }),
  ).resolves.toBe(
    'spec/x/overlay.yaml #/overlay: The overlay version 1.1 is not supported. Write "1.1.0" or "1.0.0", as a string.',
  ));

test.each<[what: string, yaml: string, fault: string]>([
  [
    "an unknown outcome",
    "x-extensible-enum: [a], x-final-states: { a: done }",
    'x-final-states: x-final-states has the outcome "done", which is neither succeeded nor failed',
  ],
  [
    "an unlisted state",
    "enum: [a], x-final-states: { b: failed }",
    "x-final-states: x-final-states has the state `b`, which neither x-extensible-enum nor enum lists",
  ],
  [
    "no final state",
    "enum: [a], x-final-states: {}",
    "x-final-states: x-final-states must map states to outcomes",
  ],
  ...["a", "{ a: b }", "null", "[]", "[a, 1]", "[[a]]"].map((known): [string, string, string] => [
    `known values that are ${known}`,
    `x-extensible-enum: ${known}`,
    "x-extensible-enum: x-extensible-enum must list strings",
  ]),
])("stops at %s, whatever the rules", (_what, yaml, fault) =>
  expect(
    refusal({ [description]: `${things}    State: { type: string, ${yaml} }\n` }),
  ).resolves.toBe(
    `${description} #/components/schemas/State/${fault} (house/extensions). Correct it with an overlay action.`,
  ),
);

test("stops at a client name that is not an identifier", () =>
  expect(
    refusal({
      [description]: things.replace("listThings", 'listThings\n      x-client-name: "a b"'),
    }),
  ).resolves.toBe(
    `${description} #/paths/~1things/get/x-client-name: x-client-name is "a b", which is not a JavaScript identifier (house/extensions). Correct it with an overlay action.`,
  ));

test.each([
  [
    "header",
    "x-client-name: true",
    "x-client-name: x-client-name is true, which is not a JavaScript identifier",
  ],
  [
    "header",
    'x-client-option: "yes"',
    'x-client-option: x-client-option is "yes", which is neither true nor false',
  ],
  [
    "path",
    "required: true, x-client-option: true",
    "x-client-option: x-client-option is on a parameter in the path, but only those in a header or query can be options of a client",
  ],
])("stops at a parameter in the %s with %s", (place, yaml, fault) =>
  expect(
    refusal({
      [description]: things
        .replace("/things", "/things/{a}")
        .replace(
          "      responses",
          `      parameters: [{ in: ${place}, name: a, schema: {}, ${yaml} }]\n      responses`,
        ),
    }),
  ).resolves.toBe(
    `${description} #/paths/~1things~1{a}/get/parameters/0/${fault} (house/extensions). Correct it with an overlay action.`,
  ),
);

test("an open list of values may contain null", async () => {
  const root = await makeProject({
    ...small,
    [description]:
      `${things}    State: { type: string, nullable: true, x-extensible-enum: [a] }\n`.replace(
        "3.1.0",
        "3.0.3",
      ),
  });
  await run(root);
  const types = String((await readFolder(root, "generated"))["generated/x/schema.ts"]);
  expect(types).toContain('State: "a" | (string & {}) | null;');
  expect(types).toContain("name?: string");
});
