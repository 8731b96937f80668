import { readJson } from "../command/read-json.js";

// Also used before anything is installed, so it is JavaScript and uses Node's built-in modules only.

/**
 * The ids of the changesets that a pre-release already contains and that wait for the release after it.
 * Empty before `changeset pre enter`, and after `changeset pre exit`, unless `exit` is one of the modes.
 *
 * @param {string} root
 * @param {readonly string[]} [modes]
 * @returns {Promise<ReadonlySet<string>>}
 */
export async function readPreReleased(root, modes = ["pre"]) {
  const file = await readJson(root, ".changeset/pre.json").catch(
    (/** @type {NodeJS.ErrnoException} */ error) => {
      if (error.code !== "ENOENT") throw error;
      return {};
    },
  );
  const { mode, changesets = [] } = /** @type {{ mode?: string, changesets?: string[] }} */ (file);
  return new Set(mode !== undefined && modes.includes(mode) ? changesets : []);
}

/**
 * npm's options for the dist-tag of a version. A pre-release never gets `latest`. Any other version gets it by
 * npm's default, because npm then refuses one that is lower than a published one.
 *
 * @param {string} version
 */
export function tagOptions(version) {
  if (!version.includes("-")) return [];
  const [, label] = /^[\d.]+-([^.\d][^.]*)/u.exec(version) ?? [];
  return ["--tag", label === undefined || label === "latest" ? "next" : label];
}
