import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
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
    const code = await readCode(join(root, candidate.folder, "src"));
    if (code.includes(`"${name}/${api}/`)) including.push(candidate);
  }
  return including;
}

/** The text of all files in a folder. */
async function readCode(folder: string): Promise<string> {
  if (!existsSync(folder)) return "";
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  const texts = files.map((file) => readFile(join(file.parentPath, file.name), "utf8"));
  return (await Promise.all(texts)).join("\n");
}
