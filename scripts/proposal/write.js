import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { mustRun } from "../command/must-run.js";

/**
 * Writes the changes of a work tree, including new files, and the text of its pull request.
 *
 * @param {string} root the clone
 * @param {string} folder
 * @param {string} text the path of the text
 */
export async function writeChange(root, folder, text) {
  const content = await readFile(text);
  await git(root, "add", "--all");
  const patch = await git(root, "diff", "--cached", "--binary", "--no-renames");
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, "change.patch"), patch);
  await writeFile(join(folder, "text.md"), content);
}

/**
 * @param {string} cwd
 * @param {string[]} args
 */
async function git(cwd, ...args) {
  const about = { file: `git ${args.join(" ")}`, remedy: "Check that --root is a clone" };
  const { stdout } = await mustRun("git", args, { cwd }, { ...about, exitCode: 2 });
  return stdout;
}
