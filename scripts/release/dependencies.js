// Also used before anything is installed, so it is JavaScript and uses Node's built-in modules only.

/** @typedef {{ readonly manifest: import("../description/tree.ts").JsonObject }} Package */

/**
 * Sorts packages so that each comes after those that it depends on.
 *
 * @template {Package} Known
 * @param {readonly Known[]} packages
 * @returns {readonly Known[]}
 */
export function sortByDependencies(packages) {
  /** @type {Set<Known>} */
  const sorted = new Set();
  /** @param {Known} dependent */
  const add = (dependent) => {
    const names = dependenciesOf(dependent);
    // pnpm refuses packages that depend on each other.
    for (const other of packages) if (names.includes(String(other.manifest["name"]))) add(other);
    sorted.add(dependent);
  };
  for (const each of packages) add(each);
  return [...sorted];
}

/**
 * The names of the packages that one depends on.
 *
 * @param {Package} dependent
 */
export function dependenciesOf({ manifest }) {
  return Object.keys(manifest["dependencies"] ?? {});
}
