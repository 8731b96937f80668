import { readFile } from "node:fs/promises";
import { pathToFileURL } from "node:url";

// Runs `redocly diff` in many folders, one after the other, in one process: the start of its CLI takes
// a hundred times as long as a diff. The CLI has no other entry than its main program, so this is
// loaded anew for each folder.

const [, , cli = "", command = "", ...folders] = process.argv;

// The CLI ends the process when it has diffed.
process.exit = /** @type {typeof process.exit} */ (/** @type {unknown} */ (() => undefined));

for (const [turn, folder] of folders.entries()) {
  process.chdir(folder);
  process.argv = [process.execPath, "redocly", ...command.split(" ")];
  await import(`${pathToFileURL(cli).href}?${turn}`);
  while (!(await isWhole("report.json"))) await new Promise(setImmediate);
}

/** @param {string} file */
async function isWhole(file) {
  try {
    JSON.parse(await readFile(file, "utf8"));
    return true;
  } catch {
    return false;
  }
}
