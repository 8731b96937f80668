import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { runMain, verb, type Verb, wrongUsage } from "./command/run.ts";
import { checkPulled, pull } from "./description/pull.ts";

const usage = `pnpm spec:pull <api> <page-or-file-or-url>… [--add] [--keep-query] [--root DIR]
                 [--json]
       pnpm spec:pull --check [--root DIR] [--json]

Takes an API's description into spec/<api>/: the sources that hold it, the description that they
amount to, and where they came from. Docs pages in Markdown, or descriptions in JSON or YAML.

  --add         keep the sources that the API has, and add these
  --keep-query  keep the query of an address in sources.json; it may be a secret
  --root DIR    a folder with a redocly.yaml and a spec/ (default: this repository)
  --check       write nothing; exit with 1 if spec/ does not hold what was pulled
  --json        print one JSON object

An address is https and on the public internet, and so is all that it redirects to, or it is on loopback.

Exit codes: 0 fine, 1 a finding, 2 wrong usage or environment.`;

const repository = fileURLToPath(new URL("..", import.meta.url));

export const specPull: Verb = verb(
  usage,
  {
    root: { type: "string", default: repository },
    check: { type: "boolean", default: false },
    add: { type: "boolean", default: false },
    "keep-query": { type: "boolean", default: false },
  },
  async ({ values, positionals }) => {
    const root = resolve(values.root);
    const [name, ...sources] = positionals;
    if (values.check && name === undefined) return checkPulled(root);
    if (values.check || name === undefined || sources.length === 0) {
      throw wrongUsage("It takes the name of an API, and files or addresses", usage);
    }
    return pull(root, name, sources, { add: values.add, keepsQuery: values["keep-query"] });
  },
);

await runMain(import.meta.url, specPull);
