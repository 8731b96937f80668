import { realpathSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { terminal } from "./terminal.js";

// The publishing scripts run before anything is installed, so this is JavaScript and uses Node's built-in
// modules only.

/** Ends a script with exit code 1 for a finding, or 2 if the environment fails. */
export class ScriptError extends Error {
  /**
   * @param {1 | 2} exitCode
   * @param {string} message what is wrong, with what, and what to do
   */
  constructor(exitCode, message) {
    super(message);
    this.exitCode = exitCode;
  }
}

/**
 * Creates a script from its main function. The script takes its arguments, and returns its exit code.
 *
 * @param {(args: string[], output: import("./terminal.js").Output) => Promise<void>} main
 * @returns {(args: readonly string[], output?: import("./terminal.js").Output) => Promise<0 | 1 | 2>}
 */
export function entryScript(main) {
  return async (args, output = terminal) => {
    try {
      await main([...args], output);
      return 0;
    } catch (error) {
      output.printError(`✘ ${error instanceof Error ? error.message : error}`);
      return error instanceof ScriptError ? error.exitCode : 2;
    }
  };
}

/**
 * Runs a script if its module is the main program of the process.
 *
 * @param {string} moduleUrl
 * @param {(args: readonly string[]) => Promise<0 | 1 | 2>} script
 */
export async function runMain(moduleUrl, script) {
  const [, program, ...args] = process.argv;
  const isMain = program !== undefined && pathToFileURL(realpathSync(program)).href === moduleUrl;
  if (isMain) process.exitCode = await script(args);
}
