import { expect, test } from "vitest";
import { repository } from "../../command/repository.js";
import { createTypeChecker } from "../../sync-table/type-check.ts";
import { programs } from "../../sync-table/pipeline.ts";

// The other checks use the native compiler, which is newer. The last program is the scripts: they take longer
// than the packages.
test("the packages compile with the compiler of the table", () => {
  expect(createTypeChecker(repository, programs.slice(0, -1)).check()).toEqual([]);
});
