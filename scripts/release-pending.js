import { appendFile, readdir } from "node:fs/promises";
import { join, resolve } from "node:path";
import { defineCommand, runMain, wrongUsage } from "./command/define-command.js";
import { CommandError } from "./command/problem.js";
import { rootOption } from "./command/repository.js";
import { readPreReleased } from "./release/pre-release.js";
import { isPublished } from "./release/published.js";
import { readPackages } from "./packages/read-packages.js";
import { readTarball } from "./release/tarball.js";

const usage = `npm run release:pending -- [<folder>] [--output FILE] [--root DIR] [--json]

Lists the versions to publish: the versions of public packages that the registry does not have, once
no changeset is pending. A package at version 0.0.0 is not published.

  <folder>       the folder with the tarballs of release:rehearse; adds their digests, for release:publish
  --output FILE  append pending=true|false and tarballs=… to this file, in the format of GitHub Actions
  --root DIR     the repository (default: this one)
  --json         print one JSON object

Exit codes: 0 fine, 1 a version to publish has no tarball, 2 wrong usage or environment.`;

export const releasePending = defineCommand(
  usage,
  { output: { type: "string" }, root: rootOption },
  async ({ values, positionals }) => {
    const [folder, ...rest] = positionals;
    if (rest.length > 0) throw wrongUsage("It takes one folder", usage);
    const pending = await findPending(resolve(values.root));
    const tarballs = folder === undefined ? [] : await findTarballs(folder, pending);
    if (values.output !== undefined) {
      const output = `pending=${pending.length > 0}\ntarballs=${tarballs.join(" ")}\n`;
      await appendFile(values.output, output);
    }
    const lines = pending.length === 0 ? ["Nothing to publish"] : pending;
    return { lines, data: { pending, tarballs } };
  },
);

await runMain(import.meta.url, releasePending);

/** @param {string} root */
async function findPending(root) {
  const released = await readPreReleased(root);
  const ids = (await readdir(join(root, ".changeset")))
    .filter((file) => file.endsWith(".md") && file !== "README.md")
    .map((file) => file.slice(0, -".md".length));
  if (ids.some((id) => !released.has(id))) return [];
  const pending = [];
  for (const { manifest } of await readPackages(root)) {
    const [name, version] = [String(manifest["name"]), String(manifest["version"])];
    if (manifest["private"] === true || version === "0.0.0") continue;
    if (!(await isPublished(name, version))) pending.push(`${name}@${version}`);
  }
  return pending;
}

/**
 * @param {string} folder
 * @param {readonly string[]} pending
 */
async function findTarballs(folder, pending) {
  const files = (await readdir(folder)).filter((file) => file.endsWith(".tgz"));
  const found = new Map();
  for (const file of files) {
    const { name, version, integrity } = await readTarball(join(folder, file));
    found.set(`${name}@${version}`, `${file}=${integrity}`);
  }
  return pending.map((version) => {
    const tarball = found.get(version);
    if (tarball !== undefined) return tarball;
    const fault = `Its tarball is not in ${folder}`;
    throw new CommandError({ file: version, fault, remedy: "Rehearse again" });
  });
}
