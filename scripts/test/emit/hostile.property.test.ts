import { existsSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { createContext, runInContext } from "node:vm";
import { stringifyYaml } from "@redocly/openapi-core";
import * as fc from "fast-check";
import ts from "typescript";
import { expect, test } from "vitest";
import { CommandError } from "../../command/problem.js";
import { description, write } from "../../fixtures/project.ts";
import { readFolder } from "../../command/read-folder.ts";
import { makeProject, run } from "../project.ts";

// FUZZ_RUNS=5000 FUZZ_SEED=1 npx vitest run scripts/test/emit/hostile*: more runs, or a replay. Without a seed,
// each run tries other descriptions.
const runs = Number(process.env["FUZZ_RUNS"] ?? 40);
const seed = Number(process.env["FUZZ_SEED"] ?? Date.now() % 2 ** 31);

const hostile = fc
  .constantFrom(
    "__proto__ constructor prototype toString then $ref $defs x-a example default eval await".split(
      " ",
    ),
    [
      'a"b',
      "a'b",
      "a`b",
      "${globalThis.pwned = 1}",
      "*/ globalThis.pwned = 1; /*",
      "//",
      "\\",
      "\\u0022",
    ],
    [
      "a\nb",
      "a\u2028b",
      "\u202eb",
      "\u0000",
      "",
      " ",
      "é",
      "𝒳",
      "a/b~c",
      "{id}",
      "#",
      "1",
      "-0",
      "[0]",
    ],
  )
  .chain((all) => fc.constantFrom(...all));
const name = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.constantFrom("a", "b", "id", "Thing", "get_thing", "thing-id", "state"),
  },
  { weight: 1, arbitrary: hostile },
  { weight: 1, arbitrary: fc.string({ unit: "grapheme", maxLength: 8 }) },
);
const text = fc.oneof(
  name,
  fc.string({ maxLength: 30 }),
  fc.constant("@deprecated */\n`a` or `b`"),
);
const number = fc.oneof(
  fc.constantFrom(0, -0, 1, -1, 0.1, 2 ** 53, 2 ** 53 + 2, 1e21, 1e308, -1e308, 5e-324),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
);
const reference = fc.oneof(
  fc.constantFrom("a", "b", "Thing", "id").map((key) => `#/components/schemas/${key}`),
  fc.constantFrom(
    "#",
    "#/",
    "#/info",
    "#/$defs/a",
    "#/paths/~1a/get",
    "b.yaml",
    "../../a.yaml#/a",
    "https://things.example/a",
    "%",
  ),
);
const data = fc.jsonValue({ maxDepth: 2 });
const flag = fc.boolean();

/** Usually a valid value, sometimes arbitrary JSON. */
function mostly<T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<unknown> {
  return fc.oneof({ weight: 40, arbitrary }, { weight: 1, arbitrary: data });
}
function partial(fields: Record<string, fc.Arbitrary<unknown>>): fc.Arbitrary<unknown> {
  const each = Object.entries(fields).map(([key, value]) => [key, mostly(value)] as const);
  return mostly(fc.record(Object.fromEntries(each), { requiredKeys: [] }));
}
const mapOf = (
  value: fc.Arbitrary<unknown>,
  key: fc.Arbitrary<string> = name,
): fc.Arbitrary<unknown> => mostly(fc.dictionary(key, value, { maxKeys: 3 }));
const listOf = (value: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> =>
  mostly(fc.array(value, { maxLength: 3 }));

const types = fc.constantFrom("string", "integer", "number", "boolean", "object", "array", "null");
const { schema } = fc.letrec<{ schema: unknown }>((tie) => ({
  schema: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    fc.record({ type: types }),
    fc.record({ $ref: reference, description: text }, { requiredKeys: ["$ref"] }),
    flag,
    partial({
      type: fc.oneof(types, fc.array(types, { maxLength: 3 })),
      description: text,
      nullable: flag,
      readOnly: flag,
      writeOnly: flag,
      deprecated: flag,
      enum: fc.array(fc.oneof(name, number, data), { maxLength: 3 }),
      const: data,
      default: data,
      example: data,
      minimum: number,
      maximum: number,
      multipleOf: number,
      pattern: fc.constantFrom("^a$", "(", "(a+)+$", "[", "\\p{L}"),
      "x-extensible-enum": fc.array(name, { maxLength: 3 }),
      "x-final-states": fc.dictionary(name, fc.constantFrom("succeeded", "failed", "lost"), {
        maxKeys: 2,
      }),
    }),
    partial({
      type: types,
      required: fc.array(name, { maxLength: 2 }),
      properties: fc.dictionary(name, tie("schema"), { maxKeys: 3 }),
      items: tie("schema"),
      prefixItems: fc.array(tie("schema"), { maxLength: 2 }),
      additionalProperties: tie("schema"),
      patternProperties: fc.dictionary(name, tie("schema"), { maxKeys: 1 }),
      $defs: fc.dictionary(name, tie("schema"), { maxKeys: 1 }),
      discriminator: fc.record({
        propertyName: name,
        mapping: fc.dictionary(name, reference, { maxKeys: 2 }),
      }),
    }),
    ...["allOf", "anyOf", "oneOf"].map((key) =>
      fc.array(tie("schema"), { maxLength: 3 }).map((all) => ({ [key]: all })),
    ),
  ),
}));

const media = fc.constantFrom(
  "application/json",
  "APPLICATION/JSON",
  "*/*",
  "text/csv",
  "application/x-ndjson",
  "multipart/form-data",
  "a'b",
);
const content = mapOf(partial({ schema, example: data }), media);
const parameter = fc.oneof(
  fc.record({ name, in: fc.constantFrom("query", "header", "path", "cookie"), schema }),
  partial({
    name,
    in: fc.constantFrom("query", "header", "path", "cookie", "body"),
    required: flag,
    schema,
    content,
    style: fc.constantFrom("form", "simple", "deepObject", "matrix", "none"),
    explode: flag,
    "x-client-name": name,
    "x-client-option": flag,
  }),
);
const operation = partial({
  operationId: name,
  summary: text,
  description: text,
  deprecated: flag,
  parameters: listOf(parameter),
  requestBody: partial({ content, required: flag }),
  responses: mapOf(
    partial({ description: text, content, headers: mapOf(partial({ schema })) }),
    fc.constantFrom("200", "204", "default", "4XX", "teapot"),
  ),
  security: listOf(mapOf(fc.constant([]))),
  "x-client-name": name,
});
const path = fc.oneof(
  fc.constantFrom("/a", "/a/{id}", "/b"),
  name.map((segment) => `/${segment}`),
  name,
);
const describeAnything = partial({
  paths: mapOf(
    partial({ get: operation, post: operation, parameters: listOf(parameter), $ref: reference }),
    path,
  ),
  webhooks: mapOf(partial({ post: operation })),
  components: partial({
    schemas: mapOf(schema),
    parameters: mapOf(parameter),
    securitySchemes: mapOf(
      partial({ type: fc.constantFrom("http", "apiKey", "oauth2"), scheme: name, in: name, name }),
    ),
  }),
  servers: listOf(
    partial({
      url: fc.oneof(text, fc.constant("https://{a}.example")),
      variables: mapOf(partial({ default: text })),
    }),
  ),
  security: listOf(mapOf(fc.constant([]))),
  "x-a": data,
});

const anything = fc.record({
  openapi: fc.constantFrom("3.1.0", "3.1.0", "3.0.3", "3.2.0", 3.1),
  body: describeAnything,
  isYaml: flag,
  allowsNames: flag,
  depth: fc.constantFrom(0, 0, 0, 40, 90, 5000),
});

const plain = {
  openapi: "3.1.0",
  body: {
    paths: { "/a": { get: { operationId: "a", responses: { "204": { description: "" } } } } },
  },
  isYaml: false,
  allowsNames: false,
  depth: 0,
} as const;

test(`a hostile description is refused, or its generated code does nothing (seed ${seed}, ${runs} runs)`, async () => {
  const root = await makeProject({});
  let accepted = 0;
  await fc.assert(
    fc.asyncProperty(anything, async ({ openapi, body, isYaml, allowsNames, depth }) => {
      const document = {
        openapi,
        info: { title: "T", version: "1" },
        paths: {},
        ...(body as object),
      };
      const nested = `${'{"items":'.repeat(depth)}{}${"}".repeat(depth)}`;
      const json = `${JSON.stringify(document).slice(0, -1)},"x-deep":${nested}}`;
      await rm(join(root, "generated"), { recursive: true, force: true });
      await write(root, {
        "redocly.yaml": `apis: { x: { root: ${description} } }\nextends: []\nrules: { house/inert-names: ${allowsNames ? "off" : "error"} }\n`,
        [description]: isYaml && depth < 100 ? stringifyYaml(JSON.parse(json)) : json,
      });
      try {
        await run(root);
      } catch (error) {
        if (!(error instanceof CommandError)) throw error;
        expect(error.exitCode).toBe(1);
        for (const { fault, remedy } of error.problems) expect(`${fault}${remedy}`).not.toBe("");
        expect(existsSync(join(root, "generated"))).toBe(false);
        return;
      }
      accepted += 1;
      const { "generated/x/operations.ts": operations, "generated/x/schema.ts": schemas } =
        await readFolder(root, "generated");
      expect(effectOf(String(schemas))).toEqual([]);
      expect(effectOf(String(operations))).toEqual([]);
    }),
    // Starts with a plain description: a run that refuses everything would prove nothing.
    { numRuns: runs, seed, examples: [[plain]] },
  );
  expect(accepted).toBeGreaterThan(0);
});

/** The globals that a module sets when it is imported into an empty realm. */
function effectOf(module: string): string[] {
  const compilerOptions = { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2023 };
  const { outputText } = ts.transpileModule(module, { compilerOptions });
  const context = createContext({ exports: {} });
  const names =
    "[Object.prototype, Array.prototype, Function.prototype, globalThis].flatMap((one) => Reflect.ownKeys(one)).map(String)";
  const before = runInContext(names, context) as string[];
  runInContext(outputText, context, { timeout: 10_000 });
  const after = runInContext(names, context) as string[];
  return after.filter((key) => !before.includes(key));
}
