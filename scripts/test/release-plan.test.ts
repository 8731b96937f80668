import { readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { parse } from "../description/read.ts";
import { releasePlan } from "../release-plan.ts";
import { runCommand } from "../command/run-script.ts";
import { small, things, write, type Files } from "../fixtures/project.ts";
import { makeProject } from "./project.ts";

const manifest = (name: string, version: string, more: object = {}): string =>
  JSON.stringify({ name, version, ...more });

const description = JSON.stringify(parse("things.yaml", things));
const [some, more] = ["export declare const a: 1;\n", "export declare const a: 1, b: 2;\n"];

/** A released client, with a new export, and packages that include its description or do not. */
const released: Files = {
  ...small,
  "generated/package.json": manifest("@x/generated", "0.0.0", { private: true }),
  "generated/x/openapi.json": description,
  "packages/client/package.json": manifest("@x/client", "1.0.0", { generatedFrom: "x" }),
  "packages/client/dist/index.d.ts": more,
  "packages/client/released/index.d.ts": some,
  "packages/client/released/openapi.json": description,
  "packages/server/package.json": manifest("@x/server", "0.3.0"),
  "packages/server/src/data/all.ts": 'import all from "@x/generated/x/openapi.json";\n',
  "packages/next/package.json": manifest("@x/next", "0.0.0"),
  "packages/next/src/index.ts": 'import all from "@x/generated/x/openapi.json";\n',
  "packages/other/package.json": manifest("@x/other", "0.3.0"),
  "packages/other/src/index.ts": 'import all from "@x/generated/y/openapi.json";\n',
};

const file = ".changeset/client-api-description.md";

/** The result of a command in a project, and how it leaves the planned changeset. */
async function plan(root: string, ...args: string[]) {
  const result = await runCommand(releasePlan, ["--root", root, ...args]);
  const text = await readFile(join(root, file), "utf8").catch(() => undefined);
  return { ...result, releases: /^(?:".+\n)+/mu.exec(text ?? "")?.[0] };
}

test("a change of the description also releases a package that includes it", async () => {
  const changed = things.replace("name:", "title:");
  const root = await makeProject({
    ...released,
    "generated/x/openapi.json": JSON.stringify(parse("things.yaml", changed)),
  });
  const { releases } = await plan(root);
  expect(releases).toBe('"@x/client": major\n"@x/server": minor\n');

  const planned = await readFile(join(root, file), "utf8");
  await writeFile(join(root, file), planned.replace('"@x/server": minor\n', ""));
  const { exitCode, stderr } = await plan(root, "--check");
  expect(stderr).toBe(`✘ ${file}: It differs from the current plan. Run pnpm release:plan.\n`);
  expect(exitCode).toBe(1);
});

test("a client in 0.x bumps a package in 1.x as far as the change does, unless a person lowers it", async () => {
  const changed = things.replace("type: string", 'type: [string, "null"]');
  const root = await makeProject({
    ...released,
    "generated/x/openapi.json": JSON.stringify(parse("things.yaml", changed)),
    "packages/client/package.json": manifest("@x/client", "0.3.0", { generatedFrom: "x" }),
    "packages/client/dist/index.d.ts": some,
    "packages/server/package.json": manifest("@x/server", "1.2.0"),
  });
  const { releases } = await plan(root);
  expect(releases).toBe('"@x/client": minor\n"@x/server": major\n');

  const planned = await readFile(join(root, file), "utf8");
  const lowered = planned.replace('"@x/client": minor', '"@x/client": patch');
  await writeFile(join(root, file), `${lowered}\nOverruled: Nobody used it\n`);
  expect(await plan(root)).toMatchObject({
    exitCode: 0,
    releases: '"@x/client": patch\n"@x/server": patch\n',
  });
});

test.each([
  ["is private", { generatedFrom: "x", private: true }],
  ["does not exist", undefined],
])("stops at a package that includes an API whose client %s", async (_what, client) => {
  const root = await makeProject(released);
  if (client === undefined) await rm(join(root, "packages/client"), { recursive: true });
  else
    await write(root, { "packages/client/package.json": manifest("@x/client", "1.0.0", client) });
  for (const args of [[], ["--check"]]) {
    const { exitCode, stderr } = await plan(root, ...args);
    expect(stderr).toBe(
      "✘ packages/server/src: It includes x, which has no client that is released: its changes are not judged. Add such a client with pnpm client:add x, make the private one public, or include nothing of x.\n",
    );
    expect(exitCode).toBe(1);
  }
});

test("a change of a client's own exports releases only the client", async () => {
  const { releases } = await plan(await makeProject(released));
  expect(releases).toBe('"@x/client": minor\n');
});

test("the plan follows a package whose folder is renamed", async () => {
  const root = await makeProject(released);
  await plan(root);
  await rename(join(root, "packages/client"), join(root, "packages/sdk"));
  const { stderr } = await plan(root, "--check");
  expect(stderr).toBe(
    "✘ .changeset/sdk-api-description.md: It differs from the current plan. Run pnpm release:plan.\n" +
      `✘ ${file}: It is an earlier plan for @x/client, whose folder had another name. Run pnpm release:plan.\n`,
  );
  const { stdout, releases } = await plan(root);
  expect(stdout).toContain(
    `\n.changeset/sdk-api-description.md was written\n${file} was removed\n`,
  );
  expect(releases).toBeUndefined();
  expect(await plan(root, "--check")).toMatchObject({ exitCode: 0 });
});

test("an overruled change stays overruled if the package's folder is renamed", async () => {
  const root = await makeProject({
    ...released,
    "packages/client/dist/index.d.ts": "export {};\n",
  });
  await plan(root);
  const overrule = "\nOverruled: nobody uses it\n";
  const planned = (await readFile(join(root, file), "utf8")).replace('": major', '": patch');
  await writeFile(join(root, file), planned + overrule);
  await rename(join(root, "packages/client"), join(root, "packages/sdk"));
  expect(await plan(root)).toMatchObject({ stderr: "", exitCode: 0 });
  const moved = await readFile(join(root, ".changeset/sdk-api-description.md"), "utf8");
  expect(moved).toContain('"@x/client": patch\n');
  expect(moved).toContain(overrule);
  expect(await plan(root, "--check")).toMatchObject({ exitCode: 0 });
});

test("the plan follows a package that is renamed", async () => {
  const root = await makeProject(released);
  await plan(root);
  const renamed = manifest("@x/sdk", "1.0.0", { generatedFrom: "x" });
  await writeFile(join(root, "packages/client/package.json"), renamed);
  expect(await plan(root)).toMatchObject({ exitCode: 0, releases: '"@x/sdk": minor\n' });
});
