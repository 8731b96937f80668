import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { readFolder } from "../command/read-folder.ts";
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
  const manifest = join(root, "generated/package.json");
  if (!existsSync(manifest)) return [];
  const { name }: { name: string } = JSON.parse(await readFile(manifest, "utf8"));
  const including: ReleasedPackage[] = [];
  for (const candidate of packages) {
    if (candidate.api === api || candidate.version === "0.0.0") continue;
    const code = Object.values(await readFolder(root, `${candidate.folder}/src`));
    if (code.some((bytes) => bytes.includes(`"${name}/${api}/`))) including.push(candidate);
  }
  return including;
}
