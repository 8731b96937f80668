import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { keepInCache } from "../command/cache.ts";
import { registryEnvironment } from "../command/environment.js";
import { CommandError } from "../command/problem.js";
import { execute } from "./execute.ts";

export interface Program {
  readonly path: string;
  readonly version: string;
}

/**
 * Installs a package into the user's cache, unless it is already there. It runs no install scripts. `path`
 * leads from `node_modules` to the program that such a script would have set up; `*` is the only package
 * that npm chose for this machine.
 */
export async function installRuntime(
  name: string,
  version: string,
  path: string,
): Promise<Program> {
  const specifier = `${name}@${version}`;
  const installation = await keepInCache(specifier, (folder) => downloadPackage(specifier, folder));
  const packages = join(installation, "node_modules");
  const [scope = ""] = path.split("/*/");
  const [packageName = ""] = path.includes("*") ? await readdir(join(packages, scope)) : [];
  return { path: join(packages, path.replace("*", packageName)), version };
}

async function downloadPackage(specifier: string, folder: string): Promise<void> {
  try {
    const options = ["--no-save", "--ignore-scripts"];
    await execute("npm", ["install", specifier, "--prefix", folder, ...options], {
      env: registryEnvironment(),
    });
  } catch (error) {
    const fault = `It cannot be installed: ${error instanceof Error ? error.message : String(error)}`;
    const remedy = "Check that npm reaches its registry, or leave it out with --only";
    throw new CommandError({ file: specifier, fault, remedy }, 2);
  }
}
