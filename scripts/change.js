import { copyFile, mkdir, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { End, endWith } from "./command/end.js";
import { lastLines, runProgram } from "./command/program.js";

const usage = `npm run change -- <folder> --text FILE [--root DIR]

Writes what changed in the work tree, new files included, and the text of its pull request into a
folder, for "npm run pull-request" in a job that installs nothing: change.patch and text.md.

  --root DIR  the clone (default: this one)

Exit codes: 0 fine, 2 wrong usage or environment.`;

const repository = fileURLToPath(new URL("..", import.meta.url));

await endWith(async () => {
  const { values, positionals } = parseArgs({
    options: {
      text: { type: "string" },
      root: { type: "string", default: repository },
      help: { type: "boolean" },
    },
    allowPositionals: true,
  });
  if (values.help) return console.log(usage);
  const [folder] = positionals;
  if (folder === undefined || values.text === undefined) {
    throw new End(2, `It takes a folder and a text. Write ${usage}`);
  }
  const cwd = resolve(values.root);
  await git(cwd, "add", "--all");
  const patch = await git(cwd, "diff", "--cached", "--binary", "--no-renames");
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, "change.patch"), patch);
  await copyFile(values.text, join(folder, "text.md"));
});

/**
 * @param {string} cwd
 * @param {string[]} args
 */
async function git(cwd, ...args) {
  const ended = await runProgram("git", args, { cwd });
  if (ended.exitCode === 0) return ended.stdout;
  throw new End(2, `git: ${args.join(" ")} failed: ${lastLines(ended)}`);
}
