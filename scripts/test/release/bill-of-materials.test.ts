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

test("what is bundled into a package is in its bill, with its licence, under its own name", async () => {
  const bill = await list("client");
  expect(describeMaterials(bill)).toContainEqual(
    expect.stringMatching(/^openapi-fetch \d+\.\d+\.\d+ \(MIT\)$/u),
  );
  const { "bom-ref": ref } = bill.metadata.component;
  expect(ref).toContain("client@");
  expect(bill.dependencies.find((one) => one.ref === ref)?.dependsOn).toHaveLength(1);
});

test("what only tests a package is not in its bill", async () => {
  const names = (await list("mock-server")).components.map(({ name }) => name);
  expect(names).toContain("ajv");
  expect(names).not.toContain("vitest");
});

test("a part without a licence stops", () => {
  const part = { "bom-ref": "a", name: "a", version: "1.0.0" };
  const licensed = { ...part, licenses: [{ expression: "MIT OR Apache-2.0" }] };
  expect(describeMaterials({ components: [licensed] })).toEqual(["a 1.0.0 (MIT OR Apache-2.0)"]);
  expect(() => describeMaterials({ components: [licensed, part] })).toThrow(
    "the bill of materials: a 1.0.0 has no licence. Ask its author for one, or do without it.",
  );
});
