import type { Outcome, Stage } from "../command/define-command.js";
import { CommandError, type Problem } from "../command/problem.js";
import type { Project } from "../description/project.ts";
import { factsOf } from "../emit/facts.ts";
import { methodNameOf } from "../emit/operations.ts";
import { throwIfHeld } from "../judge/hold.ts";
import { judge } from "../judge/judge.ts";
import { readRelease, type Release } from "../judge/released.ts";
import { reportOf, type Verdict } from "../judge/verdict.ts";
import {
  isReleased,
  type ClientPackage,
  type ReleasedPackage,
} from "../packages/client-packages.ts";
import { findIncluding } from "../packages/find-including.ts";
import {
  checkChangesets,
  findPlannedFile,
  formatChangeset,
  type Changeset,
  type PlannedFile,
  type Releases,
} from "./changeset.ts";
import type { OperationNames } from "./describe-change.ts";
import { bumpOfIncluding, isRaised, plan } from "./plan.ts";

const first: Changeset = { bump: "minor", judged: "first release", text: "The first release." };

/** What is planned for a package that is generated from an API. */
export interface Plan extends Pick<PlannedFile, "file" | "orphans"> {
  readonly client: ClientPackage;
  readonly verdict?: Verdict;
  readonly changeset: Changeset | undefined;
  /** What the file has to contain; undefined if there is nothing to release. */
  readonly text: string | undefined;
  /** Whether the file contains that already. */
  readonly isFresh: boolean;
}

/**
 * Plans the release of each of these clients that is not private.
 *
 * @param packages all packages that are released
 * @throws CommandError if one of them includes an API without a released client
 */
export async function planPackages(
  project: Project,
  clients: readonly ClientPackage[],
  packages: readonly ReleasedPackage[],
  stage: Stage,
): Promise<readonly Plan[]> {
  await checkIncluding(project, packages);
  const plans: Plan[] = [];
  for (const client of clients.filter(isReleased)) {
    plans.push(await planPackage(project.root, client, packages, stage));
  }
  return plans;
}

/** Checks that each API that a package includes has a released client: a change is judged against that. */
async function checkIncluding(
  { root, apis }: Project,
  packages: readonly ReleasedPackage[],
): Promise<void> {
  const problems: Problem[] = [];
  for (const { name } of apis) {
    if (packages.some(({ api }) => api === name)) continue;
    for (const { folder } of await findIncluding(root, packages, name)) {
      problems.push({
        file: `${folder}/src`,
        fault: `It includes ${name}, which has no client that is released: its changes are not judged`,
        remedy: `Add such a client with pnpm client:add ${name}, make the private one public, or include nothing of ${name}`,
      });
    }
  }
  if (problems.length > 0) throw new CommandError(problems);
}

async function planPackage(
  root: string,
  client: ClientPackage,
  packages: readonly ReleasedPackage[],
  stage: Stage,
): Promise<Plan> {
  const release = await readRelease(root, client);
  const { file, earlier, orphans } = await findPlannedFile(root, client);
  const finish = (changeset: Changeset | undefined, others: Releases = {}): Plan => {
    const text =
      changeset && formatChangeset({ [client.name]: changeset.bump, ...others }, changeset);
    const earlierText =
      earlier?.file === file ? formatChangeset(earlier.releases, earlier) : undefined;
    return { client, file, orphans, changeset, text, isFresh: text === earlierText };
  };
  if (release === undefined) {
    return finish(
      earlier && isRaised(earlier, client.version) ? { ...first, bump: earlier.bump } : first,
    );
  }

  const { base, revision, declarations } = release;
  const verdict = await stage(`${client.name}: judge`, () => judge(base, revision, declarations));
  throwIfHeld(verdict);
  const changeset = plan(verdict, client.version, namesIn(release), file, earlier);
  const [change] = verdict.reasons.filter(({ place }) => place.in !== "export");
  if (changeset === undefined || change === undefined) return { ...finish(changeset), verdict };
  const including = await findIncluding(root, packages, client.api);
  const bumps = including.map(({ name, version }) => [
    name,
    bumpOfIncluding(change, changeset, client.version, version),
  ]);
  return { ...finish(changeset, Object.fromEntries(bumps)), verdict };
}

function namesIn({ base, revision }: Release): OperationNames {
  const operations = [base, revision].flatMap(factsOf);
  return new Map(
    operations.map((operation) => {
      const { method, path, id } = operation;
      return [`${method.toUpperCase()} ${path}`, { method: methodNameOf(operation), id }];
    }),
  );
}

/**
 * Checks that the pending changesets are what is planned, and that each is for a released package.
 *
 * @throws CommandError if they are not
 */
export async function checkPlans(
  project: Project,
  clients: readonly ClientPackage[],
  packages: readonly ReleasedPackage[],
  stage: Stage,
): Promise<readonly Plan[]> {
  await checkChangesets(project.root, packages);
  const plans = await planPackages(project, clients, packages, stage);
  const remedy = "Run pnpm release:plan";
  const problems = plans.flatMap(({ client, file, orphans, text, isFresh }) => {
    const fault =
      text === undefined
        ? "There is nothing to release, so it should not exist"
        : "It differs from the current plan";
    const orphaned = `It is an earlier plan for ${client.name}, whose folder had another name`;
    return [
      ...(isFresh ? [] : [{ file, fault, remedy }]),
      ...orphans.map((orphan) => ({ file: orphan, fault: orphaned, remedy })),
    ];
  });
  if (problems.length > 0) throw new CommandError(problems, 1, toData(plans));
  return plans;
}

/** The plans as data for `--json`. */
export function toData(plans: readonly Plan[]): Outcome["data"] {
  const packages = plans.map(({ client, verdict, changeset }) => ({
    name: client.name,
    ...(verdict === undefined ? {} : reportOf(verdict)),
    changeset,
  }));
  return { packages };
}
