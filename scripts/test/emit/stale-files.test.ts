import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { sha256 } from "../../command/digest.js";
import { description, things, write, type Files } from "../../fixtures/project.ts";
import { makeProject, run, snapshot, commandErrorOf } from "../project.ts";

const overlay = "spec/x/overlay.yaml";
const [json, operations, schema] = ["openapi.json", "operations.ts", "schema.ts"].map(
  (name) => `generated/x/${name}`,
) as [string, string, string];

const files: Files = {
  "redocly.yaml": `apis: { x: { root: ${description}, overlays: [${overlay}] } }\nextends: []\n`,
  "spec/x/sources/page.md": "# A page\n",
  "spec/x/sources.json": JSON.stringify([
    { file: "page.md", from: "page.md", mediaType: "text/markdown", sha256: "0", retrieved: "" },
  ]),
  [description]: things,
  [overlay]:
    "overlay: 1.1.0\ninfo: { title: T, version: '1' }\nactions:\n  - target: $.info\n    update: { description: D }\n",
};

async function edit(root: string, path: string, change: (text: string) => string): Promise<void> {
  const text = await readFile(join(root, path), "utf8");
  expect(change(text)).not.toBe(text);
  await write(root, { [path]: change(text) });
}

const append =
  (text: string) =>
  (before: string): string =>
    `${before}${text}`;
const generateAgain = "Run pnpm generate and commit what it writes.";
const byHand = "(hand edit). Run pnpm generate; put corrections in the overlay.";
const changedSince =
  (cause: string, path: string) =>
  (file: string): string =>
    `${file}: It is out of date (${cause}): ${path} changed after it was generated. ${generateAgain}`;

describe("the check reports", () => {
  test.each<[what: string, damage: (root: string) => Promise<void>, messages: readonly string[]]>([
    [
      "a changed page",
      (root) => edit(root, "spec/x/sources/page.md", append("More.\n")),
      [schema, operations].map(changedSince("source", "spec/x/sources/page.md")),
    ],
    [
      "a changed description",
      (root) => edit(root, description, (text) => text.replaceAll("Thing", "Other")),
      [json, schema, operations].map(changedSince("source", description)),
    ],
    [
      "a comment in the overlay",
      (root) => edit(root, overlay, append("# More.\n")),
      [schema, operations].map(changedSince("overlay", overlay)),
    ],
    [
      "a changed overlay",
      (root) => edit(root, overlay, (text) => text.replace(": D ", ": E ")),
      [json, schema, operations].map(changedSince("overlay", overlay)),
    ],
    [
      "a changed description and a changed overlay",
      async (root) => {
        await edit(root, description, (text) => text.replaceAll("Thing", "Other"));
        await edit(root, overlay, (text) => text.replace(": D ", ": E "));
      },
      [json, schema, operations].map(changedSince("source", `${description} and ${overlay}`)),
    ],
    [
      "an edited schema.ts",
      (root) => edit(root, schema, append("// More.\n")),
      [`${schema}: It was changed after it was generated ${byHand}`],
    ],
    [
      "an edited openapi.json",
      (root) => edit(root, json, (text) => text.replace("Things", "Others")),
      [`${json}: It was changed after it was generated ${byHand}`],
    ],
    [
      "an edited operations.ts",
      (root) => edit(root, operations, (text) => text.replace('"get"', '"put"')),
      [`${operations}: It was changed after it was generated ${byHand}`],
    ],
    [
      "a file without its header",
      (root) => edit(root, operations, (text) => text.slice(text.indexOf("export"))),
      [`${operations}: It was changed after it was generated ${byHand}`],
    ],
    ["a deleted file", (root) => rm(join(root, schema)), [`${schema}: It is missing ${byHand}`]],
    [
      "an API without generated files",
      (root) => rm(join(root, "generated"), { recursive: true }),
      [json, schema, operations].map(
        (file) => `${file}: It has not been generated yet. ${generateAgain}`,
      ),
    ],
    [
      "a stray file",
      (root) => write(root, { "generated/x/stray.ts": "" }),
      [`generated/x/stray.ts: Nothing generates it ${byHand}`],
    ],
    [
      "a folder of no API",
      (root) => write(root, { "generated/y/schema.ts": "" }),
      [`generated/y/schema.ts: It belongs to no API of redocly.yaml ${byHand}`],
    ],
    [
      "tools whose output has changed",
      (root) =>
        edit(root, schema, (text) => {
          const [header = "", body = ""] = text.split(/\n\n([^]*)/u);
          const older = body.replaceAll("never", "undefined");
          return `${header.replace(sha256(body), sha256(older))}\n\n${older}`;
        }),
      [
        `${schema}: It is out of date (tools): the output of the generator, or of a tool that it uses, has changed. ${generateAgain}`,
      ],
    ],
    [
      "a manual edit and a changed description",
      async (root) => {
        await edit(root, description, (text) => text.replaceAll("Thing", "Other"));
        await edit(root, schema, append("// More.\n"));
      },
      [
        changedSince("source", description)(json),
        `${schema}: It was changed after it was generated ${byHand}`,
        changedSince("source", description)(operations),
      ],
    ],
  ])("%s, writes nothing, and a run fixes it", async (_what, damage, messages) => {
    const root = await makeProject(files);
    await run(root);
    await expect(run(root, true)).resolves.toBeDefined();
    await damage(root);
    const before = await snapshot(root);

    const stop = await commandErrorOf(run(root, true));
    expect(stop.message.split("\n")).toEqual(messages);
    expect(stop.exitCode).toBe(1);
    expect(await snapshot(root)).toEqual(before);

    await run(root);
    await expect(run(root, true)).resolves.toMatchObject({
      lines: expect.arrayContaining(["3 generated files are up to date"]),
      data: {},
    });
  });
});

test("checks every API, not only up to the first that is fresh or stale", async () => {
  const root = await makeProject({
    "redocly.yaml":
      "apis: { a: { root: spec/a/a.yaml }, b: { root: spec/b/b.yaml }, c: { root: spec/c/c.yaml } }\nextends: []\n",
    "spec/a/a.yaml": things,
    "spec/b/b.yaml": things,
    "spec/c/c.yaml": things,
  });
  await run(root);
  await write(root, {
    "spec/a/a.yaml": `${things}# More.\n`,
    "spec/c/c.yaml": `${things}# More.\n`,
  });
  const { problems } = await commandErrorOf(run(root, true));
  expect(problems.map(({ file }) => file)).toEqual(
    ["a", "c"].flatMap((api) => [`generated/${api}/schema.ts`, `generated/${api}/operations.ts`]),
  );
});
