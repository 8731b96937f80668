import { pathToFileURL } from "node:url";

// Runs `redocly diff` in many folders, one after the other, in one process: starting its CLI takes a
// hundred times as long as a diff. The CLI has no entry point besides its main program, so that is
// imported again for each folder.

const [, , cli = "", command = "", ...folders] = process.argv;

for (const [index, folder] of folders.entries()) {
  process.chdir(folder);
  process.argv = [process.execPath, "redocly", ...command.split(" ")];
  // The CLI exits the process after a diff.
  const finished = new Promise((resolve) => {
    process.exit = /** @type {typeof process.exit} */ (resolve);
  });
  await import(`${pathToFileURL(cli).href}?${index}`);
  await finished;
}
