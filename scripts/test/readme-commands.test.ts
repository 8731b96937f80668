import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { repository } from "../command/repository.js";
import { readArguments } from "../../packages/mock-server/src/arguments.ts";

/** Reads the files of this repository, its packages and its examples that have this extension. */
async function readFiles(extension: string): Promise<readonly [file: string, text: string][]> {
  const parents = ["packages", "examples"];
  const children = parents.map(async (parent) =>
    (await readdir(join(repository, parent))).flatMap((name) => [
      `${parent}/${name}`,
      `${parent}/${name}/bench`,
    ]),
  );
  const folders = ["", "docs", ...parents, ...(await Promise.all(children)).flat()];
  const names = folders.map(async (folder) =>
    (await readdir(join(repository, folder)).catch(() => [])).map((name) => join(folder, name)),
  );
  const files = (await Promise.all(names)).flat().filter((file) => file.endsWith(extension));
  return Promise.all(
    files.map(async (file): Promise<[string, string]> => [
      file,
      await readFile(join(repository, file), "utf8"),
    ]),
  );
}

/** The commands in the shell blocks of the documents, without their comments. */
async function findCommands(): Promise<readonly string[]> {
  const blocks = (await readFiles(".md")).flatMap(([, text]) => [
    ...text.matchAll(/^```sh\n(.*?)^```/gms),
  ]);
  return blocks.flatMap(([, block = ""]) =>
    block
      .trimEnd()
      .split("\n")
      .map((line) => line.replace(/ {2,}#.*/, "").trim()),
  );
}

test("every script that a document names exists", async () => {
  const manifests = await readFiles("package.json");
  const scripts = manifests.flatMap(([, text]) => Object.keys(JSON.parse(text).scripts ?? {}));
  // Commands of pnpm itself, and of a dependency.
  const known = new Set([...scripts, "install", "pack", "changeset"]);
  const named = (await readFiles(".md")).flatMap(([file, text]) =>
    [...text.matchAll(/(?:`|^)(?:pnpm|npm run) ([a-z:-]+)/gmu)].map(([, name = ""]) => ({
      file,
      name,
    })),
  );
  expect(named.filter(({ name }) => !known.has(name))).toEqual([]);
});

test("every command of audit-logs is in its own README", async () => {
  const readme = await readFile(join(repository, "packages/cli/README.md"), "utf8");
  const found = await findCommands();

  const missing = found.filter(
    (command) => command.startsWith("audit-logs ") && !readme.includes(`\n${command}`),
  );
  expect(missing).toEqual([]);
});

test("the mock server parses the commands of its README", async () => {
  const found = await findCommands();
  const start = "npx audit-logs-mock-server ";
  const lines = found.filter((command) => command.startsWith(start));

  expect(lines).not.toEqual([]);
  for (const line of lines) {
    const file = join(repository, "generated/audit-logs/openapi.json");
    const words = line.slice(start.length).split(" ");
    const args = words.map((word) => (word === "openapi.json" ? file : word));
    expect(readArguments(args)).toBeTruthy();
  }
});
