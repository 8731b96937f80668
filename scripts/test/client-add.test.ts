import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { clientAdd } from "../client-add.ts";
import { parse } from "../description/read.ts";
import { small, things, type Files } from "../fixtures/project.ts";
import { makeProject, snapshot } from "./project.ts";
import { runCommand } from "../command/run-script.ts";

// second-api.test.ts proves that the written package works.

const generated: Files = {
  ...small,
  "package.json": JSON.stringify({
    name: "x-repository",
    license: "MIT",
    devDependencies: { "@x-repository/z": "workspace:*", a: "1.0.0" },
  }),
  "generated/x/openapi.json": JSON.stringify(parse("things.yaml", things)),
};

test("writes a package in the repository's scope, and makes the root depend on it", async () => {
  const root = await makeProject(generated);
  const { exitCode, stdout } = await runCommand(clientAdd, ["x", "--root", root]);
  expect(stdout).toMatch(/^Wrote packages\/x\. Run pnpm install/u);
  expect(exitCode).toBe(0);
  const read = async (file: string): Promise<unknown> =>
    JSON.parse(await readFile(join(root, file), "utf8"));
  expect(await read("packages/x/package.json")).toMatchObject({
    name: "@x-repository/x",
    license: "MIT",
    generatedFrom: "x",
  });
  const { devDependencies } = (await read("package.json")) as { devDependencies: object };
  expect(Object.keys(devDependencies)).toEqual(["@x-repository/x", "@x-repository/z", "a"]);
});

const originOf = (folder: string) => ({
  repository: { type: "git", url: "git+https://example.com/a/b.git", directory: folder },
  homepage: `https://example.com/a/b/tree/main/${folder}#readme`,
  bugs: "https://example.com/a/b/issues",
});

test("writes where the package comes from, if the other packages say it", async () => {
  const other = { name: "@x-repository/z", version: "1.0.0", ...originOf("packages/z") };
  const root = await makeProject({
    ...generated,
    "packages/a/package.json": '{ "name": "a", "version": "1.0.0" }',
    "packages/z/package.json": JSON.stringify(other),
  });
  expect(await runCommand(clientAdd, ["x", "--root", root])).toMatchObject({ exitCode: 0 });
  expect(JSON.parse(await readFile(join(root, "packages/x/package.json"), "utf8"))).toMatchObject(
    originOf("packages/x"),
  );
});

test("writes code that an API's name cannot break, and a README that works without a server", async () => {
  const root = await makeProject({
    ...generated,
    "redocly.yaml": "apis: { 2x: { root: spec/2x/openapi.yaml } }\nextends: []\n",
    "generated/2x/openapi.json": generated["generated/x/openapi.json"] ?? "",
  });
  expect(await runCommand(clientAdd, ["2x", "--root", root])).toMatchObject({ exitCode: 0 });
  const [entry, readme] = await Promise.all(
    ["src/index.ts", "README.md"].map((file) => readFile(join(root, "packages/2x", file), "utf8")),
  );
  expect(entry).toContain("export type _2xClient = ");
  expect(readme).toContain('create_2xClient({ baseUrl: "https://api.example.com" })');
  expect(readme).toMatch(/`baseUrl`\s+\| none/u);
});

test("writes no call that the description does not allow", async () => {
  const schema = { type: "string", pattern: "^(?!.)." };
  const parameters = [{ in: "path", name: "id", required: true, schema }];
  const get = { operationId: "getThing", parameters, responses: { 204: { description: "D" } } };
  const description = { openapi: "3.1.0", paths: { "/things/{id}": { get } } };
  const root = await makeProject({
    ...generated,
    "generated/x/openapi.json": JSON.stringify(description),
  });
  expect(await runCommand(clientAdd, ["x", "--root", root])).toMatchObject({
    exitCode: 0,
    stdout: expect.stringContaining("No valid call was found: complete the one in the README"),
  });
  const read = (file: string): Promise<string> => readFile(join(root, "packages/x", file), "utf8");
  const written = await read("test/client.test.ts");
  expect(written).toContain("has a method for each operation");
  expect(written).not.toContain("getThing");
  expect(await read("README.md")).toContain("await client.getThing(input);");
});

test.each<[what: string, files: Files, args: string[], exitCode: number, says: RegExp]>([
  [
    "an unknown API",
    generated,
    ["y"],
    2,
    /y is not an API; the APIs are x\. Pull it with pnpm spec:pull y </u,
  ],
  ["two names", generated, ["x", "x"], 2, /Name one of the APIs x\. Usage: pnpm client:add/u],
  [
    "an API that was not generated",
    { ...small, "package.json": "{}" },
    ["x"],
    2,
    /openapi\.json: The file does not exist\. Run/u,
  ],
  [
    "an existing folder",
    { ...generated, "packages/x/README.md": "" },
    ["x"],
    1,
    /packages\/x: The folder already exists/u,
  ],
  [
    "the folder of another package",
    {
      ...generated,
      "packages/x/package.json": '{ "name": "@x-repository/x", "version": "1.0.0" }',
    },
    ["x"],
    1,
    /packages\/x\/package\.json: The client of x would have the name of this package\. Give the API another name/u,
  ],
  [
    "the name of a package in another folder",
    { ...generated, "packages/z/package.json": '{ "name": "@x-repository/x", "private": true }' },
    ["x"],
    1,
    /packages\/z\/package\.json: The client of x would have the name of this package/u,
  ],
  [
    "the name of another package of the workspace",
    { ...generated, "x/package.json": '{ "name": "@x-repository/x" }' },
    ["x"],
    1,
    /x\/package\.json: The client of x would have the name of this package/u,
  ],
  [
    "an API that has a package",
    {
      ...generated,
      "packages/a/package.json": '{ "name": "a", "version": "1.0.0", "generatedFrom": "x" }',
    },
    ["x"],
    1,
    /packages\/a: It is already generated from x/u,
  ],
  [
    "a description without callable operations",
    { ...generated, "generated/x/openapi.json": '{ "openapi": "3.1.0", "webhooks": {} }' },
    ["x"],
    1,
    /It has no operation that a client can call\. Pull a description of operations/u,
  ],
])("stops at %s, and writes nothing", async (_what, files, args, exitCode, says) => {
  const root = await makeProject(files);
  const before = await snapshot(root);
  const result = await runCommand(clientAdd, [...args, "--root", root]);
  expect(result).toMatchObject({ exitCode, stderr: expect.stringMatching(says) });
  expect(await snapshot(root)).toEqual(before);
});
