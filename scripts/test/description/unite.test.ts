import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { pull, checkPulled } from "../../description/pull.ts";
import { parse } from "../../description/read.ts";
import { listOf, objectOf, type Json } from "../../description/tree.ts";
import {
  contradicting,
  otherApi,
  otherDescription,
  otherGeneration,
  pages,
  withMore,
} from "../../fixtures/pages.ts";
import { readRepository, small, things, type Files } from "../../fixtures/project.ts";
import { readFolder } from "../../command/read-folder.ts";
import { makeProject, run, commandErrorOf } from "../project.ts";

const names = Object.keys(pages);

async function makeVendor(
  more: Files = {},
): Promise<{ root: string; at: (name: string) => string }> {
  const vendor = Object.entries({ ...pages, ...more }).map(([name, text]) => [
    `vendor/${name}`,
    text,
  ]);
  const root = await makeProject({ ...small, ...Object.fromEntries(vendor) });
  return { root, at: (name) => join(root, "vendor", name) };
}

async function generateFiles(root: string): Promise<Record<string, string>> {
  await run(root);
  const files = Object.entries(await readFolder(root, "generated"));
  return Object.fromEntries(files.map(([name, bytes]) => [name, String(bytes)]));
}

test("pulling all pages at once or one by one, in any order, gives the same files", async () => {
  const atOnce = await makeVendor();
  await pull(atOnce.root, "x", names.map(atOnce.at));
  const expected = await generateFiles(atOnce.root);
  await expect(checkPulled(atOnce.root)).resolves.toBeDefined();
  expect(Object.keys(JSON.parse(expected["generated/x/openapi.json"] ?? "").paths)).toHaveLength(5);
  expect(expected["generated/x/operations.ts"]?.match(/(?<=^export const )\w+/gmu)).toEqual([
    "createExportJob",
    "downloadExport",
    "getAuditLog",
    "getAuditLogs",
    "getExportJobStatus",
  ]);

  for (const order of [names, names.toReversed(), [...names.slice(2), ...names.slice(0, 2)]]) {
    const { root, at } = await makeVendor();
    for (const [index, name] of order.entries()) {
      await pull(root, "x", [at(name)], { add: index > 0 });
    }
    await expect(checkPulled(root)).resolves.toBeDefined();
    expect(await generateFiles(root)).toEqual(expected);
  }
});

test("a source that is pulled again replaces its earlier version", async () => {
  const { root, at } = await makeVendor();
  await pull(root, "x", names.map(at));
  await expect(pull(root, "x", [at("get-audit-log.md")], { add: true })).resolves.toHaveProperty(
    "data.changed",
    false,
  );
  const { lines } = await pull(root, "x", [at("get-audit-log.md")]);
  expect(lines).toContain("Removed spec/x/sources/get-audit-logs.md; --add would have kept it.");
  expect(Object.keys(await readFolder(root, "spec/x/sources"))).toEqual(
    ["get-audit-log.md"].map((name) => `spec/x/sources/${name}`),
  );
});

describe("where only texts differ, the first source by name wins, with a notice", () => {
  test.each<[what: string, text: string, notice: string]>([
    [
      "two generations of one page",
      otherGeneration,
      "new.md differs in 1 text from the sources before it, whose texts are kept; the first is at #/paths/~1api~1audit-logs~1export/post/summary",
    ],
    [
      "a shared schema with another description",
      otherDescription,
      "new.md differs in 1 text from the sources before it, whose texts are kept; the first is at #/components/schemas/AuditLog/description",
    ],
  ])("%s", async (_what, text, notice) => {
    const { root, at } = await makeVendor({ "new.md": text });
    await pull(root, "x", names.map(at));
    const paths = Object.keys(await generateFiles(root));
    const { lines } = await pull(root, "x", [at("new.md")], { add: true });
    expect(lines).toContain(notice);
    expect(Object.keys(await generateFiles(root))).toEqual(paths);
  });
});

/** A page with one operation and a schema that all such pages have. */
function pageOf(path: string, thing: Json, root: object = {}): string {
  const description = {
    openapi: "3.1.0",
    info: { title: "T", version: "1" },
    servers: [{ url: "https://example.com" }],
    paths: {
      [path]: {
        get: {
          operationId: `get_${path.slice(1)}`,
          security: [{ token: [] }],
          responses: {
            "200": {
              description: "D",
              content: { "application/json": { schema: { $ref: "#/components/schemas/Thing" } } },
            },
          },
        },
      },
    },
    components: {
      securitySchemes: { token: { type: "http", scheme: "bearer" } },
      schemas: { Thing: { type: "object", ...(thing as object) } },
    },
    ...root,
  };
  return `\`\`\`json get ${path}\n${JSON.stringify(description)}\n\`\`\`\n`;
}

describe("unites pages that differ in", () => {
  const [a, b] = [{ type: "string" }, { type: "integer" }];
  const all = { properties: { a, b } };

  test.each<[what: string, thing: Json, otherThing: Json, root?: object]>([
    ["the order of required", { ...all, required: ["a", "b"] }, { ...all, required: ["b", "a"] }],
    [
      "the order of an enum",
      { properties: { a: { enum: ["x", "y", null] } } },
      { properties: { a: { enum: [null, "y", "x"] } } },
    ],
    [
      "the notation of null",
      { properties: { a: { anyOf: [a, { type: "null" }], title: "A" } } },
      { properties: { a: { type: ["string", "null"], title: "A" } } },
    ],
    [
      "the order of a type and null",
      { properties: { a: { type: ["string", "null"] }, b: { anyOf: [b, { type: "null" }] } } },
      { properties: { a: { type: ["null", "string"] }, b: { anyOf: [{ type: "null" }, b] } } },
    ],
    [
      "the notation of null and a text",
      { properties: { a: { anyOf: [a, { type: "null" }], title: "A" } } },
      { properties: { a: { type: ["string", "null"], title: "Another" } } },
    ],
    [
      "the notation of a type, and a text",
      { properties: { a: { type: ["string"], title: "A" } }, minProperties: 1 },
      { properties: { a: { type: "string", title: "Another" } }, minProperties: 1 },
    ],
    [
      "the format of a token",
      {},
      {},
      {
        components: {
          securitySchemes: { token: { type: "http", scheme: "bearer", bearerFormat: "JWT" } },
        },
      },
    ],
    ["the patch version of OpenAPI", all, all, { openapi: "3.1.1" }],
    ["extensions of the root", all, all, { "x-generator": { version: 1 } }],
    ["the slash at the end of a server", all, all, { servers: [{ url: "https://example.com/" }] }],
  ])("%s", async (_what, thing, otherThing, root) => {
    const project = await makeVendor({
      "a.md": pageOf("/a", thing),
      "b.md": pageOf("/b", otherThing, root),
    });
    await pull(project.root, "x", ["a.md", "b.md"].map(project.at));
    const { "spec/x/openapi.yaml": united } = await readFolder(project.root, "spec");
    const { components, paths } = JSON.parse(JSON.stringify(parse("a", String(united))));
    expect(components.schemas.Thing).toEqual({ type: "object", ...(thing as object) });
    expect(Object.keys(paths)).toEqual(["/a", "/b"]);
  });

  // Every object inherits properties with these names.
  test.each(["constructor", "toString", "valueOf", "hasOwnProperty"])(
    "a schema named %s, and share one with such a field",
    async (name) => {
      const page = (path: string): string => pageOf(path, { properties: { [name]: a } });
      const withSchema = page("/a").replace('"schemas":{', `$&"${name}":{"type":"string"},`);
      for (const files of [
        { "a.md": withSchema, "b.md": page("/b") },
        { "a.md": page("/b"), "b.md": withSchema },
      ]) {
        const { root, at } = await makeVendor(files);
        await pull(root, "x", ["a.md", "b.md"].map(at));
        const { "generated/x/schema.ts": schema = "" } = await generateFiles(root);
        expect(schema.match(new RegExp(`\\b${name}\\??: string`, "gu"))).toHaveLength(2);
      }
    },
  );

  test.each<[what: string, thing: Json, otherThing: Json, root: object, place: string]>([
    [
      "one more in required",
      { ...all, required: ["a"] },
      { ...all, required: ["a", "b"] },
      {},
      "#/components/schemas/Thing/required",
    ],
    [
      "a keyword that only one has",
      all,
      { ...all, maxProperties: 3 },
      {},
      "#/components/schemas/Thing/maxProperties",
    ],
    [
      "a keyword of a nested schema that only one has",
      all,
      { properties: { a, b: { ...b, maximum: 3 } } },
      {},
      "#/components/schemas/Thing/properties/b/maximum",
    ],
    [
      "another value of an enum",
      { enum: ["x", "y"] },
      { enum: ["x", "z"] },
      {},
      "#/components/schemas/Thing/enum/1",
    ],
    [
      "a value of an enum that is an object with a title",
      { enum: [{ title: "x" }] },
      { enum: [{ title: "y" }] },
      {},
      "#/components/schemas/Thing/enum/0/title",
    ],
    [
      "null",
      { properties: { a } },
      { properties: { a: { type: ["string", "null"] } } },
      {},
      "#/components/schemas/Thing/properties/a/type",
    ],
    ["the version of OpenAPI", all, all, { openapi: "3.2.0" }, "#/openapi"],
    [
      "the field url of servers",
      { properties: { servers: { properties: { url: a } } } },
      { properties: { servers: { properties: { url: b } } } },
      {},
      "#/components/schemas/Thing/properties/servers/properties/url/type",
    ],
    [
      "the order of a constant list",
      { const: { required: ["a", "b"] } },
      { const: { required: ["b", "a"] } },
      {},
      "#/components/schemas/Thing/const/required/0",
    ],
  ])("but not in %s", async (_what, thing, otherThing, root, place) => {
    const project = await makeVendor({
      "a.md": pageOf("/a", thing),
      "b.md": pageOf("/b", otherThing, root),
    });
    const pulled = pull(project.root, "x", ["a.md", "b.md"].map(project.at));
    expect((await commandErrorOf(pulled)).message).toContain(`b.md ${place}: It contradicts a.md`);
  });
});

test.each([
  ["an operation", '"operationId"', '"deprecated":true,', "get/deprecated"],
  ["a path", '"get":{', '"summary":"S","parameters":[],', "parameters"],
])("stops at a keyword of %s that only one page has", async (_what, before, keyword, place) => {
  const page = pageOf("/a", {});
  const { root, at } = await makeVendor({
    "a.md": page,
    "b.md": page.replace(before, keyword + before),
  });
  expect((await commandErrorOf(pull(root, "x", ["a.md", "b.md"].map(at)))).message).toContain(
    `b.md #/paths/~1a/${place}: It contradicts a.md`,
  );
});

test("keeps a text that only the source in another notation has", async () => {
  const { root, at } = await makeVendor({
    "a.md": pageOf("/a", { properties: { a: { anyOf: [{ type: "string" }, { type: "null" }] } } }),
    "b.md": pageOf("/b", { properties: { a: { type: ["string", "null"], title: "A" } } }),
  });
  const { lines } = await pull(root, "x", ["a.md", "b.md"].map(at));
  expect(lines.join("\n")).toContain("the first is at #/components/schemas/Thing/properties/a");
  const { "spec/x/openapi.yaml": united } = await readFolder(root, "spec");
  expect(String(united)).toContain("title: A");
});

test("keeps the texts of a later source around another notation", async () => {
  const { root, at } = await makeVendor({
    "a.md": pageOf("/a", { properties: { a: { type: ["string", "null"] }, b: {} } }),
    "b.md": pageOf("/b", {
      title: "Outer",
      properties: { a: { type: ["null", "string"] }, b: { title: "Inner" } },
    }),
  });
  await pull(root, "x", ["a.md", "b.md"].map(at));
  const { "spec/x/openapi.yaml": united } = await readFolder(root, "spec");
  expect(String(united)).toMatch(/title: Outer[^]*title: Inner|title: Inner[^]*title: Outer/u);
});

function pageWithHeader(path: string, name: string): string {
  const parameters = { Org: { in: "header", name, schema: {} } };
  return pageOf(path, {}).replace(
    '"components":{',
    `$&"parameters":${JSON.stringify(parameters)},`,
  );
}

test("the name of a header has no case", async () => {
  const { root, at } = await makeVendor({
    "a.md": pageWithHeader("/a", "X-Org"),
    "b.md": pageWithHeader("/b", "x-org"),
  });
  const { lines } = await pull(root, "x", ["a.md", "b.md"].map(at));
  expect(lines.join("\n")).not.toContain("text(s)");
});

function pageWith(path: string, examples: object): string {
  return pageOf(path, {}).replace('"components":{', `$&"examples":${JSON.stringify(examples)},`);
}

test("takes the examples of all sources, and the first of each name", async () => {
  const project = await makeVendor({
    "a.md": pageWith("/a", { A: { value: 1 }, Both: { summary: "One", value: 1 } }),
    "b.md": pageWith("/b", { B: { value: 2 }, Both: { summary: "Two", value: 2 } }),
  });
  const { lines } = await pull(project.root, "x", ["a.md", "b.md"].map(project.at));
  const { "spec/x/openapi.yaml": united } = await readFolder(project.root, "spec");
  expect(parse("a", String(united))).toMatchObject({
    components: {
      examples: { A: { value: 1 }, B: { value: 2 }, Both: { summary: "One", value: 1 } },
    },
  });
  expect(lines.join("\n")).toContain("the first is at #/components/examples/Both/summary");
});

test.each(["yaml", "json"])("keeps all digits of a number in %s", async (language) => {
  const file = `spec/y/openapi.${language}`;
  const root = await makeProject({
    "redocly.yaml": `apis: { y: { root: ${file} } }\nextends: []\n`,
    "a.yaml": `${things}          example: 18446744073709551615\n`,
    "b.yaml": things.replaceAll("hings:", "hings2:").replace("listThings", "listThings2"),
  });
  await pull(root, "y", [join(root, "a.yaml"), join(root, "b.yaml")]);
  await expect(readFile(join(root, file), "utf8")).resolves.toMatch(
    /\bexample"?: 18446744073709551615\n/u,
  );
});

describe("stops at", () => {
  test.each<[what: string, text: string, message: RegExp]>([
    [
      "a page that contradicts another",
      contradicting,
      /^new\.md #\/paths\/~1api~1audit-logs~1export\/post\/parameters: It contradicts create-export-job\.md in more than texts\. /u,
    ],
    [
      "a page with more of a shared schema",
      withMore,
      /^new\.md #\/components\/schemas\/AuditLog\/required: It contradicts get-audit-logs?\.md in more than texts\. /u,
    ],
    [
      "a page of another API",
      otherApi,
      /^new\.md: It describes "Accounts API" at https:\/\/anaconda\.com, but create-export-job\.md describes "Audit Logs API" at https:\/\/anaconda\.com\. Pull each API under its own name\.$/u,
    ],
  ])("%s, and leaves the old files", async (_what, text, message) => {
    const { root, at } = await makeVendor({ "new.md": text });
    await pull(root, "x", names.map(at));
    const before = await readFolder(root, "spec");
    expect((await commandErrorOf(pull(root, "x", [at("new.md")], { add: true }))).message).toMatch(
      message,
    );
    expect(await readFolder(root, "spec")).toEqual(before);
  });
});

test("the host of a server has no case", async () => {
  const { root, at } = await makeVendor({
    "new.md": withMore.replace("https://anaconda.com", "https://Anaconda.com"),
  });
  await pull(root, "x", [at("new.md")]);
  const { lines } = await pull(root, "x", [at("create-export-job.md")], { add: true });
  expect(lines.join("\n")).toContain("openapi.yaml");
});

test("this repository's additions are skipped once the vendor's own pages are pulled", async () => {
  const vendor = Object.entries(pages).map(([name, text]) => [`vendor/${name}`, text]);
  const files = await readRepository();
  const root = await makeProject({ ...files, ...Object.fromEntries(vendor) });
  const additions = "spec/audit-logs/additions.yaml";
  const { actions } = parse(additions, files[additions]?.toString() ?? "actions: []");
  const published = listOf(actions).filter((action) => {
    const [, id] = /"operationId":"(\w+)"/u.exec(JSON.stringify(action)) ?? [];
    return id !== undefined && Object.values(pages).some((text) => text.includes(id));
  });
  await pull(
    root,
    "audit-logs",
    names.map((name) => join(root, "vendor", name)),
  );
  const { lines } = await run(root);
  for (const action of published) {
    const name = String(objectOf(action)["description"]);
    expect(lines.join("\n")).toContain(`The action "${name}" was skipped`);
  }
  const text = String((await readFolder(root, "generated"))["generated/audit-logs/operations.ts"]);
  expect(text.match(/(?<=^export const )\w+/gmu)).toEqual(
    expect.arrayContaining([
      "createExportJob",
      "downloadExport",
      "getAuditLog",
      "getAuditLogs",
      "getExportJobStatus",
    ]),
  );
  expect(text).toMatch(/"responses": \{\s+"200": \[\s+"application\/jsonl"\s+\]\s+\}/u);
});
