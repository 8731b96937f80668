import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { sortByDependencies } from "../../release/dependencies.ts";

test("each package comes after those that it depends on, and otherwise in the same order", async () => {
  const root = await mkdtemp(join(tmpdir(), "dependencies-"));
  onTestFinished(() => rm(root, { recursive: true }));
  const dependencies = { a: { c: "1", outside: "1" }, b: {}, c: { d: "1" }, d: undefined };
  const packages = Object.keys(dependencies).map((name) => ({ name, version: "1", folder: name }));
  for (const [name, names] of Object.entries(dependencies)) {
    await mkdir(join(root, name));
    await writeFile(
      join(root, name, "package.json"),
      JSON.stringify({ name, dependencies: names }),
    );
  }

  const sorted = await sortByDependencies(root, packages);

  expect(sorted.map(({ name }) => name)).toEqual(["d", "c", "a", "b"]);
});
