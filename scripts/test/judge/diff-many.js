import { pathToFileURL } from "node:url";

// Runs `redocly diff` in many folders, one after the other, in one process: the start of its CLI takes
// a hundred times as long as a diff. The CLI has no other entry than its main program, so this is
// loaded anew for each folder.

const [, , cli = "", command = "", ...folders] = process.argv;

for (const [turn, folder] of folders.entries()) {
  process.chdir(folder);
  process.argv = [process.execPath, "redocly", ...command.split(" ")];
  // The CLI ends the process when it has diffed.
  const ended = new Promise((resolve) => {
    process.exit = /** @type {typeof process.exit} */ (resolve);
  });
  await import(`${pathToFileURL(cli).href}?${turn}`);
  await ended;
}
