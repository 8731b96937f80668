import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { isObject } from "../description/tree.ts";

/** Reads the names and versions of packages, `name@version`, by folder. */
export async function readVersions(root: string): Promise<ReadonlyMap<string, string>> {
  const versions = new Map<string, string>();
  for (const directory of (await readdir(join(root, "packages"))).toSorted()) {
    const file = join(root, "packages", directory, "package.json");
    if (!existsSync(file)) continue;
    const manifest: unknown = JSON.parse(await readFile(file, "utf8"));
    if (!isObject(manifest)) continue;
    versions.set(
      `packages/${directory}`,
      `${String(manifest["name"])}@${String(manifest["version"])}`,
    );
  }
  return versions;
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
