import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { runProgram } from "../command/program.js";

/**
 * Reads what a packed package says that it is and where it goes, and the digest that a registry goes by.
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
