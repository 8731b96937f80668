import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { basename, join } from "node:path";
import readChangesets from "@changesets/read";
import { CommandError } from "../command/problem.js";
import { readPreReleased } from "./pre-release.js";
import type { ClientPackage, ReleasedPackage } from "../packages/client-packages.ts";

/** The bump of a changeset. */
export type VersionBump = "none" | "patch" | "minor" | "major";

export interface Changeset {
  readonly bump: VersionBump;
  /** The judge's result: the bump, and a digest of the reasons. */
  readonly judged: string;
  readonly text: string;
}

/** The bump of each package that a changeset names. */
export type Releases = Readonly<Record<string, VersionBump>>;

/** The file of the changeset that a plan writes for a package, next to those that people write. */
export interface PlannedFile {
  readonly file: string;
  /** The changeset of an earlier plan in its current form; undefined if there is none for this package. */
  readonly earlier:
    (Changeset & { readonly releases: Releases; readonly file: string }) | undefined;
  /** Other files with an earlier plan for this package, whose folder had another name then. */
  readonly orphans: readonly string[];
}

/**
 * Finds the file for the changeset of a plan. The changesets that are already part of a pre-release stay, and
 * the next plan takes another name.
 */
export async function findPlannedFile(
  root: string,
  { name: packageName, folder }: Pick<ClientPackage, "name" | "folder">,
): Promise<PlannedFile> {
  const released = await readPreReleased(root, ["pre", "exit"]);
  const name = `${basename(folder)}-api-description`;
  let plannedId = name;
  for (let count = 2; released.has(plannedId); count += 1) plannedId = `${name}-${count}`;
  let earlier: PlannedFile["earlier"];
  const orphans: string[] = [];
  for (const { id, releases, summary } of await readAll(root)) {
    const bump = releases.find((release) => release.name === packageName)?.type;
    if (released.has(id) || bump === undefined) continue;
    const text = await readFile(join(root, fileOf(id)), "utf8");
    const judged = /^# judged: (.*)$/mu.exec(text)?.[1];
    const isOrphan = id !== plannedId;
    if (isOrphan && judged === undefined) continue;
    if (isOrphan) orphans.push(fileOf(id));
    if (isOrphan && earlier !== undefined) continue;
    const bumps = Object.fromEntries(releases.map((release) => [release.name, release.type]));
    earlier = { file: fileOf(id), bump, judged: judged ?? "", text: summary, releases: bumps };
  }
  return { file: fileOf(plannedId), earlier, orphans };
}

function fileOf(id: string): string {
  return `.changeset/${id}.md`;
}

/**
 * Checks the changesets that people wrote. One for a private package would stay forever, and nothing is
 * published while a changeset is pending.
 *
 * @throws CommandError if one cannot be read, or is for anything but a released package
 */
export async function checkChangesets(
  root: string,
  packages: readonly ReleasedPackage[],
): Promise<void> {
  const names = packages.map(({ name }) => name);
  const problems = (await readAll(root)).flatMap(({ id, releases }) =>
    releases
      .filter(({ name }) => !names.includes(name))
      .map(({ name }) => ({
        file: fileOf(id),
        fault: `${name} is not a released package`,
        remedy: `Name one of ${names.join(", ")}, or remove it`,
      })),
  );
  if (problems.length > 0) throw new CommandError(problems);
}

async function readAll(root: string): Promise<Awaited<ReturnType<typeof readChangesets>>> {
  if (!existsSync(join(root, ".changeset"))) return [];
  try {
    return await readChangesets(root);
  } catch (error) {
    // It quotes the content, and does not name the file.
    const message = error instanceof Error ? error.message.trim() : String(error);
    throw new CommandError({
      file: ".changeset/",
      fault: message.replaceAll(/\s*\n\s*/gu, " "),
      remedy: "Fix the changeset with this content, or remove it and run pnpm release:plan",
    });
  }
}

/** Formats a changeset's file. Its front matter is YAML, which allows a comment. */
export function formatChangeset(
  releases: Releases,
  { judged, text }: Omit<Changeset, "bump">,
): string {
  const lines = Object.entries(releases).map(([name, bump]) => `"${name}": ${bump}\n`);
  return `---\n# judged: ${judged}\n${lines.join("")}---\n\n${text}\n`;
}
