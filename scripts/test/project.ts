import { mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished } from "vitest";
import { sha256 } from "../command/digest.js";
import { CommandError } from "../command/problem.js";
import type { Outcome, Stage } from "../command/define-command.js";
import { generate } from "../emit/generate.ts";
import { small, write, type Files } from "../fixtures/project.ts";
import { readFolder } from "../command/read-folder.ts";

/** Writes files into a folder that is removed when the test ends. Returns its path. */
export async function makeProject(files: Files): Promise<string> {
  const root = await mkdtemp(join(tmpdir(), "project-"));
  onTestFinished(() => rm(root, { recursive: true }));
  await write(root, files);
  return root;
}

/** A folder's contents and modification times, to prove that nothing was written. */
export async function snapshot(root: string, folder = "."): Promise<Record<string, string>> {
  const states = Object.entries(await readFolder(root, folder)).map(async ([path, bytes]) => {
    const { mtimeMs } = await stat(join(root, path));
    return [path, `${sha256(bytes)} at ${mtimeMs}`] as const;
  });
  return Object.fromEntries(await Promise.all(states));
}

export const quiet: Stage = async (_name, work) => work();

export function run(root: string, check = false): Promise<Outcome> {
  return generate(root, check, quiet);
}

/** The error that stops the work. It has to be one with a message for the user, not an internal one. */
export async function commandErrorOf(work: Promise<Outcome>): Promise<CommandError> {
  const outcome = await work.catch((error: unknown) => error);
  if (outcome instanceof CommandError) return outcome;
  throw new Error(`It did not stop as it should: ${JSON.stringify(outcome)}`, { cause: outcome });
}

let generatedFiles: Promise<Files> | undefined;

/** A small project after a successful run, with other files added since. */
export async function afterGoodRun(files: Files): Promise<string> {
  const root = await makeProject(small);
  generatedFiles ??= run(root).then(() => readFolder(root, "generated"));
  await write(root, { ...(await generatedFiles), ...files });
  return root;
}

/**
 * The message of `generate` for files that are added after a successful run. It has to be a finding,
 * and the files of that run must not change.
 */
export async function refusal(files: Files): Promise<string> {
  return refusalIn(await afterGoodRun(files));
}

export async function refusalIn(root: string): Promise<string> {
  const before = await snapshot(root);
  const { message, exitCode } = await commandErrorOf(run(root));
  expect(exitCode).toBe(1);
  expect(await snapshot(root)).toEqual(before);
  return message;
}
