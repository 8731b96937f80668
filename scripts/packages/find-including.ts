import { existsSync } from "node:fs";
import { join } from "node:path";
import { readFolder } from "../command/read-folder.ts";
import { readJson } from "../command/read-json.js";
import type { ReleasedPackage } from "./client-packages.ts";

/**
 * Finds the packages, released before, whose code includes what is generated of an API, without being the
 * client that is generated from it.
 */
export async function findIncluding(
  root: string,
  packages: readonly ReleasedPackage[],
  api: string,
): Promise<readonly ReleasedPackage[]> {
  const manifest = "generated/package.json";
  if (!existsSync(join(root, manifest))) return [];
  const { name } = await readJson(root, manifest);
  const including: ReleasedPackage[] = [];
  for (const candidate of packages) {
    if (candidate.api === api || candidate.version === "0.0.0") continue;
    const code = Object.values(await readFolder(root, `${candidate.folder}/src`));
    if (code.some((bytes) => bytes.includes(`"${String(name)}/${api}/`))) including.push(candidate);
  }
  return including;
}
