import type { Bump } from "../../judge/verdict.ts";

/** One row of the policy's table in docs/versioning.md: a change, and what is made of it. */
export interface Case {
  /** What changes, as the table says it. */
  readonly change: string;
  /** What `redocly diff` makes of it by itself, what the compiler does, and what the policy. */
  readonly bumps: readonly [wire: Bump, consumer: Bump, policy: Bump];
  /** The rules of the gravest reasons. */
  readonly rules: readonly string[];
  readonly edits: readonly Edit[];
  /** What makes the base, where the usual one will not do. */
  readonly base?: readonly Edit[];
  /** Why the bump is not simply the higher one. */
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
components:
  securitySchemes:
    key: { type: apiKey, in: header, name: X-Key }
    token: { type: http, scheme: bearer }
  schemas:
    Thing:
      type: object
      required: [id, part]
      properties:
        id: { type: string, description: Its number }
        note: { type: string }
        state: { type: string, enum: [new, old] }
        owner: { anyOf: [{ type: string }, { type: "null" }] }
        size: { anyOf: [{ type: string }, { type: integer }] }
        part: { $ref: "#/components/schemas/Part" }
    Part: { type: object, properties: { name: { type: string }, number: { type: integer } } }
    Draft:
      type: object
      required: [key]
      properties:
        key: { type: [string, "null"] }
        text: { type: string, maxLength: 100 }
        mode: { type: string, enum: [fast, slow] }
        count: { type: integer, default: 1 }
`;

/** Both descriptions of a case, in YAML. */
export function textsOf({ base = [], edits }: Case): [base: string, revision: string] {
  const before = base.reduce(edit, usual);
  return [before, edits.reduce(edit, before)];
}

function edit(text: string, [old, now]: Edit): string {
  const [head, tail, more] = text.split(old);
  if (head === undefined || tail === undefined || more !== undefined) {
    throw new Error(`The edit's text does not stand there once: ${old}`);
  }
  return `${head}${now}${tail}`;
}

const get = "    get:\n";
const ok = "        default:\n          description: What went wrong\n";
const thing = '{ $ref: "#/components/schemas/Thing" }';

export const cases: readonly Case[] = [
  // Answers
  {
    change: "An answer's field is new",
    bumps: ["minor", "minor", "minor"],
    rules: ["other-added", "result-added"],
    edits: [
      ["note: { type: string }\n", "note: { type: string }\n        more: { type: string }\n"],
    ],
  },
  {
    change: "An answer's field is gone, though it was optional",
    bumps: ["major", "major", "major"],
    rules: ["property-removed", "result-removed"],
    edits: [["        note: { type: string }\n", ""]],
  },
  {
    change: "An answer's field may now be missing",
    bumps: ["major", "major", "major"],
    rules: ["required-properties-removed", "result-optional"],
    edits: [["required: [id, part]", "required: [part]"]],
  },
  {
    change: "An answer's field may now be null",
    bumps: ["major", "major", "major"],
    rules: ["schema-type-changed", "result-nullable"],
    edits: [["id: { type: string,", 'id: { type: [string, "null"],']],
  },
  {
    change: "An answer's field is always there now",
    bumps: ["patch", "minor", "minor"],
    rules: ["result-required"],
    edits: [["required: [id, part]", "required: [id, part, note]"]],
  },
  {
    change: "An answer's field has another type",
    bumps: ["major", "major", "major"],
    rules: ["schema-type-changed", "result-widened"],
    edits: [["id: { type: string,", "id: { type: integer,"]],
  },
  {
    change: "An answer's list of values has a new one",
    bumps: ["major", "minor", "minor"],
    rules: ["enum-values-added", "result-values"],
    edits: [["[new, old]", "[new, old, lost]"]],
    why: "Lists of values in answers are open",
  },
  {
    change: "An answer's list of values has one less",
    bumps: ["patch", "minor", "minor"],
    rules: ["result-values"],
    edits: [["[new, old]", "[new]"]],
  },
  {
    change: "A value of `x-extensible-enum` is new",
    bumps: ["none", "minor", "minor"],
    rules: ["result-values"],
    base: [["enum: [new, old]", "x-extensible-enum: [new, old]"]],
    edits: [["[new, old]", "[new, old, lost]"]],
  },
  {
    change: "A new success status has another body",
    bumps: ["minor", "major", "major"],
    rules: ["success-added"],
    edits: [
      [
        ok,
        `        "202":\n          description: Later\n          content: { application/json: { schema: { type: object, properties: { wait: { type: integer } } } } }\n${ok}`,
      ],
    ],
  },
  {
    change: "A new success status has no body, and others have one",
    bumps: ["minor", "major", "major"],
    rules: ["success-added"],
    edits: [[ok, `        "204": { description: Nothing }\n${ok}`]],
  },
  {
    change: "A new success status has the same body",
    bumps: ["minor", "minor", "minor"],
    rules: ["other-added", "result-added"],
    edits: [
      [
        ok,
        `        "201":\n          description: New\n          content: { application/json: { schema: ${thing} } }\n${ok}`,
      ],
    ],
  },
  {
    change: "An error status is new",
    bumps: ["minor", "minor", "minor"],
    rules: ["other-added", "result-added"],
    edits: [[ok, `        "404": { description: No thing }\n${ok}`]],
  },
  {
    change: "A status is gone",
    bumps: ["major", "major", "major"],
    rules: ["response-removed", "result-removed"],
    edits: [[ok, ""]],
  },
  {
    change: "An answer's header is new",
    bumps: ["minor", "minor", "minor"],
    rules: ["other-added", "result-added"],
    edits: [["headers: {", "headers: { X-Limit: { schema: { type: integer } },"]],
  },
  {
    change: "An answer's header is gone",
    bumps: ["major", "major", "major"],
    rules: ["response-header-removed", "result-removed"],
    base: [["headers: {", "headers: { X-Limit: { schema: { type: integer } },"]],
    edits: [["X-Limit: { schema: { type: integer } },", ""]],
  },
  // Inputs
  {
    change: "An optional parameter is new",
    bumps: ["minor", "minor", "minor"],
    rules: ["other-added", "input-added"],
    edits: [
      [
        "      parameters:\n",
        "      parameters:\n        - { in: query, name: after, schema: { type: string } }\n",
      ],
    ],
  },
  {
    change: "A required parameter is new",
    bumps: ["major", "major", "major"],
    rules: ["parameter-became-required", "input-required"],
    edits: [
      [
        "      parameters:\n",
        "      parameters:\n        - { in: query, name: after, required: true, schema: { type: string } }\n",
      ],
    ],
  },
  {
    change: "A header becomes required",
    bumps: ["major", "major", "major"],
    rules: ["parameter-became-required", "input-required"],
    base: [["in: query, name: sort,", "in: header, name: X-Sort,"]],
    edits: [["name: X-Sort,", "name: X-Sort, required: true,"]],
  },
  {
    change: "A body becomes required",
    bumps: ["major", "major", "major"],
    rules: ["request-body-became-required", "input-required"],
    edits: [["requestBody: {", "requestBody: { required: true,"]],
  },
  {
    change: "A body's field becomes required",
    bumps: ["major", "major", "major"],
    rules: ["required-properties-added", "input-required"],
    edits: [["required: [key]", "required: [key, text]"]],
  },
  {
    change: "A body's field becomes optional",
    bumps: ["patch", "minor", "minor"],
    rules: ["input-optional"],
    edits: [["      required: [key]\n", ""]],
  },
  {
    change: "A body's field must not be null any more",
    bumps: ["major", "major", "major"],
    rules: ["schema-type-changed", "input-not-null"],
    edits: [['key: { type: [string, "null"] }', "key: { type: string }"]],
  },
  {
    change: "A body's optional field is new",
    bumps: ["minor", "minor", "minor"],
    rules: ["other-added", "input-added"],
    edits: [["        count: {", "        more: { type: string }\n        count: {"]],
  },
  {
    change: "A body's optional field is gone",
    bumps: ["patch", "major", "major"],
    rules: ["input-removed"],
    edits: [["        mode: { type: string, enum: [fast, slow] }\n", ""]],
  },
  {
    change: "A parameter is gone",
    bumps: ["major", "major", "major"],
    rules: ["parameter-removed", "input-removed", "parameter"],
    edits: [
      ["        - { in: query, name: sort, schema: { type: string, enum: [up, down] } }\n", ""],
    ],
  },
  {
    change: "A parameter is sent elsewhere",
    bumps: ["major", "major", "major"],
    rules: ["parameter-removed", "input-removed", "parameter"],
    edits: [["in: query, name: sort", "in: header, name: sort"]],
  },
  {
    change: "An input's list of values has a new one",
    bumps: ["patch", "minor", "minor"],
    rules: ["input-values"],
    edits: [["[fast, slow]", "[fast, slow, safe]"]],
  },
  {
    change: "An input's list of values has one less",
    bumps: ["major", "major", "major"],
    rules: ["enum-values-removed", "input-values"],
    edits: [["[up, down]", "[up]"]],
  },
  {
    change: "A parameter's default changes",
    bumps: ["patch", "major", "major"],
    rules: ["default-changed"],
    edits: [["default: 10", "default: 20"]],
  },
  {
    change: "A parameter's default is new",
    bumps: ["patch", "minor", "minor"],
    rules: ["default-added"],
    base: [[", default: 10", ""]],
    edits: [
      ["name: limit, schema: { type: integer", "name: limit, schema: { type: integer, default: 10"],
    ],
  },
  {
    change: "A body's field has another default",
    bumps: ["patch", "patch", "major"],
    rules: ["default-changed"],
    edits: [["default: 1 }", "default: 2 }"]],
    why: "It stands in a comment, and changes what the server does",
  },
  {
    change: "An input may be shorter only",
    bumps: ["major", "none", "none"],
    rules: [],
    edits: [["maxLength: 100", "maxLength: 50"]],
    why: "Nothing changed in what is generated",
  },
  // Operations
  {
    change: "An operation is new",
    bumps: ["minor", "minor", "minor"],
    rules: ["other-added", "operation-added", "type-added"],
    edits: [
      [
        get,
        `    delete:\n      operationId: deleteThing\n      responses: { "204": { description: Gone } }\n${get}`,
      ],
    ],
  },
  {
    change: "An operation is gone",
    bumps: ["major", "major", "major"],
    rules: ["operation-removed", "type-removed"],
    base: [
      [
        get,
        `    delete:\n      operationId: deleteThing\n      responses: { "204": { description: Gone } }\n${get}`,
      ],
    ],
    edits: [
      [
        `    delete:\n      operationId: deleteThing\n      responses: { "204": { description: Gone } }\n`,
        "",
      ],
    ],
  },
  {
    change: "A path changes",
    bumps: ["major", "major", "major"],
    rules: ["path-removed", "operation-removed"],
    edits: [["  /things:", "  /v2/things:"]],
  },
  {
    change: "A method changes",
    bumps: ["major", "major", "major"],
    rules: ["operation-removed"],
    edits: [["    put:", "    patch:"]],
  },
  {
    change: "An `operationId` changes",
    bumps: ["major", "major", "major"],
    rules: ["operation-id-changed", "type-removed"],
    edits: [["operationId: getThing", "operationId: readThing"]],
  },
  {
    change: "A schema has another name and the same shape",
    bumps: ["patch", "major", "major"],
    rules: ["type-removed"],
    edits: [
      ["    Part: {", "    Piece: {"],
      ["schemas/Part", "schemas/Piece"],
    ],
  },
  {
    change: "An operation without `operationId` gets a required parameter",
    bumps: ["major", "major", "major"],
    rules: ["parameter-became-required", "input-required"],
    base: [["      operationId: getThing\n", ""]],
    edits: [["name: sort,", "name: sort, required: true,"]],
  },
  {
    change: "An operation without `operationId` asks for another authentication",
    bumps: ["major", "major", "major"],
    rules: ["security-requirement-changed", "authentication"],
    base: [["      operationId: getThing\n", "      security: [{ key: [] }]\n"]],
    edits: [["      security: [{ key: [] }]\n", "      security: [{ token: [] }]\n"]],
  },
  {
    change: "An authentication takes the place of another",
    bumps: ["major", "major", "major"],
    rules: ["security-requirement-changed", "authentication"],
    edits: [["security: [{ key: [] }]", "security: [{ token: [] }]"]],
  },
  {
    change: "An authentication is accepted besides",
    bumps: ["minor", "minor", "minor"],
    rules: ["other-added", "authentication"],
    edits: [["security: [{ key: [] }]", "security: [{ key: [] }, { token: [] }]"]],
  },
  {
    change: "A credential goes elsewhere",
    bumps: ["major", "major", "major"],
    rules: ["security-scheme-changed", "authentication"],
    edits: [["name: X-Key", "name: X-Other-Key"]],
  },
  {
    change: "The server changes",
    bumps: ["major", "major", "major"],
    rules: ["server-removed", "server"],
    edits: [["https://example.com", "https://example.org"]],
  },
  {
    change: "Another server comes first",
    bumps: ["minor", "major", "major"],
    rules: ["server"],
    edits: [
      [
        "[{ url: https://example.com }]",
        "[{ url: https://example.org }, { url: https://example.com }]",
      ],
    ],
  },
  {
    change: "Something is deprecated",
    bumps: ["patch", "patch", "minor"],
    rules: ["deprecated"],
    edits: [
      ["      operationId: getThing\n", "      operationId: getThing\n      deprecated: true\n"],
    ],
    why: "SemVer 2.0.0 §7",
  },
  // Nothing
  {
    change: "Texts change that people see in their editor",
    bumps: ["patch", "patch", "patch"],
    rules: ["texts-changed"],
    edits: [["Its number", "Its only number"]],
  },
  {
    change: "Texts change that are not generated",
    bumps: ["patch", "none", "none"],
    rules: [],
    edits: [["version: 1.0.0", "version: 1.0.1"]],
    why: "Nothing changed in what is generated",
  },
  {
    change: "`anyOf: [X, null]` becomes `type: [X, null]`",
    bumps: ["major", "none", "none"],
    rules: [],
    edits: [['{ anyOf: [{ type: string }, { type: "null" }] }', '{ type: [string, "null"] }']],
    why: "Nothing changed in what is generated",
  },
  {
    change: "An `anyOf` is reordered",
    bumps: ["none", "none", "none"],
    rules: [],
    edits: [["[{ type: string }, { type: integer }]", "[{ type: integer }, { type: string }]"]],
  },
  {
    change: "A `$ref` is written out",
    bumps: ["none", "none", "none"],
    rules: [],
    edits: [
      [
        'part: { $ref: "#/components/schemas/Part" }',
        "part: { type: object, properties: { name: { type: string }, number: { type: integer } } }",
      ],
    ],
  },
  {
    change: "Keys are reordered",
    bumps: ["none", "none", "none"],
    rules: [],
    edits: [
      [
        "name: { type: string }, number: { type: integer }",
        "number: { type: integer }, name: { type: string }",
      ],
    ],
  },
];

/** The policy's table as it stands in docs/versioning.md, in Markdown. */
export function policyTable(): string {
  const rows = cases.map(({ change, bumps: [wire, consumer, policy], why = "" }) =>
    [change, wire, consumer, `**${policy}**`, why].join(" | "),
  );
  return ["Change | `redocly diff` | Compiler | Bump | Why", "-|-|-|-|-", ...rows]
    .map((row) => `| ${row} |\n`)
    .join("");
}
