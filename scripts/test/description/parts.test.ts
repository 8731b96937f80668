import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { checkPulled, pull } from "../../description/pull.ts";
import { listen } from "../listen.ts";
import {
  description,
  makeProject,
  read,
  run,
  small,
  commandErrorOf,
  write,
  type Files,
} from "../project.ts";

const refer = (reference: string): string =>
  `openapi: 3.1.0\ninfo: { title: T, version: "1" }\npaths: {}\ncomponents: { schemas: { A: { $ref: ${reference} } } }\n`;

const parts: Files = {
  "vendor/api.yaml": refer("schemas/a.yaml#/default"),
  "vendor/schemas/a.yaml":
    "default: { properties: { b: { $ref: b.json }, c: { $ref: ../common/c.yaml } } }\n",
  "vendor/schemas/b.json": '{ "type": "string" }',
  "vendor/common/c.yaml": "type: integer\n",
};
const partFiles = ["common/c.yaml", "schemas/a.yaml", "schemas/b.json"];

async function filesOf(root: string): Promise<string[]> {
  return Object.keys(await read(root, "spec/x"));
}

describe("pulls the files that a description refers to", () => {
  test.each(["a file", "an address"])("from %s", async (from) => {
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
    const { "generated/x/schema.ts": schema } = await read(root, "generated");
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

  test("except a missing file or one outside, which the guard names", async () => {
    for (const reference of ["missing.yaml", "../outside.yaml"]) {
      const root = await makeProject({
        ...small,
        "vendor/api.yaml": refer(reference),
        "outside.yaml": "type: string\n",
      });
      await pull(root, "x", [join(root, "vendor/api.yaml")]);
      expect((await commandErrorOf(run(root))).message).toMatch(
        `${description} #/components/schemas/A/$ref: The reference ${reference} points to no file.`,
      );
    }
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
