import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, onTestFinished } from "vitest";
import { sha256 } from "../command/digest.ts";
import { CommandError } from "../command/problem.ts";
import type { Outcome, Stage } from "../command/define-command.ts";
import { generate } from "../emit/generate.ts";

/** Files by their paths from the project's root. */
export type Files = Readonly<Record<string, string | Uint8Array>>;

export const description = "spec/x/openapi.yaml";

/** A description without faults, for tests to break. */
export const things = `openapi: 3.1.0
info:
  title: Things
  version: 1.0.0
paths:
  /things:
    get:
      operationId: listThings
      responses:
        "200":
          description: All things
          content:
            application/json:
              schema:
                $ref: "#/components/schemas/Thing"
components:
  schemas:
    Thing:
      type: object
      properties:
        name:
          type: string
`;

/** A project with one API, and only the lint rules that are mandatory in `generate`. */
export const small: Files = {
  "redocly.yaml": `apis:\n  x:\n    root: ${description}\nextends: []\n`,
  [description]: things,
};

/** A description that contains only the given schemas: YAML, indented by four spaces. */
export function schemas(yaml: string): string {
  return `openapi: 3.1.0\ninfo: { title: T, version: "1" }\npaths: {}\ncomponents:\n  schemas:\n${yaml}\n`;
}

/** Writes files into a folder that is removed when the test ends. Returns its path. */
export async function makeProject(files: Files): Promise<string> {
  const root = await mkdtemp(join(tmpdir(), "project-"));
  onTestFinished(() => rm(root, { recursive: true }));
  await write(root, files);
  return root;
}

export async function write(root: string, files: Files): Promise<void> {
  for (const [file, content] of Object.entries(files)) {
    await mkdir(dirname(join(root, file)), { recursive: true });
    await writeFile(join(root, file), content);
  }
}

/** All files in a folder, hidden ones too, by their paths from the root. */
export async function read(root: string, folder: string): Promise<Record<string, Buffer>> {
  const entries = await readdir(join(root, folder), { recursive: true, withFileTypes: true });
  const contents = entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(root, join(entry.parentPath, entry.name)))
    .toSorted()
    .map(async (path) => [path, await readFile(join(root, path))] as const);
  return Object.fromEntries(await Promise.all(contents));
}

/** A folder's contents and modification times, to prove that nothing was written. */
export async function snapshot(root: string, folder = "."): Promise<Record<string, string>> {
  const states = Object.entries(await read(root, folder)).map(async ([path, bytes]) => {
    const { mtimeMs } = await stat(join(root, path));
    return [path, `${sha256(bytes)} at ${mtimeMs}`] as const;
  });
  return Object.fromEntries(await Promise.all(states));
}

/** This repository's own project: its specification, rules and generated files. */
export async function readRepository(): Promise<Record<string, Buffer>> {
  const root = fileURLToPath(new URL("../..", import.meta.url));
  const rules = ["house-rules", "known-values", "named-values", "state-words", "value-claims"].map(
    (name) => `scripts/description/${name}.js`,
  );
  const files = ["redocly.yaml", "package.json", ...rules];
  const contents = files.map(async (path) => [path, await readFile(join(root, path))] as const);
  return {
    ...Object.fromEntries(await Promise.all(contents)),
    ...(await read(root, "spec/audit-logs")),
    ...(await read(root, "generated/audit-logs")),
  };
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
  generatedFiles ??= run(root).then(() => read(root, "generated"));
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
