import { defaultPathSerializer } from "openapi-fetch";
import { expect, test } from "vitest";
import { serializeHeaders, serializePath, serializeQuery } from "../src/parameters.ts";
import type { Operation, Parameter } from "../src/types.ts";

const empty: Operation = {
  method: "get",
  path: "/{id}",
  servers: [],
  parameters: {},
  responses: {},
  authentication: [],
};

function operationWith(parameter: Omit<Parameter, "name" | "required">): Operation {
  const facts = { ...parameter, name: "id", required: true };
  return { ...empty, parameters: { id: facts } };
}

// RFC 6570 §3.2.2, §3.2.5 and §3.2.7
test.each([
  ["simple", "", "a%20b"],
  ["label", ".", ".a%20b"],
  ["matrix", ";", ";id=a%20b"],
] as const)("a path parameter of style %s is as openapi-fetch writes it", (style, sign, scalar) => {
  for (const explode of [false, true]) {
    const operation = operationWith({ in: "path", style, explode, type: "unknown" });
    expect(serializePath(operation, { id: "a b" })).toBe(`/${scalar}`);
    for (const id of ["a b", 1, true, ["a", "b c"], { a: 1, b: "d e" }]) {
      const template = `/{${sign}id${explode ? "*" : ""}}`;
      const written = defaultPathSerializer(template, { id });
      expect(serializePath(operation, { id })).toBe(written);
    }
  }
});

test("a path keeps braces that enclose no parameter", () => {
  const operation = { ...operationWith({ in: "path", type: "string" }), path: "/a}b/{id}/c}d" };
  expect(serializePath(operation, { id: "e" })).toBe("/a}b/e/c}d");
  const nameless = { ...operation, path: "/a/{}/b" };
  expect(() => serializePath(nameless, {})).toThrow("cannot be sent in a path");
});

test("parameters with the same name are distinguished by their location", () => {
  const operation = {
    ...empty,
    parameters: {
      first: { in: "query", name: "id", required: true, style: "pipeDelimited", type: "array" },
      second: { in: "path", name: "id", required: true, style: "label", type: "string" },
    },
  } as const;
  expect(serializePath(operation, { id: "a" })).toBe("/.a");
  expect(() => serializePath(operation, { id: [] })).toThrow("second must be of type");
});

test("an undefined header is not set, and a null header is removed", () => {
  const operation = operationWith({ in: "header", style: "simple", type: "string" });
  expect(serializeHeaders(operation, { id: undefined, other: null })).toEqual({ other: null });
});

const write = (
  place: "path" | "query" | "header",
  value: unknown,
  facts: Partial<Parameter> = {},
) => {
  const operation = operationWith({ in: place, type: "unknown", ...facts });
  if (place === "path") return serializePath(operation, { id: value });
  if (place === "query") return serializeQuery(operation, { id: value });
  return serializeHeaders(operation, { id: value });
};

test("the keys of an object in a path or a query are percent-encoded", () => {
  const value = { "k?#": 1, "100%": "," };
  expect(write("path", value)).toBe("/k%3F%23,1,100%25,%2C");
  expect(write("path", value, { style: "label", explode: true })).toBe("/.k%3F%23=1.100%25=%2C");
  expect(write("query", value)).toBe("k%3F%23=1&100%25=%2C");
});

test("where reserved characters are allowed, those are encoded that are no part of a query", () => {
  expect(write("query", "a/b?c=d&100%#%2F%ag", { allowReserved: true })).toBe(
    "id=a/b?c=d&100%25%23%2F%25ag",
  );
  expect(write("query", "a\tb\nc \u0001", { allowReserved: true })).toBe("id=a%09b%0Ac%20%01");
  const json = { allowReserved: true, content: "application/json" };
  expect(write("query", { a: "&" }, json)).toBe("id=%7B%22a%22%3A%22%26%22%7D");
});

test.each<[unknown]>([[[]], [{}], [{ a: undefined, b: null }], [undefined]])(
  "nothing is sent of %j, and it is missing in a path",
  (value) => {
    for (const explode of [false, true]) {
      expect(write("query", value, { explode })).toBe("");
      expect(write("header", value, { explode })).toEqual({});
      expect(() => write("path", value, { explode })).toThrow("id undefined cannot be sent");
    }
  },
);

test("errors have the caller's name of a parameter", () => {
  const facts = { in: "path", name: "thing_id", required: true, type: "string" } as const;
  const operation = { ...empty, path: "/{thing_id}", parameters: { thingId: facts } };
  for (const [thing_id, fault] of [
    [new Date(0), "must be of type string"],
    ["..", '".." cannot be sent'],
  ] as const) {
    expect(() => serializePath(operation, { thing_id })).toThrow(`thingId ${fault}`);
  }
});

test("missing fields of an object are left out", () => {
  const value = { a: undefined, b: 1, c: null };
  for (const explode of [false, true]) {
    const sign = explode ? "=" : ",";
    expect(write("path", value, { explode })).toBe(`/b${sign}1`);
    expect(write("header", value, { explode })).toEqual({ id: `b${sign}1` });
  }
  expect(write("query", value)).toBe("b=1");
});

test.each<[string, unknown, string?]>([
  ["id must be text, an array or an object, but is [object Date]", new Date(0)],
  ["id must be text, an array or an object, but is [object Map]", new Map([["a", 1]])],
  ["id must be text, an array or an object, but is Symbol(a)", Symbol("a")],
  ["id must be text, an array or an object, but is NaN", Number.NaN],
  ["id must be text, an array or an object, but is Infinity", Infinity],
  ['id must be text, an array or an object, but is "\\ud83d"', "\ud83d"],
  ["id must be text, an array or an object, but is [object Function]", () => "a"],
  ["id must be of type integer, but is [object Object]", { a: 1 }, "integer"],
  ["id must be of type string, but is [object Array]", ["a"], "string"],
  ["id must be of type array, but is [object Object]", { a: 1 }, "array"],
  ["id must be of type object, but is [object Array]", ["a"], "object"],
  ["id[1] must be text, but is null", ["a", null]],
  ["id[0] must be text, but is undefined", [undefined], "array"],
  ["id[a] must be text, but is [object Object]", { a: {} }],
  ['id[\ud83d] must be text, but is "\\ud83d"', { "\ud83d": "a" }],
])(
  "a value that would be sent as something else is refused: %s",
  (message, value, type = "unknown") => {
    for (const place of ["path", "query", "header"] as const) {
      expect(() => write(place, value, { type })).toThrow(new TypeError(message));
    }
  },
);
