import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { CommandError } from "../command/problem.js";
import { runProgram } from "../command/program.js";
import { objectOf } from "../description/tree.ts";

/** Reads the names of the scripts in a folder's package.json. */
export async function readRootScripts(root: string): Promise<readonly string[]> {
  const file = join(root, "package.json");
  if (!existsSync(file)) return [];
  const manifest: unknown = JSON.parse(await readFile(file, "utf8"));
  return Object.keys(objectOf(objectOf(manifest)["scripts"]));
}

/**
 * Runs a script of a folder's package.json and returns the lines of its output.
 *
 * @throws RootScriptError with these lines if the script fails.
 */
export async function runRootScript(
  root: string,
  script: string,
  args: readonly string[],
): Promise<string[]> {
  const command = ["run", "--silent", script, "--", ...args];
  const { exitCode, stdout, stderr } = await runProgram("npm", command, { cwd: root });
  const lines = (stdout + stderr)
    .split("\n")
    .filter((line) => line.trim() !== "" && !line.startsWith("✔"));
  if (exitCode === 0) return lines;
  throw new RootScriptError(script, lines);
}

/** A root script that failed, with its output. */
export class RootScriptError extends CommandError {
  readonly lines: readonly string[];

  constructor(script: string, lines: readonly string[]) {
    super({
      file: `npm run ${script}`,
      fault: `It failed: ${lines.at(-1) ?? "it printed nothing"}`,
      remedy: "Run it with the change checked out, and fix what it names",
    });
    this.lines = lines;
  }
}
