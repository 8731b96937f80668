import { readFile } from "node:fs/promises";
import { join } from "node:path";

// Read before anything is installed, too: JavaScript on Node's own modules alone.

/**
 * The changesets, by their ids, that a pre-release has taken in and that wait for the release after it;
 * none while `changeset pre enter` was not said, or since `changeset pre exit`.
 *
 * @param {string} root
 * @returns {Promise<ReadonlySet<string>>}
 */
export async function readPreReleased(root) {
  const text = await readFile(join(root, ".changeset/pre.json"), "utf8").catch(
    (/** @type {NodeJS.ErrnoException} */ error) => {
      if (error.code !== "ENOENT") throw error;
      return "{}";
    },
  );
  /** @type {{ mode?: string, changesets?: string[] }} */
  const { mode, changesets = [] } = JSON.parse(text);
  return new Set(mode === "pre" ? changesets : []);
}

/**
 * The tag that a version is published under: that of a pre-release is not `latest`.
 *
 * @param {string} version
 */
export function tagOf(version) {
  const [, label] = /^[\d.]+-([^.\d][^.]*)/u.exec(version) ?? [];
  return label ?? (version.includes("-") ? "next" : "latest");
}
