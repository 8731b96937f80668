import { existsSync } from "node:fs";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import readChangesets from "@changesets/read";
import { CommandError } from "../command/problem.ts";
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

/**
 * Finds the file for the changeset that a plan writes for a package, next to those that people write. In a
 * pre-release, the changesets that are already part of it stay, and the next plan takes another name.
 */
export async function findChangesetFile(
  root: string,
  { folder }: Pick<ClientPackage, "folder">,
): Promise<string> {
  const released = await readPreReleased(root);
  const name = `${basename(folder)}-api-description`;
  let id = name;
  for (let count = 2; released.has(id); count += 1) id = `${name}-${count}`;
  return `.changeset/${id}.md`;
}

/** Reads the changeset of an earlier plan in its current form; undefined if there is none. */
export async function readChangeset(
  root: string,
  file: string,
  { name: packageName }: Pick<ClientPackage, "name">,
): Promise<Changeset | undefined> {
  const path = join(root, file);
  if (!existsSync(path)) return undefined;
  const changesets = await readAll(root);
  const id = basename(file, ".md");
  const { releases = [], summary = "" } = changesets.find((candidate) => candidate.id === id) ?? {};
  const [, judged = ""] = /^# judged: (.*)$/mu.exec(await readFile(path, "utf8")) ?? [];
  const release = releases.find(({ name }) => name === packageName);
  return { bump: release?.type ?? "none", judged, text: summary };
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
        file: `.changeset/${id}.md`,
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
export function formatChangeset(packageName: string, { bump, judged, text }: Changeset): string {
  return `---\n# judged: ${judged}\n"${packageName}": ${bump}\n---\n\n${text}\n`;
}

/** Writes the changeset, or removes an earlier one if there is nothing to release. */
export async function writeChangeset(
  root: string,
  file: string,
  { name }: Pick<ClientPackage, "name">,
  changeset?: Changeset,
): Promise<void> {
  const path = join(root, file);
  if (changeset === undefined) return rm(path, { force: true });
  await mkdir(join(path, ".."), { recursive: true });
  await writeFile(path, formatChangeset(name, changeset));
}
