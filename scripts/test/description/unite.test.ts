import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { pull, checkPulled } from "../../description/pull.ts";
import {
  contradicting,
  otherApi,
  otherDescription,
  otherGeneration,
  pages,
  withMore,
} from "../fixtures/pages.ts";
import {
  makeProject,
  read,
  readRepository,
  run,
  small,
  commandErrorOf,
  type Files,
} from "../project.ts";

const names = Object.keys(pages);

async function makeVendor(
  more: Files = {},
): Promise<{ root: string; at: (name: string) => string }> {
  const vendor = Object.entries({ ...pages, ...more }).map(([name, text]) => [
    `vendor/${name}`,
    text,
  ]);
  const root = await makeProject({ ...small, ...Object.fromEntries(vendor) });
  return { root, at: (name) => join(root, "vendor", name) };
}

async function generateFiles(root: string): Promise<Record<string, string>> {
  await run(root);
  const files = Object.entries(await read(root, "generated"));
  return Object.fromEntries(files.map(([name, bytes]) => [name, String(bytes)]));
}

test("pulling all pages at once or one by one, in any order, gives the same files", async () => {
  const atOnce = await makeVendor();
  await pull(atOnce.root, "x", names.map(atOnce.at));
  const expected = await generateFiles(atOnce.root);
  await expect(checkPulled(atOnce.root)).resolves.toBeDefined();
  expect(Object.keys(JSON.parse(expected["generated/x/openapi.json"] ?? "").paths)).toHaveLength(5);
  expect(expected["generated/x/operations.ts"]?.match(/(?<=^export const )\w+/gmu)).toEqual([
    "createExportJob",
    "downloadExport",
    "getAuditLog",
    "getAuditLogs",
    "getExportJobStatus",
  ]);

  for (const order of [names, names.toReversed(), [...names.slice(2), ...names.slice(0, 2)]]) {
    const { root, at } = await makeVendor();
    for (const [index, name] of order.entries()) {
      await pull(root, "x", [at(name)], { add: index > 0 });
    }
    await expect(checkPulled(root)).resolves.toBeDefined();
    expect(await generateFiles(root)).toEqual(expected);
  }
});

test("a source that is pulled again replaces its earlier version", async () => {
  const { root, at } = await makeVendor();
  await pull(root, "x", names.map(at));
  await expect(pull(root, "x", [at("get-audit-log.md")], { add: true })).resolves.toHaveProperty(
    "data.changed",
    false,
  );
  const { lines } = await pull(root, "x", [at("get-audit-log.md")]);
  expect(lines).toContain("Removed spec/x/sources/get-audit-logs.md; --add would have kept it.");
  expect(Object.keys(await read(root, "spec/x/sources"))).toEqual(
    ["get-audit-log.md"].map((name) => `spec/x/sources/${name}`),
  );
});

describe("where only texts differ, the first source by name wins, with a notice", () => {
  test.each<[what: string, text: string, notice: string]>([
    [
      "two generations of one page",
      otherGeneration,
      "1 text(s) of new.md differ from the sources before it, whose texts are kept; the first is at #/paths/~1api~1audit-logs~1export/post/summary",
    ],
    [
      "a shared schema with another description",
      otherDescription,
      "1 text(s) of new.md differ from the sources before it, whose texts are kept; the first is at #/components/schemas/AuditLog/description",
    ],
  ])("%s", async (_what, text, notice) => {
    const { root, at } = await makeVendor({ "new.md": text });
    await pull(root, "x", names.map(at));
    const paths = Object.keys(await generateFiles(root));
    const { lines } = await pull(root, "x", [at("new.md")], { add: true });
    expect(lines).toContain(notice);
    expect(Object.keys(await generateFiles(root))).toEqual(paths);
  });
});

describe("stops at", () => {
  test.each<[what: string, text: string, message: RegExp]>([
    [
      "a page that contradicts another",
      contradicting,
      /^new\.md #\/paths\/~1api~1audit-logs~1export\/post\/parameters: It contradicts create-export-job\.md in more than texts\. /u,
    ],
    [
      "a page with more of a shared schema",
      withMore,
      /^new\.md #\/components\/schemas\/AuditLog\/required: It contradicts get-audit-logs?\.md in more than texts\. /u,
    ],
    [
      "a page of another API",
      otherApi,
      /^new\.md: It describes "Accounts API" at https:\/\/anaconda\.com, but create-export-job\.md describes "Audit Logs API" at https:\/\/anaconda\.com\. Pull each API under its own name\.$/u,
    ],
  ])("%s, and leaves the old files", async (_what, text, message) => {
    const { root, at } = await makeVendor({ "new.md": text });
    await pull(root, "x", names.map(at));
    const before = await read(root, "spec");
    expect((await commandErrorOf(pull(root, "x", [at("new.md")], { add: true }))).message).toMatch(
      message,
    );
    expect(await read(root, "spec")).toEqual(before);
  });
});

test("this repository's additions are skipped once the vendor's own pages are pulled", async () => {
  const vendor = Object.entries(pages).map(([name, text]) => [`vendor/${name}`, text]);
  const root = await makeProject({ ...(await readRepository()), ...Object.fromEntries(vendor) });
  await pull(
    root,
    "audit-logs",
    names.map((name) => join(root, "vendor", name)),
  );
  const { lines } = await run(root);
  expect(lines.filter((line) => line.includes("was skipped"))).toHaveLength(5);
  const text = String((await read(root, "generated"))["generated/audit-logs/operations.ts"]);
  expect(text.match(/(?<=^export const )\w+/gmu)).toEqual([
    "createExportJob",
    "downloadExport",
    "getAuditLog",
    "getAuditLogs",
    "getExportJobStatus",
  ]);
  expect(text).toMatch(/"responses": \{\s+"200": \[\s+"application\/jsonl"\s+\]\s+\}/u);
});
