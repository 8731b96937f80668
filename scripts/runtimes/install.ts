import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readdir, rename, rm } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { Stop } from "../command/problem.ts";
import { execute } from "./execute.ts";

export interface Program {
  readonly path: string;
  readonly version: string;
}

// The user's own, so that nobody else can put a program there.
const cache = join(process.env["XDG_CACHE_HOME"] ?? join(homedir(), ".cache"), "audit-logs");

/**
 * Installs a package beside its place, unless it is there, and moves it there when it is whole. None
 * of its scripts is run: what they would put in place is found by `path`, from `node_modules` on, where
 * `*` is the one package that npm has chosen for this machine.
 */
export async function install(name: string, version: string, path: string): Promise<Program> {
  const place = join(cache, `${name}@${version}`);
  if (!existsSync(place)) await download(`${name}@${version}`, place);
  const packages = join(place, "node_modules");
  const [scope = ""] = path.split("/*/");
  const [chosen = ""] = path.includes("*") ? await readdir(join(packages, scope)) : [];
  return { path: join(packages, path.replace("*", chosen)), version };
}

async function download(specifier: string, place: string): Promise<void> {
  await mkdir(cache, { recursive: true });
  const draft = await mkdtemp(`${place}-`);
  try {
    const options = ["--no-save", "--ignore-scripts", "--no-audit", "--no-fund"];
    await execute("npm", ["install", specifier, "--prefix", draft, ...options]);
    await rename(draft, place);
  } catch (error) {
    const fault = `it cannot be installed: ${error instanceof Error ? error.message : String(error)}`;
    const remedy = "See that npm reaches its registry, or leave it out with --only";
    throw new Stop({ file: specifier, fault, remedy }, 2);
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
}
