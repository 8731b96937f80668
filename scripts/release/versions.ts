import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { readPackages } from "../packages/read-packages.js";

/** Reads the names and versions of packages, `name@version`, by folder. */
export async function readVersions(root: string): Promise<ReadonlyMap<string, string>> {
  const packages = await readPackages(root);
  return new Map(
    packages.map(({ folder, manifest: { name, version } }) => [folder, `${name}@${version}`]),
  );
}

/** Collects the latest versions and their sections in the changelogs, in Markdown. */
export async function reportVersions(root: string, folders: readonly string[]): Promise<string> {
  const versions = await readVersions(root);
  const sections = folders.map(async (folder) => {
    const changelog = await readFile(join(root, folder, "CHANGELOG.md"), "utf8");
    const [, latest = ""] = changelog.split(/^## .*$/mu);
    return `## ${versions.get(folder)}\n\n${latest.trim()}\n`;
  });
  return (await Promise.all(sections)).join("\n");
}
