import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { CommandError } from "../../command/problem.js";
import type { Files } from "../../fixtures/project.ts";
import { readFolder } from "../../command/read-folder.ts";
import { makeProject, run } from "../project.ts";

// Small descriptions, each an example of a class of faults that once occurred.

const folder = fileURLToPath(new URL("../fixtures/cases", import.meta.url));

/** A folder with a redocly.yaml is a project; otherwise its input.yaml is a description. */
async function projectOf(name: string): Promise<Files> {
  const files = await readFolder(join(folder, name), ".");
  const { "input.yaml": input } = files;
  if (input === undefined) return files;
  const root = "spec/api/input.yaml";
  return { "redocly.yaml": `apis:\n  api: { root: ${root} }\nextends: []\n`, [root]: input };
}

/** All generated text, or the message that stops the run. */
async function outcomeOf(name: string): Promise<string> {
  const root = await makeProject(await projectOf(name));
  try {
    await run(root);
  } catch (error) {
    if (error instanceof CommandError) return error.message;
    throw error;
  }
  const files = await readFolder(root, "generated");
  return Object.values(files).join("\n").replaceAll(/\s+/gu, " ");
}

const cases: Readonly<Record<string, readonly string[]>> = {
  "02-default-in-request": [
    "term: string; /** @default 20 */ limit?: number; /** * @default a * @enum {string} */ mode?:",
    "Thing: { /** @default 0 */ n?: number; }",
  ],
  "18b-openapi-number": [
    'spec/api/input.yaml #/openapi: The version 3.1 is not a string. Write it as "3.1.0", with an overlay action',
  ],
  "23-operation-servers": [
    '"method": "post", "path": "/up", "servers": [ "https://fast-upload.example" ]',
    '"method": "get", "path": "/up", "servers": [ "https://upload.example/eu" ]',
  ],
  "28-readOnly-writeOnly": ["id: $Read<string>; secret: $Write<string>; name: string;"],
  "29b-extensible-enum-nullable-30": ['a: "x" | "y" | (string & {}) | null;'],
  "36-duplicate-operationId": [
    '#/paths/~1b/get/operationId: The operationId "same" is also used by #/paths/~1a/get/operationId',
  ],
  "38b-json-value-recursive": [
    "#/components/schemas/Wrap would not compile: Type alias 'RecursiveWrap' circularly references itself",
  ],
  "46b-big-integers": ["maximum", "example", "enum/0", "enum/1"].map(
    (place) =>
      `spec/api/input.yaml #/components/schemas/Thing/properties/id/${place}: JavaScript cannot hold all digits of 9`,
  ),
  "50-x-named-header-file": [
    '"x-trace": components["headers"]["x-trace"]',
    'headers: { "x-trace": string; }',
  ],
  "51-ref-in-extension": ['"in": "header", "name": "beta"', "header?: { beta?: string; }"],
  "52-overlay-version-number": [
    'spec/api/overlay.yaml #/overlay: The overlay version "1.2.0" is not supported',
  ],
  "53-dangling-ref": ['info?: components["schemas"]["TableInfo"]', "TableInfo: { rows?: number; }"],
  "56-media-any": ['"*/*": string;', '"responses": { "200": [ "text/plain" ] }'],
};

test("every case is checked", async () => {
  expect((await readdir(folder)).toSorted()).toEqual(Object.keys(cases));
});

test.each(Object.entries(cases))("%s", async (name, texts) => {
  const outcome = await outcomeOf(name);
  for (const text of texts) expect(outcome).toContain(text);
});

test("refuses an overlay version that YAML reads as a number, and names its key", async () => {
  const { ...files } = await projectOf("52-overlay-version-number");
  const overlay = "spec/api/overlay.yaml";
  const root = await makeProject({
    ...files,
    [overlay]: String(files[overlay]).replace("1.2.0", "1.1"),
  });
  await expect(run(root)).rejects.toThrow("spec/api/overlay.yaml #/overlay: ");
});
