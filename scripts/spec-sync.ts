import { writeFile } from "node:fs/promises";
import { resolve } from "node:path";
import { defineCommand, runMain, wrongUsage } from "./command/define-command.js";
import { rootOption } from "./command/repository.js";
import { publicForm } from "./description/acquire.ts";
import { readProject } from "./description/project.ts";
import { isFetched } from "./description/sources.ts";
import { sync } from "./sync/sync.ts";

const usage = `pnpm spec:sync [<api>=<url>]… [--urls LIST] [--report FILE] [--root DIR] [--json]

Pulls every API of redocly.yaml from its last URLs, and runs generate, build, typecheck:all, spec:diff
and release:plan if anything changed; if nothing did, generate --check. URLs that are given for an API
replace the URLs of all its sources.

  --urls LIST    more <api>=<url> pairs, separated by spaces; may be empty
  --report FILE  write what changed, what stopped, and what a person has to do to this file, in Markdown
  --root DIR     a folder with a redocly.yaml and a spec/ (default: this repository)
  --json         print one JSON object

Exit codes: 0 fine, 1 a finding, 2 wrong usage or environment.`;

export const specSync = defineCommand(
  usage,
  {
    root: rootOption,
    report: { type: "string" },
    urls: { type: "string", default: "" },
  },
  async ({ values, positionals }, stage) => {
    const root = resolve(values.root);
    const names = (await readProject(root)).apis.map(({ name }) => name);
    const urlsByApi = new Map<string, string[]>();
    for (const argument of [...positionals, ...values.urls.split(/\s+/u).filter(Boolean)]) {
      const [, api = "", url = ""] = /^([^=]+)=(.+)$/su.exec(argument) ?? [];
      if (!names.includes(api)) {
        const shown = publicForm(argument);
        const known = names.join(" or ");
        throw wrongUsage(`${shown} is not of the form <api>=<url>, where <api> is ${known}`, usage);
      }
      if (!isFetched(url))
        throw wrongUsage(`${url} is not a URL; pull a file with pnpm spec:pull`, usage);
      urlsByApi.set(api, [...(urlsByApi.get(api) ?? []), url]);
    }
    const { changed, lines, report, error } = await sync(root, urlsByApi, stage);
    if (values.report !== undefined) await writeFile(values.report, report);
    if (error !== undefined) throw error;
    return { lines, data: { changed } };
  },
);

await runMain(import.meta.url, specSync);
