import { readFile } from "node:fs/promises";
import ts from "typescript";
import { describe, expect, test } from "vitest";
import { toCanonical } from "../../description/canonical.ts";
import type { Json, JsonObject } from "../../description/tree.ts";
import { compile, parseModule } from "../../emit/compile.ts";
import { emitSchema } from "../../emit/schema.ts";

/** The runtime's types, which interpret the read-only and write-only marks. */
const readWrite = await readFile(
  new URL("../../../packages/runtime/src/read-write.ts", import.meta.url),
  "utf8",
);

function describeSchemas(schemas: Readonly<Record<string, Json>>, openapi = "3.1.0"): JsonObject {
  return toCanonical({
    openapi,
    info: { title: "T", version: "1" },
    paths: {},
    components: { schemas },
  });
}

/** The compiler's errors for statements about a description's schemas. */
function faultsOf(description: JsonObject, statements: string): string[] {
  const text = `${emitSchema(description)}\n${readWrite}\ntype Schemas = components["schemas"];\n${statements}`;
  const source = parseModule("schema.ts", text);
  return compile([source])
    .getSemanticDiagnostics(source)
    .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, " "));
}

const read = { type: "string", readOnly: true };
const write = { type: "string", writeOnly: true };
const named = {
  Id: read,
  Secret: { allOf: [{ $ref: "#/components/schemas/Word" }], writeOnly: true },
  Word: { type: "string" },
};

test.each<[what: string, schemas: Readonly<Record<string, Json>>, openapi?: string]>([
  ["on the property", { Thing: thing(read, write) }],
  [
    "on the referenced schema",
    {
      ...named,
      Thing: thing({ $ref: "#/components/schemas/Id" }, { $ref: "#/components/schemas/Secret" }),
    },
  ],
  [
    "on an allOf part",
    {
      ...named,
      Thing: thing(
        { allOf: [{ $ref: "#/components/schemas/Id" }] },
        { allOf: [{ $ref: "#/components/schemas/Word" }, { writeOnly: true }] },
      ),
    },
  ],
  [
    "nullable in 3.0",
    {
      ...named,
      Thing: thing(
        { ...read, nullable: true },
        { allOf: [{ $ref: "#/components/schemas/Word" }], nullable: true, writeOnly: true },
      ),
    },
    "3.0.3",
  ],
  ["an open list of values", { Thing: thing({ ...read, "x-extensible-enum": ["a"] }, write) }],
])(
  "read-only properties need not be sent, and write-only ones are not received: %s",
  (_what, schemas, openapi) => {
    const description = describeSchemas(
      {
        ...schemas,
        Things: {
          type: "object",
          required: ["all"],
          properties: {
            nothing: { type: "null" },
            pair: { type: "array", prefixItems: [{ type: "string" }, { type: "number" }] },
            all: { type: "array", items: { $ref: "#/components/schemas/Thing" } },
          },
        },
      },
      openapi,
    );
    expect(
      faultsOf(
        description,
        `const sent: Writable<Schemas["Things"]> = { all: [{ secret: "s", name: "n" }] };
       declare const received: Readable<Schemas["Things"]>;
       const id: string | null | undefined = received.all[0]?.id;
       const nothing: null | undefined = received.nothing;
       const pair: [string, number] | undefined = received.pair;
       const name: string | undefined = received.all[0]?.name;
       const wrong: Writable<Schemas["Thing"]> = { id: "i", secret: "s", name: "n" };
       received.all[0]?.secret;
       void [nothing, pair, sent, id, name, wrong];`,
      ),
    ).toEqual([
      expect.stringContaining("is not assignable to type"),
      expect.stringContaining("Property 'secret' does not exist"),
    ]);
  },
);

function thing(id: Json, secret: Json): JsonObject {
  return {
    type: "object",
    required: ["id", "secret", "name"],
    properties: { id, secret, name: { type: "string" } },
  };
}

test.each<[type: string, state: Json]>([
  ['"a" | (string & {})', { type: "string", "x-extensible-enum": ["a"] }],
  ['"a" | (string & {}) | null', { type: ["string", "null"], "x-extensible-enum": ["a"] }],
  ['"a" | (string & {})', { $ref: "#/components/schemas/State", "x-extensible-enum": ["a"] }],
  [
    '"a" | (string & {})',
    { allOf: [{ $ref: "#/components/schemas/State" }], "x-extensible-enum": ["a"] },
  ],
  [
    '"a" | (string & {}) | null',
    {
      anyOf: [{ $ref: "#/components/schemas/State" }, { type: "null" }],
      "x-extensible-enum": ["a"],
    },
  ],
  ["number", { type: "integer", "x-extensible-enum": ["a"] }],
])("an extensible list of values is an open union: %s", (type, state) => {
  const schemas = { State: { type: "string", enum: ["a"] }, Thing: { properties: { state } } };
  expect(emitSchema(describeSchemas(schemas)).replaceAll(/\s+/gu, " ")).toContain(
    `state?: ${type};`,
  );
});

test("a schema within a path may be referenced, even by itself", () => {
  const $ref = "#/paths/~1things/get/responses/200/content/application~1json/schema";
  const schema = { type: "object", properties: { next: { $ref } } };
  const responses = { "200": { description: "D", content: { "application/json": { schema } } } };
  const description = {
    ...describeSchemas({ Thing: { $ref } }),
    paths: { "/things": { get: { responses } } },
  };
  expect(
    faultsOf(
      description,
      `declare const thing: Schemas["Thing"];
       const next: Schemas["Thing"] | undefined = thing.next?.next;
       thing.other;
       void next;`,
    ),
  ).toEqual([expect.stringContaining("Property 'other' does not exist")]);
});

test("a schema within an optional property may be referenced", () => {
  const description = describeSchemas({
    Thing: { properties: { a: { properties: { b: { type: "string" } } } } },
    B: { $ref: "#/components/schemas/Thing/properties/a/properties/b" },
  });
  expect(faultsOf(description, 'const b: string = "" as Schemas["B"]; void b;')).toEqual([]);
});

function ref(name: string): JsonObject {
  return { $ref: `#/components/schemas/${name}` };
}

function listOf(items: Json): JsonObject {
  return { type: "array", items };
}

describe("a recursive schema", () => {
  test.each<[how: string, schemas: Readonly<Record<string, Json>>]>([
    ["in a list", { Thing: { anyOf: [{ type: "number" }, listOf(ref("Thing"))] } }],
    [
      "in a list and an object",
      {
        Thing: {
          anyOf: [
            { type: "number" },
            listOf(ref("Thing")),
            { type: "object", additionalProperties: ref("Thing") },
          ],
        },
      },
    ],
    [
      "in another schema's list",
      { Thing: { anyOf: [{ type: "number" }, ref("a list")] }, "a list": listOf(ref("Thing")) },
    ],
    [
      "in others with similar names",
      {
        Thing: { anyOf: [{ type: "number" }, ref("A.b"), ref("A-b")] },
        "A.b": listOf(ref("A-b")),
        "A-b": listOf(ref("Thing")),
      },
    ],
    [
      "in a read-only property of a list's items",
      {
        Thing: {
          anyOf: [
            { type: "number" },
            listOf(ref("Thing")),
            { type: "object", properties: { a: { ...ref("Thing"), readOnly: true } } },
          ],
        },
      },
    ],
  ])("%s, can be written and read", (_how, schemas) => {
    const statements = `
      const thing: Schemas["Thing"] = [1, [[2]]];
      const read: Readable<Schemas["Thing"]> = [1, [[2]]];
      const written: Writable<Schemas["Thing"]> = [1, [[2]]];
      const none: Schemas["Thing"] = [1, ["2"]];
      void thing, read, written, none;`;
    expect(faultsOf(describeSchemas(schemas), statements)).toEqual([
      expect.stringContaining("is not assignable to type"),
    ]);
  });

  test("in an object gets no name of its own", () => {
    const schemas = { Thing: { type: "object", properties: { next: ref("Thing") } } };
    expect(emitSchema(describeSchemas(schemas))).not.toContain("Recursive");
  });
});
