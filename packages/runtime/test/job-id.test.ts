import { expect, test } from "vitest";
import { isJobId } from "../src/job-id.ts";

test("an id of a job may be a UUID or any other text that cannot change the path of a URL", () => {
  for (const id of ["7d9f2c4e-8a1b-4c3d-9e5f-6a7b8c9d0e1f", "job-42", "1", "a.b_c~d", ".a"]) {
    expect(isJobId(id)).toBe(true);
  }
  for (const id of [
    "",
    ".",
    "..",
    "a/b",
    "a b",
    "a?b",
    "a%2Fb",
    "a\n",
    "\u00e9",
    1,
    null,
    undefined,
  ]) {
    expect(isJobId(id)).toBe(false);
  }
});
