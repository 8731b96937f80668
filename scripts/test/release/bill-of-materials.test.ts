import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { repository } from "../../command/repository.js";
import { describeMaterials, listMaterials } from "../../release/bill-of-materials.ts";

const never = new AbortController().signal;
const list = async (directory: string) => {
  const folder = `packages/${directory}`;
  const manifest = JSON.parse(await readFile(join(repository, folder, "package.json"), "utf8"));
  const { name, version } = manifest;
  return listMaterials(repository, { name, version, folder, manifest }, never);
};

test("lists the bundled code of a package with its name and licence", async () => {
  const bill = await list("client");
  expect(describeMaterials(bill)).toContainEqual(
    expect.stringMatching(/^openapi-fetch \d+\.\d+\.\d+ \(MIT\)$/u),
  );
  const { "bom-ref": ref } = bill.metadata.component;
  expect(ref).toContain("client@");
  expect(bill.dependencies.find((dependency) => dependency.ref === ref)?.dependsOn).toHaveLength(1);
});

test("does not list test dependencies", async () => {
  const names = (await list("mock-server")).components.map(({ name }) => name);
  expect(names).toContain("ajv");
  expect(names).not.toContain("vitest");
});

test("stops at a component without a licence", () => {
  const part = { "bom-ref": "a", name: "a", version: "1.0.0" };
  const licensed = { ...part, licenses: [{ expression: "MIT OR Apache-2.0" }] };
  expect(describeMaterials({ components: [licensed] })).toEqual(["a 1.0.0 (MIT OR Apache-2.0)"]);
  expect(() => describeMaterials({ components: [licensed, part] })).toThrow(
    "the bill of materials: a 1.0.0 has no licence. Ask its author for one, or do without it.",
  );
});
