import { expect, test } from "vitest";
import { sortByDependencies } from "../../release/dependencies.ts";

test("each package comes after those that it depends on, and otherwise in the same order", () => {
  const manifests = {
    a: { dependencies: { c: "1", outside: "1" } },
    b: { dependencies: {} },
    c: { dependencies: { d: "1" } },
    d: {},
  };
  const packages = Object.entries(manifests).map(([name, manifest]) => ({
    name,
    version: "1",
    folder: name,
    manifest,
  }));

  expect(sortByDependencies(packages).map(({ name }) => name)).toEqual(["d", "c", "a", "b"]);
});
