import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";

// Also used before anything is installed, so it is JavaScript and uses Node's built-in modules only.

/**
 * Reads the package.json of every package.
 *
 * @param {string} root
 * @returns {Promise<{ name: string, version: string, private?: boolean, publishConfig?: unknown }[]>}
 */
export async function readPackages(root) {
  const folders = await readdir(join(root, "packages"));
  return Promise.all(
    folders.map(async (folder) =>
      JSON.parse(await readFile(join(root, "packages", folder, "package.json"), "utf8")),
    ),
  );
}
