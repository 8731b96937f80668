import ts from "typescript";
import { describe, expect, test } from "vitest";
import { description, small } from "../../fixtures/project.ts";
import { readFolder } from "../../command/read-folder.ts";
import { refusal, makeProject, run } from "../project.ts";

const response = { description: "D" };
const operation = { operationId: "f", responses: { 200: response } };

function describeApi(parts: object): string {
  return JSON.stringify({
    openapi: "3.1.0",
    info: { title: "T", version: "1" },
    paths: {},
    ...parts,
  });
}

/** Places for a name in a description: the description with the name, and the pointer to it. */
const places: readonly [
  what: string,
  parts: (name: string) => object,
  pointer: (name: string) => string,
][] = [
  [
    "a property",
    (name) => ({ components: { schemas: { A: { type: "object", properties: { [name]: {} } } } } }),
    (name) => `#/components/schemas/A/properties/${name}`,
  ],
  [
    "a schema",
    (name) => ({ components: { schemas: { [name]: { type: "string" } } } }),
    (name) => `#/components/schemas/${name}`,
  ],
  [
    "a parameter",
    (name) => ({
      paths: { "/p": { get: { ...operation, parameters: [{ in: "query", name, schema: {} }] } } },
    }),
    () => "#/paths/~1p/get/parameters/0/name",
  ],
  [
    "an operationId",
    (name) => ({ paths: { "/p": { get: { ...operation, operationId: name } } } }),
    () => "#/paths/~1p/get/operationId",
  ],
  [
    "a path",
    (name) => ({ paths: { [`/${name}`]: { get: operation } } }),
    (name) => `#/paths/~1${name}`,
  ],
  [
    "a webhook",
    (name) => ({ webhooks: { [name]: { post: operation } } }),
    (name) => `#/webhooks/${name}`,
  ],
  [
    "a response header",
    (name) => ({
      paths: {
        "/p": {
          get: {
            ...operation,
            responses: { 200: { ...response, headers: { [name]: { schema: {} } } } },
          },
        },
      },
    }),
    (name) => `#/paths/~1p/get/responses/200/headers/${name}`,
  ],
  [
    "a media type",
    (name) => ({
      paths: {
        "/p": {
          get: { ...operation, responses: { 200: { ...response, content: { [name]: {} } } } },
        },
      },
    }),
    (name) => `#/paths/~1p/get/responses/200/content/${name}`,
  ],
  [
    "a security scheme's header",
    (name) => ({
      components: { securitySchemes: { key: { type: "apiKey", in: "header", name } } },
    }),
    () => "#/components/securitySchemes/key/name",
  ],
];

describe.each(places)("stops at %s with", (_what, parts, pointer) => {
  test.each<[kind: string, name: string, found: string, inPointer?: string]>([
    ["a double quote", 'a"b', '"'],
    ["a single quote", "a'b", "'"],
    ["a backtick", "a`b", "`"],
    ["a placeholder", "a${b}", "${"],
    ["a line break", "a\nb", "U+000A", "a\\u000ab"],
    ["a line separator", "a\u2028b", "U+2028", "a\\u2028b"],
    ["the end of a comment", "a*/b", "*/", "a*~1b"],
    ["a control character", "a\u001bb", "U+001B", "a\\u001bb"],
  ])("%s in it", async (_kind, name, found, inPointer = name) => {
    const place = pointer(inPointer);
    const quotedName = JSON.stringify(place.includes("~1a") ? `/${name}` : name);
    await expect(refusal({ [description]: describeApi(parts(name)) })).resolves.toBe(
      `${description} ${place}: The name ${quotedName.replace("\u2028", "\\u2028")} contains ${found}, which could be mistaken for code (house/inert-names). Correct it with an overlay action.`,
    );
  });

  test("a bidirectional control character in it", () =>
    expect(refusal({ [description]: describeApi(parts("a\u202eb")) })).resolves.toBe(
      `${description} ${pointer("a\\u202eb")}: A bidirectional control character can make the text appear different from what it is. Remove the character.`,
    ));
});

test.each(["properties", "x-names"])("stops at the key __proto__ among %s", (keyword) =>
  expect(
    refusal({
      [description]: describeApi({ components: { schemas: { A: {} } } }).replace(
        '"A":{}',
        `"A":{"${keyword}":{"__proto__":{}}}`,
      ),
    }),
  ).resolves.toBe(
    `${description} #/components/schemas/A/${keyword}/__proto__: The key __proto__ cannot be distinguished from an object's prototype. Choose another name.`,
  ),
);

test.each(places.slice(2, 4))("stops at __proto__ as the name of %s", (_what, parts, pointer) =>
  expect(refusal({ [description]: describeApi(parts("__proto__")) })).resolves.toBe(
    `${description} ${pointer("__proto__")}: The name "__proto__" contains __proto__, which could be mistaken for code (house/inert-names). Correct it with an overlay action.`,
  ),
);

const values = [
  'a"b',
  "a'b",
  "a`b",
  "a${b}",
  "a\nb\r\nc\u2028d",
  "*/ export const a = 1; /*",
  "a\\",
  "\\u0022",
  "a\0b",
  "constructor",
  "__proto__",
  "</script>",
  "// @ts-nocheck",
];

/** The strings and property names of a generated file, which has to parse. */
function stringsOf(bytes: Buffer | undefined): string[] {
  const strings: string[] = [];
  const source = ts.createSourceFile("a.ts", String(bytes), ts.ScriptTarget.ESNext);
  expect(source).toHaveProperty("parseDiagnostics", []);
  const visit = (node: ts.Node): void => {
    if (ts.isStringLiteral(node) || ts.isIdentifier(node)) strings.push(node.text);
    ts.forEachChild(node, visit);
  };
  visit(source);
  return strings;
}

test("values with such characters are data: they are written unchanged, and do nothing", async () => {
  const documented = { type: "string", description: values.join(" "), title: values.join(" ") };
  const root = await makeProject({
    ...small,
    [description]: describeApi({
      paths: {
        "/p": {
          description: values.join(" "),
          get: {
            ...operation,
            summary: values.join(" "),
            parameters: values.map((value, index) => ({
              in: "query",
              name: `q${index}`,
              example: value,
              schema: { ...documented, default: value, examples: [value] },
            })),
          },
        },
      },
      components: {
        schemas: {
          Enum: { ...documented, enum: values },
          Open: {
            ...documented,
            "x-extensible-enum": values,
            "x-final-states": { constructor: "failed" },
          },
          Const: { const: values[0], default: values[1], format: values[5], "x-more": values },
        },
      },
    }),
  });
  await run(root);

  const generated = await readFolder(root, "generated");
  expect(JSON.parse(String(generated["generated/x/openapi.json"]))).toHaveProperty(
    "components.schemas.Enum.enum",
    values,
  );
  const types = stringsOf(generated["generated/x/schema.ts"]);
  for (const value of values)
    expect(types.filter((text) => text === value).length).toBeGreaterThanOrEqual(2);
  const constants = stringsOf(generated["generated/x/operations.ts"]);
  for (const value of values) expect(constants).toContain(value);
  await expect(run(root, true)).resolves.toBeDefined();
});

test("inherited names that nothing calls by itself are ordinary names of methods, and no names of parameters", async () => {
  const names = ["constructor", "isPrototypeOf", "hasOwnProperty"];
  const parameters = names.map((name) => ({ in: "query", name, schema: {} }));
  const root = await makeProject({
    ...small,
    [description]: describeApi({
      paths: Object.fromEntries(
        names.map((name) => [
          `/${name}`,
          {
            get: {
              ...operation,
              operationId: name,
              parameters,
            },
          },
        ]),
      ),
    }),
  });
  await run(root);
  const { "generated/x/operations.ts": text } = await readFolder(root, "generated");
  const strings = stringsOf(text);
  expect(strings).toEqual(expect.arrayContaining(names));
  for (const name of names) {
    expect(strings.filter((string) => string === `query.${name}`)).toHaveLength(names.length);
  }
});

test("a project may allow such names, and the generated code still does nothing", async () => {
  const names = values.filter((value) => value !== "__proto__");
  const map = <T>(value: T): Record<string, T> =>
    Object.fromEntries(names.map((name) => [name, value]));
  const root = await makeProject({
    "redocly.yaml": `${small["redocly.yaml"]}rules: { house/inert-names: off }\n`,
    [description]: describeApi({
      paths: Object.fromEntries(
        names.map((name, index) => [
          // A name with braces would be a path template, which makes the operation unsupported.
          `/${index}`,
          {
            get: {
              ...operation,
              operationId: name,
              "x-client-name": `f${index}`,
              parameters: [{ in: "query", name, schema: {} }],
            },
          },
        ]),
      ),
      webhooks: map({
        post: {
          responses: { 200: { ...response, headers: map({ schema: {} }), content: map({}) } },
        },
      }),
      components: {
        schemas: {
          ...map({ type: "object", properties: map({ type: "string" }), required: names }),
        },
      },
    }),
  });
  await run(root);
  const generated = await readFolder(root, "generated");
  const constants = stringsOf(generated["generated/x/operations.ts"]);
  const types = stringsOf(generated["generated/x/schema.ts"]);
  for (const name of names) {
    expect(types).toContain(name);
    expect(constants).toContain(name);
  }
});
