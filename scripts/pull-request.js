import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { ScriptError, runEntryScript } from "./command/end.js";
import { proposeChange } from "./proposal/propose.js";

const usage = `npm run pull-request -- <branch> <folder> --title TITLE [--root DIR]

Takes the change that "npm run change -- <folder>" wrote to a branch, opens the one pull request from
there to main or updates it, and starts CI on it. Works in GitHub Actions, with GH_TOKEN set. It runs
nothing that was installed, and takes no file that this branch is not for: spec-sync brings spec/,
generated/ and changesets, release brings versions, changelogs and what is released.

A branch to which somebody else has committed is left alone: what changes meanwhile is proposed
after it is merged.

  --root DIR  the clone (default: this one)

Exit codes: 0 fine, 1 the change has what the branch is not for, 2 wrong usage or environment.`;

const repository = fileURLToPath(new URL("..", import.meta.url));

await runEntryScript(async () => {
  const { values, positionals } = parseArgs({
    options: {
      title: { type: "string" },
      root: { type: "string", default: repository },
      help: { type: "boolean" },
    },
    allowPositionals: true,
  });
  if (values.help) return console.log(usage);
  const [branch, folder, ...rest] = positionals;
  const { title } = values;
  if (branch === undefined || folder === undefined || rest.length > 0 || title === undefined) {
    throw new ScriptError(2, `It takes a branch, a folder and a title. Write ${usage}`);
  }
  console.log(await proposeChange(resolve(values.root), branch, resolve(folder), title));
});
