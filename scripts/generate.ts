import { resolve } from "node:path";
import { checkNoPositionals, defineCommand, runMain } from "./command/define-command.js";
import { repository, rootOption } from "./command/repository.js";
import { generate } from "./emit/generate.ts";
import { digestOfInputs, writeStamp } from "./emit/stamp.js";

const usage = `pnpm generate [--root DIR] [--check] [--json]

Writes generated/<api>/ from spec/<api>/, for every API of redocly.yaml.

  --root DIR  a folder with a redocly.yaml and a spec/ (default: this repository)
  --check     write nothing; exit with 1 and say why if anything would change
  --json      print one JSON object

Exit codes: 0 fine, 1 a finding, 2 wrong usage or environment.`;

export const generateCommand = defineCommand(
  usage,
  { root: rootOption, check: { type: "boolean", default: false } },
  async ({ values, positionals }, stage) => {
    checkNoPositionals(positionals, usage);
    const root = resolve(values.root);
    const inputs = digestOfInputs(root);
    const outcome = await generate(root, values.check, stage);
    // The stamp covers this repository's scripts, not those of another root.
    if (root === resolve(repository) && !values.check) writeStamp(root, inputs, outcome);
    return outcome;
  },
);

await runMain(import.meta.url, generateCommand);
