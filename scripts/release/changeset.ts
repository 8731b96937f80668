import { existsSync } from "node:fs";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import readChangesets from "@changesets/read";
import { Stop } from "../command/problem.ts";

/** How far a changeset moves the version. */
export type Move = "none" | "patch" | "minor" | "major";

/** The package whose version is planned. */
export const packageName = "@audit-logs/client";

const id = "api-description";
/** The changeset that a plan writes; those of people stand beside it. */
export const changesetFile = `.changeset/${id}.md`;

export interface Changeset {
  readonly move: Move;
  /** What the judge said: the move, and a digest of the reasons. */
  readonly judged: string;
  readonly text: string;
}

/** Reads the changeset of an earlier plan, as it is by now; undefined if there is none. */
export async function readChangeset(root: string): Promise<Changeset | undefined> {
  const path = join(root, changesetFile);
  if (!existsSync(path)) return undefined;
  try {
    const changesets = await readChangesets(root);
    const { releases = [], summary = "" } = changesets.find((one) => one.id === id) ?? {};
    const [, judged = ""] = /^# judged: (.*)$/mu.exec(await readFile(path, "utf8")) ?? [];
    const release = releases.find(({ name }) => name === packageName);
    return { move: release?.type ?? "none", judged, text: summary };
  } catch (error) {
    throw new Stop({
      file: changesetFile,
      fault: error instanceof Error ? error.message.trim() : String(error),
      remedy: "Mend it, or remove the file and run pnpm release:plan",
    });
  }
}

/** The text of a changeset's file; its front matter is YAML, which may hold a comment. */
export function formatChangeset({ move, judged, text }: Changeset): string {
  return `---\n# judged: ${judged}\n"${packageName}": ${move}\n---\n\n${text}\n`;
}

/** Writes the changeset, or removes that of an earlier plan if there is nothing to release. */
export async function writeChangeset(root: string, changeset?: Changeset): Promise<void> {
  const path = join(root, changesetFile);
  if (changeset === undefined) return rm(path, { force: true });
  await mkdir(join(path, ".."), { recursive: true });
  await writeFile(path, formatChangeset(changeset));
}
