import { copyFile, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { End } from "../command/end.js";
import { lastLines, runProgram } from "../command/program.js";

/**
 * Writes what changed in a work tree, new files included, and the text of its pull request.
 *
 * @param {string} root the clone
 * @param {string} folder
 * @param {string} text its path
 */
export async function writeChange(root, folder, text) {
  await git(root, "add", "--all");
  const patch = await git(root, "diff", "--cached", "--binary", "--no-renames");
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, "change.patch"), patch);
  await copyFile(text, join(folder, "text.md"));
}

/**
 * @param {string} cwd
 * @param {string[]} args
 */
async function git(cwd, ...args) {
  const ended = await runProgram("git", args, { cwd });
  if (ended.exitCode === 0) return ended.stdout;
  throw new End(2, `git: ${args.join(" ")} failed: ${lastLines(ended)}`);
}
