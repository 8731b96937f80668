import { parse } from "../../description/read.ts";
import type { Bump } from "../../judge/verdict.ts";

/** A change, and how far it has to move the version. */
export interface Case {
  readonly change: string;
  readonly right: Bump;
  readonly edits: readonly Edit[];
  /** What makes the base, where the usual one will not do. */
  readonly base: readonly Edit[];
  /** What the judge says, where that is too high. */
  readonly judged?: Bump;
  /** Why the bump is what it is, where that is not plain, or why the judge says more. */
  readonly why?: string;
}

/** A text that stands there once, and what takes its place. */
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

/** Both descriptions of a case, in YAML. */
export function textsOf({ base, edits }: Case): readonly [before: string, after: string] {
  const before = base.reduce(edit, usual);
  return [before, edits.reduce(edit, before)];
}

/** The usual description with the edits of several cases; undefined if they do not go together. */
export function editAll(some: readonly Case[]): string | undefined {
  try {
    const text = some.flatMap(({ edits }) => edits).reduce(edit, usual);
    parse("description.yaml", text);
    return text;
  } catch {
    return undefined;
  }
}

function edit(text: string, [old, now]: Edit): string {
  const [head, tail, more] = text.split(old);
  if (head === undefined || tail === undefined || more !== undefined) {
    throw new Error(`The edit's text does not stand there once: ${old}`);
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

/** The way back: what was there is gone. */
function back(
  change: string,
  right: Bump,
  [text, replacement]: Edit,
  more: Partial<Case> = {},
): Case {
  return row(change, right, [replacement, text], { base: [[text, replacement]], ...more });
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
const draft = (key: string, value: string): Edit => [
  "        mode: {",
  `        ${key}: ${value}\n        mode: {`,
];
const answer = (key: string, value: string): Edit => [
  "        note: {",
  `        ${key}: ${value}\n        note: {`,
];
const part =
  "Part: { type: object, properties: { name: { type: string }, number: { type: integer } } }";

// A row is a line.
// prettier-ignore
export const cases: Readonly<Record<string, readonly Case[]>> = {
  Answers: [
    row("A field is new", "minor", answer("more", "{ type: string }")),
    row("A required field is new", "minor", [answer("more", "{ type: string }"), ["[id, part]", "[id, part, more]"]]),
    back("A field is gone, though it was optional", "major", answer("more", "{ type: string }")),
    row("A field may now be missing", "major", ["required: [id, part]", "required: [part]"]),
    row("A field may now be null", "major", ["id: { type: string,", 'id: { type: [string, "null"],']),
    row("A field may now be null, by `nullable` of OpenAPI 3.0", "major", ["s: { type: string, x-extensible-enum: [a] }", "s: { type: string, x-extensible-enum: [a], nullable: true }"], {
      base: [["openapi: 3.1.0", "openapi: 3.0.3"], ['key: { type: [string, "null"] }', "key: { type: string }"], ['{ anyOf: [{ type: string }, { type: "null" }] }', "{ type: string }"], ["note: { type: string }", "note: { type: string }\n        s: { type: string, x-extensible-enum: [a] }"]],
    }),
    row("A field is never null any more", "minor", ['{ anyOf: [{ type: string }, { type: "null" }] }', "{ type: string }"]),
    row("A field is always there now", "minor", ["required: [id, part]", "required: [id, part, note]"]),
    row("A field has another type", "major", ["id: { type: string,", "id: { type: integer,"]),
    row("A field may have another type besides", "major", ["size: { anyOf: [{ type: string }", "size: { anyOf: [{ type: boolean }, { type: string }"]),
    row("A field has one type less", "minor", ["size: { anyOf: [{ type: string }, { type: integer }]", "size: { anyOf: [{ type: string }]"]),
    row("An integer may be a number", "major", ["number: { type: integer } } }", "number: { type: number } } }"], { why: "Code may rely on whole numbers" }),
    row("A number is an integer now", "minor", ["sum: { type: number }", "sum: { type: integer }"]),
    row("Anything becomes a string", "minor", ["any: {}", "any: { type: string }"]),
    row("A string becomes anything", "major", ["note: { type: string }", "note: {}"]),
    row("A list of values has a new one", "minor", ["[new, old]", "[new, old, lost]"], { why: "Lists of values in answers are open" }),
    row("A list of values has one less", "minor", ["[new, old]", "[new]"]),
    row("A list of values opens", "minor", ["enum: [new, old]", "x-extensible-enum: [new, old]"], { why: "Lists of values in answers are open" }),
    row("A list of values is gone", "major", ["enum: [new, old]", "minLength: 1"]),
    row("A list of values holds null now", "major", ["state: { type: string, enum: [new, old] }", 'state: { type: [string, "null"], enum: [new, old, null] }']),
    row("A value of `x-extensible-enum` is new", "minor", ["[new, old]", "[new, old, lost]"], { base: [["enum: [new, old]", "x-extensible-enum: [new, old]"]] }),
    row("A field of an item in a list is gone", "major", [", mass: { type: integer }", ""]),
    row("A member of a choice is new", "major", ["kind: { oneOf: [", 'kind: { oneOf: [{ type: object, required: [z], properties: { z: { type: string } } }, ']),
    back("A member of a choice among three is gone", "minor", ["kind: { oneOf: [", "kind: { oneOf: [{ type: object, required: [z], properties: { z: { type: string } } }, "]),
    row("A member of a choice among two is gone", "minor", ['kind: { oneOf: [{ $ref: "#/components/schemas/Part" }, ', "kind: { oneOf: ["], { judged: "major", why: "It is no choice any more, and `redocly diff` sees that `oneOf` is gone" }),
    row("A recursive value may be null", "major", ['J: { anyOf: [{ type: string }, ', 'J: { anyOf: [{ type: "null" }, { type: string }, '], {
      base: [answer("json", '{ $ref: "#/components/schemas/J" }'), ["    Part: {", '    J: { anyOf: [{ type: string }, { type: object, properties: { j: { $ref: "#/components/schemas/J" } } }] }\n    Part: {']],
    }),
    row("A new success has another body", "major", extra("202", "content: { application/json: { schema: { type: object, properties: { wait: { type: integer } } } } }")),
    row("A new success has no body, and others have one", "major", extra("204", "x-a: 1")),
    row("A new success has the same body", "minor", extra("201", thing)),
    row("A success has another status", "major", ['"200":\n          description: A thing', '"201":\n          description: A thing']),
    row("An error status is new", "minor", extra("404", "x-a: 1")),
    row("A status is new that leads elsewhere", "major", extra("303", "x-a: 1"), { why: "Calls do not follow it" }),
    back("A status is gone", "major", extra("404", "x-a: 1")),
    row("Another media type is new", "major", ["content: { application/json: { schema: { $ref: \"#/components/schemas/Thing\" } } }", "content: { text/plain: { schema: { type: string } }, application/json: { schema: { $ref: \"#/components/schemas/Thing\" } } }"]),
    row("The media type is another", "major", ["content: { application/json: { schema: { $ref: \"#/components/schemas/Thing\" } } }", "content: { application/hal+json: { schema: { $ref: \"#/components/schemas/Thing\" } } }"]),
    row("The media type of a file is another", "major", ["application/pdf", "image/png"]),
    row("A header is new", "minor", ["headers: {", "headers: { X-Limit: { schema: { type: integer } },"]),
    back("A header is gone", "major", ["headers: {", "headers: { X-Limit: { schema: { type: integer } },"]),
    row("A header may be missing", "major", ["X-Left: { required: true,", "X-Left: {"], { base: [["X-Left: {", "X-Left: { required: true,"]] }),
    row("A header has another type", "major", ["X-Left: { schema: { type: integer } }", "X-Left: { schema: { type: string } }"]),
    row("The default of a field changes", "minor", ["count: { type: integer, default: 1 }", "count: { type: integer, default: 2 }"], { why: "Only `required` promises a field" }),
    row("A field is written as base64 now", "major", ["note: { type: string }", "note: { type: string, contentEncoding: base64 }"]),
    row("A field becomes writeOnly", "major", ["note: { type: string }", "note: { type: string, writeOnly: true }"]),
    row("A field that was writeOnly is answered", "minor", ["note: { type: string, writeOnly: true }", "note: { type: string }"], { base: [["note: { type: string }", "note: { type: string, writeOnly: true }"]] }),
    row("A link is new", "minor", ["          headers: {", '          links: { self: { operationId: getThing } }\n          headers: {']),
    row("A map has nullable values", "major", ["hash: { type: object, additionalProperties: { type: string } }", 'hash: { type: object, additionalProperties: { type: [string, "null"] } }'], { base: [answer("hash", "{ type: object, additionalProperties: { type: string } }")] }),
    row("A media type has a parameter", "major", ["content: { application/json: { schema: { $ref: \"#/components/schemas/Thing\" } } }", "content: { application/json;charset=utf-8: { schema: { $ref: \"#/components/schemas/Thing\" } } }"]),
    row("A final state has another meaning", "major", ["{ b: succeeded }", "{ b: failed }"], { base: [answer("step", "{ type: string, x-extensible-enum: [a, b], x-final-states: { b: succeeded } }")] }),
  ],
  "Constraints of answers": [
    row("A text may be longer", "patch", ["maxLength: 40", "maxLength: 50"], { why: "`schema.json` is published" }),
    row("A text may be shorter only", "patch", ["maxLength: 40", "maxLength: 30"]),
    row("A text has no limit any more", "patch", [", maxLength: 40", ""]),
    row("A format is new", "patch", ["maxLength: 40", "maxLength: 40, format: uuid"]),
    row("A pattern is new", "patch", ["maxLength: 40", 'maxLength: 40, pattern: "^a"']),
    row("A number has a bound", "patch", ["sum: { type: number }", "sum: { type: number, minimum: 0 }"]),
    row("The items of a list may repeat", "patch", [", uniqueItems: true", ""]),
    row("No other fields come", "patch", ["Whole: { type: object,", "Whole: { type: object, additionalProperties: false,"]),
    row("Something is excluded", "patch", ["note: { type: string }", "note: { type: string, not: { enum: [a] } }"]),
    row("A schema is another, and shorter", "patch", ['text: { $ref: "#/components/schemas/A" }', 'text: { $ref: "#/components/schemas/B" }'], { base: [answer("text", '{ $ref: "#/components/schemas/A" }'), ["    Loose:", "    A: { type: string, maxLength: 9 }\n    B: { type: string, maxLength: 8 }\n    Loose:"]] }),
  ],
  Inputs: [
    row("An optional parameter is new", "minor", parameter("in: query, name: after, schema: { type: string }")),
    row("A required parameter is new", "major", parameter("in: query, name: after, required: true, schema: { type: string }")),
    back("A parameter is gone", "major", parameter("in: query, name: after, schema: { type: string }")),
    row("A parameter is required", "major", ["name: sort,", "name: sort, required: true,"]),
    row("A parameter is optional", "minor", ["name: sort, required: true,", "name: sort,"], { base: [["name: sort,", "name: sort, required: true,"]] }),
    row("A header becomes required", "major", ["name: X-Trace,", "name: X-Trace, required: true,"]),
    row("A parameter has another name", "major", ["name: sort,", "name: order,"]),
    row("A parameter is sent elsewhere", "major", ["in: query, name: sort", "in: header, name: sort"]),
    row("A parameter has another type", "major", ["items: { type: integer }", "items: { type: string }"]),
    row("A body is new and optional", "minor", [operation, `${operation}      requestBody: { content: { application/json: { schema: { type: object } } } }\n`], { base: [[get, "    post:\n"]] }),
    row("A body is new and required", "major", [operation, `${operation}      requestBody: { required: true, content: { application/json: { schema: { type: object } } } }\n`], { base: [[get, "    post:\n"]] }),
    row("A body becomes required", "major", ["requestBody: { content:", "requestBody: { required: true, content:"]),
    row("A body becomes optional", "minor", ["requestBody: { required: true, content:", "requestBody: { content:"]),
    row("A body is gone", "major", ['      requestBody: { content: { application/json: { schema: { $ref: "#/components/schemas/Draft" } } } }\n', ""]),
    row("A media type of a body is new", "minor", ["requestBody: { content: {", "requestBody: { content: { application/x-www-form-urlencoded: { schema: { type: object } },"]),
    row("A media type of a body is another", "major", ["requestBody: { content: { application/json", "requestBody: { content: { application/merge-patch+json"]),
    row("A body's field becomes required", "major", ["required: [key]", "required: [key, text]"]),
    row("A body's field becomes optional", "minor", ["      required: [key]\n", ""]),
    row("A body's field is new and optional", "minor", draft("more", "{ type: string }")),
    row("A body's field is new and required", "major", [draft("more", "{ type: string }"), ["required: [key]", "required: [key, more]"]]),
    back("A body's field is gone, though it was optional", "major", draft("more", "{ type: string }")),
    row("A body's field must not be null any more", "major", ['key: { type: [string, "null"] }', "key: { type: string }"]),
    row("A body's field may be null", "minor", ["price: { type: number }", 'price: { type: [number, "null"] }']),
    row("A body's field has another type", "major", ["price: { type: number }", "price: { type: string }"]),
    row("A body's field may have another type besides", "minor", ["price: { type: number }", "price: { type: [number, string] }"]),
    row("A number has to be an integer", "major", ["price: { type: number }", "price: { type: integer }"]),
    row("An integer may be a number", "minor", ["amount: { type: integer,", "amount: { type: number,"]),
    row("Anything has to be a string", "major", ["free: {}", "free: { type: string }"]),
    row("A string may be anything", "minor", ["price: { type: number }", "price: {}"]),
    row("A list of values has a new one", "minor", ["[fast, slow]", "[fast, slow, safe]"]),
    row("A list of values has one less", "major", ["[up, down]", "[up]"]),
    row("A list of values is new", "major", ["price: { type: number }", "price: { type: number, enum: [1, 2] }"]),
    row("A list of values is gone", "minor", [", enum: [fast, slow]", ""]),
    row("A value of `x-extensible-enum` is gone", "major", ["[cheap, dear]", "[cheap]"]),
    row("A member of a choice is gone", "major", ['{ type: string, pattern: "^a" }, ', ""]),
    row("A member of a choice is new", "minor", ["either: { oneOf: [", "either: { oneOf: [{ type: boolean }, "]),
    row("The values of a map have another type", "major", ["additionalProperties: { type: string }", "additionalProperties: { type: integer }"]),
    row("A parameter's default changes", "major", ["default: 10", "default: 20"]),
    row("A parameter's default is new", "minor", ["name: sort, schema: { type: string,", "name: sort, schema: { type: string, default: up,"]),
    row("A parameter's default is gone", "major", [", default: 10", ""]),
    row("A body's field has another default", "major", ["amount: { type: integer, default: 1 }", "amount: { type: integer, default: 2 }"], { why: "It changes what the server does" }),
    row("A field becomes readOnly", "major", ["by: { type: string,", "by: { type: string, readOnly: true,"]),
    row("A field that was readOnly may be sent", "minor", ["by: { type: string, readOnly: true,", "by: { type: string,"], { base: [["by: { type: string,", "by: { type: string, readOnly: true,"]] }),
    row("A field that goes both ways is new", "minor", ["by: { type: string,", "to: { type: string }, by: { type: string,"]),
    row("A field that goes both ways is new and required", "major", [["by: { type: string,", "to: { type: string }, by: { type: string,"], ["required: [at]", "required: [at, to]"]]),
    row("A field that goes both ways may be missing", "major", ["required: [at]", "required: []"]),
    row("A readOnly field that goes both ways is new and required", "minor", [["by: { type: string,", "to: { type: string, readOnly: true }, by: { type: string,"], ["required: [at]", "required: [at, to]"]]),
  ],
  "Constraints of inputs": [
    row("A text may be shorter only", "major", ["maxLength: 100", "maxLength: 50"]),
    row("A text may be longer", "minor", ["maxLength: 100", "maxLength: 200"]),
    row("A text has no limit any more", "minor", [", maxLength: 100", ""]),
    row("A text has a limit", "major", ["name: sort, schema: { type: string,", "name: sort, schema: { type: string, maxLength: 2,"]),
    row("A header has to be longer", "major", ["minLength: 5", "minLength: 6"]),
    row("A header may be shorter", "minor", ["minLength: 5", "minLength: 4"]),
    row("A number has a higher minimum", "major", ["minimum: 1,", "minimum: 2,"]),
    row("A number has a lower minimum", "minor", ["minimum: 1,", "minimum: 0,"]),
    row("A minimum is exclusive", "major", ["minimum: 1,", "exclusiveMinimum: 1,"]),
    row("A number has a lower maximum", "major", ["maximum: 9", "maximum: 8"]),
    row("A number has a higher maximum", "minor", ["maximum: 9", "maximum: 10"]),
    row("A number has to be a multiple", "major", ["price: { type: number }", "price: { type: number, multipleOf: 5 }"]),
    row("A number need not be a multiple", "minor", [", multipleOf: 2", ""]),
    row("A pattern is new", "major", ["text: { type: string,", 'text: { type: string, pattern: "^a",']),
    row("A pattern is another", "major", ['pattern: "^a"', 'pattern: "^b"']),
    row("A pattern is gone", "minor", [', pattern: "^a"', ""]),
    row("A format is new", "major", ["text: { type: string,", "text: { type: string, format: uri,"]),
    row("A format is gone", "minor", [", format: email", ""]),
    row("A list may be shorter only", "major", ["maxItems: 5", "maxItems: 4"]),
    row("A list may be longer", "minor", ["maxItems: 5", "maxItems: 6"]),
    row("The items of a list must not repeat", "major", ["maxItems: 5", "maxItems: 5, uniqueItems: true"]),
    row("Other fields are refused", "major", ["    Draft:\n      type: object\n", "    Draft:\n      type: object\n      additionalProperties: false\n"]),
    row("A field of a schema that goes both ways may be shorter only", "major", ["maxLength: 7", "maxLength: 6"]),
    row("A field of a schema that goes both ways may be longer", "minor", ["maxLength: 7", "maxLength: 8"]),
    row("A field asks for another one", "major", ["    Draft:\n      type: object\n", "    Draft:\n      type: object\n      dependentRequired: { text: [mail] }\n"]),
    row("A schema is another, and shorter", "major", ['more: { $ref: "#/components/schemas/A" }', 'more: { $ref: "#/components/schemas/B" }'], { base: [draft("more", '{ $ref: "#/components/schemas/A" }'), ["    Loose:", "    A: { type: string, maxLength: 9 }\n    B: { type: string, maxLength: 8 }\n    Loose:"]] }),
    row("A part of an `allOf` is shorter", "major", ["{ maxLength: 9 }", "{ maxLength: 8 }"], { base: [draft("more", '{ allOf: [{ $ref: "#/components/schemas/Loose" }, { maxLength: 9 }] }')] }),
    row("Names of a pattern have a type", "major", ["map: { type: object,", 'map: { type: object, patternProperties: { "^x": { type: integer } },']),
    row("Names have a pattern", "major", ["map: { type: object,", 'map: { type: object, propertyNames: { pattern: "^a" },']),
    row("Something is excluded", "major", ["price: { type: number }", "price: { type: number, not: { enum: [0] } }"]),
    row("A condition is new", "major", ["    Draft:\n      type: object\n", "    Draft:\n      type: object\n      if: { required: [text] }\n      then: { required: [mail] }\n"]),
  ],
  Serialization: [
    row("`explode` is another", "major", [ids, `${ids.slice(0, -2)}, explode: false }`]),
    row("`style` is another", "major", [ids, `${ids.slice(0, -2)}, style: pipeDelimited }`]),
    row("`style` of an object is another", "major", ["style: deepObject", "style: form"]),
    row("`allowReserved` is new", "major", ["name: sort,", "name: sort, allowReserved: true,"]),
    row("A parameter is written as JSON", "major", ["style: deepObject, schema: { type: object, properties: { a: { type: string } } }", "content: { application/json: { schema: { type: object, properties: { a: { type: string } } } } }"]),
    row("A path parameter has another style", "major", ["name: id, required: true,", "name: id, required: true, style: label,"]),
    row("A part of a form has another media type", "major", ["contentType: application/json", "contentType: text/xml"]),
    row("A part of a form has no media type any more", "major", ["            encoding: { meta: { contentType: application/json } }\n", ""]),
    row("A part of a form has a header", "major", ["{ contentType: application/json }", "{ contentType: application/json, headers: { X-A: { schema: { type: string } } } }"]),
    row("An empty value is not allowed any more", "major", ["name: sort, allowEmptyValue: true,", "name: sort,"], { base: [["name: sort,", "name: sort, allowEmptyValue: true,"]] }),
    row("A discriminator is another", "major", ["propertyName: a }", "propertyName: b }"], {
      base: [['kind: { oneOf: [{ $ref: "#/components/schemas/Part" }, { $ref: "#/components/schemas/Whole" }] }', 'kind: { discriminator: { propertyName: a }, oneOf: [{ $ref: "#/components/schemas/Part" }, { $ref: "#/components/schemas/Whole" }] }']],
    }),
    row("A header of an answer is exploded", "major", ["X-Left: { schema: { type: array } }", "X-Left: { explode: true, schema: { type: array } }"], { base: [["X-Left: { schema: { type: integer } }", "X-Left: { schema: { type: array } }"]] }),
    row("A name in XML is another", "major", ["xml: { name: a }", "xml: { name: b }"], { base: [draft("more", "{ type: string, xml: { name: a } }")] }),
  ],
  Operations: [
    row("An operation is new", "minor", remove),
    back("An operation is gone", "major", remove),
    row("A path changes", "major", ["  /files:", "  /v2/files:"]),
    row("A method changes", "major", ["    put:", "    patch:"]),
    row("A path parameter has another name", "major", [["/things/{id}", "/things/{key}"], ["name: id,", "name: key,"]]),
    row("An `operationId` changes", "major", ["operationId: getThing", "operationId: readThing"]),
    row("An `operationId` is new", "minor", ["    put:\n", "    put:\n      operationId: putThing\n"], { base: [["      operationId: putThing\n", ""]] }),
    row("The method of a client has another name", "major", [operation, `${operation}      x-client-name: readThing\n`]),
    row("A parameter has another name in the client", "major", ["name: sort,", "name: sort, x-client-name: order,"]),
    row("An operation cannot be called any more", "major", parameter("in: cookie, name: c, schema: { type: string }")),
    row("A schema has another name and the same shape", "major", [["    Part: {", "    Piece: {"], ['part: { $ref: "#/components/schemas/Part" }', 'part: { $ref: "#/components/schemas/Piece" }'], ['[{ $ref: "#/components/schemas/Part" }', '[{ $ref: "#/components/schemas/Piece" }']]),
    row("A schema that nothing uses is new", "minor", ["    Loose: {", "    Free: { type: string }\n    Loose: {"]),
    row("A schema that nothing uses is gone", "major", ["    Loose: { type: object, properties: { a: { type: string } } }\n", ""]),
    row("A schema that nothing uses has a field less", "major", ["Loose: { type: object, properties: { a: { type: string } } }", "Loose: { type: object }"]),
    row("An operation without `operationId` gets a required parameter", "major", ["name: sort,", "name: sort, required: true,"], { base: [[operation, ""]] }),
    row("A callback asks for another field", "major", ["required: [x]", "required: [x, y]"], {
      base: [[operation, `${operation}      callbacks: { done: { "{$url}": { post: { requestBody: { content: { application/json: { schema: { type: object, required: [z], properties: { z: { type: string } } } } } }, responses: { "200": { description: Ok, content: { application/json: { schema: { type: object, required: [x], properties: { x: { type: string }, y: { type: string } } } } } } } } } } }\n`]],
    }),
    row("Something is deprecated", "minor", [operation, `${operation}      deprecated: true\n`], { why: "SemVer 2.0.0 §7" }),
    row("A parameter is deprecated", "minor", ["name: sort,", "name: sort, deprecated: true,"]),
    row("A webhook sends a field less", "major", [", properties: { hook: { type: string } }", ""], {
      base: [["components:\n", 'webhooks:\n  w: { post: { requestBody: { content: { application/json: { schema: { type: object, properties: { hook: { type: string } } } } } }, responses: { "200": { description: Ok } } } }\ncomponents:\n']],
    }),
  ],
  Servers: [
    row("The server changes", "major", ["https://example.com }]", "https://example.org }]"]),
    row("Another server comes first", "major", ["[{ url: https://example.com }]", "[{ url: https://example.org }, { url: https://example.com }]"]),
    row("Another server comes last", "minor", ["[{ url: https://example.com }]", "[{ url: https://example.com }, { url: https://example.org }]"]),
    row("A server that is not the first is gone", "major", ["[{ url: https://example.com }, { url: https://example.org }]", "[{ url: https://example.com }]"], { base: [["[{ url: https://example.com }]", "[{ url: https://example.com }, { url: https://example.org }]"]] }),
    row("A path has another server", "major", ["  /files:\n", "  /files:\n    servers: [{ url: https://files.example.com }]\n"]),
    row("An operation has another server", "major", [operation, `${operation}      servers: [{ url: https://get.example.com }]\n`]),
    row("A server's variable has another default", "major", ["default: a }", "default: b }"], { base: [["{ url: https://example.com }", '{ url: "https://{x}.example.com", variables: { x: { default: a } } }']] }),
    row("An operation has the server of all others by itself", "none", [operation, `${operation}      servers: [{ url: https://example.com }]\n`]),
  ],
  Authentication: [
    row("One takes the place of another", "major", ["security: [{ key: [] }]", "security: [{ token: [] }]"]),
    row("Another one is accepted", "minor", ["security: [{ key: [] }]", "security: [{ key: [] }, { token: [] }]"]),
    row("One is not accepted any more", "major", ["security: [{ key: [] }, { token: [] }]", "security: [{ key: [] }]"], { base: [["security: [{ key: [] }]", "security: [{ key: [] }, { token: [] }]"]] }),
    row("Another one is needed as well", "major", ["security: [{ key: [] }]", "security: [{ key: [], token: [] }]"]),
    row("One of two is not needed any more", "minor", ["security: [{ key: [], token: [] }]", "security: [{ key: [] }]"], { base: [["security: [{ key: [] }]", "security: [{ key: [], token: [] }]"]] }),
    row("None is needed any more", "minor", ["security: [{ key: [] }]", "security: []"]),
    row("One is needed now", "major", ["security: []", "security: [{ key: [] }]"], { base: [["security: [{ key: [] }]", "security: []"]] }),
    row("One operation asks for another one", "major", [operation, `${operation}      security: [{ token: [] }]\n`]),
    row("A credential goes elsewhere", "major", ["name: X-Key", "name: X-Other-Key"]),
    row("A credential is of another kind", "major", ["key: { type: apiKey, in: header, name: X-Key }", "key: { type: http, scheme: bearer }"]),
    row("Another scope is needed", "major", ["security: [{ flow: [read] }]", "security: [{ flow: [read, write] }]"]),
    row("A scope is not needed any more", "minor", ["security: [{ flow: [read] }]", "security: [{ flow: [] }]"]),
    row("Tokens come from elsewhere", "major", ["https://example.com/t", "https://example.org/t"]),
    row("A scope is new", "minor", ["read: Reads,", "read: Reads, list: Lists,"]),
    row("A scope is gone", "major", [", write: Writes", ""]),
    row("A scheme that nothing uses is gone", "none", ["    token: { type: http, scheme: bearer }\n", ""]),
  ],
  "Texts and notation": [
    row("Texts change that people see in their editor", "patch", ["Its number", "Its only number"]),
    row("Texts change that are not generated", "none", ["version: 1.0.0", "version: 1.0.1"], { why: "Nothing changed in what is generated" }),
    row("`anyOf: [X, null]` becomes `type: [X, null]`", "none", ['{ anyOf: [{ type: string }, { type: "null" }] }', '{ type: [string, "null"] }']),
    row("`anyOf` of types becomes a list of types", "none", ["{ anyOf: [{ type: string }, { type: integer }] }", "{ type: [string, integer] }"]),
    row("An `anyOf` is reordered", "none", ["[{ type: string }, { type: integer }]", "[{ type: integer }, { type: string }]"]),
    row("A list of one type becomes a type", "none", ["note: { type: [string] }", "note: { type: string }"], { base: [["note: { type: string }", "note: { type: [string] }"]] }),
    row("An `allOf` of one is written out", "none", ['{ allOf: [{ $ref: "#/components/schemas/Part" }] }', '{ $ref: "#/components/schemas/Part" }'], { base: [['part: { $ref: "#/components/schemas/Part" }', 'part: { allOf: [{ $ref: "#/components/schemas/Part" }] }']] }),
    row("A `$ref` is written out", "none", ['part: { $ref: "#/components/schemas/Part" }', `part: ${part.slice(6)}`]),
    row("An `enum` of one becomes a `const`", "none", ["enum: [new]", "const: new"], { base: [["[new, old]", "[new]"]] }),
    row("Keys are reordered", "none", ["name: { type: string }, number: { type: integer }", "number: { type: integer }, name: { type: string }"]),
    row("Parameters are reordered", "none", ["        - { in: query, name: limit, schema: { type: integer, default: 10 } }\n        - { in: query, name: sort, schema: { type: string, enum: [up, down] } }\n", "        - { in: query, name: sort, schema: { type: string, enum: [up, down] } }\n        - { in: query, name: limit, schema: { type: integer, default: 10 } }\n"]),
    row("A list of values is reordered", "none", ["[fast, slow]", "[slow, fast]"]),
    row("A parameter moves to the path", "none", [["        - { in: path, name: id, required: true, schema: { type: string } }\n", ""], ["  /things/{id}:\n", "  /things/{id}:\n    parameters: [{ in: path, name: id, required: true, schema: { type: string } }]\n"]]),
    row("A parameter is referred to", "none", [["{ in: query, name: sort, schema: { type: string, enum: [up, down] } }", '{ $ref: "#/components/parameters/Sort" }'], ["  schemas:\n", "  parameters: { Sort: { in: query, name: sort, schema: { type: string, enum: [up, down] } } }\n  schemas:\n"]]),
    row("`required: false` is written out", "none", ["name: sort,", "name: sort, required: false,"]),
    row("The usual style is written out", "none", [ids, `${ids.slice(0, -2)}, style: form, explode: true }`]),
    row("A header's name has another case", "none", ["name: X-Trace", "name: x-trace"]),
    row("A header of an answer has another case", "none", ["X-Left", "x-left"]),
    row("A scheme's name has another case", "none", ["scheme: bearer", "scheme: Bearer"], { base: [["security: [{ key: [] }]", "security: [{ token: [] }]"]] }),
    row("A host has another case", "none", ["https://example.com }]", "https://Example.com }]"]),
    row("The root's security is written out", "none", [operation, `${operation}      security: [{ key: [] }]\n`]),
    row("`openapi` says another patch version", "none", ["openapi: 3.1.0", "openapi: 3.1.1"]),
    row("An extension is new", "none", [operation, `${operation}      x-internal: true\n`]),
    row("A single value is said not to be exploded", "none", ["name: sort,", "name: sort, explode: false,"]),
    row("A `/` ends the server's URL", "none", ["https://example.com }]", "https://example.com/ }]"]),
  ],
};
