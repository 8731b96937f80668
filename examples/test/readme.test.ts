import { readdir, readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const folder = fileURLToPath(new URL("..", import.meta.url));
const entries = await readdir(folder, { withFileTypes: true });
const examples = entries
  .filter((entry) => entry.isDirectory() && !/^(?:node_modules|test|\..*)$/u.test(entry.name))
  .map(({ name }) => name);

/** Node.js itself reads these. */
const ofNode = ["NODE_EXTRA_CA_CERTS"];

const variablesIn = (text: string): string[] =>
  [...new Set(text.match(/\b[A-Z][A-Z\d]+(?:_[A-Z\d]+)+\b/gu))].toSorted();

test.each(examples)("the README of %s names the variables that it reads", async (example) => {
  const script = example === "elastic-filebeat" ? "filebeat.yml" : "main.ts";
  const code = await readFile(`${folder}/${example}/${script}`, "utf8");
  const readme = await readFile(`${folder}/${example}/README.md`, "utf8");
  const table = readme.split("\n").filter((line) => line.startsWith("| `"));
  const names = table.flatMap((line) => variablesIn(line.split("|")[1] ?? ""));
  expect(names.filter((name) => !ofNode.includes(name)).toSorted()).toEqual(variablesIn(code));
});

test("the README lists every example", async () => {
  const readme = await readFile(`${folder}/README.md`, "utf8");
  const links = [...readme.matchAll(/^\| \[`([^`]+)\/`\]\(\1\/README\.md\)/gmu)];
  expect(links.map(([, name]) => name).toSorted()).toEqual(examples.toSorted());
});
