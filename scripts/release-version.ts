import { copyFile, mkdir, readdir, rm, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import applyReleasePlan from "@changesets/apply-release-plan";
import { read as readConfig } from "@changesets/config";
import getReleasePlan from "@changesets/get-release-plan";
import { getPackages } from "@manypkg/get-packages";
import { CommandError } from "./command/problem.ts";
import { checkNoPositionals, defineCommand, type Command } from "./command/define-command.ts";
import { runMain } from "./command/entry-script.js";
import { rootOption } from "./command/repository.js";
import { readProject } from "./description/project.ts";
import { checkBuilt } from "./judge/released.ts";
import {
  readClientPackages,
  readReleasedPackages,
  type ClientPackage,
} from "./packages/client-packages.ts";
import { checkChangesets } from "./release/changeset.ts";
import { readVersions, reportVersions } from "./release/versions.ts";

const usage = `pnpm release:version [--report FILE] [--root DIR] [--json]

Turns the pending changesets into versions and changelogs. For each package that is generated from an
API and gets a new version, stores its effective description and its public declarations in its
released/: later changes are judged against them. The packages must be built.

  --report FILE  write the new versions and their changelogs to this file, in Markdown
  --root DIR     the repository (default: this one)
  --json         print one JSON object: { changed: [<package>] }

Exit codes: 0 fine, 1 a wrong changeset, 2 wrong usage or environment.`;

export const releaseVersion: Command = defineCommand(
  usage,
  { root: rootOption, report: { type: "string" } },
  async ({ values, positionals }) => {
    checkNoPositionals(positionals, usage);
    const root = resolve(values.root);
    const project = await readProject(root);
    const clients = await readClientPackages(project);
    for (const { folder } of clients) checkBuilt(root, folder);
    await checkChangesets(root, await readReleasedPackages(project));

    const before = await readVersions(root);
    await applyChangesets(root);
    const after = await readVersions(root);
    const changed = [...after.keys()].filter((folder) => after.get(folder) !== before.get(folder));

    const released = clients.filter(({ folder }) => changed.includes(folder));
    for (const client of released) await keepReleased(root, client);
    if (values.report !== undefined) {
      await writeFile(values.report, await reportVersions(root, changed));
    }
    const lines = released.map(({ folder }) => `Stored what is released in ${folder}/released/`);
    return {
      lines: changed.length === 0 ? ["Every package keeps its version"] : lines,
      data: { changed },
    };
  },
);

await runMain(import.meta.url, releaseVersion);

/** Does what `changeset version` does, by the libraries that it consists of. */
async function applyChangesets(root: string): Promise<void> {
  try {
    const packages = await getPackages(root);
    const plan = await getReleasePlan(root);
    // Leaving a pre-release raises versions without any changeset.
    if (plan.changesets.length === 0 && plan.preState?.mode !== "exit") return;
    const config = await readConfig(root, packages);
    await applyReleasePlan(plan, packages, config, undefined, import.meta.dirname);
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    const remedy = "Fix the changesets that it names";
    throw new CommandError({ file: ".changeset/", fault: error.message, remedy });
  }
}

async function keepReleased(root: string, { folder, api }: ClientPackage): Promise<void> {
  const [dist, released] = [join(root, folder, "dist"), join(root, folder, "released")];
  await rm(released, { recursive: true, force: true });
  await mkdir(released);
  const declarations = (await readdir(dist)).filter((file) => file.endsWith(".d.ts"));
  for (const file of declarations) await copyFile(join(dist, file), join(released, file));
  await copyFile(join(root, `generated/${api}/openapi.json`), join(released, "openapi.json"));
}
