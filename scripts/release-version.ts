import { readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import applyReleasePlan from "@changesets/apply-release-plan";
import { read as readConfig } from "@changesets/config";
import getReleasePlan from "@changesets/get-release-plan";
import { getPackages } from "@manypkg/get-packages";
import { CommandError } from "./command/problem.js";
import { checkNoPositionals, defineCommand, runMain } from "./command/define-command.js";
import { runProgram } from "./command/program.js";
import { rootOption } from "./command/repository.js";
import { holdSignals } from "./command/session.js";
import { writeAll } from "./command/write.ts";
import { readProject } from "./description/project.ts";
import { generate } from "./emit/generate.ts";
import { checkBuilt } from "./judge/released.ts";
import {
  readClientPackages,
  readReleasedPackages,
  type ClientPackage,
} from "./packages/client-packages.ts";
import { checkPlans } from "./release/plan-packages.ts";
import { readVersions, reportVersions } from "./release/versions.ts";

const usage = `pnpm release:version [--report FILE] [--root DIR] [--json]

Turns the pending changesets into versions and changelogs. For each package that is generated from an
API and gets a new version, stores its effective description and its public declarations in its
released/: later changes are judged against them. The packages must be built, and generated/ and the
plan up to date: otherwise nothing changes.

  --report FILE  write the new versions and their changelogs to this file, in Markdown
  --root DIR     the repository (default: this one)
  --json         print one JSON object: { changed: [<package>] }

Exit codes: 0 fine, 1 a finding, such as a wrong changeset, 2 wrong usage or environment.`;

export const releaseVersion = defineCommand(
  usage,
  { root: rootOption, report: { type: "string" } },
  async ({ values, positionals }, stage) => {
    checkNoPositionals(positionals, usage);
    const root = resolve(values.root);
    const project = await readProject(root);
    const clients = await readClientPackages(project);
    // Everything is read and checked before anything changes.
    for (const { folder } of clients) checkBuilt(root, folder);
    await generate(root, true, stage);
    await checkPlans(project, clients, await readReleasedPackages(project), stage);
    const contents = await Promise.all(clients.map((client) => readContent(root, client)));
    const before = await readVersions(root);
    const applyChangesets = await readChangesets(root);
    if (values.report !== undefined) await writeFile(values.report, "");

    const { changed, released } = await holdSignals(async () => {
      await applyChangesets();
      const after = await readVersions(root);
      const raised = [...after.keys()].filter((folder) => after.get(folder) !== before.get(folder));
      const kept = contents.filter(({ folder }) => raised.includes(folder));
      for (const content of kept) await keepReleased(root, content);
      return { changed: raised, released: kept };
    });
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

/** Prepares what `changeset version` does, by the libraries that it consists of. */
async function readChangesets(root: string): Promise<() => Promise<unknown>> {
  try {
    const packages = await getPackages(root);
    const plan = await getReleasePlan(root);
    const config = await readConfig(root, packages);
    // Leaving a pre-release raises versions without any changeset.
    if (plan.changesets.length === 0 && plan.preState?.mode !== "exit") return async () => {};
    await checkHistory(root);
    // It also raises those of private packages, against `privatePackages` of the configuration.
    const isPrivate = (name: string): boolean =>
      packages.packages.some(({ packageJson: own }) => own.name === name && own.private === true);
    const releases = plan.releases.filter(({ name }) => !isPrivate(name));
    return () =>
      applyReleasePlan({ ...plan, releases }, packages, config, undefined, import.meta.dirname);
  } catch (error) {
    if (!(error instanceof Error) || error instanceof CommandError) throw error;
    const remedy = "Fix the changesets that it names";
    throw new CommandError({ file: ".changeset/", fault: error.message, remedy });
  }
}

/** The changelog names the commits of the changesets. In a shallow clone, the library fetches until it finds them. */
async function checkHistory(root: string): Promise<void> {
  const args = ["rev-parse", "--is-shallow-repository"];
  const { stdout } = await runProgram("git", args, { cwd: root }).catch(() => ({ stdout: "" }));
  if (stdout.trim() !== "true") return;
  const fault = "The clone is shallow, so it may lack the commits of the changesets";
  throw new CommandError({ file: ".git/shallow", fault, remedy: "Run git fetch --unshallow" }, 2);
}

/** What a package's folder `released/` contains once its version is raised: paths from the root. */
interface Content {
  readonly folder: string;
  readonly files: ReadonlyMap<string, Buffer>;
}

async function readContent(root: string, { folder, api }: ClientPackage): Promise<Content> {
  const declarations = (await readdir(join(root, folder, "dist")))
    .filter((file) => file.endsWith(".d.ts"))
    .map((file) => [`${folder}/released/${file}`, `${folder}/dist/${file}`] as const);
  const description = [`${folder}/released/openapi.json`, `generated/${api}/openapi.json`] as const;
  const files = [...declarations, description].map(
    async ([to, from]) => [to, await readFile(join(root, from))] as const,
  );
  return { folder, files: new Map(await Promise.all(files)) };
}

async function keepReleased(root: string, { folder, files }: Content): Promise<void> {
  const released = `${folder}/released`;
  await writeAll(root, released, files);
  for (const file of await readdir(join(root, released))) {
    if (!files.has(`${released}/${file}`))
      await rm(join(root, released, file), { recursive: true });
  }
}
