import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { runProgram } from "../command/program.js";

/**
 * Reads the name, the version and the publishConfig of a packed package, and the digest that registries
 * use.
 *
 * @param {string} file
 */
export async function readTarball(file) {
  const { stdout } = await runProgram("tar", ["-xOzf", file, "package/package.json"]);
  /** @type {{ name: string, version: string, publishConfig?: unknown }} */
  const { name, version, publishConfig } = JSON.parse(stdout);
  const digest = createHash("sha512").update(await readFile(file));
  return { name, version, publishConfig, integrity: `sha512-${digest.digest("base64")}` };
}
