import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";

// Also used before anything is installed, so it is JavaScript and uses Node's built-in modules only.

/** @typedef {import("../description/tree.ts").JsonObject} Manifest */

/**
 * Reads the package.json of every package, in the order of their folders.
 *
 * @param {string} root
 * @returns {Promise<{ folder: string, manifest: Manifest }[]>} with folders relative to the root:
 *   `packages/<directory>`
 */
export async function readPackages(root) {
  const parent = join(root, "packages");
  const directories = existsSync(parent) ? (await readdir(parent)).toSorted() : [];
  const folders = directories
    .map((directory) => `packages/${directory}`)
    .filter((folder) => existsSync(join(root, folder, "package.json")));
  return Promise.all(
    folders.map(async (folder) => {
      const text = await readFile(join(root, folder, "package.json"), "utf8");
      return { folder, manifest: JSON.parse(text) };
    }),
  );
}
