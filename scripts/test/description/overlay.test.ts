import { describe, expect, test } from "vitest";
import {
  description,
  readRepository,
  small,
  things,
  write,
  type Files,
} from "../../fixtures/project.ts";
import { applyAction } from "../../description/overlay-action.ts";
import { readFolder } from "../../command/read-folder.ts";
import { refusal, refusalIn, makeProject, run, commandErrorOf } from "../project.ts";

function withOverlay(actions: readonly object[]): Files {
  return {
    ...small,
    "redocly.yaml": `apis: { x: { root: ${description}, overlays: [spec/x/overlay.yaml] } }\nextends: []\n`,
    "spec/x/overlay.yaml": JSON.stringify({
      overlay: "1.1.0",
      info: { title: "T", version: "1" },
      actions,
    }),
  };
}

const stale = "Check what the vendor changed there, then delete the action or correct its target.";

describe("stops at an action", () => {
  test.each<[what: string, action: object, message: string]>([
    [
      "whose target matches nothing",
      { description: "Rename it", target: "$.paths['/things'].put", update: { operationId: "a" } },
      `The action "Rename it" changes nothing: $.paths['/things'].put matches nothing, or the description already has what the action writes. ${stale}`,
    ],
    [
      "that writes an existing value",
      { description: "Rename it", target: "$.paths.*.get", update: { operationId: "listThings" } },
      `The action "Rename it" changes nothing: $.paths.*.get matches nothing, or the description already has what the action writes. ${stale}`,
    ],
    [
      "that removes a missing value",
      { target: "$.info.license", remove: true },
      `The action "1" changes nothing: $.info.license matches nothing, or the description already has what the action writes. ${stale}`,
    ],
    [
      "that appends a value the vendor already lists",
      { description: "Add tags", target: "$.paths.*.get.tags", update: ["b", "a"] },
      `The action "Add tags" appends "a" to the list ["a"], which has that already. Leave the vendor's values out of the action, or remove the vendor's list with an action before it that has x-replaces: ["a"].`,
    ],
    [
      "that names a header in the vendor's case",
      {
        description: "Name it",
        target: "$..parameters[?@.in=='header' && @.name=='X-A']",
        remove: true,
      },
      `The action "Name it" changes nothing: $..parameters[?@.in=='header' && @.name=='X-A'] matches nothing, or the description already has what the action writes. ${stale.slice(0, -1)}; names of headers and media types are in lower case here, whatever the vendor writes.`,
    ],
    [
      "that has no target",
      { update: { a: 1 } },
      "The `target` field must be a JSONPath expression. Correct the action.",
    ],
    [
      "that makes the description a text",
      { target: "$", update: "text" },
      "The root of the description must be an object. Correct the action.",
    ],
    [
      "that removes what it writes to",
      { target: "$.info", update: { summary: "S" }, remove: true },
      "Only one of update and remove would have an effect. Correct the action.",
    ],
    [
      "that copies a missing value",
      { target: "$.info", copy: "$.nothing" },
      "The copy expression must select exactly one node, but $.nothing selected 0. Correct the action.",
    ],
  ])("%s", (_what, action, message) =>
    expect(
      refusal(withOverlay([{ target: "$.paths.*.get", update: { tags: ["a"] } }, action])),
    ).resolves.toBe(`spec/x/overlay.yaml #/actions/1: ${message}`),
  );

  test.each([
    ["$.paths[?@.a && @.b && @.c]", true],
    ["$.paths[?(@.a && !match(@.b, '[)]') && @.c) || @.d]", true],
    ["$.paths[?@.a && (@.b && @.c)]", false],
    ["$.paths[?@.a && @.b || @.c && @.d]", false],
    ["$.paths[?@.a && @.b, ?@.c && @.d]", false],
    ["$.paths[?@.a == '&& &&']", false],
  ])("whose target %s joins more than two conditions: %s", async (target, isRefused) => {
    const message = await refusal(withOverlay([{ target, remove: true }]));
    expect(message.includes("Put two in parentheses, as in (a && b) && c")).toBe(isRefused);
  });

  test("whose target is not a JSONPath", async () => {
    const root = await makeProject(withOverlay([{ target: "$.paths[", remove: true }]));
    expect((await commandErrorOf(run(root))).message).toMatch(
      /^spec\/x\/overlay\.yaml #\/actions\/0: Invalid JSONPath expression \$\.paths\[: .+\. Correct the action\.$/u,
    );
  });
});

test("reports all actions without effect at once", () =>
  expect(
    refusal(
      withOverlay(["$.a", "$.b"].map((target) => ({ description: target, target, remove: true }))),
    ),
  ).resolves.toBe(
    ["$.a", "$.b"]
      .map(
        (target, index) =>
          `spec/x/overlay.yaml #/actions/${index}: The action "${target}" changes nothing: ${target} matches nothing, or the description already has what the action writes. ${stale}`,
      )
      .join("\n"),
  ));

test("an action stops once the vendor has fixed the defect", async () => {
  const files = withOverlay([
    {
      description: "Name the operation",
      target: "$.paths.*.get",
      update: { operationId: "listThings" },
      "x-replaces": "get_things_get",
    },
  ]);
  const root = await makeProject({
    ...files,
    [description]: things.replace("listThings", "get_things_get"),
  });
  await run(root);
  await write(root, { [description]: things });
  await expect(refusalIn(root)).resolves.toBe(
    `spec/x/overlay.yaml #/actions/0: The action "Name the operation" changes nothing: $.paths.*.get matches nothing, or the description already has what the action writes. ${stale}`,
  );
});

const rename = (more: object): Files =>
  withOverlay([{ description: "Rename it", target: "$.info", update: { title: "New" }, ...more }]);

describe("an action that replaces a value", () => {
  test("names the value", async () => {
    const root = await makeProject(rename({ "x-replaces": "Things" }));
    await run(root);
    const { "generated/x/openapi.json": json } = await readFolder(root, "generated");
    expect(JSON.parse(String(json))).toHaveProperty("info.title", "New");
  });

  test.each<[what: string, more: object, fault: string]>([
    [
      "without naming it",
      {},
      'replaces "Things" without an x-replaces. If it is still right, give the action x-replaces: "Things".',
    ],
    [
      "that has changed",
      { "x-replaces": "Old" },
      'expects to replace "Old", but finds "Things". If it is still right, give the action x-replaces: "Things".',
    ],
    [
      "that is gone",
      { "x-replaces": "Old", update: { summary: "New" } },
      'expects to replace "Old", but finds nothing. Check what the vendor changed there, then delete the x-replaces or the action.',
    ],
    [
      "that is one of several",
      { update: { title: "New", version: "New" } },
      'replaces different values: "Things" and "1.0.0". Split the action into one for each value, with that value as its x-replaces.',
    ],
    [
      "that is one of several, and names one",
      { "x-replaces": "1.0.0", update: { title: "New", version: "New" } },
      'replaces different values: "Things" and "1.0.0". Split the action into one for each value, with that value as its x-replaces.',
    ],
  ])("stops %s", (_what, more, fault) =>
    expect(refusal(rename(more))).resolves.toBe(
      `spec/x/overlay.yaml #/actions/0: The action "Rename it" ${fault}`,
    ),
  );
});

describe("an action that replaces a list by a value", () => {
  const nullable = things.replace("type: string", "type: [string, 'null']");
  const become = (more: object): Files => ({
    ...withOverlay([
      { description: "It is one", target: "$..name", update: { type: "integer" }, ...more },
    ]),
    [description]: nullable,
  });

  test("stops without naming the list", () =>
    expect(refusal(become({}))).resolves.toBe(
      'spec/x/overlay.yaml #/actions/0: The action "It is one" replaces ["string","null"] without an x-replaces. If it is still right, give the action x-replaces: ["string","null"].',
    ));

  test("does so if it names the list", async () => {
    const root = await makeProject(become({ "x-replaces": ["string", "null"] }));
    await run(root);
    const { "generated/x/schema.ts": types } = await readFolder(root, "generated");
    expect(String(types)).toMatch(/name\?: number;/u);
  });
});

test("appends a single value to a list that is the target", async () => {
  const root = await makeProject(
    withOverlay([
      { target: "$.paths.*.get", update: { tags: ["a"] } },
      { target: "$.paths.*.get.tags", update: "b" },
    ]),
  );
  await run(root);
  const { "generated/x/openapi.json": json } = await readFolder(root, "generated");
  expect(JSON.parse(String(json)).paths["/things"].get.tags).toEqual(["a", "b"]);
});

test("an action can correct a reference", async () => {
  const root = await makeProject({
    ...withOverlay([
      {
        description: "The vendor calls it Thing",
        target: "$..schema",
        update: { $ref: "#/components/schemas/Thing" },
        "x-replaces": "#/components/schemas/Item",
      },
    ]),
    "redocly.yaml": `apis: { x: { root: ${description}, overlays: [spec/x/overlay.yaml] } }\nrules: { no-unresolved-refs: error }\n`,
    [description]: things.replace("schemas/Thing", "schemas/Item"),
  });
  await run(root);
  const { "generated/x/schema.ts": types } = await readFolder(root, "generated");
  expect(String(types)).toContain('components["schemas"]["Thing"]');
});

test("a reference that an action writes needs a target", async () => {
  const files = withOverlay([
    { target: "$..properties", update: { other: { $ref: "#/components/schemas/Item" } } },
  ]);
  expect(await refusal(files)).toContain("#/components/schemas/Item");
});

test("a removal that names a value stops once the vendor has changed it", async () => {
  const files = withOverlay([
    { target: "$.paths.*.get", update: { tags: ["a"] } },
    { target: "$..tags", remove: true, "x-replaces": ["a"] },
    { target: "$.paths.*.get", update: { tags: ["b"] } },
  ]);
  const root = await makeProject(files);
  await run(root);
  const changed = String(files["spec/x/overlay.yaml"]).replace('["a"]', '["a","c"]');
  await write(root, { "spec/x/overlay.yaml": changed });
  await expect(refusalIn(root)).resolves.toBe(
    'spec/x/overlay.yaml #/actions/1: The action "1" expects to remove ["a"], but finds ["a","c"]. If it is still right, give the action x-replaces: ["a","c"].',
  );
});

test.each([
  ["$.tags[3,1]", ["a", "c"]],
  ["$.tags[1,3]", ["a", "c"]],
  ["$.tags[?@.name=='d', ?@.name=='b']", ["a", "c"]],
  ["$.tags[::-2]", ["a", "c"]],
  ["$.tags[-1,0,-1]", ["b", "c"]],
  ["$.tags[2,1]['name','x-a']", ["a", undefined, undefined, "d"]],
  ["$['info','tags'][2,'title',0]", ["b", "d"]],
])("a removal removes exactly what it selects, in any order: %s", (target, remaining) => {
  const tags = ["a", "b", "c", "d"].map((name) => ({ name, "x-a": name }));
  const root = { info: { title: "T" }, tags };
  applyAction(root, { target, remove: true });
  expect(root.tags.map(({ name }) => name)).toEqual(remaining);
});

test("an update may replace a value and also what it contains", () => {
  const root = { info: { contact: { name: "N" } } };
  applyAction(root, { target: "$.info..*", update: "text" });
  expect(root).toEqual({ info: { contact: "text" } });
});

function additionsOf(update: object, target = "$.paths"): Files {
  return {
    "spec/x/additions.yaml": JSON.stringify({
      overlay: "1.1.0",
      info: { title: "T", version: "1" },
      actions: [{ description: "Add two", target, update }],
    }),
  };
}

describe("additions", () => {
  const put = { operationId: "put_thing", responses: { 204: { description: "D" } } };
  const files: Files = {
    ...small,
    "redocly.yaml": `apis: { x: { root: ${description}, overlays: [spec/x/additions.yaml] } }\nextends: []\n`,
    "spec/x/additions.yaml": JSON.stringify({
      overlay: "1.1.0",
      info: { title: "T", version: "1" },
      actions: [
        {
          description: "Add put_thing",
          target: "$",
          update: { paths: { "/thing": { put } }, components: { schemas: { Size: {} } } },
        },
        { description: "Add Part", target: "$.components.schemas", update: { Part: {} } },
      ],
    }),
  };

  test("apply while the vendor's own operations are missing", async () => {
    const root = await makeProject(files);
    await run(root);
    const { "generated/x/operations.ts": text } = await readFolder(root, "generated");
    expect(String(text).match(/(?<=^export const )\w+/gmu)).toEqual(["listThings", "putThing"]);
  });

  test("that are added to the paths are skipped, too", async () => {
    const overlay = {
      overlay: "1.1.0",
      info: { title: "T", version: "1" },
      actions: [{ description: "Add put_thing", target: "$.paths", update: { "/thing": { put } } }],
    };
    const own = things.replace(
      "paths:\n",
      'paths:\n  /thing: { put: { operationId: put_it, responses: { "200": { description: D } } } }\n',
    );
    const additions = JSON.stringify(overlay);
    const root = await makeProject({
      ...files,
      [description]: own,
      "spec/x/additions.yaml": additions,
    });
    const { lines } = await run(root);
    expect(lines[0]).toContain('The action "Add put_thing" was skipped');
  });

  test("of several operations stop once the vendor has one of them", async () => {
    const update = { "/thing": { put }, "/other": { get: { ...put, operationId: "get_other" } } };
    const own = things.replace(
      "paths:\n",
      'paths:\n  /thing: { put: { operationId: put_it, responses: { "200": { description: D } } } }\n',
    );
    const root = await makeProject({ ...files, ...additionsOf(update), [description]: own });
    await expect(refusalIn(root)).resolves.toBe(
      'spec/x/additions.yaml #/actions/0: The action "Add two" adds PUT /thing and GET /other, but the vendor\'s description now has PUT /thing. Remove PUT /thing from the action.',
    );
    await write(root, additionsOf({ "/other": update["/other"] }));
    await run(root);
  });

  test.each<[target: string, update: object, published: string]>([
    ["$.paths['/things']", { get: put }, "GET /things"],
    ["$.paths['/things'].get", put, "GET /things"],
    ["$.components", { schemas: { Part: {} } }, "schemas/Part"],
    ["$.components.schemas.Part", { type: "string" }, "schemas/Part"],
    ["$.components.parameters", { page: {} }, "parameters/page"],
  ])("are skipped, whatever their target: %s", async (target, update, published) => {
    const root = await makeProject({
      ...files,
      ...additionsOf(update, target),
      [description]: `${things}    Part: {}\n  parameters: { page: { name: p, in: query, schema: {} } }\n`,
    });
    const { lines } = await run(root);
    expect(lines[0]).toContain(`the vendor's description now has ${published}. Delete the action`);
  });

  test("may define a parameter that only a later overlay uses", async () => {
    const later = {
      overlay: "1.1.0",
      info: { title: "T", version: "1" },
      actions: [
        {
          target: "$.paths.*.get",
          update: { parameters: [{ $ref: "#/components/parameters/b" }] },
        },
      ],
    };
    const [a, b] = ["a", "b"].map((name) => ({ name, in: "query", schema: { type: "string" } }));
    const root = await makeProject({
      ...files,
      ...additionsOf({ a, b }, "$.components.parameters"),
      "redocly.yaml": files["redocly.yaml"]?.toString().replace("]", ", spec/x/later.yaml]") ?? "",
      "spec/x/later.yaml": JSON.stringify(later),
      [description]: `${things}    Part: {}\n  parameters: {}\n`,
    });
    await run(root);
    const { "generated/x/openapi.json": json } = await readFolder(root, "generated");
    const { components, paths } = JSON.parse(String(json));
    expect(paths["/things"].get.parameters).toContainEqual(b);
    expect(components).not.toHaveProperty("parameters");
  });

  test("stop if they would change a schema of the vendor's", async () => {
    const update = {
      paths: { "/thing": { put } },
      components: { schemas: { Part: { title: "P" } } },
    };
    const root = await makeProject({
      ...files,
      ...additionsOf(update, "$"),
      [description]: `${things}    Part: { type: string }\n`,
    });
    await expect(refusalIn(root)).resolves.toBe(
      'spec/x/additions.yaml #/actions/0: The action "Add two" adds PUT /thing, but the vendor\'s description now has schemas/Part. Remove schemas/Part from the action.',
    );
    await write(root, { [description]: `${things}    Part: { title: P }\n` });
    await run(root);
  });

  test("may repeat a component of the vendor's in its own notation", async () => {
    const components = {
      parameters: { page: { name: "X-Page", in: "header", schema: { type: "integer" } } },
      schemas: { Part: { anyOf: [{ type: "string" }, { type: "null" }] } },
    };
    const own = JSON.stringify(components.schemas.Part);
    const root = await makeProject({
      ...files,
      ...additionsOf({ paths: { "/thing": { put } }, components }, "$"),
      [description]: `${things}    Part: ${own}\n  parameters: ${JSON.stringify(components.parameters)}\n`,
    });
    await run(root);
    const { "generated/x/openapi.json": json } = await readFolder(root, "generated");
    expect(JSON.parse(String(json)).components.schemas.Part).toEqual({ type: ["string", "null"] });
  });

  test("stop if the vendor has another operation whose method has the same name", async () => {
    const own = things.replace(
      "paths:\n",
      'paths:\n  /moved: { put: { operationId: put_thing_moved_put, responses: { "204": { description: D } } } }\n',
    );
    await expect(refusal({ ...files, [description]: own })).resolves.toBe(
      'spec/x/additions.yaml #/actions/0: The action "Add put_thing" adds PUT /thing, but the vendor\'s description now has PUT /moved, whose method has the same name. Remove PUT /thing from the action.',
    );
  });

  const servers = [{ url: "https://other.example" }];

  test.each<[update: object, shared: string, target?: string]>([
    [{ paths: { "/things": { put, servers } } }, "servers of /things"],
    [{ paths: { "/things": { $ref: "#/components/pathItems/A", put } } }, "$ref of /things"],
    [{ parameters: [] }, "parameters of /things", "$.paths['/things']"],
    [{ servers, security: [{ key: [] }] }, "security and servers"],
  ])("stop at what would also apply to the vendor's: %j", async (update, shared, target = "$") => {
    await expect(refusal({ ...files, ...additionsOf(update, target) })).resolves.toBe(
      `spec/x/additions.yaml #/actions/0: The action "Add two" adds ${shared}, which would also apply to the vendor's operations. Move that to the operations that the action adds.`,
    );
  });

  test("give their security and the parameters of a path only to what they add", async () => {
    const [security, parameters] = [[{ key: [] }], [{ name: "q", in: "query", schema: {} }]];
    const update = {
      security,
      paths: { "/things": { parameters, put } },
      components: { securitySchemes: { key: { type: "http", scheme: "bearer" } } },
    };
    const root = await makeProject({ ...files, ...additionsOf(update, "$") });
    await run(root);
    const { "generated/x/openapi.json": json } = await readFolder(root, "generated");
    const { get, put: added } = JSON.parse(String(json)).paths["/things"];
    expect(added).toMatchObject({ security, parameters });
    expect(get).not.toHaveProperty("security");
    expect(get).not.toHaveProperty("parameters");
  });

  test("may define a parameter for several actions", async () => {
    const $ref = "#/components/parameters/q";
    const actions = ["put", "delete"].map((method) => ({
      target: "$",
      update: {
        paths: {
          "/thing": { [method]: { ...put, operationId: method, parameters: [{ $ref }] } },
        },
        ...(method === "put"
          ? { components: { parameters: { q: { name: "q", in: "query", schema: {} } } } }
          : {}),
      },
    }));
    const additions = JSON.stringify({
      overlay: "1.1.0",
      info: { title: "T", version: "1" },
      actions,
    });
    const root = await makeProject({ ...files, "spec/x/additions.yaml": additions });
    await expect(run(root)).resolves.toBeDefined();
  });

  test.each([
    ["/thing", "another_id", "PUT /thing"],
    ["/moved", "put_thing", "PUT /moved with the same operationId"],
  ])(
    "are skipped, with a notice, once the vendor's own is there, at %s as %s",
    async (path, operationId, vendorName) => {
      const own = things.replace(
        "paths:\n",
        `paths:\n  ${path}: { put: { operationId: ${operationId}, responses: { "204": { description: D } } } }\n`,
      );
      const root = await makeProject({ ...files, [description]: `${own}    Part: {}\n` });
      const { lines } = await run(root);
      expect(lines.slice(0, 2)).toEqual([
        `x: spec/x/additions.yaml #/actions/0: The action "Add put_thing" was skipped, because the vendor's description now has ${vendorName}. Delete the action`,
        'x: spec/x/additions.yaml #/actions/1: The action "Add Part" was skipped, because the vendor\'s description now has schemas/Part. Delete the action',
      ]);
      const { "generated/x/openapi.json": json } = await readFolder(root, "generated");
      expect(String(json)).not.toContain("Size");
    },
  );
});

function withoutHeader(text: unknown): string {
  return String(text).replace(/^\/\/.*\n/gmu, "");
}

describe("this repository's own overlay", () => {
  const api = "spec/audit-logs/openapi.yaml";
  const operations = "generated/audit-logs/operations.ts";

  async function makeChanged(change: (yaml: string) => string) {
    const files = await readRepository();
    const before = String(files[api]);
    expect(change(before)).not.toBe(before);
    const root = await makeProject({ ...files, [api]: change(before) });
    return { root, files };
  }

  test("survives a moved path and the operationId that the vendor derives from it", async () => {
    const { root, files } = await makeChanged((yaml) =>
      yaml
        .replace("/api/audit-logs/export/{job_id}", "/api/v2/audit-logs/exports/{job_id}")
        .replace("export__job_id__get", "exports__job_id__get"),
    );
    await run(root);
    const generated = await readFolder(root, "generated");
    expect(withoutHeader(generated[operations])).toBe(
      withoutHeader(files[operations]).replace(
        "/api/audit-logs/export/",
        "/api/v2/audit-logs/exports/",
      ),
    );
  });

  test.each<[what: string, change: (yaml: string) => string, message: RegExp]>([
    [
      "a state is added in the prose",
      (yaml) => yaml.replace("`completed`, or `failed`)", "`completed`, `failed` or `cancelled`)"),
      /^spec\/audit-logs\/openapi\.yaml #\/components\/schemas\/ExportJobResponse\/properties\/status\/description: The description names the value `cancelled`, which x-extensible-enum does not list \(house\/prose-names-known-values\)\. Correct it with an overlay action\.$/u,
    ],
    [
      "the vendor fixes an example",
      (yaml) => yaml.replaceAll("example: <timestamp>", "example: 2026-11-24T10:00:00Z"),
      /: The action "Remove the examples "<timestamp>", which their own format refuses\." changes nothing/u,
    ],
    [
      "the vendor renames the security scheme",
      (yaml) => yaml.replaceAll("JWT or Access Token:", "bearer:"),
      /overlay\.yaml #\/actions\/1: The copy expression must select exactly one node, but .+ selected 0\. Correct the action\.$/u,
    ],
  ])("stops by name when %s", async (_what, change, message) => {
    const { root, files } = await makeChanged(change);
    expect((await commandErrorOf(run(root))).message).toMatch(message);
    expect(await readFolder(root, "generated")).toEqual(
      Object.fromEntries(Object.entries(files).filter(([path]) => path.startsWith("generated/"))),
    );
  });
});
