import { existsSync } from "node:fs";
import { join } from "node:path";
import { CommandError, type Problem } from "../command/problem.js";
import { readProject, selectApis, type Project } from "../description/project.ts";
import type { JsonObject } from "../description/tree.ts";
import { readPackages } from "./read-packages.js";

/** A package that is judged or released. */
interface KnownPackage {
  readonly name: string;
  readonly version: string;
  /** Relative to the repository, with forward slashes: `packages/<directory>`. */
  readonly folder: string;
  /** Its package.json. */
  readonly manifest: JsonObject;
  /** The name of the API in redocly.yaml that the package is generated from. */
  readonly api?: string;
  /** Whether it is judged and checked, but never released: `"private": true`. */
  readonly isPrivate?: true;
}

/** A package that is released: it is not private. */
export interface ReleasedPackage extends KnownPackage {
  readonly isPrivate?: never;
}

/** A package that is generated from an API: `"generatedFrom": "<api>"` in its package.json. */
export interface ClientPackage extends KnownPackage {
  readonly api: string;
}

/**
 * Reads the packages that are generated from an API, in the order of their folders.
 *
 * @throws CommandError like {@link readReleasedPackages}
 */
export async function readClientPackages(project: Project): Promise<readonly ClientPackage[]> {
  return (await readJudgedOrReleased(project)).filter(isClient);
}

function isClient(known: KnownPackage): known is ClientPackage {
  return known.api !== undefined;
}

export function isReleased<Known extends KnownPackage>(
  known: Known,
): known is Known & ReleasedPackage {
  return known.isPrivate === undefined;
}

/**
 * Reads the packages that are released, in the order of their folders.
 *
 * @throws CommandError if one lacks a name, a version or its API, names no API of redocly.yaml, or has the
 *   name or the API of another
 */
export async function readReleasedPackages(project: Project): Promise<readonly ReleasedPackage[]> {
  return (await readJudgedOrReleased(project)).filter(isReleased);
}

async function readJudgedOrReleased({ root, apis }: Project): Promise<readonly KnownPackage[]> {
  const found: KnownPackage[] = [];
  const problems: Problem[] = [];
  for (const { folder, manifest } of await readPackages(root)) {
    const file = `${folder}/package.json`;
    const { name, version, generatedFrom: api, private: isPrivate } = manifest;
    const place = "#/generatedFrom";
    if (api === undefined && existsSync(join(root, folder, "released/openapi.json"))) {
      problems.push({
        file,
        place,
        fault: "It is missing, although released/ has the description that was released last",
        remedy: "Name the API that the package is generated from, or remove released/",
      });
      continue;
    }
    if (api === undefined && isPrivate === true) continue;
    const namesake = found.find((known) => known.name === name);
    if (typeof name !== "string" || typeof version !== "string") {
      problems.push({ file, fault: "It lacks a name or a version", remedy: "Add both" });
    } else if (namesake !== undefined) {
      const fault = `${namesake.folder} has the same name`;
      problems.push({ file, place: "#/name", fault, remedy: "Rename one of the two" });
    } else if (api === undefined) {
      found.push({ name, version, folder, manifest });
    } else if (typeof api !== "string" || !apis.some((known) => known.name === api)) {
      problems.push({
        file,
        place,
        fault: `${JSON.stringify(api)} is not an API of redocly.yaml`,
        remedy: `Name one of ${apis.map((known) => known.name).join(", ")}, or add the API to redocly.yaml`,
      });
    } else {
      const other = found.find((known) => known.api === api);
      const privacy = isPrivate === true ? ({ isPrivate } as const) : {};
      if (other === undefined) found.push({ name, version, folder, manifest, api, ...privacy });
      else {
        problems.push({
          file,
          place,
          fault: `${api} already has a package: ${other.folder}`,
          remedy: "Remove generatedFrom from one of the two, or remove that package",
        });
      }
    }
  }
  if (problems.length > 0) throw new CommandError(problems);
  return found;
}

/** Reads the packages of the APIs that are named on the command line; without names, all. */
export async function selectPackages(
  root: string,
  names: readonly string[],
  usage: string,
): Promise<readonly ClientPackage[]> {
  const project = await readProject(root);
  const packages = await readClientPackages(project);
  const apis = selectApis(project, names, usage).map(({ name }) => name);
  const missing = names.find((name) => !packages.some(({ api }) => api === name));
  if (missing !== undefined) {
    throw new CommandError(
      {
        file: "packages/",
        fault: `No package is generated from ${missing}`,
        remedy: `Create one with pnpm client:add ${missing}`,
      },
      2,
    );
  }
  return packages.filter(({ api }) => apis.includes(api));
}
