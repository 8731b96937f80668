import { mkdir, rename, utimes } from "node:fs/promises";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { description, readRepository, small, things, write } from "../../fixtures/project.ts";
import { readFolder } from "../../command/read-folder.ts";
import {
  afterGoodRun,
  refusal,
  refusalIn,
  makeProject,
  run,
  snapshot,
  commandErrorOf,
} from "../project.ts";

const notice =
  "x: 1 operation can use no server URL (/), so a client needs a baseUrl; the first is GET /things";

describe("the same input gives the same bytes", () => {
  test("in another folder, from files with other modification times", async () => {
    const { ...files } = await readRepository();
    const committed = Object.entries(files).filter(([path]) => path.startsWith("generated/"));
    for (const [path] of committed) delete files[path];
    const first = await makeProject(files);
    const second = join(await makeProject({}), "ein Ordner mit Leerzeichen");
    await write(second, files);
    for (const path of Object.keys(files)) await utimes(join(second, path), 1, 1);
    await run(first);
    await run(second);

    expect(await readFolder(second, "generated")).toEqual(await readFolder(first, "generated"));
    expect(await readFolder(first, "generated")).toEqual(Object.fromEntries(committed));
  });

  test("when run again, and then nothing is written", async () => {
    const root = await makeProject(small);
    const first = await run(root);
    expect(first.lines).toEqual([
      notice,
      "Wrote generated/x/openapi.json",
      "Wrote generated/x/schema.ts",
      "Wrote generated/x/operations.ts",
    ]);
    const before = await snapshot(root);
    await expect(run(root)).resolves.toMatchObject({
      lines: [notice, "generated/ is up to date"],
      data: { changed: [] },
    });
    expect(await snapshot(root)).toEqual(before);
  });
});

describe("accepts", () => {
  test.each<[what: string, content: string | Uint8Array]>([
    ["a byte order mark", `\ufeff${things}`],
    ["CRLF", things.replaceAll("\n", "\r\n")],
    ["JSON", '{"openapi":"3.0.3","info":{"title":"T","version":"1"},"paths":{}}'],
    [
      "aliases and merge keys",
      `${things}    Other:\n      type: object\n      properties: &all\n        a: &a { type: string }\n        b: *a\n    More:\n      type: object\n      properties: { <<: *all, c: { type: integer } }\n`,
    ],
  ])("%s", async (_what, content) => {
    const root = await makeProject({ ...small, [description]: content });
    await run(root);
    await expect(run(root, true)).resolves.toMatchObject({
      lines: expect.arrayContaining(["3 generated files are up to date"]),
      data: {},
    });
  });

  test("several APIs, each with its own rules", async () => {
    const root = await makeProject({
      "redocly.yaml": `apis:\n  x: { root: ${description} }\n  y-2: { root: spec/y-2/openapi.json, rules: { operation-operationId: error } }\nextends: []\n`,
      [description]: things.replace("      operationId: listThings\n", ""),
      "spec/y-2/openapi.json": '{"openapi":"3.1.0","info":{"title":"T","version":"1"},"paths":{}}',
    });
    await run(root);
    expect(Object.keys(await readFolder(root, "generated"))).toEqual(
      ["x", "y-2"].flatMap((api) =>
        ["openapi.json", "operations.ts", "schema.ts"].map((file) => `generated/${api}/${file}`),
      ),
    );
  });
});

test("an API that fails leaves the files of all APIs unchanged", async () => {
  const root = await afterGoodRun({
    "redocly.yaml": `apis: { x: { root: ${description} }, y: { root: spec/y/openapi.yaml } }\nextends: []\n`,
    [description]: things.replaceAll("Thing", "Other"),
    "spec/y/openapi.yaml": "openapi: 4.0.0\n",
  });
  await expect(refusalIn(root)).resolves.toBe(
    'spec/y/openapi.yaml #/openapi: OpenAPI "4.0.0" is not supported, only 3.0.x, 3.1.x, and 3.2.x where it uses nothing new. If nothing in it is newer, write "3.1.0" with an overlay action.',
  );
});

test("a file in place of a folder leaves the files of all APIs unchanged", async () => {
  const root = await afterGoodRun({
    "redocly.yaml": `apis: { x: { root: ${description} }, y: { root: spec/y/openapi.yaml } }\nextends: []\n`,
    [description]: things.replaceAll("Thing", "Other"),
    "spec/y/openapi.yaml": things,
    "generated/y": "A file\n",
  });
  const before = await snapshot(root);
  await expect(run(root)).rejects.toThrow(/EEXIST: file already exists.+generated\/y/u);
  expect(await snapshot(root)).toEqual(before);
});

test("removes files of no API, and keeps files outside the APIs' folders", async () => {
  const root = await afterGoodRun({
    "generated/package.json": "{}\n",
    "generated/old/schema.ts": "",
    "generated/x/more/stray.ts": "",
  });
  const { lines } = await run(root);
  expect(lines).toEqual([
    notice,
    "Removed generated/x/more/stray.ts",
    "Removed generated/old/schema.ts",
  ]);
  expect(Object.keys(await readFolder(root, "generated"))).toEqual([
    "generated/package.json",
    "generated/x/openapi.json",
    "generated/x/operations.ts",
    "generated/x/schema.ts",
  ]);
  expect(existsSync(join(root, "generated/old"))).toBe(false);
  expect(existsSync(join(root, "generated/x/more"))).toBe(false);
});

describe("stops at a list of APIs", () => {
  test.each<[what: string, redocly: string, message: string]>([
    [
      "with a description elsewhere",
      "apis: { x: { root: openapi.yaml } }\n",
      "redocly.yaml #/apis/x: openapi.yaml is not inside spec/x/. Keep all of an API's files in its own folder.",
    ],
    [
      "with a description of another API",
      "apis: { x: { root: spec/x/../y/openapi.yaml } }\n",
      "redocly.yaml #/apis/x: spec/x/../y/openapi.yaml is not inside spec/x/. Keep all of an API's files in its own folder.",
    ],
    [
      "with an overlay elsewhere",
      `apis: { x: { root: ${description}, overlays: [overlay.yaml] } }\n`,
      "redocly.yaml #/apis/x: overlay.yaml is not inside spec/x/. Keep all of an API's files in its own folder.",
    ],
    [
      "with an overlay twice",
      `apis: { x: { root: ${description}, overlays: [spec/x/a.yaml, spec/x/b.yaml, ./spec/x/a.yaml] } }\n`,
      "redocly.yaml #/apis/x/overlays/2: spec/x/a.yaml is listed twice. Remove one of the two.",
    ],
    [
      "without the path of a description",
      "apis: { x: {} }\n",
      "redocly.yaml #/apis/x: The field `root` must be present on this level. Fix it there.",
    ],
    [
      "with a name that cannot be a folder",
      "apis: { ../x: { root: openapi.yaml } }\n",
      'redocly.yaml #/apis: "../x" cannot name an API, because it must also name a folder. Begin with a lower-case letter or a digit, and use only these, hyphens and underscores, but not node_modules.',
    ],
    [
      "with the name of a folder of packages",
      "apis: { node_modules: { root: openapi.yaml } }\n",
      'redocly.yaml #/apis: "node_modules" cannot name an API, because it must also name a folder. Begin with a lower-case letter or a digit, and use only these, hyphens and underscores, but not node_modules.',
    ],
    [
      "that is empty",
      "apis: {}\n",
      "redocly.yaml #/apis: It lists no API. Pull one with pnpm spec:pull <name> <page-or-file-or-url>, and add the entry that it prints.",
    ],
  ])("%s", (_what, redocly, message) =>
    expect(refusal({ "redocly.yaml": redocly })).resolves.toBe(message),
  );

  test("with an ignore file next to it", () =>
    expect(refusal({ ".redocly.lint-ignore.yaml": "" })).resolves.toBe(
      ".redocly.lint-ignore.yaml: An ignore file hides findings without a reason. Correct the description with an overlay action, or turn the rule off in redocly.yaml and say why.",
    ));

  test("that is missing, as wrong usage", async () => {
    const root = await makeProject({});
    const stop = await commandErrorOf(run(root));
    expect(stop.message).toBe(
      `${root}/redocly.yaml: The file does not exist. Pass a folder with a redocly.yaml and a spec/ as --root.`,
    );
    expect(stop.exitCode).toBe(2);
  });
});

test("a lint rule's finding names the place, and stops", () =>
  expect(
    refusal({
      "redocly.yaml": `${small["redocly.yaml"]}rules: { info-license: error, operation-4xx-response: warn }\n`,
    }),
  ).resolves.toBe(
    `${description} #/info: Info object should contain \`license\` field (info-license). Correct it with an overlay action.`,
  ));

test("a malformed schema that lint accepts is a finding", () =>
  expect(
    refusal({
      [description]: things.replace(/type: object\n[^]+/u, "properties: { name: text }\n"),
    }),
  ).resolves.toBe(
    `${description}: openapi-typescript cannot generate its types: #/components/schemas/Thing: invalid property name. Expected Schema Object or boolean, got string. Correct the schema with an overlay action.`,
  ));

test("a duplicate parameter is a finding, whatever the case of a header's name", () =>
  expect(
    refusal({
      [description]: things.replace(
        "      responses:",
        "      parameters: [{ name: X-A, in: header, schema: {} }, { name: x-a, in: header, schema: {} }]\n      responses:",
      ),
    }),
  ).resolves.toBe(
    `${description} #/paths/~1things/get/parameters/1: The parameter "x-a" of the header is listed before, at #/paths/~1things/get/parameters/0. Remove one of the two with an overlay action.`,
  ));

test("invalid OpenAPI is a finding, even if the project turns that rule off", () =>
  expect(refusal({ [description]: `${things}  parameters: { a: null }\n` })).resolves.toBe(
    `${description} #/components/parameters/a: Expected type \`Parameter\` (object) but got \`null\` (struct). Correct it with an overlay action.`,
  ));

test("files left by an interrupted run do no harm", async () => {
  const root = await afterGoodRun({ "generated/.staging-a1b2c3/0": "half a fi" });
  await expect(run(root, true)).resolves.toBeDefined();
  await mkdir(join(root, "aside"));
  await rename(join(root, "generated/x/schema.ts"), join(root, "aside/schema.ts"));
  await expect(run(root)).resolves.toHaveProperty("data.changed", ["generated/x/schema.ts"]);
});
