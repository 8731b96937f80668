import { CommandError } from "../command/problem.js";

// The change was written by installed dependencies, so it is checked before it is pushed. This code runs
// before anything is installed, on Node's built-in modules only.

/**
 * The files that a pull request may change, by branch: data, texts, and generated code that CI generates
 * again.
 */
const allowed = new Map([
  [
    "spec-sync",
    /^(?:spec\/[^/]+\/.+|generated\/[^/]+\/(?:openapi\.json|(?:operations|schema)\.ts)|\.changeset\/[^/]+\.md)$/u,
  ],
  [
    "release",
    /^(?:packages\/[^/]+\/(?:package\.json|CHANGELOG\.md|released\/[^/]+\.(?:json|d\.ts))|\.changeset\/(?:[^/]+\.md|pre\.json))$/u,
  ],
]);

/**
 * Applies a change to the index and the work tree of a clean clone.
 *
 * @param {(...args: string[]) => Promise<string>} git
 * @param {string} branch
 * @param {string} patch the path of the patch
 * @returns {Promise<void>} rejects if the change has a file that the branch is not for
 */
export async function applyChange(git, branch, patch) {
  const pattern = allowed.get(branch);
  if (pattern === undefined) {
    const fault = `${branch} is not one of the branches`;
    const remedy = `Give one of ${[...allowed.keys()].join(", ")}`;
    throw new CommandError({ file: "command line", fault, remedy }, 2);
  }
  await git("apply", "--index", "--allow-empty", patch);
  /** @type {import("../command/problem.js").Problem[]} */
  const problems = [];
  for (const { path, mode } of await listChanged(git)) {
    /** @param {string} fault */
    const refuse = (fault) =>
      problems.push({ file: path, fault, remedy: "Nothing was pushed: find what wrote this" });
    if (!pattern.test(path)) refuse(`The branch ${branch} may not change it`);
    // Links and executables could do more than a text can.
    else if (mode !== "100644" && mode !== "000000") refuse("It is not a regular file");
    else if (path.endsWith("/package.json") && !(await isVersionOnly(git, path))) {
      refuse("More than its version changed");
    }
  }
  if (problems.length > 0) throw new CommandError(problems);
}

/** @param {(...args: string[]) => Promise<string>} git */
async function listChanged(git) {
  const fields = (await git("diff", "--cached", "--raw", "--no-renames", "-z", "HEAD")).split("\0");
  const changed = [];
  for (let index = 0; index + 1 < fields.length; index += 2) {
    // Each entry is `:<mode before> <mode after> <object before> <object after> <status>`, followed by the
    // path.
    const [, mode = ""] = fields[index]?.split(" ") ?? [];
    changed.push({ path: fields[index + 1] ?? "", mode });
  }
  return changed;
}

/**
 * @param {(...args: string[]) => Promise<string>} git
 * @param {string} path
 */
async function isVersionOnly(git, path) {
  const [before, after] = await Promise.all(
    ["HEAD", ""].map(async (tree) => {
      const text = await git("show", `${tree}:${path}`).catch(() => "null");
      return JSON.stringify({ ...JSON.parse(text), version: "" });
    }),
  );
  return before === after;
}
