import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { ScriptError, entryScript, runMain } from "./command/end.js";
import { writeChange } from "./proposal/write.js";

const usage = `npm run change -- <folder> --text FILE [--root DIR]

Writes the changes in the work tree, including new files, and the text of their pull request to a
folder, as change.patch and text.md, for "npm run pull-request" in a job that installs nothing.

  --root DIR  the clone (default: this one)

Exit codes: 0 fine, 2 wrong usage or environment.`;

const repository = fileURLToPath(new URL("..", import.meta.url));

export const change = entryScript(async (args, output) => {
  const { values, positionals } = parseArgs({
    args,
    options: {
      text: { type: "string" },
      root: { type: "string", default: repository },
      help: { type: "boolean" },
    },
    allowPositionals: true,
  });
  if (values.help) return output.print(usage);
  const [folder] = positionals;
  if (folder === undefined || values.text === undefined) {
    throw new ScriptError(2, `It takes a folder and the file of a text. Write ${usage}`);
  }
  await writeChange(resolve(values.root), folder, values.text);
});

await runMain(import.meta.url, change);
