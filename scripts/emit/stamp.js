import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname, join, sep } from "node:path";
import { digestOfFiles } from "../command/digest.js";

// What was generated from the same bytes by the same tools need not be generated again. A stamp has the digests
// of everything that a run read, and of everything that it left in generated/.

const file = "node_modules/.cache/generate.json";

// The linter's plugins are not in the bundle: Redocly loads them.
const plugins = "scripts/description";

/**
 * The digest of everything that the generated files depend on: the descriptions, their rules, the script as
 * run.js has bundled it, the installed packages and Node.js.
 *
 * @param {string} root
 * @returns {string}
 */
export function digestOfInputs(root) {
  const data = ["spec", "redocly.yaml", ".redocly.lint-ignore.yaml", plugins];
  const tools = ["node_modules/.cache/scripts/generate.js", "node_modules/.pnpm/lock.yaml"];
  return `${process.version} ${digestOfFiles(root, [...data, ...tools])}`;
}

/** @param {string} root */
function digestOfOutputs(root) {
  return digestOfFiles(root, ["generated"], (path) => path !== "generated/node_modules");
}

/**
 * Records a successful run, unless it used a plugin that is not one of the inputs.
 *
 * @param {string} root
 * @param {string} inputs the digest of the inputs from before the run, because they may have changed since
 * @param {{ notices: readonly string[], plugins: readonly string[] }} outcome
 */
export function writeStamp(root, inputs, outcome) {
  const folder = join(root, plugins) + sep;
  if (outcome.plugins.some((plugin) => !plugin.startsWith(folder))) return;
  const { notices } = outcome;
  const path = join(root, file);
  const text = JSON.stringify({ inputs, outputs: digestOfOutputs(root), notices });
  mkdirSync(dirname(path), { recursive: true });
  // Renaming is atomic: a concurrent run reads a complete stamp.
  writeFileSync(`${path}.${process.pid}`, text);
  renameSync(`${path}.${process.pid}`, path);
}

/**
 * The notices of the last run, if another one would read and write the same bytes.
 *
 * @param {string} root
 * @returns {readonly string[] | undefined}
 */
export function readStamp(root) {
  try {
    const { inputs, outputs, notices } = JSON.parse(readFileSync(join(root, file), "utf8"));
    const isSame = inputs === digestOfInputs(root) && outputs === digestOfOutputs(root);
    return isSame ? notices : undefined;
  } catch {
    return undefined;
  }
}
