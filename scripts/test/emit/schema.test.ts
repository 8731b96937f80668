import { readFile } from "node:fs/promises";
import ts from "typescript";
import { describe, expect, test } from "vitest";
import { toCanonical } from "../../description/canonical.ts";
import type { Json, JsonObject } from "../../description/tree.ts";
import { createSchemas } from "../../../packages/mock-server/src/schemas.ts";
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
            pair: {
              type: "array",
              minItems: 1,
              prefixItems: [{ type: "string" }, { type: "number" }],
            },
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
       const pair: [string, number?, ...unknown[]] | undefined = received.pair;
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
  [
    '("a" | (string & {}))[]',
    listOf({ $ref: "#/components/schemas/State", "x-extensible-enum": ["a"] }),
  ],
  ['"a" | (string & {})', { const: "a", "x-extensible-enum": ["a"] }],
  ["number", { type: "integer", "x-extensible-enum": ["a"] }],
])("an extensible list of values is an open union: %s", (type, state) => {
  const schemas = { State: { type: "string", enum: ["a"] }, Thing: { properties: { state } } };
  expect(emitSchema(describeSchemas(schemas)).replaceAll(/\s+/gu, " ")).toContain(
    `state?: ${type};`,
  );
});

test("nullable, a keyword of 3.0, also counts in 3.1", () => {
  const schemas = { Texts: { ...listOf({ type: "string", nullable: true }), nullable: true } };
  expect(emitSchema(describeSchemas(schemas))).toContain("Texts: (string | null)[] | null;");
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

test("schemas whose places differ only in punctuation keep their own types", () => {
  const description = describeSchemas({
    Thing: { properties: { "a-b": { type: "string" }, a_b: { type: "integer" } } },
    Text: ref("Thing/properties/a-b"),
    Count: ref("Thing/properties/a_b"),
    Again: ref("Thing/properties/a-b"),
  });
  const use = `const text: string = "" as Schemas["Text"];
    const count: number = 0 as Schemas["Count"];
    const again: string = "" as Schemas["Again"];
    void [text, count, again];`;
  expect(faultsOf(description, use)).toEqual([]);
});

function ref(name: string): JsonObject {
  return { $ref: `#/components/schemas/${name}` };
}

function listOf(items: Json): JsonObject {
  return { type: "array", items };
}

function tuple(...prefixItems: Json[]): JsonObject {
  return { type: "array", prefixItems, minItems: prefixItems.length, items: false };
}

const base = { type: "object", properties: { name: { type: "string" } } };
const text = { type: "string" };
const number = { type: "number" };

// Each statement after a comment that expects an error has to be refused, and the others have to compile.
test.each<[what: string, schemas: Readonly<Record<string, Json>>, statements: string]>([
  [
    "an object without properties is open",
    { Thing: { type: "object", minProperties: 1, required: ["a"] } },
    `({ a: 1 }) satisfies Thing;
     // @ts-expect-error
     "a" satisfies Thing;`,
  ],
  [
    "an object that may be null is open",
    { Thing: { type: ["object", "null"] } },
    "({ a: 1 }) satisfies Thing; null satisfies Thing;",
  ],
  [
    "a closed object without properties is empty",
    { Thing: { type: "object", additionalProperties: false } },
    `({}) satisfies Thing;
     // @ts-expect-error
     ({ a: 1 }) satisfies Thing;`,
  ],
  [
    "an open object leaves the other parts of an allOf alone",
    { Thing: { allOf: [ref("Base"), { type: "object" }] } },
    `({ name: "a" }) satisfies Thing;
     // @ts-expect-error
     thing.other;`,
  ],
  [
    "additional properties in a part of an allOf are kept",
    { Thing: { allOf: [ref("Base"), { type: "object", additionalProperties: {} }] } },
    `({ name: "a", other: 1 }) satisfies Thing;
     // @ts-expect-error
     ({ name: 1 }) satisfies Thing;`,
  ],
  ...["anyOf", "oneOf"].map((keyword): [string, Readonly<Record<string, Json>>, string] => [
    `a choice of constraints adds nothing to an object: ${keyword}`,
    { Strict: { required: ["name"] }, Thing: { ...base, [keyword]: [ref("Strict"), { not: {} }] } },
    `({ name: "a" }) satisfies Thing;
     // @ts-expect-error
     1 satisfies Thing;`,
  ]),
  [
    "a choice of constraints adds nothing to a text",
    { Thing: { type: "string", anyOf: [{ pattern: "^a" }, { format: "uuid" }] } },
    `"a" satisfies Thing;
     // @ts-expect-error
     1 satisfies Thing;`,
  ],
  [
    "an anyOf next to properties completes them",
    { Thing: { ...base, required: ["name"], anyOf: [{ properties: { a: number } }, ref("B")] } },
    `({ name: "a", a: 1 }) satisfies Thing;
     ({ name: "a", b: 1 }) satisfies Thing;
     // @ts-expect-error
     ({ a: 1 }) satisfies Thing;`,
  ],
  [
    "an anyOf next to the type object remains a choice",
    { Thing: { type: ["object", "null"], anyOf: [{ ...base, required: ["name"] }, ref("B")] } },
    `({ name: "a" }) satisfies Thing; ({ b: 1 }) satisfies Thing; null satisfies Thing;
     // @ts-expect-error
     ({ name: 1 }) satisfies Thing;`,
  ],
  [
    "a choice between lists",
    { Thing: { type: "array", anyOf: [{ items: text }, { items: number }] } },
    `["a"] satisfies Thing; [1] satisfies Thing;
     // @ts-expect-error
     ["a", 1] satisfies Thing;`,
  ],
  [
    "a list without a type",
    { Thing: { items: text } },
    `["a"] satisfies Thing;
     // @ts-expect-error
     [1] satisfies Thing;`,
  ],
  ...[
    [ref("Base"), { required: ["name"] }],
    [ref("Base"), { required: ["name"], properties: { other: text } }],
    [{ required: ["name"] }, base],
    [ref("Base"), ref("Strict")],
    [ref("Derived"), { required: ["name"] }],
    [ref("Nullable"), { type: "object", required: ["name"], properties: { other: text } }],
  ].map((allOf): [string, Readonly<Record<string, Json>>, string] => [
    `a part of an allOf requires a property of another part: ${JSON.stringify(allOf)}`,
    {
      Strict: { required: ["name"] },
      Derived: { allOf: [ref("Base"), { properties: { other: text } }] },
      Nullable: { ...base, type: ["object", "null"] },
      Thing: { allOf },
    },
    `thing.name satisfies string;
     // @ts-expect-error
     ({}) satisfies Thing;`,
  ]),
  [
    "definitions are no property",
    { Thing: { ...base, $defs: { a: text }, properties: { a: ref("Thing/$defs/a") } } },
    `({ a: "a" }) satisfies Thing;
     // @ts-expect-error
     ({ a: 1 }) satisfies Thing;`,
  ],
  [
    "a property with a reference in an allOf keeps the discriminator's property",
    {
      Pet: {
        ...base,
        required: ["name"],
        discriminator: { propertyName: "name", mapping: { dog: "#/components/schemas/Dog" } },
      },
      Dog: { allOf: [ref("Pet"), { properties: { bark: text } }] },
      Choice: { oneOf: [ref("Cat")], discriminator: { propertyName: "name" } },
      Cat: { ...base, required: ["name"] },
      Thing: {
        type: "object",
        required: ["pet", "choice"],
        properties: {
          pet: { allOf: [ref("Pet")], title: "T" },
          choice: { allOf: [ref("Choice")], title: "T" },
        },
      },
    },
    `thing.pet.name satisfies string; thing.choice.name satisfies "Cat";
     "dog" satisfies Schemas["Dog"]["name"];`,
  ],
  [
    "names with a percent sign",
    {
      Thing: {
        type: "object",
        required: ["50%", "^!"],
        properties: {
          "50%": {
            type: "object",
            required: ["q%25"],
            properties: { "q%25": listOf(ref("a%25%21")) },
          },
          "^!": { const: "%" },
        },
      },
      "a%!": text,
    },
    `({ "50%": { "q%25": ["a"] }, "^!": "%" }) satisfies Thing;
     // @ts-expect-error
     ({ "50%": {}, "^!": "%" }) satisfies Thing;`,
  ],
])("%s", (_what, schemas, statements) => {
  const description = describeSchemas({
    Base: base,
    B: { type: "object", required: ["b"], properties: { b: number } },
    ...schemas,
  });
  const declarations = 'type Thing = Schemas["Thing"]; declare const thing: Thing; void thing;';
  expect(faultsOf(description, `${declarations}\n${statements}`)).toEqual([]);
});

const nullable = { type: ["object", "null"], properties: { c: text } };
const either = { type: "object", required: ["a"], properties: { a: text } };
const pet = { type: "object", required: ["kind"], properties: { kind: text } };
const meow = { properties: { meow: text } };

function discriminator(mapping?: Readonly<Record<string, string>>): JsonObject {
  if (mapping === undefined) return { propertyName: "kind" };
  const references = Object.entries(mapping).map(([value, name]) => [value, ref(name)["$ref"]]);
  return { propertyName: "kind", mapping: Object.fromEntries(references) };
}

// Ajv and the compiler agree about each value.
test.each<[what: string, schemas: Readonly<Record<string, Json>>, valid: Json[], invalid: Json[]]>([
  [
    "a choice next to the types object and null",
    { Thing: { type: ["object", "null"], oneOf: [either, ref("B"), { type: "null" }] } },
    [{ a: "x" }, { b: 1 }, null],
    [{ b: "x" }, "x"],
  ],
  [
    "a choice next to the types string and null",
    {
      Thing: {
        type: ["string", "null"],
        oneOf: [{ enum: ["x"] }, { type: ["string", "null"], pattern: "^z" }],
      },
    },
    ["x", "z", null],
    [1],
  ],
  [
    "a choice next to the types string and integer",
    { Thing: { type: ["string", "integer"], anyOf: [{ const: "x" }, { type: "integer" }] } },
    ["x", 1],
    ["y", null],
  ],
  [
    "an allOf next to the types object and null",
    {
      Thing: {
        type: ["object", "null"],
        properties: { a: text },
        allOf: [{ required: ["a"] }, { properties: { b: text } }],
      },
    },
    [null, { a: "x" }, { a: "x", b: "x" }],
    [{ b: "x" }, { a: 1 }],
  ],
  [
    "an allOf with the types array, object and null",
    { Thing: { allOf: [{ type: ["array", "object", "null"] }, { properties: { a: text } }] } },
    [null, [], {}, { a: "x" }],
    [{ a: 1 }, "x"],
  ],
  [
    "a required name that is no property",
    { Thing: { type: "object", required: ["a", "c"], properties: { a: text } } },
    [{ a: "x", c: null }],
    [{ a: "x" }, { c: 1 }],
  ],
  [
    "a required name that is no property of any part",
    { Part: { allOf: [ref("B"), { required: ["c"] }] }, Thing: { allOf: [ref("Part"), ref("B")] } },
    [{ b: 1, c: 1 }],
    [{ b: 1 }, { c: 1 }],
  ],
  [
    "a required name that is a property of another part",
    {
      Part: { type: "object", required: ["d", "b"], properties: { d: text } },
      Thing: { allOf: [ref("Part"), ref("B")] },
    },
    [{ b: 1, d: "x" }],
    [{ d: "x" }, { b: "x", d: "x" }],
  ],
  [
    "a required name of an object without properties",
    { Thing: { type: "object", required: ["a"] } },
    [{ a: 1, other: 1 }],
    [{ other: 1 }],
  ],
  [
    "a required name of an object whose values have a type",
    { Thing: { type: "object", required: ["a"], additionalProperties: text } },
    [{ a: "x", other: "x" }],
    [{ other: "x" }, { a: 1 }],
  ],
  [
    "a required name of an object whose values are listed",
    { Thing: { type: "object", required: ["a"], enum: [{ a: 1 }] } },
    [{ a: 1 }],
    [{ a: 2 }],
  ],
  [
    "a required name of what may be null",
    { Thing: { type: ["object", "null"], required: ["a", "c"], properties: { a: text } } },
    [null, { a: "x", c: 1 }],
    [{ a: "x" }],
  ],
  [
    "properties required of what may be null",
    { Thing: { ...ref("Nullable"), required: ["c"] } },
    [null, { c: "x" }],
    [{}],
  ],
  [
    "properties next to what may be null",
    { Thing: { allOf: [ref("Nullable"), { properties: { d: text } }] } },
    [null, {}, { c: "x", d: "x" }],
    [{ d: 1 }, { c: 1 }],
  ],
  [
    "properties next to a choice with null",
    { Thing: { anyOf: [ref("B"), { type: "null" }], properties: { d: text } } },
    [null, { b: 1, d: "x" }],
    [{ b: 1, d: 1 }, { d: "x" }],
  ],
  [
    "properties required of properties next to what may be null",
    {
      Both: { allOf: [ref("Nullable"), { properties: { d: text } }] },
      Thing: { ...ref("Both"), required: ["d"] },
    },
    [null, { d: "x" }],
    [{ c: "x" }],
  ],
  [
    "an object next to what may be null",
    { Thing: { allOf: [ref("Nullable"), { type: "object", properties: { d: text } }] } },
    [{ c: "x", d: "x" }],
    [null],
  ],
  [
    "the items of a list that may be null",
    {
      Thing: {
        allOf: [{ type: ["array", "null"] }, { description: "Of texts" }],
        items: { type: "string" },
      },
    },
    [null, ["x"]],
    [[1], {}],
  ],
  [
    "properties next to additional ones",
    { Thing: { properties: { n: number }, type: "object", additionalProperties: text } },
    [{ n: 1, other: "x" }],
    [{ n: "x" }, { n: 1, other: true }],
  ],
  [
    "properties next to patterns",
    { Thing: { properties: { n: number }, type: "object", patternProperties: { "^x-": text } } },
    [{ n: 1, "x-a": "x" }],
    [{ n: "x" }, { n: 1, "x-a": true }],
  ],
  [
    "properties next to patterns and any others",
    {
      Thing: {
        properties: { n: number },
        type: "object",
        patternProperties: { "^x-": text },
        additionalProperties: true,
      },
    },
    [{ n: 1, "x-a": "x", other: true }],
    [{ n: "x" }],
  ],
  [
    "a list of lists that are constrained",
    { Thing: listOf({ allOf: [listOf(number), { minItems: 2 }] }) },
    [[], [[1, 2]]],
    [[1], ["x"]],
  ],
  ["a list without items", { Thing: listOf(false) }, [[]], [[1]]],
  [
    "a list of tuples",
    { Thing: listOf({ type: "array", prefixItems: [text], items: number }) },
    [[["x", 1]]],
    [["x"]],
  ],
  [
    "the values of an object",
    { Thing: { type: "object", enum: [{ a: "x" }] } },
    [{ a: "x" }],
    [{ a: "y" }, {}],
  ],
  [
    "values that read like schemas",
    { Thing: { enum: [{ items: 1 }] } },
    [{ items: 1 }],
    [{ items: 2 }],
  ],
  [
    "a property with the values of a list",
    { Thing: { type: "object", properties: { a: { type: "array", enum: [["x"]] } } } },
    [{ a: ["x"] }],
    [{ a: ["y"] }, { a: [] }],
  ],
  [
    "a property with a list next to an allOf and a choice",
    {
      Thing: {
        type: "object",
        properties: {
          a: {
            ...listOf({ properties: { n: number } }),
            allOf: [listOf(ref("B"))],
            oneOf: [listOf(either), listOf({ properties: { a: { type: "null" } } })],
          },
        },
      },
    },
    [{ a: [{ b: 1, n: 1, a: "x" }] }, { a: [{ b: 1, a: null }] }],
    [{ a: [{ n: 1, a: "x" }] }, { a: [{ b: 1, n: "x", a: "x" }] }, { a: [{ b: 1, a: 1 }] }],
  ],
  ["a constant null", { Thing: { anyOf: [ref("B"), { const: null }] } }, [null, { b: 1 }], [42]],
  ["a type that is listed twice", { Thing: { type: ["string", "string"] } }, ["x"], [null]],
  [
    "a discriminator whose values the members name themselves",
    {
      A: { type: "object", required: ["kind"], properties: { kind: { const: "a" } } },
      N: { type: "object", required: ["kind"], properties: { kind: { const: 1 } } },
      O: { ...pet, properties: { kind: { oneOf: [{ const: "o", title: "O" }, { const: "p" }] } } },
      Thing: { oneOf: [ref("A"), ref("N"), ref("O")], discriminator: discriminator() },
    },
    [{ kind: "a" }, { kind: 1 }, { kind: "o" }],
    [{ kind: "A" }, { kind: "N" }, { kind: "O" }, {}],
  ],
  [
    "members with different values in two choices",
    {
      Cat: pet,
      One: { oneOf: [ref("Cat")], discriminator: discriminator({ cat: "Cat" }) },
      Thing: { oneOf: [ref("Cat")], discriminator: discriminator({ feline: "Cat" }) },
    },
    [{ kind: "cat" }, { kind: "feline" }],
    [{}],
  ],
  [
    "a member that extends another",
    {
      Cat: pet,
      Lion: { allOf: [ref("Cat"), meow] },
      Choice: { oneOf: [ref("Cat"), ref("Lion")], discriminator: discriminator() },
      Thing: ref("Lion"),
    },
    [{ kind: "Lion", meow: "x" }],
    [{ meow: "x" }],
  ],
  [
    "a schema that only constrains one with a discriminator",
    {
      Pet: { ...pet, discriminator: discriminator({ cat: "Cat" }) },
      Cat: { allOf: [ref("Pet"), meow] },
      Thing: { ...ref("Pet"), minProperties: 1 },
    },
    [{ kind: "cat" }, { kind: "other" }],
    [{}],
  ],
  [
    "a schema that extends one with a discriminator",
    {
      Pet: { ...pet, discriminator: discriminator({ cat: "Cat" }) },
      Cat: { allOf: [{ properties: { other: text } }, ref("B"), ref("Pet"), meow] },
      Lion: { allOf: [ref("Cat"), { properties: { roar: text } }] },
      Thing: ref("Lion"),
    },
    [{ kind: "Lion", roar: "x", meow: "x", b: 1 }],
    [
      { roar: "x", b: 1 },
      { kind: 1, b: 1 },
    ],
  ],
  [
    "a schema that names its value itself",
    {
      Pet: { ...pet, discriminator: discriminator() },
      Thing: { allOf: [ref("Pet"), { properties: { kind: { const: "cat" } } }] },
    },
    [{ kind: "cat" }],
    [{ kind: "Thing" }],
  ],
  [
    "a schema whose name is not among the values",
    {
      Pet: { ...pet, properties: { kind: { enum: ["cat"] } }, discriminator: discriminator() },
      Thing: { allOf: [ref("Pet"), meow] },
    },
    [{ kind: "cat" }],
    [{ kind: "Thing" }],
  ],
])("the type accepts what the schema accepts: %s", (_what, schemas, valid, invalid) => {
  const b = { type: "object", required: ["b"], properties: { b: number } };
  const all = { B: b, Nullable: nullable, ...schemas };
  const root = { openapi: "3.1.0", components: { schemas: all } };
  const check = createSchemas(root).response({
    root,
    node: root,
    pointer: "#/components/schemas/Thing",
  });
  expect(valid.filter((value) => check(value).length > 0)).toEqual([]);
  expect(invalid.filter((value) => check(value).length === 0)).toEqual([]);
  const statements = [
    ...valid.map((value) => `(${JSON.stringify(value)}) satisfies Readable<Schemas["Thing"]>;`),
    ...invalid.map(
      (value) =>
        `// @ts-expect-error\n(${JSON.stringify(value)}) satisfies Readable<Schemas["Thing"]>;`,
    ),
  ];
  expect(faultsOf(describeSchemas(all), statements.join("\n"))).toEqual([]);
});

test("the values of a discriminator tell its schemas apart", () => {
  const kind = { type: "string", readOnly: true };
  const description = describeSchemas({
    Pet: { ...pet, properties: { kind }, discriminator: discriminator({ cat: "Cat" }) },
    Cat: { allOf: [ref("Pet"), { required: ["meow"], ...meow }] },
    Dog: { allOf: [ref("Pet"), { required: ["bark"], properties: { bark: text } }] },
    Thing: { oneOf: [ref("Cat"), ref("Dog")] },
    Circle: { ...pet, properties: { kind: text, radius: number } },
    Square: { ...pet, properties: { kind: text, side: number } },
    Shape: { oneOf: [ref("Circle"), ref("Square")], discriminator: discriminator() },
  });
  const statements = `
    declare const thing: Readable<Schemas["Thing"]>;
    thing.kind satisfies "cat" | "Dog";
    if (thing.kind === "cat") thing.meow satisfies string;
    else thing.bark satisfies string;
    ({ meow: "m" }) satisfies Writable<Schemas["Thing"]>;
    declare const shape: Schemas["Shape"];
    if (shape.kind === "Circle") shape.radius satisfies number | undefined;
    else shape.side satisfies number | undefined;`;
  expect(faultsOf(description, statements)).toEqual([]);
});

test("read-only and write-only properties are marked next to any other properties", () => {
  const description = describeSchemas({
    Thing: { ...thing(read, write), additionalProperties: true },
  });
  const statements = `
    ({ secret: "s", name: "n", other: 1 }) satisfies Writable<Schemas["Thing"]>;
    // @ts-expect-error
    ({ id: "i", secret: "s", name: "n" }) satisfies Writable<Schemas["Thing"]>;
    declare const received: Readable<Schemas["Thing"]>;
    received.id satisfies string;
    received.secret satisfies unknown;
    // @ts-expect-error
    received.secret satisfies object;`;
  expect(faultsOf(description, statements)).toEqual([]);
});

test("a parameter and a header with content have the type of its schema", () => {
  const schema = { type: "object", required: ["x"], properties: { x: number } };
  const content = { "application/json": { schema } };
  const parameters = [{ name: "filter", in: "query", required: true, content }];
  const headers = { "x-a": { required: true, content }, "x-b": { $ref: "#/components/headers/B" } };
  const responses = { "200": { description: "D", headers } };
  const description = toCanonical({
    openapi: "3.1.0",
    info: { title: "T", version: "1" },
    paths: { "/a": { get: { parameters, responses } } },
    components: {
      headers: { B: { content } },
      parameters: { Any: { name: "any", in: "query", content: { "text/plain": {} } } },
    },
  });
  const statements = `
    type Get = paths["/a"]["get"];
    ({ filter: { x: 1 } }) satisfies Get["parameters"]["query"];
    declare const headers: Get["responses"][200]["headers"];
    headers["x-a"].x satisfies number;
    headers["x-b"]?.x satisfies number | undefined;
    1 satisfies components["parameters"]["Any"];
    // @ts-expect-error
    ({ filter: "{}" }) satisfies Get["parameters"]["query"];`;
  expect(faultsOf(description, statements)).toEqual([]);
});

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
      "in a tuple",
      {
        Thing: {
          anyOf: [{ type: "number" }, tuple(ref("Thing")), tuple(ref("Thing"), ref("Thing"))],
        },
      },
    ],
    [
      "in another schema's tuple",
      {
        Thing: { anyOf: [{ type: "number" }, ref("a tuple")] },
        "a tuple": { type: "array", items: ref("Thing"), prefixItems: [{ type: "number" }] },
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

  test("in a list of its tuple leaves it a tuple", () => {
    const description = describeSchemas({ Thing: tuple(text, listOf(ref("Thing"))) });
    const statements = `
      const read: Readable<Schemas["Thing"]> = ["a", [["b", []]]];
      read[0] satisfies string;
      read[1][0]?.[0] satisfies string | undefined;`;
    expect(faultsOf(description, statements)).toEqual([]);
  });

  test("in an object gets no name of its own", () => {
    const schemas = { Thing: { type: "object", properties: { next: ref("Thing") } } };
    expect(emitSchema(describeSchemas(schemas))).not.toContain("Recursive");
  });
});
