import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { createTypeChecker } from "../../sync-table/type-check.ts";
import { programs } from "../../sync-table/pipeline.ts";

const root = fileURLToPath(new URL("../../../", import.meta.url));

// The other checks use the native compiler, which is newer. The last program is the scripts: they take longer
// than the packages.
test("the packages compile with the compiler of the table", () => {
  expect(createTypeChecker(root, programs.slice(0, -1)).check()).toEqual([]);
});
