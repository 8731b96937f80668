import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import readChangesets from "@changesets/read";
import { readProject } from "../description/project.ts";
import { readReleasedPackages } from "../packages/client-packages.ts";
import { readPreReleased } from "../release/pre-release.js";

/** Returns what changed in each package, and what its next release will change, as Markdown. */
export async function readChanges(root: string): Promise<string> {
  const packages = await readReleasedPackages(await readProject(root));
  const preReleased = await readPreReleased(root);
  const changesets = (await readChangesets(root)).filter(({ id }) => !preReleased.has(id));
  const sections = packages.map(async ({ name, folder }) => {
    const pending = changesets.flatMap(({ summary, releases }) =>
      releases.some((release) => release.name === name) ? [summary] : [],
    );
    const file = join(root, folder, "CHANGELOG.md");
    const changelog = existsSync(file) ? await readFile(file, "utf8") : "";
    // Its title is this section's, so its headings go down by one level.
    const releases = changelog
      .replace(/^# .+$/mu, "")
      .replace(/^#(?=#+ )/gmu, "##")
      .trim();
    const next = pending.length === 0 ? [] : ["### Not released yet", ...pending];
    const all = [...next, ...(releases === "" ? [] : [releases])];
    return [`## ${name}`, ...(all.length === 0 ? ["No release yet."] : all)].join("\n\n");
  });
  return `# What changed\n\n${(await Promise.all(sections)).join("\n\n")}\n`;
}
