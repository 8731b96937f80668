import { readdir } from "node:fs/promises";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { startBrowser } from "./browser/browser.ts";
import { checkSite } from "./browser/check-site.ts";
import { checkFaultySite } from "./browser/faulty-site.ts";
import { takeScreenshots } from "./browser/screenshots.ts";
import { searchApi, searchClient } from "./browser/try-search.ts";
import { CommandError, escapeControls } from "./command/problem.ts";
import { runMain, verb, type Verb, wrongUsage } from "./command/run.ts";

const usage = `npm run test:docs [-- --screenshots DIR] [--json]

Builds the site and opens every page in Chromium, which must be installed on the system. There may be no
error in the console, no request elsewhere, no link that leads nowhere, and nothing wider than a phone.
The searches of the references have to find a field and a method.

  --screenshots DIR  write pictures of the pages to this folder: light, dark, and on a phone
  --json             print one JSON object

Exit codes: 0 fine, 1 a page has a fault, 2 wrong usage or environment.`;

const repository = fileURLToPath(new URL("..", import.meta.url));
const references = ["api/audit-logs.html", "client/index.html"];

export const testDocs: Verb = verb(
  usage,
  { screenshots: { type: "string" } },
  async ({ values, positionals }, stage) => {
    if (positionals.length > 0) throw wrongUsage("It takes only options", usage);
    const site = join(repository, "site");
    const browser = await startBrowser();
    try {
      const caseCount = await stage("what the check finds", () => checkFaultySite(browser));
      const { pages, links, faults } = await stage("site", () =>
        checkSite(browser, site, {
          "api/audit-logs.html": (page) => searchApi(page, "job_id", /#\/.*get_export_job_status/u),
          "client/index.html": (page) =>
            searchClient(page, "waitForExportJob", /AuditLogsClient\.html#waitforexportjob/u),
        }),
      );
      const { screenshots } = values;
      if (screenshots !== undefined) {
        const own = (await readdir(site)).filter((file) => file.endsWith(".html"));
        await stage("screenshots", () =>
          takeScreenshots(browser, site, [...own, ...references], resolve(screenshots)),
        );
      }
      if (faults.length === 0) {
        const line = `${pages} pages with ${links} links have no fault; ${caseCount} pages with a fault were found`;
        return { lines: [line], data: { pages, links } };
      }
      throw new CommandError(
        faults.map(({ page, fault }) => ({
          file: `site/${page}`,
          fault: escapeControls(fault),
          remedy: "Correct what scripts/docs/ makes of it, or its source",
        })),
      );
    } finally {
      await browser.close();
    }
  },
);

await runMain(import.meta.url, testDocs);
