import { resolve } from "node:path";
import { escapeControls, CommandError } from "./command/problem.ts";
import { type Outcome, type Stage, defineCommand, type Command } from "./command/define-command.ts";
import { runMain } from "./command/entry-script.js";
import { rootOption } from "./command/repository.js";
import { factsOf } from "./emit/facts.ts";
import { nameOf } from "./emit/operations.ts";
import { throwIfHeld } from "./judge/hold.ts";
import { judge } from "./judge/judge.ts";
import { readRelease, type Release } from "./judge/released.ts";
import { reportOf, type Verdict } from "./judge/verdict.ts";
import { readProject } from "./description/project.ts";
import {
  readReleasedPackages,
  selectPackages,
  type ClientPackage,
} from "./packages/client-packages.ts";
import {
  checkChangesets,
  findChangesetFile,
  formatChangeset,
  readChangeset,
  writeChangeset,
  type Changeset,
} from "./release/changeset.ts";
import type { OperationNames } from "./release/describe-change.ts";
import { isRaised, plan } from "./release/plan.ts";

const usage = `pnpm release:plan [<api>…] [--root DIR] [--check] [--json]

Judges what changed since the last release of each package that is generated from an API, and writes
.changeset/<package>-api-description.md: the bump of its version, and what the changes mean for its
users. With names, only for the packages of these APIs.

  --root DIR  the repository (default: this one)
  --check     write nothing; exit with 1 if a changeset differs from the plan, or can release nothing
  --json      print one JSON object: { packages: [{ name, bump, reasons, changeset }] }

Exit codes: 0 fine, 1 a finding, 2 wrong usage or environment.`;

const first: Changeset = { bump: "minor", judged: "first release", text: "The first release." };

interface Plan {
  readonly client: ClientPackage;
  readonly file: string;
  readonly verdict?: Verdict;
  readonly changeset: Changeset | undefined;
  /** Whether the file already contains this changeset. */
  readonly isFresh: boolean;
}

export const releasePlan: Command = defineCommand(
  usage,
  { root: rootOption, check: { type: "boolean", default: false } },
  async ({ values, positionals }, stage) => {
    const root = resolve(values.root);
    const plans: Plan[] = [];
    if (values.check)
      await checkChangesets(root, await readReleasedPackages(await readProject(root)));
    const clients = await selectPackages(root, positionals, usage);
    for (const client of clients.filter(({ isPrivate }) => isPrivate !== true)) {
      plans.push(await planPackage(root, client, stage));
    }
    if (values.check) throwIfStale(plans);
    const stale = plans.filter(({ isFresh }) => !isFresh);
    for (const { client, file, changeset } of stale) {
      await writeChangeset(root, file, client, changeset);
    }
    return report(plans);
  },
);

await runMain(import.meta.url, releasePlan);

async function planPackage(root: string, client: ClientPackage, stage: Stage): Promise<Plan> {
  const release = await readRelease(root, client);
  const file = await findChangesetFile(root, client);
  const earlier = await readChangeset(root, file, client);
  const finish = (changeset: Changeset | undefined): Omit<Plan, "verdict"> => ({
    client,
    file,
    changeset,
    isFresh: JSON.stringify(earlier) === JSON.stringify(changeset),
  });
  if (release === undefined) {
    return finish(
      earlier && isRaised(earlier, client.version) ? { ...first, bump: earlier.bump } : first,
    );
  }

  const { base, revision, declarations } = release;
  const verdict = await stage(`${client.name}: judge`, () => judge(base, revision, declarations));
  throwIfHeld(verdict);
  const changeset = plan(verdict, client.version, namesIn(release), file, earlier);
  return { ...finish(changeset), verdict };
}

function namesIn({ base, revision }: Release): OperationNames {
  const operations = [base, revision].flatMap(factsOf);
  return new Map(
    operations.map((operation) => {
      const { method, path, id } = operation;
      return [`${method.toUpperCase()} ${path}`, { method: nameOf(operation), id }];
    }),
  );
}

function throwIfStale(plans: readonly Plan[]): void {
  const problems = plans
    .filter(({ isFresh }) => !isFresh)
    .map(({ file, changeset }) => ({
      file,
      fault:
        changeset === undefined
          ? "There is nothing to release, so it should not exist"
          : "It differs from the current plan",
      remedy: "Run pnpm release:plan",
    }));
  if (problems.length > 0) throw new CommandError(problems, 1, toData(plans));
}

function report(plans: readonly Plan[]): Outcome {
  const lines = plans.flatMap(({ client, file, changeset, isFresh }) => {
    const note = isFresh ? "is up to date" : changeset ? "was written" : "was removed";
    const changesetText =
      changeset === undefined
        ? `${client.name}: nothing to release`
        : formatChangeset(client.name, changeset).trimEnd();
    const isAbsent = changeset === undefined && isFresh;
    return [...changesetText.split("\n"), ...(isAbsent ? [] : [`${file} ${note}`])].map(
      escapeControls,
    );
  });
  return {
    lines: plans.length === 0 ? ["No package that is released is generated from an API"] : lines,
    data: toData(plans),
  };
}

function toData(plans: readonly Plan[]): Outcome["data"] {
  const packages = plans.map(({ client, verdict, changeset }) => ({
    name: client.name,
    ...(verdict === undefined ? {} : reportOf(verdict)),
    changeset,
  }));
  return { packages };
}
