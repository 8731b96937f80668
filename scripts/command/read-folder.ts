import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { join, relative } from "node:path";

/** All files in a folder, including hidden ones, by their paths from the root. A missing folder has none. */
export async function readFolder(root: string, folder: string): Promise<Record<string, Buffer>> {
  if (!existsSync(join(root, folder))) return {};
  const entries = await readdir(join(root, folder), { recursive: true, withFileTypes: true });
  const contents = entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(root, join(entry.parentPath, entry.name)).replaceAll("\\", "/"))
    .toSorted()
    .map(async (path) => [path, await readFile(join(root, path))] as const);
  return Object.fromEntries(await Promise.all(contents));
}
