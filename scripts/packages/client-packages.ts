import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { Stop, type Problem } from "../command/problem.ts";
import { wrongUsage } from "../command/run.ts";
import { readProject, type Project } from "../description/project.ts";
import { isObject } from "../description/tree.ts";

/** A package that is generated from an API: `"generatedFrom": "<api>"` in its package.json. */
export interface ClientPackage {
  readonly name: string;
  readonly version: string;
  /** Relative to the repository, with forward slashes: `packages/<directory>`. */
  readonly folder: string;
  /** The name of the API in redocly.yaml. */
  readonly api: string;
}

/**
 * Reads the packages that are generated from an API, in the order of their folders.
 *
 * @throws Stop if one names no API of redocly.yaml, or two name the same
 */
export async function readClientPackages({
  root,
  apis,
}: Project): Promise<readonly ClientPackage[]> {
  const directories = existsSync(join(root, "packages"))
    ? (await readdir(join(root, "packages"))).toSorted()
    : [];
  const byApi = new Map<string, ClientPackage>();
  const problems: Problem[] = [];
  for (const directory of directories) {
    const folder = `packages/${directory}`;
    const file = `${folder}/package.json`;
    if (!existsSync(join(root, file))) continue;
    const manifest: unknown = JSON.parse(await readFile(join(root, file), "utf8"));
    if (!isObject(manifest) || manifest["generatedFrom"] === undefined) continue;
    const { name, version, generatedFrom: api } = manifest;
    const place = "#/generatedFrom";
    if (typeof name !== "string" || typeof version !== "string") {
      problems.push({ file, fault: "It has no name or no version", remedy: "Give it both" });
    } else if (typeof api !== "string" || !apis.some((known) => known.name === api)) {
      problems.push({
        file,
        place,
        fault: `${JSON.stringify(api)} is no API of redocly.yaml`,
        remedy: `Name one of ${apis.map((known) => known.name).join(", ")}, or add the API to redocly.yaml`,
      });
    } else {
      const other = byApi.get(api);
      if (other === undefined) byApi.set(api, { name, version, folder, api });
      else {
        problems.push({
          file,
          place,
          fault: `${api} has a package already: ${other.folder}`,
          remedy: "Take generatedFrom out of one of the two, or remove that package",
        });
      }
    }
  }
  if (problems.length > 0) throw new Stop(problems);
  return [...byApi.values()];
}

/** Reads the packages of the APIs that are named on the command line, or all if none is. */
export async function selectPackages(
  root: string,
  names: readonly string[],
  usage: string,
): Promise<readonly ClientPackage[]> {
  const project = await readProject(root);
  const packages = await readClientPackages(project);
  const unknown = names.find((name) => !project.apis.some((api) => api.name === name));
  if (unknown !== undefined) {
    const known = project.apis.map(({ name }) => name).join(", ");
    throw wrongUsage(`${unknown} is no API; there are ${known}`, usage);
  }
  const missing = names.find((name) => !packages.some(({ api }) => api === name));
  if (missing !== undefined) {
    throw new Stop(
      {
        file: "packages/",
        fault: `No package is generated from ${missing}`,
        remedy: `Write one by pnpm client:add ${missing}`,
      },
      2,
    );
  }
  return names.length === 0 ? packages : packages.filter(({ api }) => names.includes(api));
}
