import { describe, expect, test } from "vitest";
import { parse } from "../../description/read.ts";
import type { JsonObject } from "../../description/tree.ts";
import { prepareComparison } from "../../judge/comparison.ts";
import { compareCode } from "../../judge/judge.ts";

const use = '{ content: { application/json: { schema: { $ref: "#/components/schemas/A" } } } }';
const operations = {
  result: `responses: { "200": { description: d, ${use.slice(2)} }`,
  input: `requestBody: ${use}, responses: { "204": { description: d } }`,
};

function describeWith(schemas: string, direction: "result" | "input"): JsonObject {
  return parse(
    "openapi.yaml",
    `openapi: 3.1.0
info: { title: T, version: "1" }
paths: { /a: { post: { operationId: a, ${operations[direction]} } } }
components: { schemas: { ${schemas} } }`,
  );
}

const [y, z] = ["y", "z"].map(
  (key) => `{ type: object, properties: { ${key}: { type: string } } }`,
);
const map = (type: string): string =>
  `A: { type: object, additionalProperties: { type: ${type} } }`;
const tuple = (...types: string[]): string => openTuple(types, types.length, "items: false");
const openTuple = (types: readonly string[], minItems: number, more = "items: true"): string =>
  `A: { type: array, prefixItems: [${types.map((type) => `{ type: ${type} }`).join()}], minItems: ${minItems}, ${more} }`;
const field = (name: string, type = "string"): string =>
  `{ type: object, required: [${name}], properties: { ${name}: { type: ${type} } } }`;
const list = (type: string): string => `A: { type: array, items: { type: ${type} } }`;
const text = "A: { type: string }";
const values = "A: { type: string, enum: [a, b] }";

describe("the comparison of types", () => {
  test.each<
    [
      what: string,
      before: string,
      after: string,
      result: readonly string[],
      input: readonly string[],
    ]
  >([
    [
      "compares an allOf by its sum",
      `A: { allOf: [{ $ref: "#/components/schemas/B" }, ${z}] }, B: ${y}`,
      `A: { type: object, properties: { z: { type: string }, y: { type: string } } }, B: ${y}`,
      [],
      [],
    ],
    [
      "handles a recursive schema",
      'A: { type: object, properties: { n: { type: string }, next: { $ref: "#/components/schemas/A" } } }',
      'A: { type: object, properties: { next: { $ref: "#/components/schemas/A" } } }',
      ["major result-removed"],
      ["major input-removed"],
    ],
    [
      "sees a field that is called description",
      "A: { type: object, properties: { description: { type: string }, b: { type: string } } }",
      "A: { type: object, properties: { b: { type: string } } }",
      ["major result-removed"],
      ["major input-removed"],
    ],
    [
      "looks into lists",
      list("string"),
      list('[string, "null"]'),
      ["major result-nullable"],
      ["minor input-nullable"],
    ],
    [
      "looks into maps",
      map("string"),
      map("integer"),
      ["major result-widened", "minor result-narrowed"],
      ["minor input-widened", "major input-narrowed"],
    ],
    [
      "sees items of a tuple swap places",
      tuple("string", "integer"),
      tuple("integer", "string"),
      ["major result-widened", "minor result-narrowed"],
      ["minor input-widened", "major input-narrowed"],
    ],
    [
      "sees items of a tuple swap places, whatever else changes",
      tuple("string", "integer"),
      tuple("integer", '[string, "null"]'),
      ["major result-widened", "minor result-narrowed", "major result-nullable"],
      ["minor input-widened", "major input-narrowed", "minor input-nullable"],
    ],
    [
      "sees a tuple get shorter",
      tuple("string", "integer"),
      tuple("string"),
      ["major result-removed"],
      ["major input-removed"],
    ],
    [
      "sees a tuple get longer",
      tuple("string"),
      tuple("string", "integer"),
      ["major result-widened"],
      ["major input-required"],
    ],
    [
      "sees a tuple become a list",
      tuple("string"),
      list("string"),
      ["major result-optional", "major result-widened"],
      ["minor input-optional", "minor input-added"],
    ],
    [
      "sees an item of a tuple become optional",
      openTuple(["string", "integer"], 2),
      openTuple(["string", "integer"], 1),
      ["major result-optional"],
      ["minor input-optional"],
    ],
    [
      "sees a tuple become open to more items",
      tuple("string"),
      openTuple(["string"], 1),
      ["major result-widened"],
      ["minor input-added"],
    ],
    [
      "lets keys be allowed that were forbidden",
      `A: { type: object, properties: { a: false, b: { type: string } } }`,
      `A: { type: object, properties: { a: { type: string }, b: { type: string } } }`,
      ["minor result-added"],
      ["minor input-added"],
    ],
    [
      "pairs the members of a union, whatever their order",
      `A: { oneOf: [${field("a")}, ${field("b")}] }`,
      `A: { oneOf: [${field("b")}, ${field("a", "integer")}] }`,
      ["major result-widened", "minor result-narrowed"],
      ["minor input-widened", "major input-narrowed"],
    ],
    ["lets anything become a string", "A: {}", text, ["minor result-type"], ["major input-type"]],
    ["lets a string become anything", text, "A: {}", ["major result-type"], ["minor input-type"]],
    [
      "takes a list of values that is gone for a change of type",
      values,
      text,
      ["minor result-values", "major result-widened"],
      ["minor input-values", "minor input-widened"],
    ],
    [
      "treats a list of values that becomes open like the closed one",
      values,
      "A: { type: string, x-extensible-enum: [a, b] }",
      ["minor result-values"],
      ["minor input-values"],
    ],
    [
      "does not count null as a value of a list",
      values,
      'A: { type: [string, "null"], enum: [a, b, null] }',
      ["major result-nullable"],
      ["minor input-nullable"],
    ],
    [
      "judges an unused schema in both directions",
      `${text}, U: { type: object, required: [u], properties: { u: { type: string } } }`,
      `${text}, U: { type: object, properties: { u: { type: string } } }`,
      ["major result-optional", "minor input-optional"],
      ["major result-optional", "minor input-optional"],
    ],
  ])("%s", (_what, before, after, result, input) => {
    const changes = (["result", "input"] as const).map((direction) => {
      const [base, revision] = [describeWith(before, direction), describeWith(after, direction)];
      const reasons = compareCode(prepareComparison(base, revision));
      return new Set(reasons.map(({ bump, rule }) => `${bump} ${rule}`));
    });
    expect(changes).toEqual([new Set(result), new Set(input)]);
  });
});
