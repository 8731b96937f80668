import { expect, test } from "vitest";
import { readChanges } from "../../docs/changes.ts";
import { small } from "../../fixtures/project.ts";
import { makeProject } from "../project.ts";

test("says what a package's next release changes, and what its releases changed", async () => {
  const root = await makeProject({
    ...small,
    "package.json": "{}",
    "packages/a/package.json": '{ "name": "@x/a", "version": "0.1.0" }',
    "packages/a/CHANGELOG.md": "# @x/a\n\n## 0.1.0\n\n### Minor Changes\n\n- The first.\n",
    "packages/b/package.json": '{ "name": "@x/b", "version": "0.0.0" }',
    ".changeset/config.json": "{}",
    ".changeset/pre.json": '{ "mode": "pre", "changesets": ["old"] }',
    ".changeset/old.md": '---\n"@x/a": minor\n---\n\nIn a pre-release already.\n',
    ".changeset/new.md": '---\n"@x/a": patch\n---\n\nIt is faster.\n',
  });
  expect(await readChanges(root)).toBe(`# What changed

## @x/a

### Not released yet

It is faster.

### 0.1.0

#### Minor Changes

- The first.

## @x/b

No release yet.
`);
});
