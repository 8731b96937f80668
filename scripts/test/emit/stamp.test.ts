import { rm } from "node:fs/promises";
import { join } from "node:path";
import { beforeEach, expect, test } from "vitest";
import { digestOfInputs, readStamp, writeStamp } from "../../emit/stamp.js";
import { description, small, things, write } from "../../fixtures/project.ts";
import { makeProject } from "../project.ts";

const notices = ["x: one is not supported"];
const schema = "generated/x/schema.ts";
const house = "scripts/description/house-rules.js";

let root: string;
beforeEach(async () => {
  root = await makeProject({
    ...small,
    [schema]: "export type A = 1;",
    [house]: "export default 1;",
    "node_modules/.pnpm/lock.yaml": "a@1",
    "node_modules/.cache/scripts/generate.js": "generate()",
  });
  writeStamp(root, digestOfInputs(root), { notices, plugins: [join(root, house)] });
});

test("a run with the same inputs and outputs only repeats the notices", () => {
  expect(readStamp(root)).toEqual(notices);
});

test.each([
  description,
  "spec/x/overlay.yaml",
  "redocly.yaml",
  ".redocly.lint-ignore.yaml",
  house,
  "node_modules/.pnpm/lock.yaml",
  "node_modules/.cache/scripts/generate.js",
  schema,
  "generated/x/extra.ts",
  "generated/y/schema.ts",
])("generates again when %s is added or has other bytes", async (file) => {
  await write(root, { [file]: `${things} ` });
  expect(readStamp(root)).toBeUndefined();
});

test.each([description, "redocly.yaml", schema, house, "node_modules/.pnpm/lock.yaml"])(
  "generates again when %s is deleted",
  async (file) => {
    await rm(join(root, file));
    expect(readStamp(root)).toBeUndefined();
  },
);

test("generates again when a file was renamed", async () => {
  await rm(join(root, schema));
  await write(root, { "generated/x/schemas.ts": "export type A = 1;" });
  expect(readStamp(root)).toBeUndefined();
});

test("generates again when an input has changed during the run", async () => {
  const before = digestOfInputs(root);
  await write(root, { [description]: `${things}# late\n` });
  writeStamp(root, before, { notices, plugins: [] });
  expect(readStamp(root)).toBeUndefined();
});

test("a plugin that is not one of the inputs leaves no stamp", async () => {
  await rm(join(root, "node_modules/.cache/generate.json"));
  writeStamp(root, digestOfInputs(root), { notices, plugins: [join(root, "rules.js")] });
  expect(readStamp(root)).toBeUndefined();
});

test("a broken stamp counts as none", async () => {
  await write(root, { "node_modules/.cache/generate.json": "{" });
  expect(readStamp(root)).toBeUndefined();
});
