import { expect, test } from "vitest";
import { formatProblem } from "../../command/problem.js";
import type { JsonObject } from "../../description/tree.ts";
import { findContentFaults } from "../../release/contents.ts";

const manifest = {
  version: "0.0.0",
  files: ["dist", "FAULTS.md", "CHANGELOG.md"],
  exports: {
    ".": { types: "./dist/index.d.ts", default: "./dist/index.js" },
    "./node": "./dist/node.js",
    "./package.json": "./package.json",
  },
  dependencies: { "openapi-fetch": "0.17.0" },
};

const files = {
  "package.json": "{}",
  "README.md": "",
  "FAULTS.md": "",
  LICENSE: "",
  "dist/LICENSE-openapi-fetch": "",
  "dist/index.d.ts": 'import { Client } from "openapi-fetch";',
  "dist/index.js": 'import createFetchClient from "openapi-fetch";',
  "dist/node.js": 'import { open } from "node:fs/promises"; import { ApiError } from "./index.js";',
};

function find(
  changedFiles: Readonly<Record<string, string>>,
  changedManifest: JsonObject = {},
): string[] {
  return findContentFaults({
    manifest: { ...manifest, ...changedManifest },
    files: new Map(Object.entries({ ...files, ...changedFiles })),
  }).map(formatProblem);
}

test("finds no fault in the entries and the standard files", () => {
  expect(find({})).toEqual([]);
});

test("accepts programs, shared chunks, and Node's modules in a package with a program", () => {
  const shared = {
    "dist/index.js": 'export * from "./shared.js";',
    "dist/shared.js": 'import "openapi-fetch/more";',
    "dist/cli.js": 'import "node:fs"; import "./shared.js";',
  };
  expect(find(shared, { bin: { x: "./dist/cli.js" } })).toEqual([]);
});

test("accepts links to packed files and to websites, and texts that only look like links", () => {
  const text =
    "[a](FAULTS.md#a) [b](https://example.com/b) [c](#c) `[d](d)`\n```ts\nx[e](e)\n```\n";
  expect(find({ "README.md": text })).toEqual([]);
});

test.each<[what: string, faults: string[], expected: RegExp]>([
  [
    "a link to a file that is not packed",
    find({ "README.md": "# A\n\nSee [b](../b/README.md) and [b](../b/README.md#c)." }),
    /^README\.md: Its link to \.\.\/b\/README\.md points to nothing in the tarball/u,
  ],
  [
    "a file that is not an entry",
    find({ "dist/chunk.js": "" }),
    /^dist\/chunk\.js: .*is not an entry/u,
  ],
  [
    "a licence of a dependency that is not bundled",
    find({ "node_modules/a/LICENSE": "" }),
    /^node_modules\/a\/LICENSE: .*is not an entry/u,
  ],
  [
    "an entry without a file",
    find({}, { exports: { ".": "./dist/gone.js", "./n": manifest.exports } }),
    /^dist\/gone\.js: It is not in the tarball/u,
  ],
  ["a release without a changelog", find({}, { version: "0.1.0" }), /^CHANGELOG\.md: It is not/u],
  [
    "an import that is not a dependency",
    find({ "dist/index.js": 'export * from "@audit-logs/generated";' }),
    /^dist\/index\.js: It imports "@audit-logs\/generated"/u,
  ],
  [
    "a type import that is not a dependency",
    find({ "dist/index.d.ts": 'export type A = import("undici-types").Agent;' }),
    /^dist\/index\.d\.ts: It imports "undici-types"/u,
  ],
  [
    "Node outside the entry for Node",
    find({ "dist/index.js": 'const { open } = await import("node:fs");' }),
    /^dist\/index\.js: It imports "node:fs"/u,
  ],
  [
    "an import of a missing file",
    find({ "dist/node.js": 'import "./chunk.js";' }),
    /^dist\/node\.js: It imports "\.\/chunk\.js"/u,
  ],
  [
    "a missing source map",
    find({ "dist/index.js": "//# sourceMappingURL=index.js.map" }),
    /^dist\/index\.js: Its source map index\.js\.map is not/u,
  ],
  [
    "a specifier that only the workspace knows",
    find({}, { devDependencies: { "@audit-logs/generated": "workspace:*" } }),
    /^package\.json #\/devDependencies\/@audit-logs\/generated: "workspace:\*" means nothing/u,
  ],
  [
    "a specifier of the catalogue",
    find({}, { dependencies: { "openapi-fetch": "catalog:" } }),
    /^package\.json #\/dependencies\/openapi-fetch: "catalog:" means nothing/u,
  ],
])("finds %s, and nothing else", (_what, faults, expected) => {
  expect(faults).toEqual([expect.stringMatching(expected)]);
});
