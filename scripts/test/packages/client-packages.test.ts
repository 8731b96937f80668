import { expect, test } from "vitest";
import { specDiff } from "../../spec-diff.ts";
import { small } from "../../fixtures/project.ts";
import { makeProject } from "../project.ts";
import { runCommand } from "../../command/run-script.ts";

const packageOf = (name: string, generatedFrom?: string): string =>
  JSON.stringify({ name, version: "0.0.0", generatedFrom });

/** The output of `spec:diff` for packages, given by their folders. */
async function diff(packages: Readonly<Record<string, string>>, ...names: string[]) {
  const files = Object.entries(packages).map(([folder, text]) => [
    `packages/${folder}/package.json`,
    text,
  ]);
  const root = await makeProject({ ...small, ...Object.fromEntries(files) });
  const { exitCode, stdout, stderr } = await runCommand(specDiff, [...names, "--root", root]);
  return { exitCode, output: stdout + stderr };
}

const packages = { a: packageOf("@x/a", "x"), tool: packageOf("@x/tool") };

test.each([[[]], [["x"]]])("judges the generated packages, given %j", async (names) => {
  expect(await diff(packages, ...names)).toEqual({
    exitCode: 0,
    output: "@x/a: minor: the first release, 0.1.0 (its version is 0.0.0)\n",
  });
});

test("reports that there is no generated package", async () => {
  const { exitCode, output } = await diff({ tool: packageOf("@x/tool") });
  expect(output).toBe("No package is generated from an API\n");
  expect(exitCode).toBe(0);
});

test.each<[what: string, files: Readonly<Record<string, string>>, exitCode: number, says: string]>([
  [
    "a package that names no API",
    { a: packageOf("@x/a", "gone") },
    1,
    '✘ packages/a/package.json #/generatedFrom: "gone" is not an API of redocly.yaml. Name one of x, or add the API to redocly.yaml.\n',
  ],
  [
    "two packages of one API",
    { a: packageOf("@x/a", "x"), b: packageOf("@x/b", "x") },
    1,
    "✘ packages/b/package.json #/generatedFrom: x already has a package: packages/a. Remove generatedFrom from one of the two, or remove that package.\n",
  ],
  [
    "two packages of one name",
    { a: packageOf("@x/a", "x"), b: packageOf("@x/a") },
    1,
    "✘ packages/b/package.json #/name: packages/a has the same name. Rename one of the two.\n",
  ],
  [
    "a package without a version",
    { a: '{ "name": "@x/a", "generatedFrom": "x" }' },
    1,
    "✘ packages/a/package.json: It lacks a name or a version. Add both.\n",
  ],
  [
    "an API without a package",
    {},
    2,
    "✘ packages/: No package is generated from x. Create one with pnpm client:add x.\n",
  ],
])("stops at %s", async (_what, files, exitCode, says) => {
  expect(await diff(files, "x")).toEqual({ exitCode, output: says });
});

test("stops at an unknown API", async () => {
  const { exitCode, output } = await diff(packages, "y");
  expect(output).toMatch(
    /^✘ command line: y is not an API; the APIs are x\. Usage: pnpm spec:diff /u,
  );
  expect(exitCode).toBe(2);
});

test("stops at a released client that does not say what it is generated from", async () => {
  const root = await makeProject({
    ...small,
    "packages/a/package.json": packageOf("@x/a"),
    "packages/a/released/openapi.json": "{}",
  });
  const { exitCode, stderr } = await runCommand(specDiff, ["--root", root]);
  expect(stderr).toBe(
    "✘ packages/a/package.json #/generatedFrom: It is missing, although released/ has the description that was released last. Name the API that the package is generated from, or remove released/.\n",
  );
  expect(exitCode).toBe(1);
});
