import { readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { parse } from "../description/read.ts";
import { releasePlan } from "../release-plan.ts";
import { runCommand } from "../command/run-script.ts";
import { small, things, type Files } from "../fixtures/project.ts";
import { makeProject } from "./project.ts";

const manifest = (name: string, version: string, more: object = {}): string =>
  JSON.stringify({ name, version, ...more });

const description = JSON.stringify(parse("things.yaml", things));
const [some, more] = ["export declare const a: 1;\n", "export declare const a: 1, b: 2;\n"];

/** A released client, with a new export. */
const released: Files = {
  ...small,
  "generated/x/openapi.json": description,
  "packages/client/package.json": manifest("@x/client", "1.0.0", { generatedFrom: "x" }),
  "packages/client/dist/index.d.ts": more,
  "packages/client/released/index.d.ts": some,
  "packages/client/released/openapi.json": description,
};

const file = ".changeset/client-api-description.md";

/** The result of a command in a project, and how it leaves the planned changeset. */
async function plan(root: string, ...args: string[]) {
  const result = await runCommand(releasePlan, ["--root", root, ...args]);
  const text = await readFile(join(root, file), "utf8").catch(() => undefined);
  return { ...result, releases: /^(?:".+\n)+/mu.exec(text ?? "")?.[0] };
}

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

test("the plan follows a package that is renamed", async () => {
  const root = await makeProject(released);
  await plan(root);
  const renamed = manifest("@x/sdk", "1.0.0", { generatedFrom: "x" });
  await writeFile(join(root, "packages/client/package.json"), renamed);
  expect(await plan(root)).toMatchObject({ exitCode: 0, releases: '"@x/sdk": minor\n' });
});
