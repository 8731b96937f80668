import { readdir } from "node:fs/promises";
import { join, resolve } from "node:path";
import { startBrowser } from "./browser/browser.ts";
import { checkSite, type SiteCheck } from "./browser/check-site.ts";
import { checkFaultySite } from "./browser/faulty-site.ts";
import { checkReport, writeReportPages } from "./browser/report-pages.ts";
import { takeScreenshots } from "./browser/screenshots.ts";
import { searchApi, searchClient } from "./browser/try-search.ts";
import { CommandError, escapeControls, type Problem } from "./command/problem.js";
import { checkNoPositionals, defineCommand, runMain } from "./command/define-command.js";
import { repository } from "./command/repository.js";
import { makeTemporaryFolder } from "./command/temporary-folder.ts";

const usage = `npm run test:docs -- [--screenshots DIR] [--json]

Builds the site and opens every page in Chromium, which must be installed on the system. There must be no
error in the console, no request elsewhere, no link that leads nowhere, and nothing wider than a phone.
The searches of the references have to find a field and a method. The same goes for reports of
spec:report, whatever the vendor wrote.

  --screenshots DIR  write pictures of the pages to this folder: light, dark, and on a phone
  --json             print one JSON object

Exit codes: 0 fine, 1 a page has a fault, 2 wrong usage or environment.`;

const references = ["api/audit-logs.html", "client/index.html"];

const testDocs = defineCommand(
  usage,
  { screenshots: { type: "string" } },
  async ({ values, positionals }, stage) => {
    checkNoPositionals(positionals, usage);
    const site = join(repository, "site");
    await using reports = await makeTemporaryFolder("reports");
    await using browser = await startBrowser();
    const known = await stage("what the check finds", () => checkFaultySite(browser));
    const siteCheck = await stage("site", () =>
      checkSite(browser, site, {
        "api/audit-logs.html": (page) => searchApi(page, "job_id", /#\/.*get_export_job_status/u),
        "client/index.html": (page) =>
          searchClient(page, "waitForExportJob", /AuditLogsClient\.html#waitforexportjob/u),
      }),
    );
    const reportCheck = await stage("reports of spec:report", async () => {
      await writeReportPages(repository, reports.path);
      return checkSite(browser, reports.path, {
        "report.html": checkReport,
        "hostile.html": checkReport,
      });
    });
    const { screenshots } = values;
    if (screenshots !== undefined) {
      const own = (await readdir(site)).filter((file) => file.endsWith(".html"));
      await stage("screenshots", async () => {
        await takeScreenshots(browser, site, [...own, ...references], resolve(screenshots));
        await takeScreenshots(
          browser,
          reports.path,
          ["report.html", "stopped.html"],
          resolve(screenshots),
        );
      });
    }
    const problems = [
      ...problemsOf("site", siteCheck, "Correct what scripts/docs/ makes of it, or its source"),
      ...problemsOf("spec:report", reportCheck, "Correct scripts/report/"),
    ];
    if (problems.length > 0) throw new CommandError(problems);
    const pages = siteCheck.pages + reportCheck.pages;
    const links = siteCheck.links + reportCheck.links;
    return {
      lines: [
        `Checked ${pages} pages and ${links} links: no faults. The self-test found all ${known} planted faults`,
      ],
      data: { pages, links },
    };
  },
);

await runMain(import.meta.url, testDocs);

function problemsOf(folder: string, { faults }: SiteCheck, remedy: string): Problem[] {
  return faults.map(({ page, fault }) => ({
    file: `${folder}/${page}`,
    fault: escapeControls(fault),
    remedy,
  }));
}
