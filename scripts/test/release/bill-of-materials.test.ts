import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { describeMaterials, listMaterials } from "../../release/bill-of-materials.ts";

const repository = fileURLToPath(new URL("../../..", import.meta.url));
const never = new AbortController().signal;
const list = (name: string) =>
  listMaterials(
    repository,
    { name: `@audit-logs/${name}`, version: "1.0.0", folder: `packages/${name}` },
    never,
  );

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
