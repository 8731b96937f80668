import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { CommandError } from "../../command/problem.js";
import { decode, maxBytes, parse } from "../../description/read.ts";
import { description, schemas, things } from "../../fixtures/project.ts";
import { refusal } from "../project.ts";

const remedyInFile = "Fix it there, or ask its author to.";
const aliases =
  "YAML aliases expand it beyond the size of any description. Write the repeated parts out, or use $ref.";

/** Nine lists, each with nine aliases of the previous one: 400 million values in 400 characters. */
const bomb = [..."bcdefghij"].reduce(
  (text, name, index) =>
    `${text}x-${name}: &${name} [${Array(9).fill(`*${"abcdefghi"[index]}`).join(", ")}]\n`,
  `${things}x-a: &a [1, 2, 3, 4, 5, 6, 7, 8, 9]\n`,
);

describe("stops at", () => {
  test.each<[what: string, content: string | Uint8Array, message: string]>([
    [
      "invalid UTF-8",
      Buffer.from(things.replace("All things", "Toutes les pi\u00e8ces"), "latin1"),
      `${description}:11: It is not valid UTF-8: the byte at offset 179 is not allowed there. Save it as UTF-8.`,
    ],
    [
      "a version as a key",
      `${things}        1.9: {}\n        1.10: {}\n`,
      `${description}:24:9: The key 1.10 is read as the number 1.1. Put it in quotes, or ask its author to.`,
    ],
    [
      "a directive for YAML 1.1",
      `# Things\n%YAML 1.1\n---\n${things}`,
      `${description}:2: It is YAML 1.1, where "yes" is a boolean and 010 is 8. Convert it to YAML 1.2 or JSON, or ask its author to.`,
    ],
    [
      "a hexadecimal key in a flow",
      `${things}x-a: { 0xa: {} }\n`,
      `${description}:23:8: The key 0xa is read as the number 10. Put it in quotes, or ask its author to.`,
    ],
    [
      "a compressed file",
      gzipSync(things),
      `${description}: It is compressed with gzip. Unpack it with gunzip, and pull the result.`,
    ],
    [
      "a character cut in the middle",
      Buffer.concat([Buffer.from("# "), Buffer.from([0xef, 0xbf])]),
      `${description}:1: It is not valid UTF-8: the byte at offset 4 is not allowed there. Save it as UTF-8.`,
    ],
    [
      "a duplicate key in YAML",
      things.replace("  version: 1.0.0\n", "  version: 1.0.0\n  title: Others\n"),
      `${description}:5:3: It cannot be parsed: duplicated mapping key. ${remedyInFile}`,
    ],
    [
      "a duplicate key in JSON",
      '{\n  "openapi": "3.1.0",\n  "info": { "title": "T", "title": "U" }\n}',
      `${description}:3:28: It cannot be parsed: duplicated mapping key. ${remedyInFile}`,
    ],
    ["an alias bomb", bomb, `${description} #/x-c/7/8: ${aliases}`],
    [
      "a bomb of merge keys",
      `x-a: &a { ${Array.from({ length: 200 }, (_, index) => `k${index}: 1`).join(", ")} }\nx-b:\n${"  - <<: *a\n".repeat(200)}`,
      `${description}:52:5: It cannot be parsed: merge keys exceeded maxTotalMergeKeys (10000). ${remedyInFile}`,
    ],
    [
      "an alias of its own container",
      `${things}x-a: &a\n  b: *a\n`,
      `${description} #/x-a/b: ${aliases}`,
    ],
    [
      "YAML nested 3,000 deep",
      `openapi: 3.1.0\nx-a: ${"[".repeat(3000)}${"]".repeat(3000)}\n`,
      `${description}:2:105: It cannot be parsed: nesting exceeded maxDepth (100). ${remedyInFile}`,
    ],
    [
      "YAML indented 3,000 deep",
      `openapi: 3.1.0\n${Array.from({ length: 3000 }, (_, depth) => `${" ".repeat(depth)}x-a:\n`).join("")}`,
      `${description}:101:100: It cannot be parsed: nesting exceeded maxDepth (100). ${remedyInFile}`,
    ],
    ...[99, 3000].map((depth): [string, string, string] => [
      `JSON nested ${depth + 1} deep`,
      `{"openapi": "3.1.0", "x-a": ${'{"a":'.repeat(depth)}1${"}".repeat(depth)}}`,
      `${description}:1:515: It cannot be parsed: nesting exceeded maxDepth (100). ${remedyInFile}`,
    ]),
    [
      "two documents in one",
      `${things}---\n${things}`,
      `${description}: It cannot be parsed: expected a single document in the stream, but found more. ${remedyInFile}`,
    ],
    [
      "a null byte",
      things.replace("All", "\0All"),
      `${description}:11:24: It cannot be parsed: null byte is not allowed in input. ${remedyInFile}`,
    ],
    [
      "a text where a description should be",
      "Not found",
      `${description}:1: It is not a mapping. Give an OpenAPI 3 description, or an overlay, in YAML or JSON.`,
    ],
    [
      "an empty file",
      "",
      `${description}:1: It is not a mapping. Give an OpenAPI 3 description, or an overlay, in YAML or JSON.`,
    ],
    ...[
      "<!doctype html>\n<p>",
      "\n<html lang=en>",
      "<!-- built -->\n<?xml version='1.0'?>\n<HTML>",
    ].map((html): [string, string, string] => [
      `HTML in place of a description (${JSON.stringify(html)})`,
      html,
      `${description}: It is an HTML page, not a description. Pull the Markdown version of the page (often its URL with .md), or the description itself.`,
    ]),
    [
      "Swagger 2",
      'swagger: "2.0"\ninfo: { title: T, version: "1" }\npaths: {}\n',
      `${description} #/swagger: It is Swagger 2.0. Convert it to OpenAPI 3 first.`,
    ],
    [
      "OpenAPI 4",
      things.replace("3.1.0", "4.0.0"),
      `${description} #/openapi: OpenAPI "4.0.0" is not supported, only 3.0.x, 3.1.x, and 3.2.x where it uses nothing new. If nothing in it is newer, write "3.1.0" with an overlay action.`,
    ],
    [
      "a feature that is new in OpenAPI 3.2",
      things.replace("3.1.0", "3.2.0").replace("    get:", "    query:"),
      `${description} #/paths/~1things/query: This is new in OpenAPI 3.2, which openapi-typescript does not support. Express it in OpenAPI 3.1 with overlay actions.`,
    ],
    [
      "the old form, which is not OpenAPI",
      "paths: { path: /p, method: get, request: {}, response: {} }\n",
      `${description} #: It has no "openapi" key, so it is not an OpenAPI description. Give an OpenAPI 3 description; the older docs format with path, method, request and response is not one.`,
    ],
    [
      "a number that JSON does not have",
      schemas("    A: { maximum: .inf }"),
      `${description} #/components/schemas/A/maximum: JSON has no number Infinity. Write a finite number.`,
    ],
    [
      "a type that JSON does not have",
      schemas("    A: { example: !!binary aGk= }"),
      `${description} #/components/schemas/A/example: JSON has no such type. Use strings, numbers, booleans, null, lists and mappings only.`,
    ],
    [
      "half of a surrogate pair",
      schemas('    A: { description: "\\ud83d" }'),
      `${description} #/components/schemas/A/description: Half of a surrogate pair is not a character. Remove the character.`,
    ],
  ])("%s", (_what, content, message) =>
    expect(refusal({ [description]: content })).resolves.toBe(message),
  );
});

test("stops at an unreadable overlay or list of APIs, and names the file", async () => {
  const redocly = `apis: { x: { root: ${description}, overlays: [spec/x/overlay.yaml] } }\nextends: []\n`;
  await expect(
    refusal({ "redocly.yaml": redocly, "spec/x/overlay.yaml": "overlay: 1.1.0\noverlay: 1.1.0\n" }),
  ).resolves.toBe(
    `spec/x/overlay.yaml:2:1: It cannot be parsed: duplicated mapping key. ${remedyInFile}`,
  );
  await expect(refusal({ "redocly.yaml": `${redocly}extends: []\n` })).resolves.toBe(
    `redocly.yaml:3:1: It cannot be parsed: duplicated mapping key. ${remedyInFile}`,
  );
});

test("refuses more than 64 MiB, and accepts 64 MiB", () => {
  const bytes = new Uint8Array(maxBytes + 1);
  expect(() => decode("large.yaml", bytes)).toThrow(
    new CommandError({
      file: "large.yaml",
      fault: "It has 67108865 bytes, and the limit is 67108864",
      remedy: "Split it into several files, or use a description of one API only",
    }),
  );
  expect(decode("large.yaml", bytes.subarray(1))).toHaveLength(maxBytes);
});

test("tells how to pull a fetched page that is not UTF-8", () => {
  expect(() => decode("https://docs.example.com/page", Uint8Array.of(0xe9))).toThrow(
    "not allowed there. Download it, save it as UTF-8, and pull the file.",
  );
});

describe("reads", () => {
  test.each<[what: string, text: string | Uint8Array, value: unknown]>([
    ["a byte order mark", Buffer.from("\ufeffa: 1\n"), { a: 1 }],
    ["CRLF", "a: 1\r\nb: |\r\n  two\r\n  lines\r\n", { a: 1, b: "two\nlines\n" }],
    ["a few aliases", "a: &a [1]\nb: *a\nc: *a\n", { a: [1], b: [1], c: [1] }],
    [
      "merge keys",
      "a: &a { b: 1, c: 2 }\nd: { <<: *a, c: 3 }\n",
      { a: { b: 1, c: 2 }, d: { b: 1, c: 3 } },
    ],
    ["JSON indented by tabs", '{\n\t"a": [\n\t\t1\n\t]\n}\n', { a: [1] }],
    ["JSON's escapes", String.raw`{ "a": "\/\u00e9\ud83d\ude00\u0000" }`, { a: "/é😀\0" }],
    [
      "numbers as keys",
      "200: a\n1.5: b\nc: '1.10: d, 2.0: e'\n",
      { 200: "a", 1.5: "b", c: "1.10: d, 2.0: e" },
    ],
    ["a date, as a string", "a: 2026-11-24\n", { a: "2026-11-24" }],
    // An expression that backtracks would take minutes.
    ["a long line of white space", `a: 1\n${" ".repeat(300_000)}\n`, { a: 1 }],
    [
      "a long number that ends in a letter",
      `a: ${"10".repeat(150_000)}x\n`,
      { a: `${"10".repeat(150_000)}x` },
    ],
    ["a long row of zeros", `a: 0.${"0".repeat(300_000)}1e9\n`, { a: 0 }],
  ])("%s", (_what, text, value) => {
    expect(parse("a.yaml", decode("a.yaml", Buffer.from(text)))).toEqual(value);
  });
});
