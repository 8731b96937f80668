import { mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { CommandError } from "../command/problem.js";
import { lastLines } from "../command/program.js";
import { runCommand } from "../command/run-script.ts";
import { parse } from "../description/read.ts";
import { objectOf } from "../description/tree.ts";
import { specReport } from "../spec-report.ts";
import { readRepository, write, type Files } from "../fixtures/project.ts";
import { hostileProject, stoppedProject } from "../fixtures/hostile-project.ts";

/** Writes reports to a folder. In two of them, the vendor tries to take over the page. */
export async function writeReportPages(root: string, folder: string): Promise<void> {
  const projects: Readonly<Record<string, Files>> = {
    "report.html": await changedRepository(root),
    "hostile.html": hostileProject,
    "stopped.html": stoppedProject,
  };
  await mkdir(folder, { recursive: true });
  for (const [file, files] of Object.entries(projects)) {
    const project = join(folder, file.replace(".html", ""));
    await write(project, files);
    const args = ["--root", project, "--out", join(folder, file)];
    const result = await runCommand(specReport, args);
    if (result.exitCode === 0) continue;
    const fault = `It cannot be written: ${lastLines(result)}`;
    throw new CommandError({ file, fault, remedy: "Correct scripts/report/" });
  }
}

/** This repository's description, as if the last release had been of another. */
async function changedRepository(root: string): Promise<Files> {
  const file = "generated/audit-logs/openapi.json";
  const released = parse(file, await readFile(join(root, file), "utf8"));
  const { paths } = released;
  const [[, first] = []] = Object.entries(objectOf(paths));
  const gone = { "/api/audit-logs/gone": first ?? {} };
  const { "/api/audit-logs": _added, ...others } = objectOf(paths);
  const manifest = parse(
    "package.json",
    await readFile(join(root, "packages/client/package.json"), "utf8"),
  );
  return {
    ...(await readRepository()),
    "packages/client/package.json": JSON.stringify({ ...manifest, version: "0.1.0" }),
    "packages/client/released/openapi.json": JSON.stringify({
      ...released,
      paths: { ...others, ...gone },
    }),
  };
}

/** Proves that a report is what this repository wrote, and shows the page of redocly diff. */
export async function checkReport(page: Page): Promise<void> {
  const title = await page.title();
  if (title !== "What the vendor changed") throw new Error(`Its title has become ${title}`);
  await page.frameLocator("iframe").getByRole("heading", { name: "API diff" }).waitFor();
  if (page.frames().length !== 2) throw new Error(`It has ${page.frames().length} frames`);
}
