import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { isObject } from "../description/tree.ts";
import type { ReleasedPackage } from "../packages/client-packages.ts";

/** Sorts packages so that each comes after those that it depends on. */
export async function sortByDependencies(
  root: string,
  packages: readonly ReleasedPackage[],
): Promise<readonly ReleasedPackage[]> {
  const sorted = new Set<ReleasedPackage>();
  const add = async (released: ReleasedPackage): Promise<void> => {
    const file = join(root, released.folder, "package.json");
    const manifest: unknown = JSON.parse(await readFile(file, "utf8"));
    const names = isObject(manifest) ? Object.keys(manifest["dependencies"] ?? {}) : [];
    // pnpm refuses packages that depend on each other.
    for (const other of packages) if (names.includes(other.name)) await add(other);
    sorted.add(released);
  };
  for (const released of packages) await add(released);
  return [...sorted];
}
