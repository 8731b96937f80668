import type { ReleasedPackage } from "../packages/client-packages.ts";

/** Sorts packages so that each comes after those that it depends on. */
export function sortByDependencies(
  packages: readonly ReleasedPackage[],
): readonly ReleasedPackage[] {
  const sorted = new Set<ReleasedPackage>();
  const add = (released: ReleasedPackage): void => {
    const names = Object.keys(released.manifest["dependencies"] ?? {});
    // pnpm refuses packages that depend on each other.
    for (const other of packages) if (names.includes(other.name)) add(other);
    sorted.add(released);
  };
  for (const released of packages) add(released);
  return [...sorted];
}
