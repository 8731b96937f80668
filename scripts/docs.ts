import { checkNoPositionals, defineCommand, runMain } from "./command/define-command.js";
import { repository } from "./command/repository.js";
import { buildSite } from "./docs/build-site.ts";

const usage = `npm run docs -- [--json]

Builds a site for people who use the packages: site/index.html. It loads nothing from elsewhere, so that
any web server can serve it, and a browser can open it from the disk.

  --json  print one JSON object

Exit codes: 0 fine, 1 a finding, 2 wrong usage or environment.`;

const docs = defineCommand(usage, {}, async ({ positionals }, stage) => {
  checkNoPositionals(positionals, usage);
  await buildSite(repository, stage);
  return { lines: ["The site is in site/index.html"], data: { file: "site/index.html" } };
});

await runMain(import.meta.url, docs);
