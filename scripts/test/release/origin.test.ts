import { expect, test } from "vitest";
import { findOriginFaults } from "../../release/origin.ts";

const repository = {
  type: "git",
  url: "git+https://github.com/example/example.git",
  directory: "packages/client",
};
const bugs = "https://example.com/issues";
const manifest = { repository, homepage: "https://example.com/", bugs };

test("finds no fault in a package that names its repository", () => {
  expect(findOriginFaults("packages/client", manifest)).toEqual([]);
  expect(findOriginFaults("packages/client", { ...manifest, bugs: { url: bugs } })).toEqual([]);
});

test.each([
  { repository: null },
  { repository: "github:example/example" },
  { repository: { ...repository, url: "https://github.com/example/example" } },
  { repository: { ...repository, directory: "packages/other" } },
  { homepage: "example.com" },
  { bugs: {} },
  { bugs: { email: "somebody@example.com" } },
])("reports fields that are not in the form that the registry expects: %j", (wrong) => {
  const [key = "", value] = Object.entries(wrong)[0] ?? [];
  expect(findOriginFaults("packages/client", { ...manifest, ...wrong })).toEqual([
    {
      file: "packages/client/package.json",
      place: `#/${key}`,
      fault: `It is ${JSON.stringify(value)}`,
      remedy: expect.stringMatching(
        new RegExp(`^Write "${key}":.+, with this repository's owner`, "u"),
      ),
    },
  ]);
});
