import { expect, test } from "vitest";
import { sortByDependencies } from "../../release/dependencies.js";

test("each package comes after those that it depends on, and otherwise in the same order", () => {
  const manifests = {
    a: { dependencies: { c: "1", outside: "1" } },
    b: { dependencies: {} },
    c: { dependencies: { d: "1" } },
    d: {},
  };
  const packages = Object.entries(manifests).map(([name, manifest]) => ({
    manifest: { name, ...manifest },
  }));

  const sorted = sortByDependencies(packages).map(({ manifest }) => manifest.name);
  expect(sorted).toEqual(["d", "c", "a", "b"]);
});
