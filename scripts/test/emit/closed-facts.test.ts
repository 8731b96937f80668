import { getTypes } from "@redocly/openapi-core";
import { expect, test } from "vitest";
import { toCanonical } from "../../description/canonical.ts";
import { objectOf, type Json, type JsonObject } from "../../description/tree.ts";
import { emitOperations } from "../../emit/operations.ts";
import { emitSchema } from "../../emit/schema.ts";

// Every OpenAPI 3.1 field that describes a call has a row here. Changing it changes the facts or the
// types, makes the operation unsupported, or does not matter on the wire.

type Part = Readonly<Record<string, Json>>;

const json = { "application/json": { schema: { type: "object" } } };
const base = {
  openapi: "3.1.0",
  info: { title: "T", version: "1" },
  servers: [{ url: "https://things.example" }],
  paths: {
    "/things": {
      post: {
        operationId: "f",
        parameters: [
          { name: "p", in: "query", schema: { type: "array", items: { type: "string" } } },
        ],
        requestBody: { content: json },
        responses: { "200": { description: "D", content: json } },
        security: [{ token: [] }],
      },
    },
  },
  components: { securitySchemes: { token: { type: "http", scheme: "bearer" } } },
} satisfies Part;

/** The path to each part of the description, by Redocly's name for its type. */
const places: Readonly<Record<string, readonly (string | number)[]>> = {
  PathItem: ["paths", "/things"],
  Operation: ["paths", "/things", "post"],
  Parameter: ["paths", "/things", "post", "parameters", 0],
  RequestBody: ["paths", "/things", "post", "requestBody"],
  MediaType: ["paths", "/things", "post", "requestBody", "content", "application/json"],
  Response: ["paths", "/things", "post", "responses", "200"],
  SecurityScheme: ["components", "securitySchemes", "token"],
  Server: ["servers", 0],
};

type Row =
  string | readonly [shownBy: "facts" | "unsupported" | "types", value: Json, beside?: Part];

const documentation = "documentation only";
const example = "it is an example";
const method: Row = ["facts", { operationId: "g", responses: {} }];

const table: Readonly<Record<string, Readonly<Record<string, Row>>>> = {
  PathItem: {
    $ref: ["facts", "#/components/pathItems/Things"],
    servers: ["facts", [{ url: "https://other.example" }]],
    parameters: ["facts", [{ name: "q", in: "query" }]],
    summary: documentation,
    description: documentation,
    ...Object.fromEntries(
      "get put delete options head patch trace".split(" ").map((name) => [name, method]),
    ),
    post: ["facts", { operationId: "g", responses: {} }],
  },
  Operation: {
    tags: documentation,
    summary: ["facts", "It stands above the constant"],
    description: ["facts", "It stands above the constant"],
    externalDocs: documentation,
    operationId: ["facts", "g"],
    parameters: ["facts", []],
    security: ["facts", []],
    servers: ["facts", [{ url: "https://other.example" }]],
    requestBody: ["unsupported", { content: { "text/plain": {} } }],
    responses: ["facts", { "204": { description: "D" } }],
    deprecated: ["facts", true],
    callbacks: "the server sends them, to another receiver",
  },
  Parameter: {
    name: ["facts", "q"],
    in: ["unsupported", "cookie"],
    description: ["types", "Documents the parameter"],
    required: ["facts", true],
    deprecated: ["types", true],
    allowEmptyValue: "it allows what the type of the value allows",
    style: ["facts", "pipeDelimited"],
    explode: ["facts", false],
    allowReserved: ["facts", true],
    schema: ["facts", { type: "string" }],
    example,
    examples: example,
    content: ["facts", json],
  },
  RequestBody: {
    description: ["types", "Documents the body"],
    required: ["facts", true],
    content: ["facts", { "application/problem+json": {} }],
  },
  MediaType: {
    schema: ["types", { type: "string" }],
    example,
    examples: example,
    encoding: "it is of forms, which make an operation unsupported",
  },
  Response: {
    description: ["types", "Documents the response"],
    headers: ["types", { "x-rate": { schema: { type: "integer" } } }],
    content: ["facts", { "text/csv": {} }],
    links: "a client does not follow them",
  },
  SecurityScheme: {
    type: ["unsupported", "mutualTLS"],
    description: documentation,
    name: ["facts", "key", { type: "apiKey", in: "header", name: "x-key" }],
    in: ["facts", "query", { type: "apiKey", in: "header", name: "x-key" }],
    scheme: ["unsupported", "basic"],
    bearerFormat: "it documents what the token is",
    flows: "the client's user gets the token, by any flow",
    openIdConnectUrl: "the client's user gets the token",
  },
  Server: {
    url: ["facts", "https://other.example"],
    description: documentation,
    variables: [
      "facts",
      { host: { default: "b" } },
      { url: "https://{host}.example", variables: { host: { default: "a" } } },
    ],
  },
};

test.each(Object.keys(table))("the table has every OpenAPI 3.1 field of a %s", (type) => {
  const { properties } = getTypes("oas3_1")[type] ?? { properties: {} };
  const fields = Object.keys(properties).filter((field) => !field.startsWith("x-"));
  expect(Object.keys(table[type] ?? {}).toSorted()).toEqual(fields.toSorted());
});

test.each(
  Object.entries(table).flatMap(([type, rows]) =>
    Object.entries(rows).flatMap(([field, row]) =>
      typeof row === "string" ? [] : [[`${type}.${field}`, type, field, row] as const],
    ),
  ),
)("a change of %s shows", (_name, type, field, [shownBy, value, beside = {}]) => {
  const place = places[type] ?? [];
  const components = {
    ...base.components,
    pathItems: { Things: { get: { operationId: "r", responses: {} } } },
  };
  const before = change({ ...base, components }, place, beside);
  const after = change(before, place, {
    ...(field === "content" && type === "Parameter" ? { schema: null } : {}),
    [field]: value,
  });
  const [old, now] = [before, after].map((description) => {
    const canonical = toCanonical(description);
    const { text } = emitOperations("openapi.yaml", canonical);
    return { facts: text, types: emitSchema(canonical) };
  });
  expect(old?.facts).not.toContain("unsupported");
  if (shownBy === "unsupported") expect(now?.facts).toContain('"unsupported": "');
  else expect(now?.[shownBy]).not.toBe(old?.[shownBy]);
});

/** A copy in which the object at a path is extended; null removes a key. */
function change(node: Json, place: readonly (string | number)[], more: Part): JsonObject {
  const copy = structuredClone(node);
  const target = place.reduce<unknown>(
    (at, key) => (at as Record<string | number, unknown>)[key],
    copy,
  );
  for (const [key, value] of Object.entries(more)) {
    if (value === null) delete (target as Record<string, unknown>)[key];
    else (target as Record<string, unknown>)[key] = value;
  }
  return objectOf(copy);
}
