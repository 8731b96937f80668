import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { runMain, verb, type Verb, wrongUsage } from "./command/run.ts";
import { checkPulled, pull } from "./description/pull.ts";

const usage = `pnpm spec:pull <api> <file-or-url> [--root DIR] [--json]
       pnpm spec:pull --check [--root DIR] [--json]

Takes an API's description into spec/<api>/: the page that holds it, the description in the page,
and where it came from. A docs page in Markdown, or a description in JSON or YAML.

  --root DIR  a folder with a redocly.yaml and a spec/ (default: this repository)
  --check     write nothing; exit with 1 if spec/ does not hold what was pulled
  --json      print one JSON object

Exit codes: 0 fine, 1 a finding, 2 wrong usage or environment.`;

const repository = fileURLToPath(new URL("..", import.meta.url));

export const specPull: Verb = verb(
  usage,
  { root: { type: "string", default: repository }, check: { type: "boolean", default: false } },
  async ({ values, positionals }) => {
    const root = resolve(values.root);
    const [name, source, ...rest] = positionals;
    if (values.check && name === undefined) return checkPulled(root);
    if (values.check || name === undefined || source === undefined || rest.length > 0) {
      throw wrongUsage("It takes the name of an API and a file or an address", usage);
    }
    return pull(root, name, source);
  },
);

await runMain(import.meta.url, specPull);
