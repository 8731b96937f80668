import { expect, test } from "vitest";
import { parseModule, proveCompiles } from "../../emit/compile.ts";

test("accepts types and constants that compile", () => {
  const schema = 'export interface a { b: Record<string, never>; c: Omit<{ d: 1 }, "d"> }';
  const operations = "export const a = { b: [1] } as const;";
  expect(() =>
    proveCompiles([parseModule("a/schema.ts", schema), parseModule("a/operations.ts", operations)]),
  ).not.toThrow();
});

test.each([
  [
    'export interface components { schemas: { "A b": components["schemas"]["A b"][] | Missing } }',
    "#/components/schemas/A b would not compile: Cannot find name 'Missing' (TS2304)",
  ],
  [
    'export interface components { schemas: { "A/b": { c: Missing } } }',
    "c of #/components/schemas/A~1b would not compile: Cannot find name 'Missing' (TS2304)",
  ],
  [
    "export interface components { a: 1; a: 2 }",
    "components.a would not compile: Duplicate identifier 'a' (TS2300)",
  ],
])("stops at %j", (text, fault) => {
  expect(() => proveCompiles([parseModule("a.ts", text)])).toThrow(
    expect.objectContaining({
      message: expect.stringContaining(
        `a.ts: ${fault}. Correct its source in the description with an overlay action.`,
      ),
    }),
  );
});
