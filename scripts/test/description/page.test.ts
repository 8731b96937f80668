import { readFile } from "node:fs/promises";
import { describe, expect, test } from "vitest";
import { extractFromPage } from "../../description/page.ts";
import { parse } from "../../description/read.ts";
import { objectOf } from "../../description/tree.ts";

const text =
  "openapi: 3.1.0\npaths: { /p: { get: {}, post: {} }, '/api/audit-logs/export/{job_id}': { $ref: a.yaml } }\nwebhooks: { /event: { post: {} } }\n";
const indented = (by: string): string => text.replace(/^/gmu, by).trimEnd();

describe("extracts the block from a page, character for character", () => {
  test.each<[what: string, page: string, block: ReturnType<typeof extractFromPage>]>([
    ["three backticks", `# A\n\n\`\`\`yaml\n${text}\`\`\`\n`, { text, line: 4 }],
    ["four backticks", `\`\`\`\`yaml a.json get /p\n${text}\`\`\`\`\n`, { text, line: 2 }],
    ["ten backticks", `${"`".repeat(10)}yaml\n${text}${"`".repeat(11)}\n`, { text, line: 2 }],
    ["tildes", `~~~yaml\n${text}~~~\n`, { text, line: 2 }],
    ["an indented fence", `   ~~~ yml\n${text}  ~~~~  \n`, { text, line: 2 }],
    ["no final newline", `\`\`\`yaml\n${text}\`\`\``, { text, line: 2 }],
    [
      "tabs around the info string and after the fence",
      `\`\`\`\tyaml\ta.json\tget\t/p\t\n${text}\`\`\`\t \n`,
      { text, line: 2 },
    ],
    [
      "a tab before what looks like a fence",
      `\`\`\`yaml\n${text}\t\`\`\`\n\`\`\`\n`,
      { text: `${text}\t\`\`\`\n`, line: 2 },
    ],
    [
      "text after the fence",
      `\`\`\`yaml\n${text}\`\`\`\n\nMore, and a \`\`\`span\`\`\`.\n`,
      { text, line: 2 },
    ],
    [
      "a list item",
      `1. A:\n\n    \`\`\`yaml\n${indented("    ")}\n    \`\`\`\n`,
      { text: `${indented("    ")}\n`, line: 4 },
    ],
    [
      "an item of a list in a list, with text that looks like the end",
      `- A\n  - B\n\n\t~~~yaml\n${indented("\t\t")}\n\t\t~~~\n\t~~~\n`,
      { text: `${indented("\t\t")}\n\t\t~~~\n`, line: 5 },
    ],
    [
      "the line of a bullet",
      `- \`\`\`yaml\n${indented("  ")}\n  \`\`\`\n`,
      { text: `${indented("  ")}\n`, line: 2 },
    ],
    [
      "the line of a numbered item in an item",
      `* 10) ~~~yaml\n${indented("      ")}\n      ~~~\n`,
      { text: `${indented("      ")}\n`, line: 2 },
    ],
    ["CR", "A\r\r```yaml\ropenapi: 3.1.0\r```\r", { text: "openapi: 3.1.0\r", line: 4 }],
    [
      "comments before and after it",
      `<!-- a -->\n<!--\n\`\`\`yaml\nopenapi: 3.0.0\n\`\`\`\n-->\n\n\`\`\`yaml\n${text}\`\`\`\n\n{/*\n\`\`\`yaml\nopenapi: 3.0.1\n*/}\n`,
      { text, line: 9 },
    ],
    [
      "what looks like a comment in it",
      "```yaml\n<!--\nopenapi: 3.1.0\n```\n",
      { text: "<!--\nopenapi: 3.1.0\n", line: 2 },
    ],
    [
      "the same description twice, in other notation",
      `\`\`\`yaml\n${text}\`\`\`\n\`\`\`yaml\n\n${text}\`\`\`\n\`\`\`json\n{ "paths": { "/api/audit-logs/export/{job_id}": { "$ref": "a.yaml" }, "/p": { "get": {}, "post": {} } }, "openapi": "3.1.0", "webhooks": { "/event": { "post": {} } } }\n\`\`\`\n`,
      { text, line: 2 },
    ],
    ["CRLF", "```yaml\r\nopenapi: 3.1.0\r\n```\r\n", { text: "openapi: 3.1.0\r\n", line: 2 }],
    [
      "a fence inside a longer one",
      "````yaml\nopenapi: 3.1.0\ninfo:\n  description: |\n```sh\nrun\n```\n~~~~\n````\n",
      {
        text: "openapi: 3.1.0\ninfo:\n  description: |\n```sh\nrun\n```\n~~~~\n",
        line: 2,
      },
    ],
    [
      "another block before it, and a span of backticks that opens no block",
      `\`\`\`sh\nopenapi: no\n\`\`\`\n\`\`\`yaml \`a\`\n\`\`\`yaml\n${text}\`\`\`\n`,
      { text, line: 6 },
    ],
    [
      "the same block twice",
      `\`\`\`yaml\n${text}\`\`\`\n\`\`\`yaml\n${text}\`\`\`\n`,
      { text, line: 2 },
    ],
    [
      "indented code before it that shows the beginning of a fence",
      `Write:\n\n    \`\`\`sh\n    curl\n\n\`\`\`yaml\n${text}\`\`\`\n`,
      { text, line: 7 },
    ],
    [
      "indented code before it that shows the beginning of a comment",
      `Write:\n\n\t<!--\n\n\`\`\`yaml\n${text}\`\`\`\n`,
      { text, line: 6 },
    ],
    [
      "JSON",
      '```json\n{ "openapi": "3.1.0" }\n```\n',
      { text: '{ "openapi": "3.1.0" }\n', line: 2 },
    ],
  ])("%s", (_what, page, block) => expect(extractFromPage("page.md", page)).toEqual(block));

  test.each([
    "yaml /abs/file.json get /p",
    "yaml rel.json get /p",
    "yaml https://example.com/openapi.json post /p",
    "yaml GET /p",
    "yaml /a.json patch /api/audit-logs/export/{job_id}",
    "yaml /a.json get /p/",
    "yaml /a.json get /api/audit-logs/export/%7Bjob_id%7D",
    "yaml /a.json post /event",
    "yaml /a.json get /p theme={null}",
    'yaml get /p title="A" lines',
    "yaml get /p {1,3}",
    'yaml title="Instead of GET /q"',
    'yaml title="Use get /q"',
    "YAML",
    "yml",
  ])("info string %s", (info) => {
    expect(extractFromPage("page.md", `\`\`\`\`${info}\n${text}\`\`\`\``).text).toBe(text);
  });
});

test("the vendor's page contains an operation of this repository's description", async () => {
  const [page, yaml] = await Promise.all(
    ["sources/get-export-job-status.md", "openapi.yaml"].map((name) =>
      readFile(new URL(`../../../spec/audit-logs/${name}`, import.meta.url), "utf8"),
    ),
  );
  // Other pages may contain other operations.
  const { paths } = parse("page", extractFromPage("source.md", page ?? "").text);
  expect(Object.keys(objectOf(paths))).not.toEqual([]);
  expect(parse("yaml", yaml ?? "")).toMatchObject({ paths });
});

test("reads many empty lines in a time that grows no faster than they do", () => {
  const lines = "\n".repeat(600_000);
  const page = `\`\`\`yaml\n${lines}a: 1\n\`\`\`\n\`\`\`yaml\n${text}\`\`\`\n`;
  expect(extractFromPage("page.md", page).text).toBe(text);
});

describe("stops at a page", () => {
  const none =
    "page.md: The page has no fenced block with an OpenAPI description. Pull the Markdown version of the page (often its URL with .md), or the description itself.";
  test.each<[what: string, page: string, message: string]>([
    ["without a block", "# A\n\nopenapi: 3.1.0\n", none],
    ["with two backticks instead of a fence", `\`\`yaml\n${text}\`\`\n`, none],
    ["with other blocks only", "```yaml\na: 1\n```\n```sh\nopenapi: 1\n```\n", none],
    [
      "with two blocks that disagree",
      `\`\`\`yaml\n${text}\`\`\`\n\n\`\`\`yaml\n${text}x-a: 1\n\`\`\`\n`,
      "page.md:7: The description here differs from the one at line 1, and only one can be right. Pull a page with one description, or the complete description of the API.",
    ],
    ["whose block is in a comment", `<!-- Withdrawn\n\`\`\`yaml\n${text}\`\`\`\n-->\n`, none],
    ["whose block is in a comment without an end", `  <!--\n\`\`\`yaml\n${text}\`\`\`\n`, none],
    ["whose block is in a comment of MDX", `{/*\n\`\`\`yaml\n${text}\`\`\`\n*/}\n`, none],
    [
      "whose block is about another method",
      `\`\`\`yaml a.json PUT /p\n${text}\`\`\`\n`,
      "page.md:1: The block is about put /p, but its description has get /p, post /p, post /event. Get a page whose description has the operation, or pull the description itself.",
    ],
    [
      "whose block is about another path",
      `\`\`\`yaml\n${text}\`\`\`\n\`\`\`yaml get /q\n${text}\`\`\`\n`,
      "page.md:6: The block is about get /q, but its description has get /p, post /p, post /event. Get a page whose description has the operation, or pull the description itself.",
    ],
    [
      "whose block with attributes is about another path",
      `\`\`\`yaml a.json get /q theme={null}\n${text}\`\`\`\n`,
      "page.md:1: The block is about get /q, but its description has get /p, post /p, post /event. Get a page whose description has the operation, or pull the description itself.",
    ],
    ...["paths", "webhooks", "components"].map((key): [string, string, string] => [
      `with another block that has ${key}`,
      `\`\`\`yaml\n${text}\`\`\`\n\`\`\`yaml\n${key}:\n  a: {}\n\`\`\`\n`,
      "page.md:6: The block here has more of the description at line 1, but only one block is read. Get a page with the description in one block, or pull the description itself.",
    ]),
    [
      "that ends inside the block",
      `# A\n\n\`\`\`yaml\n${text}`,
      "page.md:3: The page ends inside the fenced block that begins here, so it was cut short. Get the complete page.",
    ],
    [
      "whose block a shorter fence does not close",
      `\`\`\`\`yaml\n${text}\`\`\`\n`,
      "page.md:1: The page ends inside the fenced block that begins here, so it was cut short. Get the complete page.",
    ],
    [
      "whose description may go on after a fence",
      "```yaml\nopenapi: 3.1.0\nx-doc: |\n  ```\n  run\n  ```\n```\n",
      "page.md:4: The fence is indented more than the one at line 1, so it may belong to the description instead of ending it. Get a page whose fences are longer than those in its description, or pull the description itself.",
    ],
    [
      "whose block a fence with an info string does not close",
      `\`\`\`yaml\n${text}\`\`\`yaml\n`,
      "page.md:1: The page ends inside the fenced block that begins here, so it was cut short. Get the complete page.",
    ],
  ])("%s", (_what, page, message) => {
    expect(() => extractFromPage("page.md", page)).toThrow(
      expect.objectContaining({ message, exitCode: 1 }),
    );
  });
});
