import { defaultPathSerializer } from "openapi-fetch";
import { expect, test } from "vitest";
import { serializeHeaders, serializePath } from "../src/parameters.ts";
import { unknownOperation } from "../src/request.ts";
import type { Operation, Parameter } from "../src/types.ts";

function operationWith(parameter: Omit<Parameter, "name" | "required" | "type">): Operation {
  const facts = { ...parameter, name: "id", required: true, type: "string" };
  return { ...unknownOperation, parameters: { id: facts } };
}

// RFC 6570 §3.2.2, §3.2.5 and §3.2.7
test.each([
  ["simple", "", "a%20b"],
  ["label", ".", ".a%20b"],
  ["matrix", ";", ";id=a%20b"],
] as const)("a path parameter of style %s is as openapi-fetch writes it", (style, sign, scalar) => {
  for (const explode of [false, true]) {
    const operation = operationWith({ in: "path", style, explode });
    expect(serializePath("/{id}", operation, { id: "a b" })).toBe(`/${scalar}`);
    for (const id of ["a b", 1, true, ["a", "b c"], { a: 1, "b c": "d e" }]) {
      const template = `/{${sign}id${explode ? "*" : ""}}`;
      const written = defaultPathSerializer(template, { id });
      expect(serializePath("/{id}", operation, { id })).toBe(written);
    }
  }
});

test("an undefined header is not set, and a null header is removed", () => {
  const operation = operationWith({ in: "header", style: "simple" });
  expect(serializeHeaders(operation, { id: undefined, other: null })).toEqual({ other: null });
});
