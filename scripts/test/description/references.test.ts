import { symlink } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { listen } from "../listen.ts";
import {
  afterGoodRun,
  description,
  refusal,
  refusalIn,
  makeProject,
  read,
  run,
  schemas,
  small,
} from "../project.ts";

const at = `${description} #/components/schemas/A/$ref: The reference`;
const inside = "Refer to a file inside spec/x/.";
const nothing =
  "leads to nothing, or into an x-* extension. Correct it, or add what it refers to under components.";
const fetched =
  "leads out of the description, and nothing is fetched. Bring what it refers to into the description's folder.";

function around(place: string, path: string): string {
  return `${place}: The reference ${path} comes back to itself. Give one of the files that it leads through a content of its own.`;
}

describe("stops at a reference", () => {
  test.each<[what: string, reference: string, message: string]>([
    ["to an address", "https://example.com/a.json", `https://example.com/a.json ${fetched}`],
    ["to an address without a scheme", "//example.com/a.json", `//example.com/a.json ${fetched}`],
    ["to the address of a file", "file:///etc/hostname", `file:///etc/hostname ${fetched}`],
    ["to an absolute path", "/etc/hostname", `/etc/hostname leads to no file. ${inside}`],
    ["to a file of another API", "../y/a.yaml#/A", `../y/a.yaml leads out of spec/x/. ${inside}`],
    [
      "to a file far outside",
      "b/../../../outside.yaml",
      `b/../../../outside.yaml leads out of spec/x/. ${inside}`,
    ],
    ["to a link that leads out", "link.yaml#/A", `link.yaml leads out of spec/x/. ${inside}`],
    ["to no file", "missing.yaml", `missing.yaml leads to no file. ${inside}`],
    ["to a folder", ".", `. leads to no file. ${inside}`],
    ["to nowhere", "", ` leads to no file. ${inside}`],
    [
      "to nothing in a file",
      "b/part.yaml#/C",
      `b/part.yaml leads to nothing: spec/x/b/part.yaml has no "#/C". ${inside}`,
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
      '#/extra/A leads to "extra", which no reference may lead to. Move its target under components.',
    ],
    [
      "to an extension of the root",
      "#/x-extra/A",
      '#/x-extra/A leads to "x-extra", which no reference may lead to. Move its target under components.',
    ],
    [
      "to the whole description",
      "#",
      '# leads to "", which no reference may lead to. Move its target under components.',
    ],
    ["that is no pointer", "#A", "#A is no JSON Pointer. Write #/components/…/Name."],
    [
      "with half an escape",
      "#/components/schemas/%E0",
      "#/components/schemas/%E0 is no JSON Pointer. Write #/components/…/Name.",
    ],
    [
      "to itself",
      "#/components/schemas/A",
      "#/components/schemas/A comes back to itself: #/components/schemas/A. Give one of these a content of its own.",
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
      .toBe(`${at} #/components/schemas/B comes back to itself: #/components/schemas/A → #/components/schemas/B. Give one of these a content of its own.
${description} #/components/schemas/B/$ref: The reference #/components/schemas/A comes back to itself: #/components/schemas/B → #/components/schemas/A. Give one of these a content of its own.`));

  test("in a cycle of files", async () => {
    await expect(
      refusal({
        [description]: schemas("    A: { $ref: b.yaml }"),
        "spec/x/b.yaml": "$ref: c.yaml\n",
        "spec/x/c.yaml": "$ref: b.yaml\n",
      }),
    ).resolves.toBe(
      [
        around(`${description} #/components/schemas/A/$ref`, "b.yaml"),
        around("spec/x/b.yaml #/$ref", "c.yaml"),
        around("spec/x/c.yaml #/$ref", "b.yaml"),
      ].join("\n"),
    );
  });

  test("among the values of an object's enum", () =>
    expect(
      refusal({ [description]: schemas('    A: { type: object, enum: [{ $ref: "#/extra/A" }] }') }),
    ).resolves.toBe(
      `${description} #/components/schemas/A/enum/0/$ref: The reference #/extra/A leads to "extra", which no reference may lead to. Move its target under components.`,
    ));

  test("that is no text", () =>
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

  test.each([
    [
      "to an unknown root key",
      "#/extra/A",
      `${description} #/components/schemas/B/$ref: The reference #/extra/A leads to "extra", which no reference may lead to. Move its target under components.`,
    ],
    [
      "to itself",
      "#/components/schemas/B",
      `${description} #/components/schemas/B/$ref: The reference #/components/schemas/B comes back to itself: #/components/schemas/B. Give one of these a content of its own.`,
    ],
    [
      "to an address",
      "https://example.com/a.json",
      `${description} #/components/schemas/B/$ref: The reference https://example.com/a.json leads out of the description, and nothing is fetched. Bring what it refers to into the description's folder.`,
    ],
    [
      "to a file",
      "b.yaml",
      `${description} #/components/schemas/B/$ref: The reference to b.yaml came with an overlay, and an overlay brings no files. Write what it refers to into the action.`,
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

describe("takes", () => {
  test("a schema that refers to itself in a property", async () => {
    const root = await makeProject({
      ...small,
      [description]: schemas(
        '    A: { type: object, properties: { parent: { $ref: "#/components/schemas/A" } } }',
      ),
    });
    await run(root);
    const { "generated/x/schema.ts": schema } = await read(root, "generated");
    expect(String(schema)).toContain('parent?: components["schemas"]["A"];');
  });

  test("references in extensions and examples that lead nowhere, without following them", async () => {
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
        `    A: ${JSON.stringify({ type: "object", "x-more": data, examples: [data], default: data, example: data, properties: { "x-b": { "x-c": data } } })}`,
      ).replace("paths: {}", `paths: {}\nx-mint: ${JSON.stringify(data)}`),
    });
    await run(root);
    const { "generated/x/openapi.json": effective } = await read(root, "generated");
    expect(JSON.parse(String(effective))).toMatchObject({
      "x-mint": data,
      components: { schemas: { A: { "x-more": data, example: data } } },
    });
    expect(server.requests).toEqual([]);
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
    const { "generated/x/openapi.json": effective, "generated/x/schema.ts": schema } = await read(
      root,
      "generated",
    );
    expect(JSON.stringify(JSON.parse(String(effective)))).not.toMatch(/\.(?:yaml|json)/u);
    expect(String(schema)).toMatch(/spec\/x\/parts\/a\.yaml[^]+spec\/x\/parts\/b\.json/u);
    await expect(run(root, true)).resolves.toBeDefined();
  });
});
