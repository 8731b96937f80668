import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { runProgram } from "../command/program.js";

/**
 * Reads the name and the version of a packed package, and the digest that a registry goes by.
 *
 * @param {string} file
 */
export async function readTarball(file) {
  const { stdout } = await runProgram("tar", ["-xOzf", file, "package/package.json"]);
  const { name, version } = /** @type {{ name: string, version: string }} */ (JSON.parse(stdout));
  const digest = createHash("sha512").update(await readFile(file));
  return { name, version, integrity: `sha512-${digest.digest("base64")}` };
}
