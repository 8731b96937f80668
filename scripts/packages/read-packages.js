import { existsSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { readJson } from "../command/read-json.js";

// Also used before anything is installed, so it is JavaScript and uses Node's built-in modules only.

/** @typedef {import("../description/tree.ts").JsonObject} Manifest */

/**
 * Reads the package.json of every package, in the order of their folders.
 *
 * @param {string} root
 * @returns {Promise<{ folder: string, manifest: Manifest }[]>} with folders relative to the root:
 *   `packages/<directory>`
 * @throws CommandError if one is not a JSON object
 */
export async function readPackages(root) {
  const parent = join(root, "packages");
  const directories = existsSync(parent) ? (await readdir(parent)).toSorted() : [];
  const folders = directories
    .map((directory) => `packages/${directory}`)
    .filter((folder) => existsSync(join(root, folder, "package.json")));
  return Promise.all(
    folders.map(async (folder) => ({
      folder,
      manifest: await readJson(root, `${folder}/package.json`),
    })),
  );
}
