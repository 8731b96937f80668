import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { findIntegrity, oldestTypeScript } from "../../release/consumers.ts";
import { isKnown } from "../../release/inspect.ts";
import { formatTable } from "../../release/table.ts";

test("tests the oldest TypeScript that the clients promise", async () => {
  const readme = await readFile(
    new URL("../../../packages/client/README.md", import.meta.url),
    "utf8",
  );
  const [, promised] = /TypeScript (\d+\.\d+) and later/u.exec(readme) ?? [];
  expect(oldestTypeScript).toBe(`${promised}.2`);
});

test.each<[what: string, lock: unknown, integrity: string | undefined]>([
  ["its digest", { packages: { "node_modules/a": { integrity: "sha512-x" } } }, "sha512-x"],
  ["no digest of a link", { packages: { "node_modules/a": { link: true } } }, undefined],
  [
    "no digest of another package",
    { packages: { "node_modules/b/node_modules/a": {} } },
    undefined,
  ],
  ["nothing in an invalid lockfile", null, undefined],
])("finds for a package %s", (_what, lock, integrity) => {
  expect(findIntegrity(lock, "a")).toBe(integrity);
});

test("accepts only the known problems: no types in node10, and ESM from require()", () => {
  const entrypoint = ".";
  expect(isKnown({ kind: "NoResolution", entrypoint, resolutionKind: "node10" })).toBe(true);
  expect(isKnown({ kind: "CJSResolvesToESM", entrypoint, resolutionKind: "node16-cjs" })).toBe(
    true,
  );
  expect(isKnown({ kind: "NoResolution", entrypoint, resolutionKind: "bundler" })).toBe(false);
  expect(isKnown({ kind: "UntypedResolution", entrypoint, resolutionKind: "node10" })).toBe(false);
});

test("the table has each claim with its evidence", () => {
  expect(
    formatTable([
      { claim: "new version", evidence: "0.1.0" },
      { claim: "publint", evidence: "no findings" },
    ]),
  ).toEqual(["  new version  0.1.0", "  publint      no findings"]);
});
