import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { pull } from "../../description/pull.ts";
import { description, small, things, write, type Files } from "../../fixtures/project.ts";
import { makeProject, run, commandErrorOf } from "../project.ts";

// Every error message names a remedy, and the remedy works.

const overlay = "spec/x/overlay.yaml";
const withOverlayFile = `apis: { x: { root: ${description}, overlays: [${overlay}] } }\nextends: []\n`;
const withActions = (...actions: readonly object[]): string =>
  JSON.stringify({ overlay: "1.1.0", info: { title: "T", version: "1" }, actions });
const update = (target: string, value: object, more: object = {}): object => ({
  target,
  update: value,
  ...more,
});
const rules = (text: string): string => `${small["redocly.yaml"]}rules: { ${text} }\n`;

describe("a remedy works", () => {
  test.each<[what: string, files: Files, message: string, remedy: Files]>([
    [
      "a missing overlay",
      { "redocly.yaml": withOverlayFile },
      `redocly.yaml #/apis/x/overlays: There is no ${overlay}. Write the file, or remove it from the list.`,
      { [overlay]: withActions(update("$.info", { description: "D" })) },
    ],
    [
      "an unknown lint rule",
      { "redocly.yaml": rules("info-licence: error") },
      "redocly.yaml #/rules/info-licence: This lint rule does not exist. Did you mean info-license?",
      { "redocly.yaml": rules("info-license: off") },
    ],
    [
      "an unknown house rule",
      { "redocly.yaml": rules("house/inert-name: off") },
      "redocly.yaml #/rules/house~1inert-name: This lint rule does not exist. Did you mean house/inert-names?",
      { "redocly.yaml": rules("house/inert-names: error") },
    ],
    [
      "an empty configuration",
      { "redocly.yaml": "" },
      "redocly.yaml: It is not a mapping. Start it with apis: {}, and add each API that you pull.",
      { "redocly.yaml": String(small["redocly.yaml"]) },
    ],
    [
      "an unknown severity of one API",
      {
        "redocly.yaml": `apis: { x: { root: ${description}, rules: { info-license: fatal } } }\nextends: []\n`,
      },
      'redocly.yaml #/apis/x/rules/info-license: "fatal" is not a severity. Write error, warn or off.',
      { "redocly.yaml": rules("info-license: warn") },
    ],
    [
      "a misspelt key",
      { "redocly.yaml": `apis: { x: { root: ${description} } }\nextend: []\n` },
      "redocly.yaml #/extend: Property `extend` is not expected here. Did you mean extends?",
      small,
    ],
    [
      "a file of rules",
      { "redocly.yaml": `apis: { x: { root: ${description} } }\nextends: [./rules.yaml]\n` },
      "redocly.yaml #/extends/0: No other file is read. Write what it contains into this file.",
      { "redocly.yaml": rules("info-license: off") },
    ],
    [
      "an API without content",
      { "redocly.yaml": "apis: { x: }\n" },
      "redocly.yaml #/apis/x: Expected type `ConfigApisProperties` (object) but got `null`. Fix it there.",
      small,
    ],
    [
      "overlays that are not a list",
      {
        "redocly.yaml": `apis: { x: { root: ${description}, overlays: ${overlay} } }\nextends: []\n`,
      },
      "redocly.yaml #/apis/x/overlays: Expected type `array` but got `string`. Fix it there.",
      small,
    ],
    [
      "an unknown configuration",
      { "redocly.yaml": `apis: { x: { root: ${description} } }\nextends: [strictest]\n` },
      "redocly.yaml: Invalid config strictest: there is no such built-in config. Fix it there.",
      { "redocly.yaml": String(small["redocly.yaml"]) },
    ],
    [
      "a wrong JSONPath",
      {
        "redocly.yaml": withOverlayFile,
        [overlay]: withActions(update("$.info[", { description: "D" })),
      },
      `${overlay} #/actions/0: Invalid JSONPath expression $.info[: `,
      { [overlay]: withActions(update("$.info", { description: "D" })) },
    ],
    [
      "a version of OpenAPI that is a number",
      { [description]: things.replace("3.1.0", "3.1") },
      `${description} #/openapi: The version 3.1 is not a string. Write it as "3.1.0", with an overlay action.`,
      {
        "redocly.yaml": withOverlayFile,
        [overlay]: withActions(update("$", { openapi: "3.1.0" }, { "x-replaces": 3.1 })),
      },
    ],
    [
      "a newer version of OpenAPI",
      { [description]: things.replace("3.1.0", "3.3.0") },
      `${description} #/openapi: OpenAPI "3.3.0" is not supported`,
      {
        "redocly.yaml": withOverlayFile,
        [overlay]: withActions(update("$", { openapi: "3.1.0" }, { "x-replaces": "3.3.0" })),
      },
    ],
    [
      "a version of the API that is a number",
      { "redocly.yaml": rules("struct: error"), [description]: things.replace("1.0.0", "1.0") },
      `${description} #/info/version: Expected type \`string\` but got \`integer\` (struct). Correct it with an overlay action.`,
      {
        "redocly.yaml": `${withOverlayFile}rules: { struct: error }\n`,
        [overlay]: withActions(update("$.info", { version: "1.0" }, { "x-replaces": 1 })),
      },
    ],
    [
      "a version of the overlay that is a number",
      {
        "redocly.yaml": withOverlayFile,
        [overlay]: withActions(update("$.info", { description: "D" })).replace('"1.1.0"', "1.1"),
      },
      `${overlay} #/overlay: The overlay version 1.1 is not supported. Write "1.1.0" or "1.0.0", as a string.`,
      { [overlay]: withActions(update("$.info", { description: "D" })) },
    ],
    [
      "a reference to definitions at the root",
      {
        [description]: `${things.replaceAll("#/components/schemas/Thing", "#/$defs/Thing")}$defs: { Thing: { type: string } }\n`,
      },
      'The reference #/$defs/Thing points into "$defs", where no reference may point. Copy its target under components and refer to it there, with overlay actions.',
      {
        "redocly.yaml": withOverlayFile,
        [overlay]: withActions(
          update("$.components.schemas", { Other: {} }),
          { target: "$.components.schemas.Other", copy: "$['$defs'].Thing" },
          update(
            "$.paths..schema",
            { $ref: "#/components/schemas/Other" },
            { "x-replaces": "#/$defs/Thing" },
          ),
        ),
      },
    ],
    [
      "a replaced value without x-replaces",
      { "redocly.yaml": withOverlayFile, [overlay]: withActions(update("$.info", { title: "T" })) },
      'replaces "Things" without an x-replaces. If it is still right, give the action x-replaces: "Things".',
      { [overlay]: withActions(update("$.info", { title: "T" }, { "x-replaces": "Things" })) },
    ],
    [
      "a number that JavaScript cannot hold",
      {
        [description]: things.replace(
          "          type: string",
          "          type: integer\n          maximum: 9223372036854775807",
        ),
      },
      "JavaScript cannot hold all digits of 9223372036854775807, and would make it 9223372036854776000. Remove it, or write it as a string, with an overlay action.",
      {
        "redocly.yaml": withOverlayFile,
        [overlay]: withActions({ target: "$..maximum", remove: true }),
      },
    ],
    [
      "a duplicate operationId",
      {
        [description]: things.replace(
          "    get:",
          "    put:\n      operationId: listThings\n      responses: {}\n    get:",
        ),
      },
      "Give one of the two another operationId with an overlay action.",
      {
        "redocly.yaml": withOverlayFile,
        [overlay]: withActions(
          update("$.paths.*.put", { operationId: "putThings" }, { "x-replaces": "listThings" }),
        ),
      },
    ],
  ])("%s", async (_what, files, message, remedy) => {
    const root = await makeProject({ ...small, ...files });
    expect((await commandErrorOf(run(root))).message).toContain(message);
    await write(root, remedy);
    await expect(run(root)).resolves.toBeDefined();
  });

  test.each(["extends: []\n", "apis: {}\nextends: []\n"])(
    "an empty list of APIs: %j",
    async (list) => {
      const root = await makeProject({ "redocly.yaml": list, "things.yaml": things });
      expect((await commandErrorOf(run(root))).message).toBe(
        "redocly.yaml #/apis: It lists no API. Pull one with pnpm spec:pull <name> <page-or-file-or-url>, and add the entry that it prints.",
      );
      const { lines } = await pull(root, "x", [join(root, "things.yaml")]);
      const [, entry = ""] =
        /Add it to redocly\.yaml:\n\n([^]+)\n\nand run pnpm generate\./u.exec(lines.join("\n")) ??
        [];
      await write(root, { "redocly.yaml": `${entry}\nextends: []\n` });
      await expect(run(root)).resolves.toBeDefined();
    },
  );

  test("a misspelt API", async () => {
    const files = {
      "redocly.yaml": "apis: { things: { root: spec/things/openapi.yaml } }\nextends: []\n",
    };
    const root = await makeProject({ ...files, "things.yaml": things });
    const stop = await commandErrorOf(pull(root, "thinsg", [join(root, "things.yaml")]));
    expect(stop.message).toBe(
      'redocly.yaml #/apis: It has no API "thinsg", but one with a similar name: things. Pull things, or first add an entry thinsg with its root, such as spec/thinsg/openapi.yaml.',
    );
    expect(stop.exitCode).toBe(2);
    expect((await commandErrorOf(run(root))).message).toBe(
      "spec/things/openapi.yaml: The file does not exist. Pull it with pnpm spec:pull things <page-or-file-or-url>.",
    );
    await pull(root, "things", [join(root, "things.yaml")]);
    await expect(run(root)).resolves.toBeDefined();
    await write(root, {
      "redocly.yaml":
        "apis: { things: { root: spec/things/openapi.yaml }, thinsg: { root: spec/thinsg/openapi.yaml } }\nextends: []\n",
    });
    await pull(root, "thinsg", [join(root, "things.yaml")]);
    await expect(run(root)).resolves.toBeDefined();
  });

  test("many findings of one rule are shortened to the first three and their number", async () => {
    const properties = Array.from(
      { length: 122 },
      (_, index) => `        p${index}: { type: text }`,
    ).join("\n");
    const files = {
      "redocly.yaml": rules("struct: error"),
      [description]: things.replace("        name:\n          type: string", properties),
    };
    const root = await makeProject(files);
    const { problems } = await commandErrorOf(run(root));
    expect(problems.map(({ place }) => place)).toEqual([
      ...[0, 1, 2].map((index) => `#/components/schemas/Thing/properties/p${index}/type`),
      undefined,
    ]);
    expect(problems.at(-1)).toMatchObject({
      fault: "struct has 122 findings; the first 3 are above",
      remedy:
        "Correct them with one overlay action whose target describes the defect, or turn the rule off under apis/x/rules in redocly.yaml, with the reason",
    });
    await write(root, {
      "redocly.yaml": `${withOverlayFile}rules: { struct: error }\n`,
      [overlay]: withActions(
        update("$..[?@.type == 'text']", { type: "string" }, { "x-replaces": "text" }),
      ),
    });
    await expect(run(root)).resolves.toBeDefined();
  });
});

test("a folder in the place of a file is named", async () => {
  const root = await makeProject(small);
  const fault = "It is a folder, not a file. Give the path of a file.";
  expect(await commandErrorOf(pull(root, "x", [root]))).toMatchObject({
    exitCode: 2,
    message: `${root}: ${fault}`,
  });
  const files = { "redocly.yaml": "apis: { x: { root: spec/x/api } }\n", "spec/x/api/a.yaml": "" };
  expect(await commandErrorOf(run(await makeProject(files)))).toMatchObject({
    exitCode: 2,
    message: `spec/x/api: ${fault}`,
  });
});

test("pulling a missing file is wrong usage", async () => {
  const root = await makeProject(small);
  const file = join(root, "none.yaml");
  const stop = await commandErrorOf(pull(root, "x", [file]));
  expect(stop).toMatchObject({
    exitCode: 2,
    message: `${file}: The file does not exist. Pass the path of a file, or a URL.`,
  });
});
