import { existsSync } from "node:fs";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import readChangesets from "@changesets/read";
import { CommandError } from "../command/problem.ts";
import { readPreReleased } from "./pre-release.js";
import type { ClientPackage } from "../packages/client-packages.ts";

/** The bump of a changeset. */
export type Move = "none" | "patch" | "minor" | "major";

export interface Changeset {
  readonly move: Move;
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
  try {
    const changesets = await readChangesets(root);
    const id = basename(file, ".md");
    const { releases = [], summary = "" } =
      changesets.find((candidate) => candidate.id === id) ?? {};
    const [, judged = ""] = /^# judged: (.*)$/mu.exec(await readFile(path, "utf8")) ?? [];
    const release = releases.find(({ name }) => name === packageName);
    return { move: release?.type ?? "none", judged, text: summary };
  } catch (error) {
    throw new CommandError({
      file,
      fault: error instanceof Error ? error.message.trim() : String(error),
      remedy: "Fix it, or remove the file and run pnpm release:plan",
    });
  }
}

/** Formats a changeset's file. Its front matter is YAML, which allows a comment. */
export function formatChangeset(packageName: string, { move, judged, text }: Changeset): string {
  return `---\n# judged: ${judged}\n"${packageName}": ${move}\n---\n\n${text}\n`;
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
