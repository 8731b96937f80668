import { join, relative } from "node:path";
import { expect, test } from "vitest";
import { repository } from "../../command/repository.js";
import { inspectContents, inspectManifest, inspectTypes } from "../../release/inspect.ts";
import { pack } from "../../release/pack.ts";
import { makeProject } from "../project.ts";

const never = new AbortController().signal;

const files = ["index.js", "index.d.ts", "README.md", "FAULTS.md", "LICENSE"];
const manifest = {
  name: "a",
  version: "0.0.0",
  type: "module",
  license: "MIT",
  sideEffects: false,
  engines: { node: ">=20.19" },
  files,
  exports: { ".": { types: "./index.d.ts", default: "./index.js" } },
};

/** A tarball of a valid package, with the given fields changed in its manifest. */
async function packWith(fields: object): Promise<Buffer> {
  const root = await makeProject({
    "package.json": JSON.stringify({ ...manifest, ...fields }),
    "index.js": "export const a = 1;\n",
    "index.d.ts": "export declare const a: number;\n",
    "README.md": "# a\n",
    LICENSE: "MIT\n",
    "FAULTS.md": "# Faults\n",
  });
  const packed = join(root, "packed");
  const { bytes } = await pack(repository, relative(repository, root), packed, never);
  return bytes;
}

test("finds no fault in a valid package", async () => {
  const tarball = await packWith({});
  expect([...inspectContents(tarball).files.keys()].toSorted()).toEqual(
    ["package.json", ...files].toSorted(),
  );
  await inspectManifest(tarball);
  await inspectTypes(tarball);
});

test("stops at a finding of publint", async () => {
  const tarball = await packWith({ exports: { ".": "./gone.js" } });
  await expect(inspectManifest(tarball)).rejects.toThrow(
    /^package\.json #\/exports\/\.: publint: .*gone\.js.* does not exist/u,
  );
  expect(() => inspectContents(tarball)).toThrow(/^gone\.js: It is not in the tarball/u);
});

test("stops at types that do not match the code", async () => {
  const asCommonJs = await packWith({ type: "commonjs" });
  await expect(inspectTypes(asCommonJs)).rejects.toThrow(/^the tarball: are-the-types-wrong: /u);
  const untyped = await packWith({ files: ["index.js"] });
  await expect(inspectTypes(untyped)).rejects.toThrow(/"types":false/u);
});

test("expects no types of a package that is only a program", async () => {
  const exports = { "./package.json": "./package.json" };
  const program = await packWith({ files: ["index.js"], exports });
  await expect(inspectTypes(program)).resolves.toBeUndefined();
});
