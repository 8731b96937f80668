import { resolve } from "node:path";
import { defineCommand, runMain, wrongUsage } from "./command/define-command.js";
import { rootOption } from "./command/repository.js";
import { writeChange } from "./proposal/write.js";

const usage = `npm run change -- <folder> --text FILE [--root DIR] [--json]

Writes the changes in the work tree, including new files, and the text of their pull request to a
folder, as change.patch and text.md, for "npm run pull-request" in a job that installs nothing.

  --root DIR  the clone (default: this one)
  --json      print one JSON object

Exit codes: 0 fine, 2 wrong usage or environment.`;

export const change = defineCommand(
  usage,
  { text: { type: "string" }, root: rootOption },
  async ({ values, positionals }) => {
    const [folder, ...rest] = positionals;
    if (folder === undefined || values.text === undefined || rest.length > 0) {
      throw wrongUsage("It takes a folder, and --text with a file", usage);
    }
    await writeChange(resolve(values.root), folder, values.text);
    return { lines: [], data: {} };
  },
);

await runMain(import.meta.url, change);
