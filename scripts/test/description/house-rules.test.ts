import { describe, expect, test } from "vitest";
import { description, readRepository, schemas, small } from "../../fixtures/project.ts";
import { refusal, makeProject, run } from "../project.ts";

const rules = "scripts/description/house-rules.js";

async function withHouseRules(yaml: string) {
  const files = Object.entries(await readRepository());
  return {
    ...Object.fromEntries(files.filter(([file]) => /^(?:scripts\/|package)/u.test(file))),
    "redocly.yaml": `${small["redocly.yaml"]}plugins: [${rules}]\nextends: [house/all]\n`.replace(
      "extends: []\n",
      "",
    ),
    [description]: yaml,
  };
}

function api(root: string, operation: string): string {
  return `openapi: 3.1.0
info: { title: T, version: "1" }
${root}
paths:
  /p:
    get:
      operationId: getP
      ${operation}
      responses: { "200": { description: D } }
components:
  securitySchemes: { token: { type: http, scheme: bearer } }
`;
}

describe("an operation", () => {
  test.each<[what: string, root: string, operation: string]>([
    ["without authentication", "", ""],
    ["that inherits `security: []` from the root", "security: []", ""],
    [
      "that overrides the root's authentication with none",
      "security: [{ token: [] }]",
      "security: []",
    ],
    ["whose only alternative is none", "", "security: [{}]"],
  ])("%s is refused", async (_what, root, operation) =>
    expect(refusal(await withHouseRules(api(root, operation)))).resolves.toBe(
      `${description} #/paths/~1p/get: The operation \`getP\` requires no authentication (house/operation-authentication). Correct it with an overlay action.`,
    ),
  );

  test.each<[what: string, root: string, operation: string]>([
    ["that inherits it", "security: [{ token: [] }]", ""],
    ["that declares it", "security: []", "security: [{ token: [] }]"],
    ["for which it is optional", "", "security: [{}, { token: [] }]"],
  ])("with authentication %s is fine", async (_what, root, operation) => {
    const project = await makeProject(await withHouseRules(api(root, operation)));
    await expect(run(project)).resolves.toBeDefined();
  });

  test("that the API itself calls needs none", async () => {
    const call = `{ operationId: called, security: [], responses: { "200": { description: D } } }`;
    const project = await makeProject(
      await withHouseRules(
        api(
          `security: [{ token: [] }]\nwebhooks: { done: { post: ${call} } }`,
          `callbacks: { done: { "{$request.query.url}": { post: ${call.replace("called", "back")} } } }`,
        ),
      ),
    );
    await expect(run(project)).resolves.toBeDefined();
  });
});

/** A description of one schema with the given prose and values of `x-extensible-enum`. */
function states(prose: string, known: string, more = ""): string {
  return schemas(
    `    State: { type: string, description: ${JSON.stringify(prose)}, x-extensible-enum: [${known}]${more} }`,
  );
}

describe("the values that prose names in backticks", () => {
  const at = `${description} #/components/schemas/State`;
  const end = "(house/prose-names-known-values). Correct it with an overlay action.";

  test.each<[what: string, yaml: string, message: string]>([
    [
      "are all listed",
      states("Either `a`, `b` or `c`.", "a, b"),
      `${at}/description: The description names the value \`c\`, which x-extensible-enum does not list ${end}`,
    ],
    [
      "are all that are listed",
      states("Either `a` or so.", "a, b"),
      `${at}/x-extensible-enum: x-extensible-enum lists the value \`b\`, which the description does not name ${end}`,
    ],
    [
      "include the final states",
      states("Either `a` or `b`.", "a, b", ", x-final-states: { c: failed }"),
      `${at}/x-final-states: x-final-states has the state \`c\`, which neither x-extensible-enum nor enum lists (house/extensions). Correct it with an overlay action.`,
    ],
  ])("%s", async (_what, yaml, message) =>
    expect(refusal(await withHouseRules(yaml))).resolves.toBe(message),
  );

  test("may be named in any order, and more than once", async () => {
    const yaml = states(
      "Either `b` or `a`; not `b` for long.",
      "a, b",
      ", x-final-states: { a: succeeded }",
    );
    await expect(run(await makeProject(await withHouseRules(yaml)))).resolves.toBeDefined();
  });
});

/** A description of one operation that returns a Thing, whose `state` has the given keywords. */
function describeState(state: object, { operation = {}, media = {}, thing = {} } = {}): string {
  return JSON.stringify({
    openapi: "3.1.0",
    info: { title: "T", version: "1" },
    paths: {
      "/p": {
        get: {
          operationId: "getP",
          security: [{ token: [] }],
          responses: {
            "200": {
              description: "D",
              content: {
                "application/json": { schema: { $ref: "#/components/schemas/Thing" }, ...media },
              },
            },
          },
          ...operation,
        },
      },
    },
    components: {
      securitySchemes: { token: { type: "http", scheme: "bearer" } },
      schemas: {
        Thing: { type: "object", properties: { state }, ...thing },
        State: { type: "string", enum: ["open", "shut", "ajar"] },
      },
      examples: { A: { value: { state: "ajar" } } },
    },
  });
}

const conditionKeywords = ["if", "then", "else"];
/** A schema of the given condition, and what it implies. */
function when(...parts: object[]): object {
  return Object.fromEntries(parts.map((part, index) => [conditionKeywords[index], part]));
}

describe("a default", () => {
  const at = `${description} #/components/schemas`;
  const end = "is not one of the listed values (house/default-is-listed)";

  test.each<[what: string, yaml: string, message: string]>([
    [
      "of an enum",
      "    A: { enum: [a, b], default: c }",
      `${at}/A/default: The default "c" ${end}`,
    ],
    ["of a constant", "    A: { const: 1, default: 2 }", `${at}/A/default: The default 2 ${end}`],
    [
      "beside a reference",
      '    A: { enum: [a] }\n    B: { properties: { a: { $ref: "#/components/schemas/A", default: c } } }',
      `${at}/B/properties/a/default: The default "c" ${end}`,
    ],
  ])("%s has to be one of its values", async (_what, yaml, message) =>
    expect(refusal(await withHouseRules(schemas(yaml)))).resolves.toContain(message),
  );

  test("has to have the type of its schema", async () =>
    expect(
      refusal(await withHouseRules(schemas('    A: { type: [string, "null"], default: 1.10 }'))),
    ).resolves.toContain(
      `${at}/A/default: The default 1.1 is of the type number, and not string or null (house/default-has-type)`,
    ));

  test.each([
    "{ type: number, default: 1 }",
    "{ type: integer, default: 1.0 }",
    "{ type: array, default: [1] }",
    "{ type: [boolean, object], default: {} }",
    "{ type: string, default: null }",
    "{ default: 1.10 }",
  ])("may have the type of its schema: %s", async (schema) => {
    const project = await makeProject(await withHouseRules(schemas(`    A: ${schema}`)));
    await expect(run(project)).resolves.toBeDefined();
  });

  test("may be null, or belong to a schema that lists no values", async () => {
    const yaml = "    A: { enum: [a, null], default: null }\n    B: { type: string, default: b }";
    await expect(
      run(await makeProject(await withHouseRules(schemas(yaml)))),
    ).resolves.toBeDefined();
  });
});

describe("stops at an unlisted value, wherever the vendor names it:", () => {
  const listed = { "x-extensible-enum": ["open", "shut"] };
  const prose = { type: "string", description: "Either open or shut.", ...listed };
  const state = "#/components/schemas/Thing/properties/state";

  const ajar = { properties: { state: { const: "ajar" } } };
  const shut = { properties: { state: { const: "shut" } } };

  test.each<[where: string, yaml: string, place: string]>([
    [
      "in plain prose",
      describeState({ ...prose, description: "One of open, shut, ajar." }),
      `${state}/description`,
    ],
    ["in an enum", describeState({ ...prose, enum: ["open", "shut", "ajar"] }), state],
    [
      "in constants",
      describeState({
        ...prose,
        oneOf: ["open", "shut", "ajar"].map((value) => ({ const: value })),
      }),
      state,
    ],
    [
      "in a schema that it refers to",
      describeState({ $ref: "#/components/schemas/State", ...listed }),
      state,
    ],
    [
      "in its only allOf part",
      describeState({ allOf: [{ $ref: "#/components/schemas/State" }], ...listed }),
      state,
    ],
    [
      "in a schema combined with null",
      describeState({
        anyOf: [{ $ref: "#/components/schemas/State" }, { type: "null" }],
        ...listed,
      }),
      state,
    ],
    ["in an example of it", describeState({ ...prose, example: "ajar" }), state],
    [
      "in an example of its parent",
      describeState(prose, { thing: { examples: [{ state: "ajar" }] } }),
      "#/components/schemas/Thing",
    ],
    [
      "in an example of a response",
      describeState(prose, { media: { example: [{ state: "ajar" }] } }),
      "#/paths/~1p/get",
    ],
    [
      "in an example of a response that maps names to it",
      describeState(prose, {
        media: {
          schema: { additionalProperties: { $ref: "#/components/schemas/Thing" } },
          example: { a: { state: "ajar" } },
        },
      }),
      "#/paths/~1p/get",
    ],
    [
      "in a named example of a response",
      describeState(prose, { media: { examples: { a: { value: { state: "ajar" } } } } }),
      "#/paths/~1p/get",
    ],
    [
      "in the prose of its parent",
      describeState(prose, { thing: { description: "It is open, shut or ajar." } }),
      "#/components/schemas/Thing/description",
    ],
    [
      "in the prose of the operation",
      describeState(prose, {
        operation: { description: "Waits until it is open, shut, or ajar." },
      }),
      "#/paths/~1p/get/description",
    ],
    [
      "in a pattern",
      describeState({ ...prose, pattern: "^(?:open|shut|ajar)$" }),
      `${state}/x-extensible-enum`,
    ],
    [
      "in the vendor's own extension",
      describeState({ ...prose, "x-enum-varnames": ["Open", "Shut", "ajar"] }),
      `${state}/x-extensible-enum`,
    ],
    [
      "in the values of the vendor's own extension",
      describeState({
        ...prose,
        "x-ms-enum": { name: "S", values: [{ value: "shut" }, { value: "ajar" }] },
      }),
      `${state}/x-extensible-enum`,
    ],
    [
      "in the title",
      describeState({ ...prose, title: "Open: `open`, `shut`, `ajar`" }),
      `${state}/description`,
    ],
    [
      "next to a listed value, in the prose of another field",
      describeState(prose, {
        thing: {
          properties: { state: prose, since: { description: "Since it was `shut` or `ajar`." } },
        },
      }),
      "#/components/schemas/Thing/properties/since/description",
    ],
    [
      "in JSON in prose",
      describeState(prose, { operation: { description: 'It answers `{ "state": "ajar" }`.' } }),
      "#/paths/~1p/get/description",
    ],
    [
      "in the summary",
      describeState(prose, { operation: { summary: "Waits while the state is `ajar`" } }),
      "#/paths/~1p/get/summary",
    ],
    [
      "in the text of a parameter",
      describeState(prose, {
        operation: {
          parameters: [{ name: "q", in: "query", description: "Only `shut` or `ajar` ones." }],
        },
      }),
      "#/paths/~1p/get/parameters/0/description",
    ],
    [
      "in the list of a parameter",
      describeState(prose, {
        operation: {
          parameters: [{ name: "q", in: "query", schema: { enum: ["open", "shut", "ajar"] } }],
        },
      }),
      "#/paths/~1p/get/parameters/0/schema",
    ],
    [
      "in the example of a parameter with the same name",
      describeState(prose, {
        operation: { parameters: [{ name: "state", in: "query", example: "ajar" }] },
      }),
      "#/paths/~1p/get/parameters/0",
    ],
    [
      "in a condition on it",
      describeState({ ...prose, ...when({ const: "open" }, {}, { not: { const: "ajar" } }) }),
      state,
    ],
    ...Object.entries({
      ...when(ajar, ajar, ajar),
      not: { properties: { state: { const: "ajar" } }, required: ["since"] },
      allOf: [ajar],
      anyOf: [{}, { if: ajar }],
      oneOf: [{}, { properties: { state: { $ref: "#/components/schemas/State" } } }],
      dependentSchemas: { since: { properties: { state: { enum: ["open", "ajar"] } } } },
      patternProperties: { "(": { enum: ["open"] }, "^st": { enum: ["ajar"] } },
      discriminator: { propertyName: "state", mapping: { ajar: "#/components/schemas/State" } },
    }).map(([keyword, value]): [string, string, string] => [
      `in ${keyword} of its parent`,
      describeState(prose, { thing: { [keyword]: value } }),
      "#/components/schemas/Thing",
    ]),
    [
      "in a referenced example",
      describeState(prose, { media: { examples: { a: { $ref: "#/components/examples/A" } } } }),
      "#/paths/~1p/get",
    ],
  ])("%s", async (_where, yaml, place) => {
    const message = await refusal(await withHouseRules(yaml));
    expect(message.split("\n")[0]).toMatch(
      /`ajar`.*, which x-extensible-enum does not list \(house\/prose-names-known-values\)/u,
    );
    expect(message).toContain(`${description} ${place}`);
  });

  test("stops at listed values that the schema does not allow", async () => {
    const yaml = describeState({
      ...prose,
      pattern: "^[a-n]+$",
      maxLength: 3,
      "x-enum-names": ["else"],
    });
    await expect(refusal(await withHouseRules(yaml))).resolves.toBe(
      ["open", "shut"]
        .map(
          (value) =>
            `${description} ${state}/x-extensible-enum: x-extensible-enum lists the value \`${value}\`, which the schema does not allow (house/prose-names-known-values). Correct it with an overlay action.`,
        )
        .join("\n"),
    );
  });

  test("reads nothing into parts without a property that every object inherits", async () => {
    const thing = { allOf: [{ minProperties: 1 }], not: { properties: {} } };
    const yaml = describeState(prose, { thing }).replaceAll('"state"', '"constructor"');
    const project = await makeProject(await withHouseRules(yaml));
    await expect(run(project)).resolves.toBeDefined();
  });

  test.each<[what: string, own: object, thing: object]>([
    ["its own not", { not: { enum: ["shut", "else"] } }, {}],
    ["its own condition", when({ const: "shut" }, { maxLength: 3 }), {}],
    ["not of its parent", {}, { not: shut }],
    ["allOf of its parent", {}, { allOf: [{ properties: { state: { enum: ["open"] } } }] }],
    ["all alternatives", {}, { oneOf: [{ properties: { state: { maxLength: 3 } } }] }],
    ["patternProperties of its parent", {}, { patternProperties: { "^s": { pattern: "^o" } } }],
    [
      "both branches of its parent",
      {},
      when(
        { required: ["state"] },
        { properties: { state: { const: "open" } } },
        { properties: { state: { pattern: "n$" } } },
      ),
    ],
  ])("stops at a listed value that is excluded by %s", async (_what, own, thing) => {
    const yaml = describeState({ ...prose, ...own }, { thing });
    await expect(refusal(await withHouseRules(yaml))).resolves.toMatch(
      /x-extensible-enum lists the (?:value|state) `shut`, which the schema does not allow/u,
    );
  });

  test("conditions may have the listed values, and exclude one of some objects", async () => {
    const yaml = describeState(
      { ...prose, ...when({ const: "open" }, { minLength: 4 }), not: { type: "null" } },
      {
        thing: {
          ...when(shut, shut),
          not: { properties: { state: { const: "open" }, since: { type: "string" } } },
          anyOf: [{ properties: { state: { const: "open" } } }, {}],
          dependentSchemas: { since: shut },
        },
      },
    );
    await expect(run(await makeProject(await withHouseRules(yaml)))).resolves.toBeDefined();
  });

  test.each<[type: string, other: object]>([
    ["a number", { type: "integer", enum: [410, 422] }],
    ["another string", { type: "string", enum: ["refused"] }],
  ])("an alternative to the object may use the name for %s", async (_type, other) => {
    const schema = {
      oneOf: [
        { $ref: "#/components/schemas/Thing" },
        { type: "object", properties: { state: other } },
      ],
    };
    const yaml = describeState(prose, { media: { schema } });
    await expect(run(await makeProject(await withHouseRules(yaml)))).resolves.toBeDefined();
  });

  test("many schemas may refer to each other as conditions", async () => {
    const names = Array.from({ length: 14 }, (_, index) => `Part${index}`);
    const dependentSchemas = Object.fromEntries(
      names.map((name) => [name, { $ref: `#/components/schemas/${name}` }]),
    );
    const yaml = JSON.parse(describeState(prose, { thing: { dependentSchemas } }));
    for (const name of names) yaml.components.schemas[name] = { type: "object", dependentSchemas };
    await expect(
      run(await makeProject(await withHouseRules(JSON.stringify(yaml)))),
    ).resolves.toBeDefined();
  });

  describe("for the states of a job", () => {
    const job = {
      type: "string",
      description: "Either pending or failed.",
      "x-extensible-enum": ["pending", "failed"],
    };
    const withTag = (text: string): string =>
      describeState(job)
        .replaceAll("Thing", "Export")
        .replace('"info":', `"tags":[{"name":"a","description":"${text}"}],"info":`);

    test.each<[how: string, yaml: string, place: string]>([
      [
        "in backticks",
        describeState(job, { operation: { description: "Gets it. Another state: `cancelled`." } }),
        "#/paths/~1p/get/description",
      ],
      [
        "in plain words",
        describeState(job, { operation: { description: "A job may be cancelled by its owner." } }),
        "#/paths/~1p/get/description",
      ],
      [
        "as an adjective",
        describeState(job, { thing: { description: "Cancelled jobs have none." } }),
        "#/components/schemas/Thing/description",
      ],
      ["in a tag", withTag("An export may be `cancelled`."), "#/tags/0/description"],
    ])("stops at a single state, too, %s", async (_how, yaml, place) =>
      expect(refusal(await withHouseRules(yaml))).resolves.toBe(
        `${description} ${place}: The prose names \`cancelled\` among the values of state, which x-extensible-enum does not list (house/prose-names-known-values). Correct it with an overlay action.`,
      ),
    );

    const list = { type: "string", enum: ["pending", "failed", "cancelled"] };
    const withOther = (
      path: string,
      schema: object,
      { section = "paths", name = "Other" } = {},
    ): string => {
      const yaml = JSON.parse(describeState(job).replaceAll("Thing", "Export"));
      const { responses, security } = yaml.paths["/p"].get;
      const others = JSON.parse(JSON.stringify(responses).replace("/Export", `/${name}`));
      const operation = { operationId: "other", security, responses: others };
      yaml[section] = { ...yaml[section], [path]: { get: operation } };
      yaml.components.schemas[name] = schema;
      return JSON.stringify(yaml);
    };
    const withState = { type: "object", properties: { state: list } };
    const withId = { ...withState, properties: { ...withState.properties, export_id: {} } };

    test.each<[where: string, yaml: string]>([
      ["an operation on the same path", withOther("/exports/all", withState)],
      ["a schema of the same subject", withOther("/all", withState, { name: "ExportSummary" })],
      ["an object with the job's id", withOther("/all", withId)],
      ["a webhook", withOther("done", withId, { section: "webhooks" })],
    ])("stops at a list in %s", async (_where, yaml) =>
      expect(refusal(await withHouseRules(yaml))).resolves.toContain(
        "A list has `cancelled` among the values of state, which x-extensible-enum does not list",
      ),
    );

    const own = { type: "string", enum: ["on", "paused"], description: "Either `on` or `paused`." };
    const withOwn = (field: string): object => ({ type: "object", properties: { [field]: own } });
    const withTitle = { ...withState, properties: { ...withState.properties, export_title: {} } };

    test.each<[what: string, yaml: string]>([
      ["another object", withOther("/orders", withState, { name: "Order" })],
      ["an object with a title", withOther("/orders", withTitle, { name: "Order" })],
      ["another field", withOther("/exports/plan", withOwn("mode"), { name: "ExportPlan" })],
    ])("%s may have other values", async (_what, yaml) => {
      await expect(run(await makeProject(await withHouseRules(yaml)))).resolves.toBeDefined();
    });

    test.each<[what: string, yaml: string]>([
      ["words that are not states", withTag("An export is `compressed`, and its state is public.")],
      ["the state of something else", withTag("A user may be cancelled, and an order `shipped`.")],
      [
        "actions on the job",
        describeState(job, {
          operation: { description: "Gets the job, which was created before." },
        }),
      ],
    ])("ordinary prose may mention %s", async (_what, yaml) => {
      await expect(run(await makeProject(await withHouseRules(yaml)))).resolves.toBeDefined();
    });
  });

  test("does not stop if all are listed", async () => {
    const all = { "x-extensible-enum": ["open", "shut", "ajar"] };
    const yaml = describeState(
      { allOf: [{ $ref: "#/components/schemas/State" }], ...all },
      {
        media: { example: { state: "ajar" } },
        operation: { description: "It is open, shut or ajar." },
      },
    );
    await expect(run(await makeProject(await withHouseRules(yaml)))).resolves.toBeDefined();
  });

  test("stops at a listed value that the vendor's enum lacks, and at duplicates", async () => {
    const yaml = describeState({
      type: "string",
      enum: ["open"],
      "x-extensible-enum": ["open", "shut", "open"],
    });
    await expect(refusal(await withHouseRules(yaml))).resolves.toBe(
      ["`open` twice", "`shut`, which the schema does not allow"]
        .map(
          (fault) =>
            `${description} ${state}/x-extensible-enum: x-extensible-enum lists the value ${fault} (house/prose-names-known-values). Correct it with an overlay action.`,
        )
        .join("\n"),
    );
  });
});
