import { readFile } from "node:fs/promises";
import { posix } from "node:path";
import { integrityOf } from "../command/digest.js";
import { CommandError } from "../command/problem.js";
import { runProgram } from "../command/program.js";

/**
 * Reads the name, the version and the publishConfig of a packed package, and the digest that registries
 * use.
 *
 * @param {string} file
 * @throws CommandError if another reader could take another file for its package.json: npm drops the first
 *   folder of each path, whatever its name, and the last of equal paths wins
 */
export async function readTarball(file) {
  const integrity = integrityOf(await readFile(file));
  const list = await runProgram("tar", ["-tzf", file]);
  const paths = list.stdout.split("\n").filter(Boolean).map(posix.normalize);
  const manifests = paths.filter((path) => path === "package/package.json");
  const isInside = paths.every((path) => path.startsWith("package/"));
  if (list.exitCode !== 0 || manifests.length !== 1 || !isInside) {
    const fault = "It is not the tarball of one package, with everything in package/";
    throw new CommandError({ file, fault, remedy: "Rehearse again" });
  }
  const { stdout } = await runProgram("tar", ["-xOzf", file, "package/package.json"]);
  /** @type {{ name: string, version: string, publishConfig?: unknown }} */
  const { name, version, publishConfig } = JSON.parse(stdout);
  return { name, version, publishConfig, integrity };
}
