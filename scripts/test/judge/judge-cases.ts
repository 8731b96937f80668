import { parse } from "../../description/read.ts";
import type { Bump } from "../../judge/verdict.ts";

/** A change, and the version bump it requires. */
interface Case {
  readonly change: string;
  readonly right: Bump;
  readonly edits: readonly Edit[];
  /** Edits that make the base, where the usual description will not do. */
  readonly base: readonly Edit[];
  /** The judge's bump, where it is too high. */
  readonly overrated?: Bump;
  /** The reason for a bump that is not obvious, or for one that is too high. */
  readonly why?: string;
}

/** A text that occurs once, and its replacement. */
type Edit = readonly [text: string, replacement: string];

const usual = `openapi: 3.1.0
info: { title: Things, version: 1.0.0 }
servers: [{ url: https://example.com }]
security: [{ key: [] }]
paths:
  /things:
    get:
      operationId: getThing
      parameters:
        - { in: query, name: limit, schema: { type: integer, default: 10 } }
        - { in: query, name: sort, schema: { type: string, enum: [up, down] } }
      responses:
        "200":
          description: A thing
          headers: { X-Left: { schema: { type: integer } } }
          content: { application/json: { schema: { $ref: "#/components/schemas/Thing" } } }
        default:
          description: What went wrong
    put:
      operationId: putThing
      requestBody: { content: { application/json: { schema: { $ref: "#/components/schemas/Draft" } } } }
      responses: { "204": { description: Done } }
  /things/{id}:
    post:
      operationId: sendThing
      security: [{ flow: [read] }]
      parameters:
        - { in: path, name: id, required: true, schema: { type: string } }
        - { in: query, name: ids, schema: { type: array, items: { type: integer } } }
        - { in: query, name: filter, style: deepObject, schema: { type: object, properties: { a: { type: string } } } }
        - { in: header, name: X-Trace, schema: { type: string, minLength: 5 } }
        - { in: query, name: share, schema: { type: number, minimum: 1, maximum: 9, multipleOf: 2 } }
      requestBody: { required: true, content: { application/json: { schema: { $ref: "#/components/schemas/Both" } } } }
      responses: { "200": { description: Sent, content: { application/json: { schema: { $ref: "#/components/schemas/Both" } } } } }
  /files:
    post:
      operationId: sendFile
      requestBody:
        content:
          multipart/form-data:
            schema: { type: object, properties: { file: { type: string, format: binary }, meta: { type: object } } }
            encoding: { meta: { contentType: application/json } }
      responses: { "200": { description: A file, content: { application/pdf: { schema: { type: string, format: binary } } } } }
components:
  securitySchemes:
    key: { type: apiKey, in: header, name: X-Key }
    token: { type: http, scheme: bearer }
    flow: { type: oauth2, flows: { clientCredentials: { tokenUrl: "https://example.com/t", scopes: { read: Reads, write: Writes } } } }
  schemas:
    Thing:
      type: object
      required: [id, part]
      properties:
        id: { type: string, description: Its number, maxLength: 40 }
        note: { type: string }
        state: { type: string, enum: [new, old] }
        owner: { anyOf: [{ type: string }, { type: "null" }] }
        size: { anyOf: [{ type: string }, { type: integer }] }
        part: { $ref: "#/components/schemas/Part" }
        count: { type: integer, default: 1 }
        any: {}
        kind: { oneOf: [{ $ref: "#/components/schemas/Part" }, { $ref: "#/components/schemas/Whole" }] }
        tags: { type: array, items: { type: string }, uniqueItems: true }
    Part: { type: object, properties: { name: { type: string }, number: { type: integer } } }
    Whole: { type: object, required: [sum], properties: { sum: { type: number }, mass: { type: integer } } }
    Draft:
      type: object
      required: [key]
      properties:
        key: { type: [string, "null"] }
        text: { type: string, maxLength: 100 }
        mode: { type: string, enum: [fast, slow] }
        amount: { type: integer, default: 1 }
        price: { type: number }
        free: {}
        mail: { type: string, format: email }
        sorts: { type: array, items: { type: string }, maxItems: 5 }
        either: { oneOf: [{ type: string, pattern: "^a" }, { type: object, properties: { b: { type: string } } }] }
        map: { type: object, additionalProperties: { type: string } }
    Both:
      type: object
      required: [at]
      properties: { at: { type: string }, by: { type: string, maxLength: 7 }, how: { type: string, x-extensible-enum: [cheap, dear] } }
    Loose: { type: object, properties: { a: { type: string } } }
`;

/** Both descriptions of a case, as YAML. */
export function textsOf({ base, edits }: Case): readonly [before: string, after: string] {
  const before = base.reduce(edit, usual);
  return [before, edits.reduce(edit, before)];
}

/** The usual description with the edits of several cases; undefined if they conflict. */
export function editAll(combined: readonly Case[]): string | undefined {
  try {
    const text = combined.flatMap(({ edits }) => edits).reduce(edit, usual);
    parse("description.yaml", text);
    return text;
  } catch {
    return undefined;
  }
}

function edit(text: string, [old, now]: Edit): string {
  const [head, tail, more] = text.split(old);
  if (head === undefined || tail === undefined || more !== undefined) {
    throw new Error(`The edit's text does not occur exactly once: ${old}`);
  }
  return `${head}${now}${tail}`;
}

function row(
  change: string,
  right: Bump,
  edits: Edit | readonly Edit[],
  more: Partial<Case> = {},
): Case {
  return { change, right, edits: isEdit(edits) ? [edits] : edits, base: [], ...more };
}

function isEdit(edits: Edit | readonly Edit[]): edits is Edit {
  return typeof edits[0] === "string";
}

/** The reverse of an edit: its result is the base. */
function reverse(change: string, right: Bump, [text, replacement]: Edit): Case {
  return row(change, right, [replacement, text], { base: [[text, replacement]] });
}

/** Two rows for two notations of a field with both directions. */
function notations(
  forth: string,
  back: string,
  one: string,
  other: string,
  ...base: readonly Edit[]
): Case[] {
  const [more, now] = [`more: ${one}, by: {`, `more: ${other}, by: {`];
  return [
    row(forth, "none", [more, now], { base: [...base, ["by: {", more]] }),
    row(back, "none", [now, more], { base: [...base, ["by: {", now]] }),
  ];
}

const get = "    get:\n";
const ok = "        default:\n          description: What went wrong\n";
const extra = (status: string, content: string): Edit => [
  ok,
  `        "${status}": { description: More, ${content} }\n${ok}`,
];
const thing = 'content: { application/json: { schema: { $ref: "#/components/schemas/Thing" } } }';
const remove: Edit = [
  get,
  `    delete:\n      operationId: deleteThing\n      responses: { "204": { description: Gone } }\n${get}`,
];
const parameter = (text: string): Edit => [
  "        - { in: query, name: sort,",
  `        - { ${text} }\n        - { in: query, name: sort,`,
];
const ids = "name: ids, schema: { type: array, items: { type: integer } } }";
const operation = "      operationId: getThing\n";
const draftField = (key: string, value: string): Edit => [
  "        mode: {",
  `        ${key}: ${value}\n        mode: {`,
];
const draftRule = (text: string): Edit => [
  "    Draft:\n      type: object\n",
  `    Draft:\n      type: object\n      ${text}\n`,
];
const thingField = (key: string, value: string): Edit => [
  "        note: {",
  `        ${key}: ${value}\n        note: {`,
];
const unused = (components: string): Edit => ["components:", `components:\n  ${components}`];
const describedMap = draftField(
  "more",
  "{ type: object, additionalProperties: { type: string, maxLength: 9 } }",
);
const describeField = (schema: string): Edit => [
  "more: { type: object,",
  `more: { type: object, properties: { a: ${schema} },`,
];
const condition =
  "{ type: object, properties: { a: {} }, if: { properties: { a: { type: number } } }, then: { maxProperties: 3 } }";
/** The discriminator comes first, so that `redocly diff` reaches the schemas through it. */
const mapped: Edit = [
  "kind: {",
  'kind: { discriminator: { propertyName: a, mapping: { w: "#/components/schemas/Whole" } },',
];
/** A choice by a discriminator. */
const animals = (mapping: string): string =>
  `{ oneOf: [{ $ref: "#/components/schemas/Cat" }, { $ref: "#/components/schemas/Dog" }], discriminator: { propertyName: sort${mapping} } }`;
const animalSchemas: Edit = [
  "    Loose:",
  "    Cat: { type: object, required: [sort], properties: { sort: { type: string } } }\n    Dog: { type: object, required: [sort, age], properties: { sort: { type: string }, age: { type: integer } } }\n    Loose:",
];
const extensions: readonly Edit[] = [
  thingField("pet", '{ $ref: "#/components/schemas/Pet" }'),
  draftField("pet", '{ $ref: "#/components/schemas/Pet" }'),
  [
    "    Loose:",
    '    Pet: { type: object, required: [sort], properties: { sort: { type: string } }, discriminator: { propertyName: sort } }\n    Cat: { allOf: [{ $ref: "#/components/schemas/Pet" }, { type: object, properties: { age: { type: integer } } }] }\n    Loose:',
  ],
];
const extensionMapping = (value: string): Edit => [
  "{ propertyName: sort }",
  `{ propertyName: sort, mapping: { ${value}: Cat } }`,
];
const callback: Edit = [
  operation,
  `${operation}      callbacks: { done: { "{$request.body#/url}": { post: { requestBody: { content: { application/json: { schema: { type: object, required: [z], properties: { z: { type: string } } } } } }, responses: { "200": { description: Ok, content: { application/json: { schema: { type: object, required: [x], properties: { x: { type: string }, y: { type: string } } } } } } } } } } }\n`,
];
const receive = (event: string): Edit => [
  operation,
  `${operation}      callbacks: { event: { "{$request.body#/url}": { post: ${event} } } }\n`,
];
const done = 'responses: { "200": { description: Ok } } }';
const signed = `{ parameters: [{ in: header, name: X-Signature, required: true, schema: { type: string } }], ${done}`;
const event = `{ requestBody: { required: true, content: { application/json: { schema: { type: object, properties: { kind: { type: string, enum: [a] }, rows: { type: array, items: { type: string } } } } } } }, ${done}`;
const items = "prefixItems: [{ type: string }, { type: integer }] }";
const tuple = `{ type: array, ${items}`;
const closedTuple = `{ type: array, minItems: 2, items: false, ${items}`;
const nullableTuple = `{ type: [array, "null"], ${items}`;
const swap: Edit = [items, "prefixItems: [{ type: integer }, { type: string }] }"];
const lengthen: Edit = [items, `${items.slice(0, -3)}, { type: integer }] }`];
const bound: Edit = [items, items.replace("integer", "integer, exclusiveMinimum: 1")];
const shorten: Edit = [items, "prefixItems: [{ type: string }] }"];
const part =
  "Part: { type: object, properties: { name: { type: string }, number: { type: integer } } }";
const sort = "{ in: query, name: sort, schema: { type: string, enum: [up, down] } }";
const choice =
  "{ anyOf: [{ type: string, maxLength: 3 }, { type: array, items: { type: string } }] }";
const more = 'more: { $ref: "#/components/schemas/Note" }';
const noteSchema: Edit = [
  "    Loose:",
  "    Note: { type: object, properties: { note: { type: string } } }\n    Loose:",
];
const apart =
  "{ oneOf: [{ type: object, required: [a], properties: { a: { type: string } } }, { type: object, required: [b], properties: { b: { type: string } } }] }";
const kinds =
  "{ oneOf: [{ type: object, required: [k], properties: { k: { enum: [one] } } }, { type: object, required: [k], properties: { k: { enum: [two] } } }] }";
const nestedPart: Edit = [
  "    Loose:",
  '    Nest: { allOf: [{ $ref: "#/components/schemas/Part" }, { type: object, properties: { a: { type: string } } }] }\n    Loose:',
];
const nestedReference = '{ $ref: "#/components/schemas/Nest/allOf/1/properties/a" }';

/** Schemas within a request body and a response of one name, and a parameter and a field that refer to them. */
const nestedBodies: readonly Edit[] = [
  [
    "components:",
    "components:\n  requestBodies: { User: { content: { application/json: { schema: { type: string, maxLength: 11 } } } } }\n  responses: { User: { description: U, content: { application/json: { schema: { type: string, maxLength: 22 } } } } }",
  ],
  [
    "name: X-Trace, schema: { type: string, minLength: 5 }",
    'name: X-Trace, schema: { $ref: "#/components/requestBodies/User/content/application~1json/schema" }',
  ],
  thingField("user", '{ $ref: "#/components/responses/User/content/application~1json/schema" }'),
];

// One line per row.
// prettier-ignore
export const cases: Readonly<Record<string, readonly Case[]>> = {
  Responses: [
    row("A field is added", "minor", thingField("more", "{ type: string }")),
    row("A list with `unevaluatedItems` is added, and an input has a list with `items: {}`", "minor", thingField("more", "{ type: array, prefixItems: [{ type: string }], unevaluatedItems: false }"), { base: [["free: {}", "free: { type: array, items: {} }"]] }),
    row("A required field is added", "minor", [thingField("more", "{ type: string }"), ["[id, part]", "[id, part, more]"]]),
    reverse("An optional field is removed", "major", thingField("more", "{ type: string }")),
    row("A required field becomes optional", "major", ["required: [id, part]", "required: [part]"]),
    row("A field becomes nullable", "major", ["id: { type: string,", 'id: { type: [string, "null"],']),
    row("A field becomes nullable, by `nullable` of OpenAPI 3.0", "major", ["s: { type: string, x-extensible-enum: [a] }", "s: { type: string, x-extensible-enum: [a], nullable: true }"], {
      base: [["openapi: 3.1.0", "openapi: 3.0.3"], ['key: { type: [string, "null"] }', "key: { type: string }"], ['{ anyOf: [{ type: string }, { type: "null" }] }', "{ type: string }"], ["note: { type: string }", "note: { type: string }\n        s: { type: string, x-extensible-enum: [a] }"]],
    }),
    row("A field is no longer nullable", "minor", ['{ anyOf: [{ type: string }, { type: "null" }] }', "{ type: string }"]),
    row("An alternative becomes a list of values with a maximum length", "minor", ["more: { anyOf: [{ type: string }", "more: { anyOf: [{ type: string, maxLength: 2, enum: [x, q] }"], { base: [thingField("more", "{ anyOf: [{ type: string }, { type: array, items: { type: string } }] }")] }),
    row("A field with a `$ref` is no longer nullable", "minor", ['{ anyOf: [{ $ref: "#/components/schemas/Part" }, { type: "null" }] }', '{ $ref: "#/components/schemas/Part" }'], { base: [thingField("more", '{ anyOf: [{ $ref: "#/components/schemas/Part" }, { type: "null" }] }')] }),
    row("An optional field becomes required", "minor", ["required: [id, part]", "required: [id, part, note]"]),
    row("The type of a field changes", "major", ["id: { type: string,", "id: { type: integer,"]),
    row("A field may also have another type", "major", ["size: { anyOf: [{ type: string }", "size: { anyOf: [{ type: boolean }, { type: string }"]),
    row("A field loses one of its types", "minor", ["size: { anyOf: [{ type: string }, { type: integer }]", "size: { anyOf: [{ type: string }]"]),
    row("An integer becomes a number", "major", ["number: { type: integer } } }", "number: { type: number } } }"], { why: "Code may rely on whole numbers" }),
    row("A number becomes an integer", "minor", ["sum: { type: number }", "sum: { type: integer }"]),
    row("A field of any type becomes a string", "minor", ["any: {}", "any: { type: string }"]),
    row("A string becomes a field of any type", "major", ["note: { type: string }", "note: {}"]),
    row("A value is added to a list of values", "minor", ["[new, old]", "[new, old, lost]"], { why: "Lists of values in responses are open" }),
    row("A value of another type is added to a list of values", "major", ["state: { enum: [new, old]", "state: { enum: [new, old, 1]"], { base: [["state: { type: string,", "state: {"]] }),
    row("A value is removed from a list of values", "minor", ["[new, old]", "[new]"]),
    row("A list of values becomes open", "minor", ["enum: [new, old]", "x-extensible-enum: [new, old]"], { why: "Lists of values in responses are open" }),
    row("A list of values is removed", "major", ["enum: [new, old]", "minLength: 1"]),
    row("Null is added to a list of values", "major", ["state: { type: string, enum: [new, old] }", 'state: { type: [string, "null"], enum: [new, old, null] }']),
    row("A value of `x-extensible-enum` is added", "minor", ["[new, old]", "[new, old, lost]"], { base: [["enum: [new, old]", "x-extensible-enum: [new, old]"]] }),
    row("A field of a list's items is removed", "major", [", mass: { type: integer }", ""]),
    row("An alternative is added", "major", ["kind: { oneOf: [", 'kind: { oneOf: [{ type: object, required: [z], properties: { z: { type: string } } }, ']),
    reverse("One of three alternatives is removed", "minor", ["kind: { oneOf: [", "kind: { oneOf: [{ type: object, required: [z], properties: { z: { type: string } } }, "]),
    row("One of two alternatives is removed", "minor", ['kind: { oneOf: [{ $ref: "#/components/schemas/Part" }, ', "kind: { oneOf: ["]),
    row("A recursive value becomes nullable", "major", ['J: { anyOf: [{ type: string }, ', 'J: { anyOf: [{ type: "null" }, { type: string }, '], {
      base: [thingField("json", '{ $ref: "#/components/schemas/J" }'), ["    Part: {", '    J: { anyOf: [{ type: string }, { type: object, properties: { j: { $ref: "#/components/schemas/J" } } }] }\n    Part: {']],
    }),
    row("A success status with another body is added", "major", extra("202", "content: { application/json: { schema: { type: object, properties: { wait: { type: integer } } } } }")),
    row("A success status without a body is added, and others have one", "major", extra("204", "x-a: 1")),
    row("A success status with the same body is added", "minor", extra("201", thing)),
    row("A success status without a body is added, which is described with the body of another", "major", extra("205", thing), { why: "No client reads it (RFC 9110 §15.3.6)" }),
    row("The status of a success changes", "major", ['"200":\n          description: A thing', '"201":\n          description: A thing']),
    row("An error status is added", "minor", extra("404", "x-a: 1")),
    row("A redirect status is added", "major", extra("303", "x-a: 1"), { why: "Calls do not follow redirects" }),
    reverse("A status is removed", "major", extra("404", "x-a: 1")),
    row("Another media type is added", "major", ["content: { application/json: { schema: { $ref: \"#/components/schemas/Thing\" } } }", "content: { text/plain: { schema: { type: string } }, application/json: { schema: { $ref: \"#/components/schemas/Thing\" } } }"]),
    row("The media type changes", "major", ["content: { application/json: { schema: { $ref: \"#/components/schemas/Thing\" } } }", "content: { application/hal+json: { schema: { $ref: \"#/components/schemas/Thing\" } } }"]),
    row("The media type of a file changes", "major", ["application/pdf", "image/png"]),
    row("A media type of a file is added", "major", ["{ application/pdf: {", "{ image/png: {}, application/pdf: {"], { why: "Clients accept both" }),
    row("A media type of a text is added", "major", ["{ text/plain: {", "{ text/csv: { schema: { type: string } }, text/plain: {"], { base: [["{ application/pdf: { schema: { type: string, format: binary } }", "{ text/plain: { schema: { type: string } }"]] }),
    row("An operation without a success gets a file", "minor", ['x-a: b', '"200": { description: A file, content: { image/png: { schema: { type: string, format: binary } } } }'], { base: [['"204": { description: Done }', 'x-a: b']] }),
    row("A status has a file of another media type", "major", ['responses: { "200": { description: A file', 'responses: { "201": { description: A file, content: { image/png: { schema: { type: string, format: binary } } } }, "200": { description: A file']),
    row("A status has a file of the same media type", "minor", ['responses: { "200": { description: A file', 'responses: { "201": { description: A file, content: { application/pdf: { schema: { type: string, format: binary } } } }, "200": { description: A file']),
    row("The type of a response of any media type becomes string", "major", ['"*/*": {}', '"*/*": { schema: { type: string } }'], { base: [['application/json: { schema: { $ref: "#/components/schemas/Thing" } }', '"*/*": {}']], why: "Clients no longer parse it" }),
    row("A header is added", "minor", ["headers: {", "headers: { X-Limit: { schema: { type: integer } },"]),
    reverse("A header is removed", "major", ["headers: {", "headers: { X-Limit: { schema: { type: integer } },"]),
    row("A header becomes optional", "major", ["X-Left: { required: true,", "X-Left: {"], { base: [["X-Left: {", "X-Left: { required: true,"]] }),
    row("The type of a header changes", "major", ["X-Left: { schema: { type: integer } }", "X-Left: { schema: { type: string } }"]),
    row("The default of a field changes", "minor", ["count: { type: integer, default: 1 }", "count: { type: integer, default: 2 }"], { why: "Only `required` promises a field" }),
    row("A field becomes base64-encoded", "major", ["note: { type: string }", "note: { type: string, contentEncoding: base64 }"]),
    row("A field becomes writeOnly", "major", ["note: { type: string }", "note: { type: string, writeOnly: true }"]),
    row("A writeOnly field of a map becomes nullable", "major", ["type: string, writeOnly", 'type: [string, "null"], writeOnly'], { base: [thingField("more", "{ type: object, properties: { a: { type: string, writeOnly: true } }, additionalProperties: { type: string } }")] }),
    row("A field is no longer writeOnly", "minor", ["note: { type: string, writeOnly: true }", "note: { type: string }"], { base: [["note: { type: string }", "note: { type: string, writeOnly: true }"]] }),
    row("A field that is only received becomes readOnly", "major", ["note: { type: string }", "note: { type: string, readOnly: true }"], { why: "The exported type marks it" }),
    row("A field that is only received is no longer readOnly", "minor", ["note: { type: string, readOnly: true }", "note: { type: string }"], { base: [["note: { type: string }", "note: { type: string, readOnly: true }"]] }),
    row("The schema of a field that is only received becomes readOnly", "major", [part, part.replace("object,", "object, readOnly: true,")]),
    row("A field that is only received becomes readOnly when its `$ref` is inlined", "major", ['part: { $ref: "#/components/schemas/Part" }', "part: { type: object, properties: { name: { type: string, readOnly: true }, number: { type: integer } } }"]),
    row("A link is added", "minor", ["          headers: {", '          links: { self: { operationId: getThing } }\n          headers: {']),
    row("The values of a map become nullable", "major", ["hash: { type: object, additionalProperties: { type: string } }", 'hash: { type: object, additionalProperties: { type: [string, "null"] } }'], { base: [thingField("hash", "{ type: object, additionalProperties: { type: string } }")] }),
    row("Two items of a tuple are swapped", "major", swap, { base: [thingField("pair", tuple)] }),
    row("Two items of a nullable tuple are swapped, and it is no longer nullable", "major", [swap, ['[array, "null"], prefixItems', "array, prefixItems"]], { base: [thingField("pair", nullableTuple)] }),
    row("An item is added to a tuple that had no others", "major", lengthen, { base: [thingField("pair", closedTuple)], why: "Code may rely on its length" }),
    row("An item of a tuple that may have others is described", "minor", lengthen, { base: [thingField("pair", tuple)] }),
    row("A tuple may have fewer items", "major", ["minItems: 2", "minItems: 1"], { base: [thingField("pair", closedTuple)] }),
    row("A tuple must have more items", "minor", ["minItems: 1", "minItems: 2"], { base: [thingField("pair", closedTuple.replace("2", "1"))] }),
    row("An item is removed from a tuple", "major", shorten, { base: [thingField("pair", tuple)] }),
    row("A media type gets a parameter", "major", ["content: { application/json: { schema: { $ref: \"#/components/schemas/Thing\" } } }", "content: { application/json;charset=utf-8: { schema: { $ref: \"#/components/schemas/Thing\" } } }"]),
    row("The outcome of a final state changes", "major", ["{ b: succeeded }", "{ b: failed }"], { base: [thingField("step", "{ type: string, x-extensible-enum: [a, b], x-final-states: { b: succeeded } }")] }),
    row("A known state becomes final", "major", ["{ b: succeeded }", "{ a: failed, b: succeeded }"], { base: [thingField("step", "{ type: string, x-extensible-enum: [a, b], x-final-states: { b: succeeded } }")], why: "Clients no longer wait for another" }),
    row("A field next to a `$ref` is removed", "major", [", properties: { extra: { type: string } } }", " }"], { base: [['part: { $ref: "#/components/schemas/Part" }', 'part: { $ref: "#/components/schemas/Part", properties: { extra: { type: string } } }']] }),
    row("A field is added next to a `$ref`", "minor", ['part: { $ref: "#/components/schemas/Part" }', 'part: { $ref: "#/components/schemas/Part", properties: { extra: { type: string } } }']),
    row("A field becomes required next to a `$ref`", "minor", ['part: { $ref: "#/components/schemas/Part" }', 'part: { $ref: "#/components/schemas/Part", required: [name] }']),
    row("A list of values next to a `$ref` is removed", "major", [', enum: [a, b]', ""], { base: [thingField("more", '{ $ref: "#/components/schemas/Word", enum: [a, b] }'), ["    Loose:", "    Word: { type: string }\n    Loose:"]] }),
    row("A part with another field is added to an `allOf`", "minor", ['{ allOf: [{ $ref: "#/components/schemas/Part" }] }', '{ allOf: [{ $ref: "#/components/schemas/Part" }, { properties: { extra: { type: string } } }] }'], { base: [['part: { $ref: "#/components/schemas/Part" }', 'part: { allOf: [{ $ref: "#/components/schemas/Part" }] }']] }),
    row("A list of values next to a choice of constraints is removed", "major", ["a: { type: string, enum: [x, y] }", "a: { type: string }"], { base: [thingField("more", "{ type: object, properties: { a: { type: string, enum: [x, y] } }, anyOf: [{ required: [a] }, { required: [b] }] }")] }),
    row("A field becomes writeOnly in one of two parts that have it", "major", ["note: {} } }] }", "note: { writeOnly: true } } }] }"], { base: [thingField("more", '{ allOf: [{ $ref: "#/components/schemas/Note" }, { type: object, properties: { note: {} } }] }'), noteSchema] }),
    row("A field becomes writeOnly in an added part", "major", ["note: { type: string }, z: {} } }", "note: { type: string }, z: {} }, allOf: [{ properties: { note: { writeOnly: true } } }] }"], { base: [thingField("more", "{ type: object, properties: { note: { type: string }, z: {} } }")] }),
    row("An alternative that a discriminator maps to is removed", "minor", [[', { $ref: "#/components/schemas/Dog" }]', "]"], [", d: Dog", ""]], { base: [animalSchemas, thingField("pet", animals(", mapping: { c: Cat, d: Dog }"))] }),
    row("A discriminator no longer maps a value to a schema that is no alternative", "major", [", l: Loose", ""], { base: [animalSchemas, thingField("pet", animals(", mapping: { c: Cat, l: Loose }"))] }),
    row("An alternative that is chosen by its name is removed", "minor", [', { $ref: "#/components/schemas/Dog" }]', "]"], { base: [animalSchemas, thingField("pet", animals(""))] }),
    row("An alternative gets a value other than its name", "major", [animals(""), animals(", mapping: { dog: Dog }")], { base: [animalSchemas, thingField("pet", animals(""))], why: "Code compares the value" }),
    row("A schema that extends another gets a value other than its name", "major", extensionMapping("cat"), { base: extensions }),
    row("A schema that a part of another refers to changes", "major", ["properties: { a: { type: string } } }] }", "properties: { a: { type: integer } } }] }"], { base: [nestedPart, thingField("more", nestedReference)] }),
  ],
  "Constraints of responses": [
    row("The maximum length of a string is raised", "patch", ["maxLength: 40", "maxLength: 50"], { why: "`schema.json` is published" }),
    row("The maximum length of a string is lowered", "patch", ["maxLength: 40", "maxLength: 30"]),
    row("The maximum length of a string is removed", "patch", [", maxLength: 40", ""]),
    row("A format is added", "patch", ["maxLength: 40", "maxLength: 40, format: uuid"]),
    row("A nullable schema begins to require a field next to another", "patch", ["note: { type: string } } }", "note: { type: string } }, dependentRequired: { note: [at] } }"], { base: [noteSchema, thingField("more", '{ anyOf: [{ $ref: "#/components/schemas/Note" }, { type: "null" }] }')] }),
    row("A nullable schema rules out a value", "patch", ["[{ type: string }, { type: \"null\" }] }", "[{ type: string, not: { enum: [x] } }, { type: \"null\" }] }"]),
    row("Constraints are added to an alternative", "patch", ["more: { oneOf: [{ type: string }", "more: { oneOf: [{ type: string, format: date, maxLength: 10 }"], { base: [thingField("more", "{ oneOf: [{ type: string }, { type: array, items: { type: string } }] }")] }),
    row("A pattern is added", "patch", ["maxLength: 40", 'maxLength: 40, pattern: "^a"']),
    row("A bound of a number is added", "patch", ["sum: { type: number }", "sum: { type: number, minimum: 0 }"]),
    row("An item of a tuple gets a bound", "patch", bound, { base: [thingField("more", tuple)] }),
    row("The items of a list need no longer be unique", "patch", [", uniqueItems: true", ""]),
    row("`items: {}` is left out next to `unevaluatedItems: false`", "patch", ["type: array, items: {},", "type: array,"], { base: [thingField("more", "{ type: array, items: {}, unevaluatedItems: false }")] }),
    row("Additional fields are ruled out", "patch", ["Whole: { type: object,", "Whole: { type: object, additionalProperties: false,"]),
    row("A maximum length is added next to a `$ref`", "patch", ['more: { $ref: "#/components/schemas/Word" }', 'more: { $ref: "#/components/schemas/Word", maxLength: 9 }'], { base: [thingField("more", '{ $ref: "#/components/schemas/Word" }'), ["    Loose:", "    Word: { type: string }\n    Loose:"]] }),
    row("A constraint is added next to a recursive `$ref`", "patch", ['inner: { $ref: "#/components/schemas/Whole" }', 'inner: { $ref: "#/components/schemas/Whole", minProperties: 1 }'], { base: [["mass: {", 'inner: { $ref: "#/components/schemas/Whole" }, mass: {']] }),
    row("A format of a field with a percent sign in its name is removed", "patch", ["b: { type: string, format: uuid } } }", "b: { type: string } } }"], { base: [thingField('"50%"', "{ type: object, properties: { b: { type: string, format: uuid } } }"), ["either: { oneOf: [{ type: string, pattern: \"^a\" }, { type: object, properties: { b: { type: string } } }] }", "either: {}"]] }),
    row("A constraint is tightened within a response that a field refers to", "patch", ["maxLength: 22", "maxLength: 20"], { base: nestedBodies }),
    row("A `not` is added", "patch", ["note: { type: string }", "note: { type: string, not: { enum: [a] } }"]),
    row("Names of fields are listed", "patch", ["propertyNames: { pattern: ^a }", "propertyNames: { pattern: ^a, enum: [a] }"], { base: [thingField("more", "{ type: object, propertyNames: { pattern: ^a } }")] }),
    row("A condition is for a narrower type", "patch", ["if: { properties: { a: { type: number", "if: { properties: { a: { type: integer"], { base: [thingField("more", condition)] }),
    row("A condition is for another type", "patch", ["if: { properties: { a: { type: number", "if: { properties: { a: { type: string"], { base: [thingField("more", condition)] }),
    row("A condition requires a field", "patch", ["if: { properties:", "if: { required: [a], properties:"], { base: [thingField("more", condition)] }),
    row("A schema is replaced by a stricter one", "patch", ['text: { $ref: "#/components/schemas/A" }', 'text: { $ref: "#/components/schemas/B" }'], { base: [thingField("text", '{ $ref: "#/components/schemas/A" }'), ["    Loose:", "    A: { type: string, maxLength: 9 }\n    B: { type: string, maxLength: 8 }\n    Loose:"]] }),
  ],
  Inputs: [
    row("An alternative may also have another type", "minor", ["[{ type: string, pattern", "[{ type: [string, boolean], pattern"]),
    row("An optional parameter is added", "minor", parameter("in: query, name: after, schema: { type: string }")),
    row("A required parameter is added", "major", parameter("in: query, name: after, required: true, schema: { type: string }")),
    reverse("A parameter is removed", "major", parameter("in: query, name: after, schema: { type: string }")),
    row("A parameter becomes required", "major", ["name: sort,", "name: sort, required: true,"]),
    row("A parameter becomes optional", "minor", ["name: sort, required: true,", "name: sort,"], { base: [["name: sort,", "name: sort, required: true,"]] }),
    row("A header becomes required", "major", ["name: X-Trace,", "name: X-Trace, required: true,"]),
    row("A parameter is renamed", "major", ["name: sort,", "name: order,"]),
    row("The location of a parameter changes", "major", ["in: query, name: sort", "in: header, name: sort"]),
    row("A header with the name of a query parameter is added after it", "minor", ["name: sort, schema: { type: string, enum: [up, down] } }", "name: sort, schema: { type: string, enum: [up, down] } }\n        - { in: header, name: sort, schema: { type: string } }"]),
    row("A header with the name of a query parameter is added before it", "major", parameter("in: header, name: sort, schema: { type: string }"), { why: "The first has the name in a client" }),
    row("Parameters with the same name are reordered", "major", ["- { in: query, name: twin }\n        - { in: header, name: twin }", "- { in: header, name: twin }\n        - { in: query, name: twin }"], { base: [parameter("in: query, name: twin }\n        - { in: header, name: twin")] }),
    row("Parameters with the same name in a client are reordered", "major", ["- { in: query, name: a, x-client-name: twin }\n        - { in: query, name: b, x-client-name: twin }", "- { in: query, name: b, x-client-name: twin }\n        - { in: query, name: a, x-client-name: twin }"], { base: [parameter("in: query, name: a, x-client-name: twin }\n        - { in: query, name: b, x-client-name: twin")] }),
    row("An alternative loses two constraints", "minor", ["{ type: string, maxLength: 10, format: date }", "{ type: string }"], { base: [draftField("more", "{ oneOf: [{ type: string, maxLength: 10, format: date }, { type: array, items: { type: string } }] }")] }),
    row("A field with a `$ref` becomes nullable", "minor", ['more: { $ref: "#/components/schemas/Note" }', 'more: { anyOf: [{ $ref: "#/components/schemas/Note" }, { type: "null" }] }'], { base: [draftField("more", '{ $ref: "#/components/schemas/Note" }'), noteSchema] }),
    row("A field with a nullable `$ref` may also have another type", "minor", ['more: { anyOf: [{ $ref: "#/components/schemas/Note" }, ', 'more: { anyOf: [{ $ref: "#/components/schemas/Loose" }, { $ref: "#/components/schemas/Note" }, '], { base: [draftField("more", '{ anyOf: [{ $ref: "#/components/schemas/Note" }, { type: "null" }] }'), noteSchema] }),
    row("A field that is an object may also have another type", "minor", ["more: { type: object, properties: { b: { type: string } } }", "more: { anyOf: [{ type: object, properties: { b: { type: string } } }, { type: boolean }] }"], { base: [draftField("more", "{ type: object, properties: { b: { type: string } } }")] }),
    row("A field that is an object may also have another type, and is restricted", "major", ["more: { type: object }", "more: { anyOf: [{ type: object, maxProperties: 9 }, { type: boolean }] }"], { base: [draftField("more", "{ type: object }")] }),
    row("A choice becomes a field of any type", "minor", ["more: { anyOf: [{ type: object }, { type: string, maxLength: 3 }] }", "more: {}"], { base: [draftField("more", "{ anyOf: [{ type: object }, { type: string, maxLength: 3 }] }")] }),
    row("One of two alternatives is left, which is restricted", "major", ["more: { anyOf: [{ type: object }, { type: boolean, x-a: 1 }] }", "more: { type: object, maxProperties: 9 }"], { base: [draftField("more", "{ anyOf: [{ type: object }, { type: boolean, x-a: 1 }] }")] }),
    row("A value may match a second alternative, which is added to a schema that had none", "major", ["more: { type: object, required: [a] }", "more: { oneOf: [{ type: object, required: [a] }, { type: object, required: [b] }] }"], { base: [draftField("more", "{ type: object, required: [a] }")] }),
    row("An alternative gets a value other than its name", "major", [animals(""), animals(", mapping: { dog: Dog }")], { base: [animalSchemas, draftField("pet", animals(""))] }),
    row("The type of a parameter changes", "major", ["items: { type: integer }", "items: { type: string }"]),
    row("An optional body is added", "minor", [operation, `${operation}      requestBody: { content: { application/json: { schema: { type: object } } } }\n`], { base: [[get, "    post:\n"]] }),
    row("A required body is added", "major", [operation, `${operation}      requestBody: { required: true, content: { application/json: { schema: { type: object } } } }\n`], { base: [[get, "    post:\n"]] }),
    row("A body becomes required", "major", ["requestBody: { content:", "requestBody: { required: true, content:"]),
    row("A body becomes optional", "minor", ["requestBody: { required: true, content:", "requestBody: { content:"]),
    row("A body is removed", "major", ['      requestBody: { content: { application/json: { schema: { $ref: "#/components/schemas/Draft" } } } }\n', ""]),
    row("A media type of a body is added", "minor", ["requestBody: { content: {", "requestBody: { content: { application/x-www-form-urlencoded: { schema: { type: object } },"]),
    row("A media type of a body changes", "major", ["requestBody: { content: { application/json", "requestBody: { content: { application/merge-patch+json"]),
    row("A JSON media type of a body is added before the first", "major", ["requestBody: { content: {", "requestBody: { content: { application/merge-patch+json: { schema: { type: object } },"], { why: "Clients send the first" }),
    row("A JSON media type of a body is added at the end", "minor", ['content: { application/json: { schema: { $ref: "#/components/schemas/Draft" } }', 'content: { application/json: { schema: { $ref: "#/components/schemas/Draft" } }, application/merge-patch+json: { schema: { type: object } }']),
    row("JSON media types of a body are reordered", "major", ["content: { application/json: { schema: { type: object } }, application/merge-patch+json: { schema: { type: object } } }", "content: { application/merge-patch+json: { schema: { type: object } }, application/json: { schema: { type: object } } }"], { base: [['content: { application/json: { schema: { $ref: "#/components/schemas/Draft" } } }', "content: { application/json: { schema: { type: object } }, application/merge-patch+json: { schema: { type: object } } }"]] }),
    row("A field of a body becomes required", "major", ["required: [key]", "required: [key, text]"]),
    row("A field of a body becomes optional", "minor", ["      required: [key]\n", ""]),
    row("An optional field of a body is added", "minor", draftField("more", "{ type: string }")),
    row("A required field of a body is added", "major", [draftField("more", "{ type: string }"), ["required: [key]", "required: [key, more]"]]),
    reverse("An optional field of a body is removed", "major", draftField("more", "{ type: string }")),
    row("A field of a body is no longer nullable", "major", ['key: { type: [string, "null"] }', "key: { type: string }"]),
    row("A field of a body becomes nullable", "minor", ["price: { type: number }", 'price: { type: [number, "null"] }']),
    row("The type of a field of a body changes", "major", ["price: { type: number }", "price: { type: string }"]),
    row("A field of a body may also have another type", "minor", ["price: { type: number }", "price: { type: [number, string] }"]),
    row("A header may also have another type", "minor", ["schema: { type: string, minLength: 5 }", "schema: { type: [string, integer], minLength: 5 }"]),
    row("A number becomes an integer", "major", ["price: { type: number }", "price: { type: integer }"]),
    row("An integer becomes a number", "minor", ["amount: { type: integer,", "amount: { type: number,"]),
    row("A field of any type becomes a string", "major", ["free: {}", "free: { type: string }"]),
    row("A string becomes a field of any type", "minor", ["price: { type: number }", "price: {}"]),
    row("A value is added to a list of values", "minor", ["[fast, slow]", "[fast, slow, safe]"]),
    row("A value is removed from a list of values", "major", ["[up, down]", "[up]"]),
    row("A list of values is added", "major", ["price: { type: number }", "price: { type: number, enum: [1, 2] }"]),
    row("A value of another type is added to a list of values", "minor", ["mode: { enum: [fast, slow]", "mode: { enum: [fast, slow, 1]"], { base: [["mode: { type: string,", "mode: {"]] }),
    row("A list of values is removed", "minor", [", enum: [fast, slow]", ""]),
    row("A value of `x-extensible-enum` is removed", "major", ["[cheap, dear]", "[cheap]"]),
    row("An alternative is removed", "major", ['{ type: string, pattern: "^a" }, ', ""]),
    row("A field becomes required next to a `$ref`", "major", ['more: { $ref: "#/components/schemas/Loose" }', 'more: { $ref: "#/components/schemas/Loose", required: [a] }'], { base: [draftField("more", '{ $ref: "#/components/schemas/Loose" }')] }),
    row("A field next to a `$ref` is removed", "major", [", properties: { extra: { type: string } } }", " }"], { base: [draftField("more", '{ $ref: "#/components/schemas/Loose", properties: { extra: { type: string } } }')] }),
    row("The type next to a `$ref` changes", "major", [", type: string }", ", type: integer }"], { base: [draftField("more", '{ $ref: "#/components/schemas/Any", type: string }'), ["    Loose:", "    Any: {}\n    Loose:"]] }),
    row("A field next to a choice of constraints is removed", "major", [", b: { type: integer } }, anyOf", " }, anyOf"], { base: [draftField("more", "{ type: object, properties: { a: { type: string }, b: { type: integer } }, anyOf: [{ required: [a] }, { required: [b] }] }")] }),
    row("A field of a parameter that is sent as JSON is removed", "major", ["a: { type: string }, b: { type: integer }", "a: { type: string }"], { base: [parameter("in: query, name: where, content: { application/json: { schema: { type: object, properties: { a: { type: string }, b: { type: integer } } } } }")] }),
    row("A field with a percent sign in its name becomes required", "major", ["{ more: {}, q: {} }", "{ more: {}, q: {} }, required: [q]"], { base: [draftField('"50%"', "{ type: object, properties: { more: {}, q: {} } }")] }),
    row("An alternative is added", "minor", ["either: { oneOf: [", "either: { oneOf: [{ type: boolean }, "]),
    row("The type of a map's values changes", "major", ["additionalProperties: { type: string }", "additionalProperties: { type: integer }"]),
    row("Two items of a tuple are swapped", "major", swap, { base: [draftField("pair", tuple)] }),
    row("Two items of a tuple are swapped, and it becomes nullable", "major", [swap, ["array, prefixItems", '[array, "null"], prefixItems']], { base: [draftField("pair", tuple)] }),
    row("An item is added to a tuple", "major", lengthen, { base: [draftField("pair", tuple)] }),
    row("An item is removed from a tuple", "major", shorten, { base: [draftField("pair", tuple)] }),
    row("A tuple may have fewer items", "minor", ["minItems: 2", "minItems: 1"], { base: [draftField("pair", closedTuple)] }),
    row("A tuple must have more items", "major", ["minItems: 1", "minItems: 2"], { base: [draftField("pair", closedTuple.replace("2", "1"))] }),
    row("The default of a parameter changes", "major", ["default: 10", "default: 20"]),
    row("A default of a parameter is added", "minor", ["name: sort, schema: { type: string,", "name: sort, schema: { type: string, default: up,"]),
    row("The default of a parameter is removed", "major", [", default: 10", ""]),
    row("The default of a field of a body changes", "major", ["amount: { type: integer, default: 1 }", "amount: { type: integer, default: 2 }"], { why: "It changes what the server does" }),
    row("The default of an object in a body changes", "major", ["default: { a: 1 }", "default: { a: 2 }"], { base: [draftField("more", "{ type: object, default: { a: 1 } }")] }),
    row("The fields of an object's default are reordered", "patch", ["default: { a: 1, b: { c: 1, d: 2 } }", "default: { b: { d: 2, c: 1 }, a: 1 }"], { base: [draftField("more", "{ type: object, default: { a: 1, b: { c: 1, d: 2 } } }")], why: "Editors show the default" }),
    row("The default of a list of objects in a body is removed", "major", [", default: [{ a: 1 }]", ""], { base: [draftField("more", "{ type: array, items: { type: object }, default: [{ a: 1 }] }")] }),
    row("A parameter becomes an option of the client", "minor", ["name: sort,", "name: sort, x-client-option: true,"]),
    row("A parameter with a default becomes an option of the client", "major", ["name: limit,", "name: limit, x-client-option: true,"], { why: "Clients send the default" }),
    row("A default of an option of the client is added", "major", ["x-client-option: true, schema: { type: string,", "x-client-option: true, schema: { type: string, default: up,"], { base: [["name: sort,", "name: sort, x-client-option: true,"]], why: "Clients send the default" }),
    row("A new option of the client is added", "minor", parameter("in: query, name: after, x-client-option: true, schema: { type: string }")),
    row("An option of the client is added to another operation", "major", ["        - { in: header, name: X-Trace,", `        - ${sort.replace("sort,", "sort, x-client-option: true,")}\n        - { in: header, name: X-Trace,`], { base: [["name: sort,", "name: sort, x-client-option: true,"]], why: "Clients send it if it is set" }),
    row("A parameter is no longer an option of the client", "major", ["name: sort, x-client-option: true,", "name: sort,"], { base: [["name: sort,", "name: sort, x-client-option: true,"]] }),
    row("A field becomes readOnly", "major", ["by: { type: string,", "by: { type: string, readOnly: true,"]),
    row("A field that is only sent becomes writeOnly", "major", ["price: { type: number }", "price: { type: number, writeOnly: true }"], { why: "The exported type marks it" }),
    row("A field that is only sent is no longer writeOnly", "minor", ["price: { type: number, writeOnly: true }", "price: { type: number }"], { base: [["price: { type: number }", "price: { type: number, writeOnly: true }"]] }),
    row("A field by which a discriminator chooses becomes readOnly", "major", ["{ sort: { type: string }, age:", "{ sort: { type: string, readOnly: true }, age:"], { base: [animalSchemas, draftField("pet", animals(""))] }),
    row("A field is no longer readOnly", "minor", ["by: { type: string, readOnly: true,", "by: { type: string,"], { base: [["by: { type: string,", "by: { type: string, readOnly: true,"]] }),
    row("A field is no longer readOnly in an object whose fields are all readOnly", "minor", ["{ a: { readOnly: true },", "{ a: {},"], { base: [draftField("more", "{ type: object, properties: { a: { readOnly: true }, b: { readOnly: true } } }")] }),
    row("The last field becomes readOnly", "major", ["{ a: {},", "{ a: { readOnly: true },"], { base: [draftField("more", "{ type: object, properties: { a: {}, b: { readOnly: true } } }")] }),
    row("A readOnly field of a map is no longer nullable", "major", ['type: [string, "null"], readOnly', "type: string, readOnly"], { base: [draftField("more", '{ type: object, properties: { a: { type: [string, "null"], readOnly: true } }, additionalProperties: { type: string } }')], why: "Others have its type, too" }),
    row("A readOnly field of a map by patterns is no longer nullable", "major", ['type: [string, "null"], readOnly', "type: string, readOnly"], { base: [draftField("more", '{ type: object, properties: { a: { type: [string, "null"], readOnly: true } }, patternProperties: { ^x: { type: string } } }')] }),
    row("An optional field used in both directions is added", "minor", ["by: { type: string,", "to: { type: string }, by: { type: string,"]),
    row("A required field used in both directions is added", "major", [["by: { type: string,", "to: { type: string }, by: { type: string,"], ["required: [at]", "required: [at, to]"]]),
    row("A field used in both directions becomes optional", "major", ["required: [at]", "required: []"]),
    row("A required readOnly field used in both directions is added", "minor", [["by: { type: string,", "to: { type: string, readOnly: true }, by: { type: string,"], ["required: [at]", "required: [at, to]"]]),
    row("A field becomes readOnly in one of two parts that have it", "major", ["note: {} } }] }", "note: { readOnly: true } } }] }"], { base: [draftField("more", '{ allOf: [{ $ref: "#/components/schemas/Note" }, { type: object, properties: { note: {} } }] }'), noteSchema] }),
    row("A field becomes readOnly next to the `$ref` that has it", "major", [more, `${more.slice(0, -2)}, properties: { note: { readOnly: true } } }`], { base: [draftField("more", more.slice(6)), noteSchema] }),
  ],
  "Constraints of inputs": [
    row("The maximum length of a string is lowered", "major", ["maxLength: 100", "maxLength: 50"]),
    row("The maximum length of a string is raised", "minor", ["maxLength: 100", "maxLength: 200"]),
    row("The maximum length of a string is removed", "minor", [", maxLength: 100", ""]),
    row("A maximum length of a string is added", "major", ["name: sort, schema: { type: string,", "name: sort, schema: { type: string, maxLength: 2,"]),
    row("The minimum length of a header is raised", "major", ["minLength: 5", "minLength: 6"]),
    row("The minimum length of a header is lowered", "minor", ["minLength: 5", "minLength: 4"]),
    row("The minimum of a number is raised", "major", ["minimum: 1,", "minimum: 2,"]),
    row("The minimum of a number is lowered", "minor", ["minimum: 1,", "minimum: 0,"]),
    row("A minimum becomes exclusive", "major", ["minimum: 1,", "exclusiveMinimum: 1,"]),
    row("The maximum of a number is lowered", "major", ["maximum: 9", "maximum: 8"]),
    row("The maximum of a number is raised", "minor", ["maximum: 9", "maximum: 10"]),
    row("A constraint is tightened within a request body that a parameter refers to", "major", ["maxLength: 11", "maxLength: 5"], { base: nestedBodies }),
    row("`multipleOf` is added", "major", ["price: { type: number }", "price: { type: number, multipleOf: 5 }"]),
    row("`multipleOf` is removed", "minor", [", multipleOf: 2", ""]),
    row("A pattern is added", "major", ["text: { type: string,", 'text: { type: string, pattern: "^a",']),
    row("A pattern changes", "major", ['pattern: "^a"', 'pattern: "^b"']),
    row("A pattern is removed", "minor", [', pattern: "^a"', ""]),
    row("A format is added", "major", ["text: { type: string,", "text: { type: string, format: uri,"]),
    row("A format is removed", "minor", [", format: email", ""]),
    row("The maximum length of a list is lowered", "major", ["maxItems: 5", "maxItems: 4"]),
    row("A format of a field with a percent sign in its name is removed", "minor", [", format: uuid", ""], { base: [draftField('"50%"', "{ type: string, format: uuid }")] }),
    row("A minimum is added next to a `$ref`", "major", ['more: { $ref: "#/components/schemas/Number" }', 'more: { $ref: "#/components/schemas/Number", minimum: 1 }'], { base: [draftField("more", '{ $ref: "#/components/schemas/Number" }'), ["    Loose:", "    Number: { type: number }\n    Loose:"]] }),
    row("The minimum next to a `$ref` is raised", "major", [", exclusiveMinimum: 1", ", exclusiveMinimum: 2"], { base: [draftField("more", '{ $ref: "#/components/schemas/Number", exclusiveMinimum: 1 }'), ["    Loose:", "    Number: { type: number }\n    Loose:"]] }),
    row("The minimum next to a `$ref` is lowered", "minor", [", exclusiveMinimum: 1", ", exclusiveMinimum: 0"], { base: [draftField("more", '{ $ref: "#/components/schemas/Number", exclusiveMinimum: 1 }'), ["    Loose:", "    Number: { type: number }\n    Loose:"]] }),
    row("The maximum length of a list is raised", "minor", ["maxItems: 5", "maxItems: 6"]),
    row("The items of a list have to be unique", "major", ["maxItems: 5", "maxItems: 5, uniqueItems: true"]),
    row("Additional fields are refused", "major", draftRule("additionalProperties: false")),
    row("A field of a map is described with another type", "major", describeField("{ type: integer }"), { base: [describedMap], why: "It had the type of the map's values" }),
    row("A field of a map is described more strictly", "major", describeField("{ type: string, maxLength: 8 }"), { base: [describedMap] }),
    row("A field of a map is described like the others", "minor", describeField("{ type: string, maxLength: 9 }"), { base: [describedMap] }),
    row("A field of a map is described less strictly", "minor", describeField("{}"), { base: [describedMap] }),
    row("A field of a map by patterns is described with another type", "major", ["more: { type: object,", "more: { type: object, properties: { xa: { type: integer } },"], { base: [draftField("more", "{ type: object, patternProperties: { ^x: { type: string } } }")] }),
    row("A tuple becomes an object", "major", ["type: array, prefixItems: [{ type: string }]", "type: object, properties: { a: { type: string } }"], { base: [draftField("more", "{ type: array, prefixItems: [{ type: string }] }")] }),
    row("A field is described next to a pattern that does not compile", "major", ["more: { type: object,", "more: { type: object, properties: { a: { type: integer } },"], { base: [draftField("more", "{ type: object, patternProperties: { \\-: { type: string } } }")], why: "It may match any name" }),
    row("A field is added to a closed object", "minor", ["{ a: {} }", "{ a: {}, b: { type: string } }"], { base: [draftField("more", "{ type: object, properties: { a: {} }, additionalProperties: false }")] }),
    row("The maximum length of a field used in both directions is lowered", "major", ["maxLength: 7", "maxLength: 6"]),
    row("The maximum length of a field used in both directions is raised", "minor", ["maxLength: 7", "maxLength: 8"]),
    row("A readOnly field of a map becomes stricter", "none", ["type: string, readOnly", "type: string, maxLength: 9, readOnly"], { base: [draftField("more", "{ type: object, properties: { a: { type: string, readOnly: true } }, additionalProperties: { type: string } }")] }),
    row("A reference leads into a readOnly field, which becomes stricter", "major", ["items: { type: string } }", "items: { type: string, minLength: 3 } }"], { base: [["    Loose:", "    Lists: { type: object, properties: { list: { type: array, readOnly: true, items: { type: string } } } }\n    Loose:"], draftField("more", '{ $ref: "#/components/schemas/Lists/properties/list/items" }')] }),
    row("A field requires another field", "major", draftRule("dependentRequired: { text: [mail] }")),
    row("A schema is replaced by a stricter one", "major", ['more: { $ref: "#/components/schemas/A" }', 'more: { $ref: "#/components/schemas/B" }'], { base: [draftField("more", '{ $ref: "#/components/schemas/A" }'), ["    Loose:", "    A: { type: string, maxLength: 9 }\n    B: { type: string, maxLength: 8 }\n    Loose:"]] }),
    row("A part of an `allOf` becomes stricter", "major", ["{ maxLength: 9 }", "{ maxLength: 8 }"], { base: [draftField("more", '{ allOf: [{ $ref: "#/components/schemas/Loose" }, { maxLength: 9 }] }')] }),
    row("A schema gets an anchor", "patch", ["mode: {", "mode: { $anchor: mode,"]),
    row("Fields whose names match a pattern get a type", "major", ["map: { type: object,", 'map: { type: object, patternProperties: { "^x": { type: integer } },']),
    row("Field names have to match a pattern", "major", ["map: { type: object,", 'map: { type: object, propertyNames: { pattern: "^a" },']),
    row("A `not` is added", "major", ["price: { type: number }", "price: { type: number, not: { enum: [0] } }"]),
    row("A condition is added", "major", draftRule("if: { required: [text] }\n      then: { required: [mail] }")),
    row("A `not` is removed", "minor", [", not: { enum: [a] }", ""], { base: [draftField("more", "{ type: string, not: { enum: [a] } }")] }),
    row("A `not` rules out another value", "major", ["not: { enum: [a] }", "not: { enum: [a, b] }"], { base: [draftField("more", "{ type: string, not: { enum: [a] } }")] }),
    row("A `not` rules out another object", "major", ["not: { enum: [{ a: 1 }] }", "not: { enum: [{ a: 1 }, { a: 2 }] }"], { base: [draftField("more", "{ type: object, not: { enum: [{ a: 1 }] } }")] }),
    row("A `not` rules out an object instead of another", "major", ["not: { const: { a: 1 } }", "not: { const: { a: 2 } }"], { base: [draftField("more", "{ type: object, not: { const: { a: 1 } } }")] }),
    row("The fields of an object that a `not` rules out are reordered", "none", ["not: { const: { a: 1, b: 2 } }", "not: { const: { b: 2, a: 1 } }"], { base: [draftField("more", "{ type: object, not: { const: { a: 1, b: 2 } } }")] }),
    row("A `not` rules out shorter strings", "major", ["not: { minLength: 9 }", "not: { minLength: 8 }"], { base: [draftField("more", "{ type: string, not: { minLength: 9 } }")] }),
    row("A `not` loses its pattern", "major", ["not: { type: string, pattern: a }", "not: { type: string }"], { base: [draftField("more", "{ not: { type: string, pattern: a } }")] }),
    row("A `not` requires one field fewer", "major", ["not: { required: [a, b] }", "not: { required: [a] }"], { base: [draftField("more", "{ type: object, not: { required: [a, b] } }")] }),
    row("A `not` and a field share a schema, which accepts another value", "major", ["Shared: { enum: [a] }", "Shared: { enum: [a, b] }"], { base: [draftField("another", '{ $ref: "#/components/schemas/Shared" }'), draftField("more", '{ not: { $ref: "#/components/schemas/Shared" } }'), ["    Loose:", "    Shared: { enum: [a] }\n    Loose:"]] }),
    row("A condition is removed", "minor", ["      if: { required: [text] }\n", ""], { base: [draftRule("if: { required: [text] }\n      then: { required: [mail] }")] }),
    row("A condition applies to another value", "major", ["enum: [a] }", "enum: [a, b] }"], { base: [draftRule("if: { properties: { text: { enum: [a] } } }\n      then: { required: [mail] }")] }),
    row("A condition requires one field fewer", "major", ["if: { required: [text, free] }", "if: { required: [text] }"], { base: [draftRule("if: { required: [text, free] }\n      then: { required: [mail] }")] }),
    row("A condition gets its `if`", "major", draftRule("if: { required: [text] }"), { base: [draftRule("then: { required: [mail] }")] }),
    row("The consequence of a condition restricts a field", "major", ["then: { required: [mail] }", "then: { required: [mail], properties: { mail: { maxLength: 9 } } }"], { base: [draftRule("if: { required: [text] }\n      then: { required: [mail] }")] }),
    row("The consequence of a condition gets alternatives", "major", ["then: { required: [mail] }", "then: { required: [mail], anyOf: [{ required: [free] }, { required: [price] }] }"], { base: [draftRule("if: { required: [text] }\n      then: { required: [mail] }")] }),
    row("An alternative is added to the consequence of a condition", "minor", ["{ required: [free] }]", "{ required: [free] }, { required: [price] }]"], { base: [draftRule("if: { required: [text] }\n      then: { anyOf: [{ required: [mail] }, { required: [free] }] }")] }),
    row("The consequence of a condition describes another optional field", "minor", ["mail: { type: string } } }", "mail: { type: string }, more: { type: string } } }"], { base: [draftRule("if: { required: [text] }\n      then: { properties: { mail: { type: string } } }")], overrated: "major", why: "The same field may be described less strictly elsewhere" }),
    row("A field requires one more field", "major", ["{ text: [mail] }", "{ text: [mail, free] }"], { base: [draftRule("dependentRequired: { text: [mail] }")] }),
    row("A field requires one field fewer", "minor", ["{ text: [mail, free] }", "{ text: [mail] }"], { base: [draftRule("dependentRequired: { text: [mail, free] }")] }),
    row("The fields that a field requires are reordered", "none", ["{ text: [mail, free] }", "{ text: [free, mail] }"], { base: [draftRule("dependentRequired: { text: [mail, free] }")] }),
    row("One more field requires another", "major", ["{ text: [mail] }", "{ text: [mail], free: [mail] }"], { base: [draftRule("dependentRequired: { text: [mail] }")] }),
    row("A field named `deprecated` requires one more field", "major", ["{ deprecated: [mail] }", "{ deprecated: [mail, free] }"], { base: [draftRule("dependentRequired: { deprecated: [mail] }")] }),
    row("A field imposes a schema", "major", ["{ text: { required: [mail] } }", "{ text: { required: [mail] }, free: { required: [mail] } }"], { base: [draftRule("dependentSchemas: { text: { required: [mail] } }")] }),
    row("A field no longer imposes a schema", "minor", ["{ text: { required: [mail] }, free: { required: [mail] } }", "{ text: { required: [mail] } }"], { base: [draftRule("dependentSchemas: { text: { required: [mail] }, free: { required: [mail] } }")] }),
    row("`minContains` is raised", "major", ["minContains: 2", "minContains: 3"], { base: [draftField("more", "{ type: array, contains: { type: string }, minContains: 2 }")] }),
    row("`minContains` is lowered", "minor", ["minContains: 3", "minContains: 2"], { base: [draftField("more", "{ type: array, contains: { type: string }, minContains: 3 }")] }),
    row("`minContains` of 0 is removed", "major", [", minContains: 0", ""], { base: [draftField("more", "{ type: array, contains: { type: string }, minContains: 0 }")], why: "The default is 1" }),
    row("`maxContains` is added", "major", ["contains: { type: string }", "contains: { type: string }, maxContains: 2"], { base: [draftField("more", "{ type: array, contains: { type: string } }")] }),
    row("`maxContains` is lowered", "major", ["maxContains: 3", "maxContains: 2"], { base: [draftField("more", "{ type: array, contains: { type: string }, maxContains: 3 }")] }),
    row("`maxContains` is raised", "minor", ["maxContains: 2", "maxContains: 3"], { base: [draftField("more", "{ type: array, contains: { type: string }, maxContains: 2 }")] }),
    row("A limited `contains` counts another value", "major", ["contains: { enum: [a] }", "contains: { enum: [a, b] }"], { base: [draftField("more", "{ type: array, contains: { enum: [a] }, maxContains: 2 }")] }),
    row("A pattern of field names changes", "major", ["{ ^x: { type: string } }", "{ ^x-: { type: string } }"], { base: [draftField("more", "{ type: object, additionalProperties: false, patternProperties: { ^x: { type: string } } }")] }),
    row("A pattern of field names is removed", "major", [", ^y: { type: string }", ""], { base: [draftField("more", "{ type: object, additionalProperties: false, patternProperties: { ^x: { type: string }, ^y: { type: string } } }")] }),
    row("A value that is a list changes", "major", ["const: [1]", "const: [1, 2]"], { base: [draftField("more", "{ const: [1] }")] }),
    row("A value that is a list changes in the consequence of a condition", "major", ["const: [1]", "const: [1, 2]"], { base: [draftRule("if: { required: [text] }\n      then: { properties: { free: { const: [1] } } }")] }),
    row("A value that is an object changes in the schema that a field imposes", "major", ["enum: [{ a: 1 }]", "enum: [{ a: 2 }]"], { base: [draftRule("dependentSchemas: { text: { properties: { free: { enum: [{ a: 1 }] } } } }")] }),
    row("An object is added to the values in the consequence of a condition", "minor", ["enum: [{ a: 1 }]", "enum: [{ a: 1 }, { a: 2 }]"], { base: [draftRule("if: { required: [text] }\n      then: { properties: { free: { enum: [{ a: 1 }] } } }")] }),
    row("The fields of a value that is an object are reordered", "none", ["{ a: 1, b: 2 }", "{ b: 2, a: 1 }"], { base: [draftField("more", "{ enum: [{ a: 1, b: 2 }] }")] }),
    row("The consequence of a condition rules out a field", "major", ["{ free: {} }", "{ free: false }"], { base: [draftRule("if: { required: [text] }\n      then: { properties: { free: {} } }")] }),
    row("A schema becomes `false`", "major", ["schema: {} }, text/plain", "schema: false }, text/plain"], { base: [["requestBody: { content: {", "requestBody: { content: { application/xml: { schema: {} }, text/plain: {},"]] }),
    row("The consequence of a condition no longer rules out a field", "minor", ["{ free: false }", "{ free: {} }"], { base: [draftRule("if: { required: [text] }\n      then: { properties: { free: false } }")] }),
    row("Two items of a tuple are swapped in a `not`", "major", swap, { base: [draftField("more", `{ not: ${tuple} }`)] }),
    row("Two items of a tuple are swapped in the consequence of a condition", "major", swap, { base: [draftRule(`if: { required: [text] }\n      then: { properties: { free: ${tuple} } }`)] }),
    row("An item of a tuple gets a bound", "major", bound, { base: [draftField("more", tuple)] }),
    row("An item of a tuple gets a `not`", "major", [items, items.replace("integer", "integer, not: { enum: [1, 2, 3] }")], { base: [draftField("more", tuple)] }),
    row("An item of a tuple loses its bound", "minor", [bound[1], bound[0]], { base: [draftField("more", tuple), bound] }),
    row("The alternatives of a `oneOf` begin to overlap", "major", ["{ type: number }]", '{ type: [number, "null"] }]'], { base: [draftField("more", '{ oneOf: [{ type: [string, "null"] }, { type: number }] }')], why: "A value that matches both is refused" }),
    row("An alternative that a value of another may match is added to a `oneOf`", "major", [apart, `${apart.slice(0, -3)}, { type: object, properties: { c: { type: string } } }] }`], { base: [draftField("more", apart)] }),
    row("An alternative of a `oneOf` no longer requires the field that distinguishes it", "major", ["{ type: object, required: [b],", "{ type: object,"], { base: [draftField("more", apart)] }),
    row("A schema in a `oneOf` no longer requires the field that distinguishes it", "major", ["Note: { type: object, required: [note],", "Note: { type: object,"], { base: [draftField("more", '{ oneOf: [{ type: object, required: [a], properties: { a: { type: string } } }, { $ref: "#/components/schemas/Note" }] }'), noteSchema, ["Note: { type: object,", "Note: { type: object, required: [note],"]] }),
    row("A nullable schema no longer rules out a value", "minor", [", not: { enum: [x] }", ""], { base: [draftField("more", '{ anyOf: [{ type: string, not: { enum: [x] } }, { type: "null" }] }')] }),
    row("An alternative of a `oneOf` loses the `not` that distinguishes it, and the order changes", "major", ["{ type: object, required: [a], not: { required: [b] } }, { type: object, required: [b] }", "{ type: object, required: [b] }, { type: object, required: [a] }"], { base: [draftField("more", "{ oneOf: [{ type: object, required: [a], not: { required: [b] } }, { type: object, required: [b] }] }")] }),
    row("An alternative of a `oneOf` loses the `not` that distinguishes it", "major", [", not: { required: [b] }", ""], { base: [draftField("more", "{ oneOf: [{ type: object, required: [a], not: { required: [b] } }, { type: object, required: [b] }] }")] }),
    row("An alternative of a `oneOf` accepts another value of the field that distinguishes it", "minor", ["enum: [one]", "enum: [one, three]"], { base: [draftField("more", kinds)] }),
    row("An alternative of a `oneOf` accepts the value that distinguishes another", "major", ["enum: [one]", "enum: [one, two]"], { base: [draftField("more", kinds)] }),
    row("An alternative that another value of a field distinguishes is added to a `oneOf`", "minor", [kinds, `${kinds.slice(0, -3)}, { type: object, required: [k], properties: { k: { enum: [three] } } }] }`], { base: [draftField("more", kinds)] }),
    row("A field is added to an alternative of a `oneOf`", "minor", ["{ a: {} }", "{ a: {}, z: {} }"], { base: [draftField("more", "{ oneOf: [{ type: object, required: [a], properties: { a: {} } }, { type: object, required: [b], properties: { b: {} } }] }")] }),
    row("A field is added to an alternative of a `oneOf` that refuses other fields", "major", ["{ a: {} }", "{ a: {}, b: {} }"], { base: [draftField("more", "{ oneOf: [{ type: object, required: [a], properties: { a: {} }, additionalProperties: false }, { type: object, required: [b], properties: { b: {} } }] }")] }),
    row("An alternative that refuses what the others require is added to a `oneOf`", "minor", ["additionalProperties: false }] }", "additionalProperties: false }, { type: object, required: [c], properties: { c: {} }, additionalProperties: false }] }"], { base: [draftField("more", "{ oneOf: [{ type: object, required: [a], properties: { a: {} }, additionalProperties: false }] }"), ["additionalProperties: false }] }", "additionalProperties: false }, { type: object, required: [b], properties: { b: {} }, additionalProperties: false }] }"]] }),
    row("An alternative is added to a `oneOf` with a discriminator", "minor", ['{ oneOf: [{ $ref: "#/components/schemas/Loose" }, ', '{ oneOf: [{ $ref: "#/components/schemas/Note" }, { $ref: "#/components/schemas/Loose" }, '], { base: [draftField("more", '{ oneOf: [{ $ref: "#/components/schemas/Loose" }, { $ref: "#/components/schemas/Whole" }], discriminator: { propertyName: a } }'), noteSchema] }),
    row("The maximum length of a string in one of two alternatives of different types is raised", "minor", ["maxLength: 2 }, { type: boolean", "maxLength: 3 }, { type: boolean"], { base: [draftField("more", "{ oneOf: [{ type: string, maxLength: 2 }, { type: boolean }] }")] }),
  ],
  Serialization: [
    row("`explode` changes", "major", [ids, `${ids.slice(0, -2)}, explode: false }`]),
    row("`style` changes", "major", [ids, `${ids.slice(0, -2)}, style: pipeDelimited }`]),
    row("`style` of an object changes", "major", ["style: deepObject", "style: form"]),
    row("`allowReserved` is added", "major", ["name: sort,", "name: sort, allowReserved: true,"]),
    row("A parameter is serialized as JSON", "major", ["style: deepObject, schema: { type: object, properties: { a: { type: string } } }", "content: { application/json: { schema: { type: object, properties: { a: { type: string } } } } }"]),
    row("The style of a path parameter changes", "major", ["name: id, required: true,", "name: id, required: true, style: label,"]),
    row("The media type of a part of a form changes", "major", ["contentType: application/json", "contentType: text/xml"]),
    row("The media type of a part of a form is removed", "major", ["            encoding: { meta: { contentType: application/json } }\n", ""]),
    row("A header of a part of a form is added", "major", ["{ contentType: application/json }", "{ contentType: application/json, headers: { X-A: { schema: { type: string } } } }"]),
    row("An empty value is no longer allowed", "major", ["name: sort, allowEmptyValue: true,", "name: sort,"], { base: [["name: sort,", "name: sort, allowEmptyValue: true,"]] }),
    row("A schema that a discriminator maps to requires another field in responses", "minor", ["Whole: { type: object, required: [sum]", "Whole: { type: object, required: [mass, sum]"], { base: [mapped] }),
    row("A schema that a discriminator maps to requires one field fewer in inputs", "minor", ["Loose: { type: object, required: [a]", "Loose: { type: object, required: []"], {
      base: [["Loose: { type: object,", "Loose: { type: object, required: [a],"], draftField("choice", '{ discriminator: { propertyName: b, mapping: { l: "#/components/schemas/Loose" } }, oneOf: [{ $ref: "#/components/schemas/Loose" }] }')],
    }),
    row("A discriminator maps to another schema", "major", ["w: \"#/components/schemas/Whole\"", "w: \"#/components/schemas/Part\""], { base: [mapped] }),
    row("A value of a discriminator is renamed", "major", ["{ whole:", "{ wholes:"], { base: [mapped, ["{ w:", "{ whole:"]] }),
    row("A discriminator changes", "major", ["propertyName: a }", "propertyName: b }"], {
      base: [['kind: { oneOf: [{ $ref: "#/components/schemas/Part" }, { $ref: "#/components/schemas/Whole" }] }', 'kind: { discriminator: { propertyName: a }, oneOf: [{ $ref: "#/components/schemas/Part" }, { $ref: "#/components/schemas/Whole" }] }']],
    }),
    row("A response header is exploded", "major", ["X-Left: { schema: { type: array } }", "X-Left: { explode: true, schema: { type: array } }"], { base: [["X-Left: { schema: { type: integer } }", "X-Left: { schema: { type: array } }"]] }),
    row("An XML name changes", "major", ["xml: { name: a }", "xml: { name: b }"], { base: [draftField("more", "{ type: string, xml: { name: a } }")] }),
  ],
  Operations: [
    row("An operation is added", "minor", remove),
    reverse("An operation is removed", "major", remove),
    row("A path changes", "major", ["  /files:", "  /v2/files:"]),
    row("A method changes", "major", ["    put:", "    patch:"]),
    row("A path parameter is renamed", "major", [["/things/{id}", "/things/{key}"], ["name: id,", "name: key,"]]),
    row("An `operationId` changes", "major", ["operationId: getThing", "operationId: readThing"]),
    row("An `operationId` is added", "minor", ["    put:\n", "    put:\n      operationId: putThing\n"], { base: [["      operationId: putThing\n", ""]] }),
    row("An operation without a name gets one in the client", "minor", ["      x-a: b\n", "      x-client-name: readThing\n"], { base: [[operation, "      x-a: b\n"]] }),
    row("A client's method is renamed", "major", [operation, `${operation}      x-client-name: readThing\n`]),
    row("A parameter is renamed in the client", "major", ["name: sort,", "name: sort, x-client-name: order,"]),
    row("An operation becomes unsupported", "major", parameter("in: cookie, name: c, schema: { type: string }")),
    row("A schema is renamed and keeps its shape", "major", [["    Part: {", "    Piece: {"], ['part: { $ref: "#/components/schemas/Part" }', 'part: { $ref: "#/components/schemas/Piece" }'], ['[{ $ref: "#/components/schemas/Part" }', '[{ $ref: "#/components/schemas/Piece" }']]),
    row("An unused schema is added", "minor", ["    Loose: {", "    Free: { type: string }\n    Loose: {"]),
    row("An unused schema is removed", "major", ["    Loose: { type: object, properties: { a: { type: string } } }\n", ""]),
    row("A field of an unused schema is removed", "major", ["Loose: { type: object, properties: { a: { type: string } } }", "Loose: { type: object }"]),
    row("A field of an unused response is removed", "major", ["{ b: {} }", "{}"], { base: [unused("responses: { Free: { description: F, content: { application/json: { schema: { type: object, properties: { b: {} } } } } } }")] }),
    row("A field of an unused request body becomes required", "major", ["required: [], ", "required: [b], "], { base: [unused("requestBodies: { Free: { content: { application/json: { schema: { type: object, required: [], properties: { b: {} } } } } } }")] }),
    row("The type of an unused header changes", "major", ["Free: { schema: { type: string } }", "Free: { schema: { type: integer } }"], { base: [unused("headers: { Free: { schema: { type: string } } }")] }),
    row("A field of a schema is removed when the schema is no longer used", "major", [['part: { $ref: "#/components/schemas/Part" }', `part: ${part.slice(6)}`], ['kind: { oneOf: [{ $ref: "#/components/schemas/Part" },', `kind: { oneOf: [${part.slice(6)},`], [`    ${part}\n`, "    Part: { type: object, properties: { name: { type: string } } }\n"]]),
    row("A field of a schema becomes required when the schema is no longer used in responses", "minor", [['more: { $ref: "#/components/schemas/Note" }', "more: { type: object, properties: { note: { type: string } } }"], [noteSchema[1], noteSchema[1].replace("object,", "object, required: [note],")]], { base: [thingField("more", '{ $ref: "#/components/schemas/Note" }'), noteSchema] }),
    row("A field of a schema becomes required when requests begin to use the schema", "minor", [["        mode: {", '        more: { $ref: "#/components/schemas/Note" }\n        mode: {'], [noteSchema[1], noteSchema[1].replace("object,", "object, required: [note],")]], { base: [thingField("more", '{ $ref: "#/components/schemas/Note" }'), noteSchema] }),
    row("A field is added where a reference leads into an `anyOf` of types", "minor", ["note: { type: string }", "note: { type: string }\n        extra: { type: string }"], { base: [thingField("more", '{ $ref: "#/components/schemas/Thing/properties/size/anyOf/0" }')] }),
    row("A parameter is added where a reference leads into a part of an `allOf`", "minor", parameter("in: query, name: after, schema: { type: string }"), { base: [nestedPart, thingField("more", nestedReference)] }),
    row("An operation without `operationId` gets a required parameter", "major", ["name: sort,", "name: sort, required: true,"], { base: [[operation, ""]] }),
    row("A callback's response requires another field", "major", ["required: [x]", "required: [x, y]"], {
      base: [callback],
    }),
    row("The URL of a callback changes", "major", ["#/url}", "#/callbackUrl}"], { base: [callback] }),
    row("A field that a callback sends is removed", "major", ["kind: { type: string, enum: [a] }, ", ""], { base: [receive(event)] }),
    row("A list of values that a callback sends is removed", "major", [", enum: [a] }, rows", " }, rows"], { base: [receive(event)] }),
    row("The items of a list that a callback sends may have any type", "major", ["rows: { type: array, items: { type: string } }", "rows: { type: array }"], { base: [receive(event)] }),
    row("The body that a callback sends is removed", "major", [event, `{ ${done}`], { base: [receive(event)] }),
    row("The body that a callback sends becomes optional", "major", ["requestBody: { required: true, content: { application/json: { schema: { type: object, properties: { kind", "requestBody: { content: { application/json: { schema: { type: object, properties: { kind"], { base: [receive(event)] }),
    row("A header that a callback sends is removed", "major", [signed, `{ ${done}`], { base: [receive(signed)] }),
    row("A header that a callback sends becomes optional", "major", ["name: X-Signature, required: true,", "name: X-Signature,"], { base: [receive(signed)] }),
    row("A header that a callback sends is added", "minor", [`{ ${done}`, signed], { base: [receive(`{ ${done}`)] }),
    row("A header that all callbacks to a URL send is removed", "major", ["parameters: [{ in: header, name: X-Signature, required: true, schema: { type: string } }], ", ""], { base: [receive(`{ ${done}, parameters: [{ in: header, name: X-Signature, required: true, schema: { type: string } }], put: { ${done}`)] }),
    row("A field that a reusable callback sends is removed", "major", ["kind: { type: string, enum: [a] }, ", ""], {
      base: [[operation, `${operation}      callbacks: { event: { $ref: "#/components/callbacks/Event" } }\n`], ["  schemas:\n", `  callbacks: { Event: { "{$request.body#/url}": { post: ${event} } } }\n  schemas:\n`]],
    }),
    row("A field that a reusable callback sends is added and required", "minor", ["object, properties: { kind:", "object, required: [kind], properties: { kind:"], {
      base: [[operation, `${operation}      callbacks: { event: { $ref: "#/components/callbacks/Event" } }\n`], ["  schemas:\n", `  callbacks: { Event: { "{$request.body#/url}": { post: ${event} } } }\n  schemas:\n`]],
    }),
    row("The callback of a callback requires another field", "major", ["object, properties: { kind:", "object, required: [kind], properties: { kind:"], { base: [receive(`{ callbacks: { reply: { "{$request.body#/url}": { post: ${event} } } }, ${done}`)] }),
    row("A callback is removed", "major", [receive(event)[1], operation], { base: [receive(event)] }),
    row("A callback is added", "minor", receive(event)),
    row("The parameter of a path without operations becomes required", "none", ["name: early }", "name: early, required: true }"], { base: [["paths:\n", "paths:\n  /later: { parameters: [{ in: query, name: early }] }\n"]] }),
    row("An operation is deprecated", "minor", [operation, `${operation}      deprecated: true\n`], { why: "SemVer 2.0.0 §7" }),
    row("A parameter is deprecated", "minor", ["name: sort,", "name: sort, deprecated: true,"]),
    row("A field that a webhook sends is removed", "major", [", properties: { hook: { type: string } }", ""], {
      base: [["components:\n", 'webhooks:\n  w: { post: { requestBody: { content: { application/json: { schema: { type: object, properties: { hook: { type: string } } } } } }, responses: { "200": { description: Ok } } } }\ncomponents:\n']],
    }),
  ],
  Servers: [
    row("The server changes", "major", ["https://example.com }]", "https://example.org }]"]),
    row("A server is added before the first", "major", ["[{ url: https://example.com }]", "[{ url: https://example.org }, { url: https://example.com }]"]),
    row("A server that clients cannot use is added before the first", "minor", ["[{ url: https://example.com }]", "[{ url: /v1 }, { url: https://example.com }]"]),
    row("A server is added at the end", "minor", ["[{ url: https://example.com }]", "[{ url: https://example.com }, { url: https://example.org }]"]),
    row("A server other than the first is removed", "major", ["[{ url: https://example.com }, { url: https://example.org }]", "[{ url: https://example.com }]"], { base: [["[{ url: https://example.com }]", "[{ url: https://example.com }, { url: https://example.org }]"]] }),
    row("A path gets another server", "major", ["  /files:\n", "  /files:\n    servers: [{ url: https://files.example.com }]\n"]),
    row("An operation gets another server", "major", [operation, `${operation}      servers: [{ url: https://get.example.com }]\n`]),
    row("The default of a server variable changes", "major", ["default: a }", "default: b }"], { base: [["{ url: https://example.com }", '{ url: "https://{x}.example.com", variables: { x: { default: a } } }']] }),
    row("The first server with a usable URL changes", "major", ["{ url: https://example.com }, { url: https://example.org }", "{ url: https://example.org }, { url: https://example.com }"], { base: [["{ url: https://example.com }", "{ url: http://example.com }, { url: https://example.com }, { url: https://example.org }"]], why: "Credentials are only sent over TLS" }),
    row("A value of a server variable is removed", "major", [", enum: [a, b]", ", enum: [a]"], { base: [["{ url: https://example.com }", '{ url: "https://{x}.example.com", variables: { x: { default: a, enum: [a, b] } } }']] }),
    row("A value of a server variable is added", "minor", [", enum: [a, b]", ", enum: [a, b, c]"], { base: [["{ url: https://example.com }", '{ url: "https://{x}.example.com", variables: { x: { default: a, enum: [a, b] } } }']] }),
    row("The values of a server variable are reordered", "none", [", enum: [a, b]", ", enum: [b, a]"], { base: [["{ url: https://example.com }", '{ url: "https://{x}.example.com", variables: { x: { default: a, enum: [a, b] } } }']] }),
    row("A server variable with any value gets a list of values", "major", ["default: a }", "default: a, enum: [a, b] }"], { base: [["{ url: https://example.com }", '{ url: "https://{x}.example.com", variables: { x: { default: a } } }']] }),
    row("A server variable with any value gets only one", "major", ["default: a }", "default: a, enum: [a] }"], { base: [["{ url: https://example.com }", '{ url: "https://{x}.example.com", variables: { x: { default: a } } }']] }),
    row("The list of values of a server variable is removed", "minor", [", enum: [a, b]", ""], { base: [["{ url: https://example.com }", '{ url: "https://{x}.example.com", variables: { x: { default: a, enum: [a, b] } } }']] }),
    row("A server variable with any value is renamed", "none", ["{x}.example.com\", variables: { x:", "{y}.example.com\", variables: { y:"], { base: [["{ url: https://example.com }", '{ url: "https://{x}.example.com", variables: { x: { default: a } } }']] }),
    row("The first server is described", "minor", ["paths:\n", "servers: [{ url: https://example.com }]\npaths:\n"], { base: [["servers: [{ url: https://example.com }]\n", ""]] }),
    row("An operation repeats the root's server", "none", [operation, `${operation}      servers: [{ url: https://example.com }]\n`]),
  ],
  Authentication: [
    row("A scheme replaces another", "major", ["security: [{ key: [] }]", "security: [{ token: [] }]"]),
    row("Another scheme is accepted", "minor", ["security: [{ key: [] }]", "security: [{ key: [] }, { token: [] }]"]),
    row("Another scheme is accepted, and comes first", "major", ["security: [{ key: [] }]", "security: [{ token: [] }, { key: [] }]"], { why: "Clients send the first that they have" }),
    row("Another scheme is accepted, and comes first, but clients cannot send it", "minor", ["security: [{ key: [] }]", "security: [{ cookie: [] }, { key: [] }]"], { base: [["    token: {", "    cookie: { type: apiKey, in: cookie, name: k }\n    token: {"]] }),
    row("The order of two schemes changes", "major", ["security: [{ key: [] }, { token: [] }]", "security: [{ token: [] }, { key: [] }]"], { base: [["security: [{ key: [] }]", "security: [{ key: [] }, { token: [] }]"]] }),
    row("A scheme is no longer accepted", "major", ["security: [{ key: [] }, { token: [] }]", "security: [{ key: [] }]"], { base: [["security: [{ key: [] }]", "security: [{ key: [] }, { token: [] }]"]] }),
    row("Another scheme is also required", "major", ["security: [{ key: [] }]", "security: [{ key: [], token: [] }]"]),
    row("One of two schemes is no longer required", "minor", [operation, `${operation}      security: [{ key: [] }]\n`], { base: [["security: [{ key: [] }]", "security: [{ key: [], token: [] }]"]] }),
    row("Authentication is no longer required", "minor", [operation, `${operation}      security: []\n`]),
    row("No operation uses a scheme any longer", "major", ["security: [{ key: [] }]", "security: []"], { why: "Clients no longer take its credential" }),
    row("A scheme is also accepted where none is required", "major", ["      security: []\n", "      security: [{}, { key: [] }]\n"], { base: [[operation, `${operation}      security: []\n`]], why: "Clients send what they have" }),
    row("A scheme that need not be used is renamed", "major", [["security: [{ key: [] }, {}]", "security: [{ secret: [] }, {}]"], ["key: { type: apiKey,", "secret: { type: apiKey,"]], { base: [["security: [{ key: [] }]", "security: [{ key: [] }, {}]"]] }),
    row("Authentication becomes required", "major", ["security: []", "security: [{ key: [] }]"], { base: [["security: [{ key: [] }]", "security: []"]] }),
    row("An operation requires another scheme", "major", [operation, `${operation}      security: [{ token: [] }]\n`]),
    row("A credential is sent in another header", "major", ["name: X-Key", "name: X-Other-Key"]),
    row("The type of a scheme changes", "major", ["key: { type: apiKey, in: header, name: X-Key }", "key: { type: http, scheme: bearer }"]),
    row("Another scope is required", "major", ["security: [{ flow: [read] }]", "security: [{ flow: [read, write] }]"]),
    row("A scope is no longer required", "minor", ["security: [{ flow: [read] }]", "security: [{ flow: [] }]"]),
    row("The token URL changes", "major", ["https://example.com/t", "https://example.org/t"]),
    row("A scope is added", "minor", ["read: Reads,", "read: Reads, list: Lists,"]),
    row("A scope is removed", "major", [", write: Writes", ""]),
    row("A scheme whose name starts with `x-` is also required", "major", ["security: [{ key: [] }]", "security: [{ key: [], x-token: [] }]"], { base: [["    token: {", "    x-token: {"]] }),
    row("The type of a scheme whose name starts with `x-` changes", "major", ["scheme: bearer", "scheme: basic"], { base: [["    token: {", "    x-token: {"], ["security: [{ key: [] }]", "security: [{ x-token: [] }]"]] }),
    row("A scheme whose name starts with `x-` becomes required", "major", ["security: []", "security: [{ x-token: [] }]"], { base: [["    token: {", "    x-token: {"], ["security: [{ key: [] }]", "security: []"]] }),
    row("A scheme named `title` replaces another", "major", ["security: [{ key: [] }]", "security: [{ title: [] }]"], { base: [["    token: {", "    title: {"]] }),
    row("A scope of a scheme named `deprecated` is no longer required", "minor", ["security: [{ deprecated: [read] }]", "security: [{ deprecated: [] }]"], { base: [["    flow: {", "    deprecated: {"], ["security: [{ flow: [read] }]", "security: [{ deprecated: [read] }]"]] }),
    row("A callback sends another credential", "major", ["security: [{ key: [] }], responses", "security: [{ token: [] }], responses"], { base: [receive(`{ security: [{ key: [] }], ${done}`)] }),
    row("A callback may also send another credential", "major", ["security: [{ key: [] }], responses", "security: [{ key: [] }, { token: [] }], responses"], { base: [receive(`{ security: [{ key: [] }], ${done}`)], why: "Code may check the credential" }),
    row("A callback no longer sends a credential", "major", ["security: [{ key: [] }], responses", "security: [], responses"], { base: [receive(`{ security: [{ key: [] }], ${done}`)] }),
    row("A webhook no longer sends a credential", "major", ["post: { security: [{ token: [] }],", "post: { security: [],"], { base: [["components:\n", `webhooks:\n  w: { post: { security: [{ token: [] }], ${done} }\ncomponents:\n`]] }),
    row("The security of the root is written at a callback", "none", [`{ ${done}`, `{ security: [{ key: [] }], ${done}`], { base: [receive(`{ ${done}`)] }),
    row("An unused scheme is removed", "none", ["    token: { type: http, scheme: bearer }\n", ""]),
  ],
  "Texts and notation": [
    row("A `$ref` to something nullable becomes nullable", "none", ['{ $ref: "#/components/schemas/Maybe" }', '{ anyOf: [{ $ref: "#/components/schemas/Maybe" }, { type: "null" }] }'], {
      base: [["    Loose:", '    Maybe: { type: [object, "null"], properties: { a: { type: string } } }\n    Loose:'], ["free: {}", 'free: { $ref: "#/components/schemas/Maybe" }']],
    }),
    row("Texts that editors show change", "patch", ["Its number", "Its only number"]),
    row("Texts that are not generated change", "none", ["version: 1.0.0", "version: 1.0.1"], { why: "The generated files stay the same" }),
    row("`anyOf: [X, null]` becomes `type: [X, null]`", "none", ['{ anyOf: [{ type: string }, { type: "null" }] }', '{ type: [string, "null"] }']),
    row("`anyOf` of types becomes a list of types", "none", ["{ anyOf: [{ type: string }, { type: integer }] }", "{ type: [string, integer] }"]),
    row("A discriminator maps to references instead of names", "none", ["w: Whole", "w: \"#/components/schemas/Whole\""], { base: [mapped, ["w: \"#/components/schemas/Whole\"", "w: Whole"]] }),
    row("The mapping of a discriminator is made explicit", "none", [animals(""), animals(", mapping: { Cat: Cat, Dog: Dog }")], { base: [animalSchemas, draftField("pet", animals(""))] }),
    row("The mapping of a discriminator becomes implicit", "none", [animals(", mapping: { Dog: Dog }"), animals("")], { base: [animalSchemas, thingField("pet", animals(", mapping: { Dog: Dog }"))] }),
    row("The mapping of a discriminator to schemas that extend its own is made explicit", "none", extensionMapping("Cat"), { base: extensions }),
    row("An `anyOf` is reordered", "none", ["[{ type: string }, { type: integer }]", "[{ type: integer }, { type: string }]"]),
    row("A `oneOf` inside an alternative is reordered", "none", ["[{ type: string }, { type: object, properties: { q: { type: string } } }, { type: integer }]", "[{ type: integer }, { type: object, properties: { q: { type: string } } }, { type: string }]"], { base: [thingField("more", "{ oneOf: [{ type: string }, { type: object, properties: { inner: { oneOf: [{ type: string }, { type: object, properties: { q: { type: string } } }, { type: integer }] } } }] }")] }),
    row("A list of one type becomes a type", "none", ["note: { type: [string] }", "note: { type: string }"], { base: [["note: { type: string }", "note: { type: [string] }"]] }),
    row("An `allOf` of one schema is inlined", "none", ['{ allOf: [{ $ref: "#/components/schemas/Part" }] }', '{ $ref: "#/components/schemas/Part" }'], { base: [['part: { $ref: "#/components/schemas/Part" }', 'part: { allOf: [{ $ref: "#/components/schemas/Part" }] }']] }),
    row("An `allOf` of one schema with a constraint becomes a `$ref` with a constraint", "none", ['{ allOf: [{ $ref: "#/components/schemas/Part" }], required: [name] }', '{ $ref: "#/components/schemas/Part", required: [name] }'], { base: [['part: { $ref: "#/components/schemas/Part" }', 'part: { allOf: [{ $ref: "#/components/schemas/Part" }], required: [name] }']] }),
    row("A `$ref` is inlined", "none", ['part: { $ref: "#/components/schemas/Part" }', `part: ${part.slice(6)}`]),
    row("The only `$ref` to a schema is inlined", "none", ['more: { $ref: "#/components/schemas/Note" }', "more: { type: object, properties: { note: { type: string } } }"], { base: [draftField("more", '{ $ref: "#/components/schemas/Note" }'), noteSchema] }),
    row("An `enum` of one value becomes a `const`", "none", ["enum: [new]", "const: new"], { base: [["[new, old]", "[new]"]] }),
    row("Keys are reordered", "none", ["name: { type: string }, number: { type: integer }", "number: { type: integer }, name: { type: string }"]),
    row("Parameters are reordered", "none", ["        - { in: query, name: limit, schema: { type: integer, default: 10 } }\n        - { in: query, name: sort, schema: { type: string, enum: [up, down] } }\n", "        - { in: query, name: sort, schema: { type: string, enum: [up, down] } }\n        - { in: query, name: limit, schema: { type: integer, default: 10 } }\n"]),
    row("A list of values is reordered", "none", ["[fast, slow]", "[slow, fast]"]),
    row("A form and a JSON media type of a body are reordered", "none", ["content: { application/json: { schema: { type: object } }, multipart/form-data: { schema: { type: object } } }", "content: { multipart/form-data: { schema: { type: object } }, application/json: { schema: { type: object } } }"], { base: [['content: { application/json: { schema: { $ref: "#/components/schemas/Draft" } } }', "content: { application/json: { schema: { type: object } }, multipart/form-data: { schema: { type: object } } }"]] }),
    row("A parameter moves to the path", "none", [["        - { in: path, name: id, required: true, schema: { type: string } }\n", ""], ["  /things/{id}:\n", "  /things/{id}:\n    parameters: [{ in: path, name: id, required: true, schema: { type: string } }]\n"]]),
    row("A parameter becomes a `$ref`", "none", [["{ in: query, name: sort, schema: { type: string, enum: [up, down] } }", '{ $ref: "#/components/parameters/Sort" }'], ["  schemas:\n", "  parameters: { Sort: { in: query, name: sort, schema: { type: string, enum: [up, down] } } }\n  schemas:\n"]]),
    row("A parameter is added to the components, and nothing refers to it", "none", ["  schemas:\n", `  parameters: { Sort: ${sort} }\n  schemas:\n`]),
    row("A parameter becomes a `$ref` to one in the components", "none", [`        - ${sort}\n`, '        - { $ref: "#/components/parameters/Sort" }\n'], { base: [["  schemas:\n", `  parameters: { Sort: ${sort} }\n  schemas:\n`]] }),
    row("`required: false` is made explicit", "none", ["name: sort,", "name: sort, required: false,"]),
    row("The default style is made explicit", "none", [ids, `${ids.slice(0, -2)}, style: form, explode: true }`]),
    row("The case of a header's name changes", "none", ["name: X-Trace", "name: x-trace"]),
    row("The case of a response header changes", "none", ["X-Left", "x-left"]),
    row("The case of a scheme's name changes", "none", ["scheme: bearer", "scheme: Bearer"], { base: [["security: [{ key: [] }]", "security: [{ token: [] }]"]] }),
    row("The case of a host changes", "none", ["https://example.com }]", "https://Example.com }]"]),
    row("An operation repeats the root's security", "none", [operation, `${operation}      security: [{ key: [] }]\n`]),
    row("The patch version of `openapi` changes", "none", ["openapi: 3.1.0", "openapi: 3.1.1"]),
    row("An extension is added", "none", [operation, `${operation}      x-internal: true\n`]),
    row("`x-client-name` gives an operation the name that it has", "none", [operation, `${operation}      x-client-name: getThing\n`]),
    row("`x-client-name` gives a parameter the name that it has", "none", ["name: limit,", "name: limit, x-client-name: limit,"]),
    row("`explode: false` is added to a single value", "none", ["name: sort,", "name: sort, explode: false,"]),
    row("`explode: false` is added to a single value with a `$ref`", "none", ["name: sort,", "name: sort, explode: false,"], { base: [[sort, '{ in: query, name: sort, schema: { $ref: "#/components/schemas/Sort" } }'], ["    Loose:", "    Sort: { type: string, enum: [up, down] }\n    Loose:"]] }),
    row("A `/` is added to the server's URL", "none", ["https://example.com }]", "https://example.com/ }]"]),
    row("`explode: true` is added to a `deepObject`", "none", ["style: deepObject,", "style: deepObject, explode: true,"]),
    row("The case of a charset and the space before it change", "none", ["application/json; charset=utf-8", "application/json;Charset=UTF-8"], { base: [["content: { application/pdf: { schema: { type: string, format: binary } } }", "content: { application/json; charset=utf-8: { schema: { type: string } } }"]] }),
    row("`format: byte` becomes `contentEncoding: base64`", "none", ["note: { type: string, format: byte }", "note: { type: string, contentEncoding: base64 }"], { base: [["note: { type: string }", "note: { type: string, format: byte }"]] }),
    row("`nullable` next to a list of values with null becomes a type", "none", [["openapi: 3.0.3", "openapi: 3.1.0"], ["enum: [new, old, null], nullable: true", "enum: [new, old, null]"], ["state: { type: string,", 'state: { type: [string, "null"],']], {
      base: [["openapi: 3.1.0", "openapi: 3.0.3"], ['key: { type: [string, "null"] }', "key: { type: string }"], ['{ anyOf: [{ type: string }, { type: "null" }] }', "{ type: string }"], ["enum: [new, old]", "enum: [new, old, null], nullable: true"]],
    }),
    ...notations("A nullable list of values with a constraint becomes a choice with null", "A choice between null and a list of values with a constraint becomes a list", '{ type: [string, "null"], enum: [a, b, null], maxLength: 9 }', '{ anyOf: [{ type: string, enum: [a, b], maxLength: 9 }, { type: "null" }] }'),
    row("The type of a list of values is left out", "none", ["state: { type: string,", "state: {"]),
    row("A list of values becomes a choice between them", "none", ["enum: [new, old]", "oneOf: [{ const: new }, { const: old }]"]),
    row("A `const` of null becomes a type", "none", ["more: { const: null }", 'more: { type: "null" }'], { base: [thingField("more", "{ const: null }")] }),
    ...notations("`items: {}` is left out", "`items: {}` is made explicit", "{ type: array, items: {} }", "{ type: array }"),
    ...notations("`additionalProperties: {}` becomes `true`", "`additionalProperties: true` becomes `{}`", "{ type: object, additionalProperties: {} }", "{ type: object, additionalProperties: true }"),
    ...notations("An `anyOf` in an `anyOf` is inlined", "Alternatives of an `anyOf` become an `anyOf`", `{ anyOf: [{ anyOf: [${part.slice(6)}, { type: string, maxLength: 3 }] }, { type: "null" }] }`, `{ anyOf: [${part.slice(6)}, { type: string, maxLength: 3 }, { type: "null" }] }`),
    ...notations("An `anyOf` of types next to `items` becomes a list of types", "A list of types next to `items` becomes an `anyOf`", "{ anyOf: [{ type: array }, { type: string }], items: { type: integer } }", "{ type: [array, string], items: { type: integer } }"),
    ...notations("`integer` next to `number` is left out", "`integer` is added next to `number`", "{ type: [integer, number] }", "{ type: number }"),
    ...notations("A nullable `$ref` is inlined", "A nullable schema becomes a `$ref`", '{ anyOf: [{ $ref: "#/components/schemas/Part" }, { type: "null" }] }', `{ anyOf: [${part.slice(6)}, { type: "null" }] }`),
    ...notations("A nullable `$ref` to a choice is inlined", "A nullable choice becomes a `$ref`", '{ anyOf: [{ $ref: "#/components/schemas/Choice" }, { type: "null" }] }', `{ anyOf: [${choice}, { type: "null" }] }`, ["    Loose:", `    Choice: ${choice}\n    Loose:`]),
    row("`security: []` becomes `security: [{}]`", "none", ["security: []", "security: [{}]"], { base: [["security: [{ key: [] }]", "security: []"]] }),
  ],
};
