import { existsSync } from "node:fs";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import readChangesets from "@changesets/read";
import { CommandError } from "../command/problem.ts";
import { readPreReleased } from "./pre-release.js";
import type { ClientPackage } from "../packages/client-packages.ts";

/** How far a changeset moves the version. */
export type Move = "none" | "patch" | "minor" | "major";

export interface Changeset {
  readonly move: Move;
  /** What the judge said: the move, and a digest of the reasons. */
  readonly judged: string;
  readonly text: string;
}

/**
 * The file of the changeset that a plan writes for a package; people's own stand beside it. Before a
 * pre-release ends, the changesets that are in it stay, and the next plan takes another name.
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

/** Reads the changeset of an earlier plan, as it is by now; undefined if there is none. */
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
    const { releases = [], summary = "" } = changesets.find((one) => one.id === id) ?? {};
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

/** The text of a changeset's file; its front matter is YAML, which may hold a comment. */
export function formatChangeset(packageName: string, { move, judged, text }: Changeset): string {
  return `---\n# judged: ${judged}\n"${packageName}": ${move}\n---\n\n${text}\n`;
}

/** Writes the changeset, or removes that of an earlier plan if there is nothing to release. */
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
