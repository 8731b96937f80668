import { expect, test } from "vitest";
import { checkPatterns } from "../../description/patterns.ts";
import { description, schemas, small } from "../../fixtures/project.ts";
import { refusal, makeProject, run, commandErrorOf } from "../project.ts";

const text = `${"a".repeat(40)}!`;
const catastrophic = (pattern: string): string =>
  `The pattern ${JSON.stringify(pattern)} backtracks catastrophically: it takes over 1000 ms on a text of this description. Replace or remove it with an overlay action.`;
const withExampleRule = {
  ...small,
  "redocly.yaml": `${small["redocly.yaml"]}rules: { no-invalid-schema-examples: error }\n`,
};

test("stops at a catastrophic pattern before lint tries it on a matching example", () =>
  expect(
    refusal({
      ...withExampleRule,
      [description]: schemas(`    A: { type: string, pattern: ^(a+)+$, example: ${text} }`),
    }),
  ).resolves.toBe(`${description} #/components/schemas/A/pattern: ${catastrophic("^(a+)+$")}`));

test("stops at a catastrophic name pattern with a matching name", () =>
  expect(
    refusal({
      ...withExampleRule,
      [description]: schemas(
        `    A: { type: object, patternProperties: { ^(a|a)*$: { type: string } }, example: { ${text}: b } }`,
      ),
    }),
  ).resolves.toBe(
    `${description} #/components/schemas/A/patternProperties/^(a|a)*$: ${catastrophic("^(a|a)*$")}`,
  ));

test("stops after three, so that many patterns do not take many seconds", () => {
  const many = Array.from({ length: 40 }, (_, index) => ({ pattern: `^(a+)+${index}$` }));
  const whole = { schemas: many, example: text };
  expect(checkPatterns(description, whole, { maxMilliseconds: 100 })).toHaveLength(3);
});

test("ignores harmless patterns, and texts that no pattern applies to", async () => {
  const root = await makeProject({
    ...withExampleRule,
    [description]: schemas(
      `    A: { type: string, pattern: "^[a-z]+!$", example: ${text} }\n    B: { example: { pattern: ^(a+)+$ } }`,
    ),
  });
  await expect(run(root)).resolves.toMatchObject({ data: { changed: expect.any(Array) } });
});

test("leaves an invalid regular expression to lint", async () => {
  const root = await makeProject({
    ...withExampleRule,
    [description]: schemas("    A: { type: string, pattern: '((', example: a }"),
  });
  expect((await commandErrorOf(run(root))).message).toMatch(/Invalid regular expression: .+\./u);
});
