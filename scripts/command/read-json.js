import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { CommandError } from "./problem.js";

// Also used before anything is installed, so it is JavaScript and uses Node's built-in modules only.

/**
 * Reads a JSON object.
 *
 * @param {string} root
 * @param {string} file relative to the root
 * @returns {Promise<import("../description/tree.ts").JsonObject>}
 * @throws CommandError if it is not one
 */
export async function readJson(root, file) {
  const text = await readFile(join(root, file), "utf8");
  let fault = "It is not a JSON object";
  try {
    const value = JSON.parse(text);
    if (typeof value === "object" && value !== null && !Array.isArray(value)) return value;
  } catch (error) {
    fault = `It is not JSON: ${/** @type {SyntaxError} */ (error).message}`;
  }
  throw new CommandError({ file, fault, remedy: "Correct it" });
}
