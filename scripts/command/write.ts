import { renameSync, rmSync, statSync } from "node:fs";
import { copyFile, mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { CommandError } from "./problem.js";
import { holdSignals } from "./session.js";

/**
 * Writes files, keyed by path from the root, all inside one folder, or none. It writes them to a staging
 * folder first and then moves them, so that a full disk or a signal leaves the old files intact. A signal
 * between two moves takes effect after the last one. If a move fails, the old files are put back.
 *
 * @param confirm called right before the moves; if it throws, nothing is written
 */
export async function writeAll(
  root: string,
  folder: string,
  files: ReadonlyMap<string, string | Uint8Array>,
  confirm: () => Promise<void> = async () => undefined,
): Promise<void> {
  if (files.size === 0) return;
  await mkdir(join(root, folder), { recursive: true });
  await removeAbandoned(join(root, folder));
  const staging = await mkdtemp(join(root, folder, `.staging-${process.pid}-`));
  const removeStaging = (): Promise<void> => rm(staging, { recursive: true, force: true });
  try {
    // Hides the leftovers of a killed process from Git.
    await writeFile(join(staging, ".gitignore"), "*\n");
    const moves: Move[] = [];
    for (const [file, content] of files) {
      const [staged, target] = [join(staging, `${moves.length}`), join(root, file)];
      await mkdir(dirname(target), { recursive: true });
      const existing = statSync(target, { throwIfNoEntry: false });
      if (existing?.isDirectory()) {
        const fault = "A folder has the name of this file";
        throw new CommandError({ file, fault, remedy: "Move or remove the folder" }, 2);
      }
      const backup = existing && `${staged}.old`;
      if (backup !== undefined) await copyFile(target, backup);
      await writeFile(staged, content).catch((error: Error) => {
        throw Object.assign(error, { path: file });
      });
      moves.push({ staged, target, backup });
    }
    await confirm();
    await holdSignals(async () => {
      moveAll(moves);
      await removeStaging();
    });
  } finally {
    await removeStaging();
  }
}

interface Move {
  readonly staged: string;
  readonly target: string;
  /** A copy of the file that it replaces, if any. */
  readonly backup: string | undefined;
}

function moveAll(moves: readonly Move[]): void {
  const done: Move[] = [];
  try {
    for (const move of moves) {
      renameSync(move.staged, move.target);
      done.push(move);
    }
  } catch (error) {
    for (const { target, backup } of done) {
      if (backup === undefined) rmSync(target);
      else renameSync(backup, target);
    }
    throw error;
  }
}

/** Removes staging folders that killed processes left behind, but not the folders of running processes. */
async function removeAbandoned(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    const [, pid] = /^\.staging-(\d+)-/u.exec(name) ?? [];
    if (pid === undefined || isRunning(Number(pid))) continue;
    await rm(join(folder, name), { recursive: true, force: true });
  }
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    // EPERM means that the process runs, as another user.
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}
