import { mkdir, readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { integrityOf } from "../command/digest.js";
import { CommandError } from "../command/problem.js";
import { registryEnvironment } from "../command/environment.js";
import { mustRun } from "../command/must-run.js";
import type { ReleasedPackage } from "../packages/client-packages.ts";
import { fetchOptions } from "./published.js";

export interface Tarball {
  readonly path: string;
  readonly bytes: Buffer;
  /** The digest in the format of lockfiles: `sha512-` and base64. */
  readonly integrity: string;
}

/** Builds all packages, or one package again, even if the result is cached. */
export async function build(root: string, signal: AbortSignal, name?: string): Promise<void> {
  const which = name === undefined ? [] : [`--filter=${name}`, "--only", "--force"];
  const turbo = join(root, "node_modules/turbo/bin/turbo");
  await mustRun(
    process.execPath,
    [turbo, "run", "build", ...which, "--output-logs=errors-only", "--no-update-notifier"],
    { cwd: root, signal },
    { file: "pnpm build", remedy: "Fix the build" },
  );
}

/** Packs a package into a new folder. pnpm gives all files the same time and owner. */
export async function pack(
  root: string,
  source: string,
  folder: string,
  signal: AbortSignal,
): Promise<Tarball> {
  await mkdir(folder, { recursive: true });
  await mustRun(
    join(root, "node_modules/pnpm/pnpm"),
    ["pack", "--pack-destination", folder],
    { cwd: join(root, source), signal },
    { file: source, remedy: "Fix what pnpm pack reports" },
  );
  const [name, ...others] = await readdir(folder);
  if (name === undefined || others.length > 0) {
    throw new Error(`pnpm pack wrote ${1 + others.length} files instead of one`);
  }
  const path = join(folder, name);
  const bytes = await readFile(path);
  return { path, bytes, integrity: integrityOf(bytes) };
}

/** Downloads a package from npm's registry, as its users get it. Returns the path of the tarball. */
export async function download(
  root: string,
  { name, version }: ReleasedPackage,
  folder: string,
  signal: AbortSignal,
): Promise<string> {
  await mkdir(folder, { recursive: true });
  const command = ["pack", `${name}@${version}`, "--pack-destination", folder, ...fetchOptions];
  await mustRun(
    "npm",
    command,
    { cwd: root, env: registryEnvironment(), signal },
    {
      file: `npm pack ${name}@${version}`,
      remedy: "Check that `npm ping` works here",
      exitCode: 2,
    },
  );
  const [tarball = ""] = await readdir(folder);
  return join(folder, tarball);
}

/** Throws a CommandError unless two tarballs of one commit are identical. */
export function checkIdentical(source: string, first: Tarball, second: Tarball): void {
  if (first.integrity === second.integrity) return;
  throw new CommandError({
    file: source,
    fault: `Two builds of one commit differ: ${first.integrity} and ${second.integrity}`,
    remedy: "Find what depends on the time, the order or the folder, and remove it",
  });
}
