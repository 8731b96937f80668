import { mkdir, rm, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { escapeControls } from "./command/problem.js";
import { defineCommand, runMain, type Outcome } from "./command/define-command.js";
import { rootOption } from "./command/repository.js";
import { readProject } from "./description/project.ts";
import { readReleasedPackages, selectPackages } from "./packages/client-packages.ts";
import { checkPlans, planPackages, toData, type Plan } from "./release/plan-packages.ts";

const usage = `pnpm release:plan [<api>…] [--root DIR] [--check] [--json]

Judges what changed since the last release of each package that is generated from an API, and writes
.changeset/<package>-api-description.md: the bump of its version, and what the changes mean for its
users. A package that includes the same description, and was released before, gets a bump, too. With
names, only for the packages of these APIs.

  --root DIR  the repository (default: this one)
  --check     write nothing; exit with 1 if a changeset differs from the plan, or can release nothing
  --json      print one JSON object: { packages: [{ name, bump, reasons, changeset }] }

Exit codes: 0 fine, 1 a finding, 2 wrong usage or environment.`;

export const releasePlan = defineCommand(
  usage,
  { root: rootOption, check: { type: "boolean", default: false } },
  async ({ values, positionals }, stage) => {
    const root = resolve(values.root);
    const clients = await selectPackages(root, positionals, usage);
    const project = await readProject(root);
    const packages = await readReleasedPackages(project);
    const planAll = values.check ? checkPlans : planPackages;
    const plans = await planAll(project, clients, packages, stage);
    for (const each of plans) await write(root, each);
    return report(plans);
  },
);

await runMain(import.meta.url, releasePlan);

async function write(root: string, { file, text, orphans, isFresh }: Plan): Promise<void> {
  const gone = text === undefined ? [file, ...orphans] : orphans;
  for (const each of gone) await rm(join(root, each), { force: true });
  if (text === undefined || isFresh) return;
  await mkdir(join(root, dirname(file)), { recursive: true });
  await writeFile(join(root, file), text);
}

function report(plans: readonly Plan[]): Outcome {
  const lines = plans.flatMap(({ client, file, text, orphans, isFresh }) => {
    const note = isFresh ? "is up to date" : text === undefined ? "was removed" : "was written";
    return [
      ...(text?.trimEnd().split("\n") ?? [`${client.name}: nothing to release`]),
      ...(text === undefined && isFresh ? [] : [`${file} ${note}`]),
      ...orphans.map((orphan) => `${orphan} was removed`),
    ].map(escapeControls);
  });
  return {
    lines: plans.length === 0 ? ["No package that is released is generated from an API"] : lines,
    data: toData(plans),
  };
}
