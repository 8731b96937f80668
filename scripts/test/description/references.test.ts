import { readFile, symlink } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { listen } from "../listen.ts";
import { description, schemas, small } from "../../fixtures/project.ts";
import { readFolder } from "../../command/read-folder.ts";
import { afterGoodRun, refusal, refusalIn, makeProject, run } from "../project.ts";

const at = `${description} #/components/schemas/A/$ref: The reference`;
const inside = "Correct the reference with an overlay action.";
const nothing =
  "points to nothing, or into an x-* extension. Correct it, or add what it refers to under components, with an overlay action.";
const fetched =
  "points outside the description, and nothing is fetched. Write what it refers to into the description with an overlay action.";

function circular(place: string, path: string): string {
  return `${place}: The reference ${path} refers back to itself. Give one of the files on its path its own content.`;
}

const operation = (id: string): string =>
  `{ operationId: ${id}, responses: { "200": { description: D } } }`;
const twice = (reference: string): string =>
  `openapi: 3.1.0\ninfo: { title: T, version: "1" }\npaths: { /a: { $ref: "${reference}", get: ${operation("a")} } }\n`;
const overlayAt = (target: string): string =>
  `overlay: 1.1.0\ninfo: { title: T, version: "1" }\nactions: [{ target: "${target}", update: { summary: S } }]\n`;

describe("stops at a reference", () => {
  test.each<[what: string, reference: string, message: string]>([
    ["to a URL", "https://example.com/a.json", `https://example.com/a.json ${fetched}`],
    ["to a URL without a scheme", "//example.com/a.json", `//example.com/a.json ${fetched}`],
    ["to the URL of a file", "file:///nowhere/a.yaml", `file:///nowhere/a.yaml ${fetched}`],
    ["to an absolute path", "/nowhere/a.yaml", `/nowhere/a.yaml points to no file. ${inside}`],
    ["to a file of another API", "../y/a.yaml#/A", `../y/a.yaml points outside spec/x/. ${inside}`],
    [
      "to a file far outside",
      "b/../../../outside.yaml",
      `b/../../../outside.yaml points outside spec/x/. ${inside}`,
    ],
    ["to a link that leads out", "link.yaml#/A", `link.yaml points outside spec/x/. ${inside}`],
    ["to no file", "missing.yaml", `missing.yaml points to no file. ${inside}`],
    ["to a folder", ".", `. points to no file. ${inside}`],
    ["that is empty", "", ` points to no file. ${inside}`],
    [
      "to nothing in a file",
      "b/part.yaml#/C",
      `b/part.yaml points to nothing: spec/x/b/part.yaml has no "#/C". ${inside}`,
    ],
    ["to nothing", "#/components/schemas/B", `#/components/schemas/B ${nothing}`],
    [
      "to a name that every object has",
      "#/components/schemas/constructor",
      `#/components/schemas/constructor ${nothing}`,
    ],
    ["into an extension", "#/components/x-schemas/A", `#/components/x-schemas/A ${nothing}`],
    [
      "to an unknown root key",
      "#/extra/A",
      '#/extra/A points into "extra", where no reference may point. Copy its target under components and refer to it there, with overlay actions.',
    ],
    [
      "to an extension of the root",
      "#/x-extra/A",
      '#/x-extra/A points into "x-extra", where no reference may point. Copy its target under components and refer to it there, with overlay actions.',
    ],
    [
      "to the whole description",
      "#",
      '# points into "", where no reference may point. Copy its target under components and refer to it there, with overlay actions.',
    ],
    [
      "that is not a JSON Pointer",
      "#A",
      "#A is not a JSON Pointer. Write #/components/…/Name with an overlay action.",
    ],
    [
      "with half an escape",
      "#/components/schemas/%E0",
      "#/components/schemas/%E0 is not a JSON Pointer. Write #/components/…/Name with an overlay action.",
    ],
    [
      "to itself",
      "#/components/schemas/A",
      "#/components/schemas/A refers back to itself: #/components/schemas/A. Give one of these its own content, with an overlay action.",
    ],
  ])("%s", async (_what, reference, message) => {
    const root = await afterGoodRun({
      [description]: `${schemas(`    A: { $ref: ${JSON.stringify(reference)} }`)}  x-schemas: { A: { type: string } }\nextra: { A: { type: string } }\nx-extra: { A: { type: string } }\n`,
      "spec/x/b/part.yaml": "A: { type: string }\n",
      "spec/y/a.yaml": "A: { type: string }\n",
      "outside.yaml": "A: { type: string }\n",
    });
    await symlink(join(root, "outside.yaml"), join(root, "spec/x/link.yaml"));
    await expect(refusalIn(root)).resolves.toBe(`${at} ${message}`);
  });

  test("in a cycle of several", () =>
    expect(
      refusal({
        [description]: schemas(
          '    A: { $ref: "#/components/schemas/B" }\n    B: { $ref: "#/components/schemas/A" }',
        ),
      }),
    ).resolves
      .toBe(`${at} #/components/schemas/B refers back to itself: #/components/schemas/A → #/components/schemas/B. Give one of these its own content, with an overlay action.
${description} #/components/schemas/B/$ref: The reference #/components/schemas/A refers back to itself: #/components/schemas/B → #/components/schemas/A. Give one of these its own content, with an overlay action.`));

  test("in a cycle of files", async () => {
    await expect(
      refusal({
        [description]: schemas("    A: { $ref: b.yaml }"),
        "spec/x/b.yaml": "$ref: c.yaml\n",
        "spec/x/c.yaml": "$ref: b.yaml\n",
      }),
    ).resolves.toBe(
      [
        circular(`${description} #/components/schemas/A/$ref`, "b.yaml"),
        circular("spec/x/b.yaml #/$ref", "c.yaml"),
        circular("spec/x/c.yaml #/$ref", "b.yaml"),
      ].join("\n"),
    );
  });

  test("that is not a string", () =>
    expect(refusal({ [description]: schemas("    A: { $ref: 1 }") })).resolves.toBe(
      `${description} #/components/schemas/A/$ref: The $ref is not a string. Write a reference such as #/components/schemas/Name.`,
    ));

  test("in a discriminator's mapping", () =>
    expect(
      refusal({
        [description]: schemas(
          '    A: { oneOf: [], discriminator: { propertyName: a, mapping: { b: "https://example.com/b" } } }',
        ),
      }),
    ).resolves.toBe(
      `${description} #/components/schemas/A/discriminator/mapping/b: The reference https://example.com/b ${fetched}`,
    ));

  test("in a file that the description refers to", () =>
    expect(
      refusal({
        [description]: schemas("    A: { $ref: b.yaml }"),
        "spec/x/b.yaml": "$ref: https://example.com/a.json\n",
      }),
    ).resolves.toBe(`spec/x/b.yaml #/$ref: The reference https://example.com/a.json ${fetched}`));

  test("to a path item with an operation that stands next to the reference", async () => {
    const files = {
      "redocly.yaml": `apis: { x: { root: ${description}, overlays: [spec/x/overlay.yaml] } }\nextends: []\n`,
      [description]: `${twice("#/components/pathItems/B")}components: { pathItems: { B: { get: ${operation("b")} } } }\n`,
    };
    await expect(refusal({ ...files, "spec/x/overlay.yaml": overlayAt("$.info") })).resolves.toBe(
      `${description} #/paths/~1a/$ref: The path item and the one that it refers to, #/components/pathItems/B, differ in get, and either may be meant. Remove it from one of the two with an overlay action.`,
    );
    const removal = overlayAt("$.paths['/a'].get").replace(
      "update: { summary: S }",
      "remove: true",
    );
    const root = await makeProject({ ...files, "spec/x/overlay.yaml": removal });
    await run(root);
    expect(await readFile(join(root, "generated/x/openapi.json"), "utf8")).toContain(
      '"operationId": "b"',
    );
  });

  test("to a file with an operation that stands next to the reference", () =>
    expect(
      refusal({ [description]: twice("b.yaml"), "spec/x/b.yaml": `get: ${operation("b")}\n` }),
    ).resolves.toBe(
      `${description} #/paths/~1a/$ref: The path item and the one that it refers to, b.yaml, differ in get, and either may be meant. Remove it from one of the two, or ask their author to.`,
    ));

  test.each([
    [
      "to an unknown root key",
      "#/extra/A",
      `spec/x/overlay.yaml #/actions/0/update/B/$ref: The reference #/extra/A points into "extra", where no reference may point, at #/components/schemas/B/$ref of the description. Copy its target under components and refer to it there.`,
    ],
    [
      "to itself",
      "#/components/schemas/B",
      `spec/x/overlay.yaml #/actions/0/update/B/$ref: The reference #/components/schemas/B refers back to itself: #/components/schemas/B, at #/components/schemas/B/$ref of the description. Give one of these its own content.`,
    ],
    [
      "to a URL",
      "https://example.com/a.json",
      `spec/x/overlay.yaml #/actions/0/update/B/$ref: The reference https://example.com/a.json points outside the description, and nothing is fetched, at #/components/schemas/B/$ref of the description. Write what it refers to into the description.`,
    ],
    [
      "to a file",
      "b.yaml",
      `spec/x/overlay.yaml #/actions/0/update/B/$ref: The reference to b.yaml is in an overlay, and overlays cannot add files, at #/components/schemas/B/$ref of the description. Write what it refers to into the action.`,
    ],
  ])("%s that an overlay adds", (_what, reference, message) =>
    expect(
      refusal({
        "redocly.yaml": `apis: { x: { root: ${description}, overlays: [spec/x/overlay.yaml] } }\nextends: []\n`,
        "spec/x/overlay.yaml": `overlay: 1.1.0\ninfo: { title: T, version: "1" }\nactions: [{ target: $.components.schemas, update: { B: { $ref: "${reference}" } } }]\n`,
        [description]: `${schemas("    A: {}")}extra: { A: { type: string } }\n`,
      }),
    ).resolves.toBe(message),
  );
});

describe("accepts", () => {
  test("a schema that refers to itself in a property", async () => {
    const root = await makeProject({
      ...small,
      [description]: schemas(
        '    A: { type: object, properties: { parent: { $ref: "#/components/schemas/A" } } }',
      ),
    });
    await run(root);
    const { "generated/x/schema.ts": schema } = await readFolder(root, "generated");
    expect(String(schema)).toContain('parent?: components["schemas"]["A"];');
  });

  test("unresolved references in extensions and examples, without following them", async () => {
    const server = await listen((_request, response) => response.end("{}"));
    const references = [
      `${server.url}/a.json`,
      "#/components/schemas/Missing",
      "../../etc/hostname",
    ];
    const data = references.map(($ref) => ({ $ref }));
    const root = await makeProject({
      ...small,
      "redocly.yaml": `apis: { x: { root: ${description} } }\nextends: [recommended]\nrules: { info-license: off, no-empty-servers: off, no-unused-components: off }\n`,
      [description]: schemas(
        `    A: ${JSON.stringify({ type: "object", "x-more": data, examples: [data], default: data, example: data, enum: data, properties: { "x-b": { "x-c": data } } })}`,
      ).replace("paths: {}", `paths: {}\nx-mint: ${JSON.stringify(data)}`),
    });
    await run(root);
    const { "generated/x/openapi.json": effective } = await readFolder(root, "generated");
    expect(JSON.parse(String(effective))).toMatchObject({
      "x-mint": data,
      components: { schemas: { A: { "x-more": data, example: data } } },
    });
    expect(server.requests).toEqual([]);
  });

  test("files that only extensions of the paths and of an operation's responses refer to", async () => {
    const extension = { $ref: "notes.txt" };
    const get = { operationId: "a", responses: { 200: { description: "A" }, "x-b": extension } };
    const root = await makeProject({
      ...small,
      [description]: `openapi: 3.1.0\ninfo: { title: T, version: "1" }\npaths: ${JSON.stringify({ "x-a": extension, "/a": { get } })}\ncomponents: { $ref: components.yaml }\n`,
      "spec/x/components.yaml": "responses: { x-c: { $ref: response.yaml } }\n",
      "spec/x/response.yaml": "description: C\n",
      "spec/x/notes.txt": "Notes: none: yet\n",
    });
    await run(root);
    const { "generated/x/openapi.json": effective } = await readFolder(root, "generated");
    expect(JSON.parse(String(effective))).toMatchObject({
      components: { responses: { response: { description: "C" } } },
    });
  });

  test("a complete map in another file, and names there that look like keywords", async () => {
    const root = await makeProject({
      ...small,
      [description]: `openapi: 3.1.0\ninfo: { title: T, version: "1" }\npaths: { $ref: paths.yaml }\ncomponents: { schemas: { $ref: schemas/index.yaml } }\n`,
      "spec/x/paths.yaml":
        '/x: { get: { operationId: getX, responses: { default: { $ref: "responses.yaml#/default" } } } }\n',
      "spec/x/responses.yaml":
        'default: { description: D, content: { application/json: { schema: { $ref: "schemas/index.yaml#/example" } } } }\n',
      "spec/x/schemas/index.yaml": "example: { $ref: thing.yaml }\n",
      "spec/x/schemas/thing.yaml": "type: object\nproperties: { a: { type: string } }\n",
    });
    await run(root);
    const { "generated/x/schema.ts": schema, "generated/x/operations.ts": operations } =
      await readFolder(root, "generated");
    expect(String(schema)).toContain("a?: string;");
    expect(String(operations)).toContain("export const getX = {");
  });

  test("two files that use one name for different schemas, with a notice that names the file", async () => {
    const root = await makeProject({
      ...small,
      [description]: schemas("    B: { $ref: a.yaml }"),
      "spec/x/a.yaml": "properties: { b: { $ref: b/t.yaml }, c: { $ref: c/t.yaml } }\n",
      "spec/x/b/t.yaml": "type: string\n",
      "spec/x/c/t.yaml": "type: integer\n",
    });
    const { lines } = await run(root);
    expect(lines[0]).toMatch(/^x: spec\/x\/a\.yaml #\/properties\/c: Two schemas .+ \(bundler\)$/u);
  });

  test.each<[what: string, part: string, action: object]>([
    [
      "in another file to nothing",
      'type: object\nproperties: { a: { $ref: "#/B" } }',
      { target: "$..properties.a", remove: true },
    ],
    [
      "to a missing file",
      "type: object\nproperties: { a: { $ref: b.yaml } }",
      { target: "$..properties.a", remove: true },
    ],
    [
      "in another file to a URL",
      "type: object\nproperties: { a: { $ref: https://things.example/a } }",
      { target: "$..properties.a", remove: true },
    ],
  ])("a reference %s, if an overlay corrects it", async (_what, part, action) => {
    const overlay = { overlay: "1.1.0", info: { title: "T", version: "1" }, actions: [action] };
    const root = await makeProject({
      "redocly.yaml": `apis: { x: { root: ${description}, overlays: [spec/x/overlay.yaml] } }\nextends: []\n`,
      "spec/x/overlay.yaml": JSON.stringify(overlay),
      [description]: schemas("    A: { $ref: a.yaml }"),
      "spec/x/a.yaml": part,
    });
    await expect(run(root)).resolves.toBeDefined();
  });

  test("a version in a multi-file description, if an overlay corrects it", async () => {
    const root = await makeProject({
      "redocly.yaml": `apis: { x: { root: ${description}, overlays: [spec/x/overlay.yaml] } }\nextends: []\n`,
      "spec/x/overlay.yaml": `{ "overlay": "1.1.0", "info": { "title": "T", "version": "1" }, "actions": [{ "target": "$", "update": { "openapi": "3.1.0" }, "x-replaces": 3.1 }] }`,
      [description]: schemas("    A: { $ref: a.yaml }").replace("3.1.0", "3.1"),
      "spec/x/a.yaml": "type: string\n",
    });
    await expect(run(root)).resolves.toBeDefined();
  });

  test("a description in several files of its folder", async () => {
    const root = await makeProject({
      ...small,
      [description]: schemas("    A: { $ref: parts/a.yaml#/any/A }\n    C: { type: integer }"),
      "spec/x/parts/a.yaml":
        'any: { A: { type: object, properties: { b: { $ref: "b.json" }, c: { $ref: "../openapi.yaml#/components/schemas/C" }, own: { $ref: "#/D" } } } }\nD: { type: boolean }\n',
      "spec/x/parts/b.json": '{ "type": "string" }',
    });
    await run(root);
    const { "generated/x/openapi.json": effective, "generated/x/schema.ts": schema } =
      await readFolder(root, "generated");
    expect(JSON.stringify(JSON.parse(String(effective)))).not.toMatch(/\.(?:yaml|json)/u);
    expect(String(schema)).toMatch(/spec\/x\/parts\/a\.yaml[^]+spec\/x\/parts\/b\.json/u);
    await expect(run(root, true)).resolves.toBeDefined();
  });
});
