import { join, posix } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { checkPulled, pull } from "../../description/pull.ts";
import { listen } from "../listen.ts";
import { description, small, write, type Files } from "../../fixtures/project.ts";
import { readFolder } from "../../command/read-folder.ts";
import { makeProject, run, snapshot, commandErrorOf } from "../project.ts";

const refer = (reference: string): string =>
  `openapi: 3.1.0\ninfo: { title: T, version: "1" }\npaths: {}\ncomponents: { schemas: { A: { $ref: ${reference} } } }\n`;

/** A description with a schema of this name, in common.yaml. */
const api = (name: string): string => refer("common.yaml").replace("A:", `${name}:`);

const parts: Files = {
  "vendor/api.yaml": refer("schemas/a.yaml#/default"),
  "vendor/schemas/a.yaml":
    "default: { properties: { b: { $ref: b.json }, c: { $ref: ../common/c.yaml } } }\n",
  "vendor/schemas/b.json": '{ "type": "string" }',
  "vendor/common/c.yaml": "type: integer\n",
};
const partFiles = ["common/c.yaml", "schemas/a.yaml", "schemas/b.json"];

async function filesOf(root: string): Promise<string[]> {
  return Object.keys(await readFolder(root, "spec/x"));
}

describe("pulls the files that a description refers to", () => {
  test.each(["a file", "a URL"])("from %s", async (from) => {
    const root = await makeProject({ ...small, ...parts });
    const { url } = await listen((request, response) => {
      const content = parts[`vendor${request.url}`];
      response.writeHead(content === undefined ? 404 : 200).end(content);
    });
    const source = from === "a file" ? join(root, "vendor/api.yaml") : `${url}/api.yaml`;
    await pull(root, "x", [source]);
    expect(await filesOf(root)).toEqual(
      expect.arrayContaining(partFiles.map((file) => `spec/x/${file}`)),
    );
    await expect(checkPulled(root)).resolves.toBeDefined();
    await run(root);
    const { "generated/x/schema.ts": schema } = await readFolder(root, "generated");
    expect(String(schema).replaceAll(/\s+/gu, " ")).toContain("b: string; c: number;");
    await expect(pull(root, "x", [source])).resolves.toHaveProperty("data", { changed: false });
  });

  test("reports a change in one of them, and removes one that is no longer referenced", async () => {
    const root = await makeProject({ ...small, ...parts });
    const source = join(root, "vendor/api.yaml");
    await pull(root, "x", [source]);
    await write(root, { "vendor/schemas/b.json": '{ "type": "boolean" }' });
    await expect(pull(root, "x", [source])).resolves.toHaveProperty("data.changed", true);
    await expect(checkPulled(root)).resolves.toBeDefined();
    await write(root, { "vendor/api.yaml": refer("schemas/b.json") });
    await pull(root, "x", [source]);
    const files = await filesOf(root);
    expect(files).toContain("spec/x/schemas/b.json");
    expect(files).not.toContain("spec/x/schemas/a.yaml");
  });

  test("detects an edit of one", async () => {
    const root = await makeProject({ ...small, ...parts });
    await pull(root, "x", [join(root, "vendor/api.yaml")]);
    await write(root, { "spec/x/schemas/b.json": "{}" });
    expect((await commandErrorOf(checkPulled(root))).message).toMatch(
      /^spec\/x\/schemas\/b\.json: It differs from what was pulled/u,
    );
  });

  test("detects a file in sources/ that is not listed", async () => {
    const root = await makeProject({ ...small, ...parts });
    await pull(root, "x", [join(root, "vendor/api.yaml")]);
    await write(root, { "spec/x/sources/b.yaml": "{}" });
    expect((await commandErrorOf(checkPulled(root))).message).toBe(
      "spec/x/sources/b.yaml: It is not listed in sources.json, so nothing is made from it. Delete it; pnpm spec:pull --add adds a source.",
    );
  });

  test("from the source's own server, whatever their names", async () => {
    const root = await makeProject(small);
    const other = await listen((_request, response) => response.end("type: string\n"));
    const port = new URL(other.url).port;
    const reference = `./https:127.0.0.1:${port}/a.yaml`;
    const { url, requests } = await listen((request, response) => {
      const isSource = request.url === "/api.yaml";
      response.writeHead(isSource ? 200 : 404).end(isSource ? refer(reference) : "");
    });
    await pull(root, "x", [`${url}/api.yaml`]);
    expect(requests.map((request) => request.url)).toEqual([
      "/api.yaml",
      `/https:127.0.0.1:${port}/a.yaml`,
    ]);
  });

  test.each([
    ["a:b/api.yaml", "part.yaml", "a:b/part.yaml"],
    ["api.yaml", "./http:localhost/part.yaml", "http:localhost/part.yaml"],
  ])("from a relative path, although it has a colon: %s, %s", async (source, reference, part) => {
    const files = { [source]: refer(reference), [part]: "type: string\n" };
    const root = await makeProject({ ...small, ...files });
    const before = process.cwd();
    onTestFinished(() => process.chdir(before));
    process.chdir(root);
    await pull(root, "x", [source]);
    expect(await filesOf(root)).toContain(`spec/x/${posix.normalize(reference)}`);
    await expect(checkPulled(root)).resolves.toBeDefined();
  });

  test("from where a part was redirected to", async () => {
    const root = await makeProject(small);
    const files: Files = {
      "/api.yaml": refer("schemas/a.yaml"),
      "/v2/a.yaml": "properties: { b: { $ref: b.json } }\n",
      "/v2/b.json": '{ "type": "string" }',
    };
    const { url, requests } = await listen((request, response) => {
      const content = files[request.url ?? ""];
      if (request.url === "/schemas/a.yaml") response.writeHead(302, { location: "/v2/a.yaml" });
      else response.writeHead(content === undefined ? 404 : 200);
      response.end(content);
    });
    await pull(root, "x", [`${url}/api.yaml`]);
    expect(requests.at(-1)?.url).toBe("/v2/b.json");
    expect(await filesOf(root)).toContain("spec/x/schemas/b.json");
  });

  test("from where the source was redirected to, also if only they changed", async () => {
    const root = await makeProject(small);
    let part = "type: string\n";
    const { url } = await listen((request, response) => {
      if (request.url === "/latest/api.yaml") {
        return response.writeHead(302, { location: "/v2/api.yaml?key=1" }).end();
      }
      if (request.url === "/v2/part.yaml") return response.end(part);
      const isUnchanged = request.headers["if-none-match"] === '"1"';
      return response
        .writeHead(isUnchanged ? 304 : 200, { etag: '"1"' })
        .end(isUnchanged ? "" : refer("part.yaml"));
    });
    await pull(root, "x", [`${url}/latest/api.yaml`]);
    part = "type: integer\n";
    await pull(root, "x", [`${url}/latest/api.yaml`]);
    expect(String((await readFolder(root, "spec"))["spec/x/part.yaml"])).toBe(part);
  });

  test.each([401, 403, 429, 500, 503])(
    "and keeps one for which the server responds with %s",
    async (status) => {
      const root = await makeProject(small);
      let partStatus = 200;
      const { url } = await listen((request, response) => {
        const isSource = request.url === "/api.yaml";
        response
          .writeHead(isSource ? 200 : partStatus)
          .end(isSource ? refer("part.yaml") : "type: string\n");
      });
      await pull(root, "x", [`${url}/api.yaml`]);
      const before = await snapshot(root);
      partStatus = status;
      const stop = await commandErrorOf(pull(root, "x", [`${url}/api.yaml`]));
      expect(stop.message).toMatch(`${url}/part.yaml: The server responded with ${status} `);
      expect(await snapshot(root)).toEqual(before);
    },
  );

  test("except a missing file or one outside, which the guard names", async () => {
    for (const reference of ["missing.yaml", "../outside.yaml", "folder"]) {
      const root = await makeProject({
        ...small,
        "vendor/api.yaml": refer(reference),
        "outside.yaml": "type: string\n",
        "vendor/folder/a.yaml": "type: string\n",
      });
      await pull(root, "x", [join(root, "vendor/api.yaml")]);
      expect((await commandErrorOf(run(root))).message).toMatch(
        `${description} #/components/schemas/A/$ref: The reference ${reference} points to no file.`,
      );
    }
  });

  describe("where two sources refer to different files of one name", () => {
    const folders: Files = {
      ...small,
      "a/a.yaml": api("a"),
      "a/common.yaml": "type: string\n",
      "b/b.yaml": api("b"),
      "b/common.yaml": "type: integer\n",
    };

    test.each([
      ["a", "b"],
      ["b", "a"],
    ])("stops at adding the one to the other: %s, %s", async (first, second) => {
      const root = await makeProject(folders);
      await pull(root, "x", [join(root, first, `${first}.yaml`)]);
      const before = await readFolder(root, "spec");
      const source = join(root, second, `${second}.yaml`);
      expect((await commandErrorOf(pull(root, "x", [source], { add: true }))).message).toBe(
        `${source}: It refers to common.yaml, and ${first}.yaml refers to a different file of that name. Pull both at once, in case the file has changed, or a description that is bundled into one file.`,
      );
      expect(await readFolder(root, "spec")).toEqual(before);
    });

    test("stops at pulling both at once", async () => {
      const root = await makeProject(folders);
      const [a, b] = [join(root, "a/a.yaml"), join(root, "b/b.yaml")];
      expect((await commandErrorOf(pull(root, "x", [a, b]))).message).toContain(
        `${b}: It refers to common.yaml, and ${a} refers to a different file of that name.`,
      );
    });

    test("takes the file of a source that is pulled again", async () => {
      const root = await makeProject({ ...folders, "b/b.yaml": api("b").replace("common", "c") });
      await write(root, { "b/c.yaml": "type: integer\n" });
      const [a, b] = [join(root, "a/a.yaml"), join(root, "b/b.yaml")];
      await pull(root, "x", [a, b]);
      await write(root, { "a/common.yaml": "type: boolean\n" });
      await pull(root, "x", [a], { add: true });
      await expect(checkPulled(root)).resolves.toBeDefined();
      expect(String((await readFolder(root, "spec"))["spec/x/common.yaml"])).toBe(
        "type: boolean\n",
      );
      await write(root, { "a/a.yaml": api("a").replace("common.yaml", "'#/x'") });
      const { lines } = await pull(root, "x", [a], { add: true });
      expect(lines).toContain("Removed spec/x/common.yaml.");
      expect(await filesOf(root)).toContain("spec/x/c.yaml");
    });
  });

  test.each(["overlay.yaml", "sources.json", "sources/a.yaml", "openapi.yaml"])(
    "refuses %s, which would overwrite our own file",
    async (file) => {
      const root = await makeProject({
        ...small,
        "vendor/api.yaml": refer(file),
        [`vendor/${file}`]: "type: string\n",
      });
      expect(
        (await commandErrorOf(pull(root, "x", [join(root, "vendor/api.yaml")]))).message,
      ).toContain(
        `It refers to ${file}, whose place in spec/ is taken by a file of this project. Pull a description that is bundled into one file.`,
      );
    },
  );
});
