import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { createTypeChecker } from "../../sync-table/type-check.ts";
import { configs } from "../../sync-table/pipeline.ts";

const root = fileURLToPath(new URL("../../../", import.meta.url));

// The other checks use the native compiler, which is newer.
test("the packages compile with the compiler of the table", () => {
  expect(createTypeChecker(root, configs).check()).toEqual([]);
});
