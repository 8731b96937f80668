import { readFile, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { defineCommand, runMain } from "./command/define-command.js";
import { rootOption } from "./command/repository.js";
import { readProject, selectApis } from "./description/project.ts";
import { readClientPackages } from "./packages/client-packages.ts";
import { gather, type ApiReport } from "./report/gather.ts";
import { writePage } from "./report/write-page.ts";

const usage = `pnpm spec:report [<api>…] [--out FILE] [--root DIR] [--json]

Writes one HTML file for the person who decides about a change of the vendor: what was released and what
is there now, the judge's verdict and its reasons next to the page of redocly diff, which operations are
not supported, and which overlay actions no longer apply. It also works if the change stops the pipeline.

  --out FILE  the file (default: spec-report.html)
  --root DIR  a folder with a redocly.yaml and a spec/ (default: this repository)
  --json      print one JSON object: { file, apis: [{ api, bump, problems }] }

Exit codes: 0 the file is written, 1 a finding, 2 wrong usage or environment.`;

export const specReport = defineCommand(
  usage,
  {
    root: rootOption,
    out: { type: "string", default: "spec-report.html" },
  },
  async ({ values, positionals }, stage) => {
    const root = resolve(values.root);
    const project = await readProject(root);
    const apis = selectApis(project, positionals, usage);
    const packages = await readClientPackages(project);
    const reports: ApiReport[] = [];
    for (const api of apis) {
      const client = packages.find((candidate) => candidate.api === api.name);
      reports.push(await gather(root, api, client, stage));
    }
    const styles = ["docs/theme.css", "report/style.css"].map((file) =>
      readFile(join(import.meta.dirname, file), "utf8"),
    );
    await writeFile(values.out, writePage(reports, (await Promise.all(styles)).join("\n")));
    return {
      lines: [`The report is in ${values.out}`],
      data: {
        file: values.out,
        apis: reports.map(({ api, judgement, problems }) => ({
          api,
          bump: judgement?.verdict.bump,
          problems: problems.length,
        })),
      },
    };
  },
);

await runMain(import.meta.url, specReport);
