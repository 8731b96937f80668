import { resolve } from "node:path";
import { defineCommand, runMain, wrongUsage } from "./command/define-command.js";
import { rootOption } from "./command/repository.js";
import { checkPulled, pull } from "./description/pull.ts";

const usage = `pnpm spec:pull <api> <page-or-file-or-url>… [--add] [--keep-query] [--root DIR]
                 [--json]
       pnpm spec:pull --check [--root DIR] [--json]

Pulls an API's description into spec/<api>/: its sources, the description made from them, and where
they came from. Sources are docs pages in Markdown, or descriptions in JSON or YAML.

  --add         keep the API's existing sources, and add these; one with the same URL or file name is
                replaced
  --keep-query  keep the query of a URL in sources.json; it may be a secret
  --root DIR    a folder with a redocly.yaml and a spec/ (default: this repository)
  --check       write nothing; exit with 1 if spec/ differs from what was pulled
  --json        print one JSON object

A URL must be https and on the public internet, like all its redirects, or on loopback.

Exit codes: 0 fine, 1 a finding, 2 wrong usage or environment.`;

export const specPull = defineCommand(
  usage,
  {
    root: rootOption,
    check: { type: "boolean", default: false },
    add: { type: "boolean", default: false },
    "keep-query": { type: "boolean", default: false },
  },
  async ({ values, positionals }) => {
    const root = resolve(values.root);
    const [name, ...sources] = positionals;
    if (values.check && name === undefined) return checkPulled(root);
    if (values.check || name === undefined || sources.length === 0 || sources.includes("")) {
      throw wrongUsage("It takes the name of an API, and files or URLs", usage);
    }
    return pull(root, name, sources, { add: values.add, keepsQuery: values["keep-query"] });
  },
);

await runMain(import.meta.url, specPull);
