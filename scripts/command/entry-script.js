import { realpathSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { terminal } from "./terminal.js";
import { argumentFault, usageLine } from "./usage.js";

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
 * The error for invalid arguments.
 *
 * @param {string} fault
 * @param {string} usage
 */
export function wrongUsage(fault, usage) {
  return new ScriptError(2, `${fault}. ${usageLine(usage)}.`);
}

/**
 * Creates a script from its usage, its options and its main function. The script takes its arguments, and
 * returns its exit code.
 *
 * @template {NonNullable<import("node:util").ParseArgsConfig["options"]>} const O
 * @param {string} usage
 * @param {O} options
 * @param {(
 *   args: ReturnType<typeof parseArgs<{ options: O, allowPositionals: true }>>,
 *   output: import("./terminal.js").Output,
 * ) => Promise<void>} main
 * @returns {(args: readonly string[], output?: import("./terminal.js").Output) => Promise<0 | 1 | 2>}
 */
export function entryScript(usage, options, main) {
  /** @param {readonly string[]} args */
  const readArguments = (args) => {
    try {
      return parseArgs({ args: [...args], options, allowPositionals: true });
    } catch (error) {
      throw wrongUsage(argumentFault(error), usage);
    }
  };
  return async (args, output = terminal) => {
    try {
      if (args.includes("--help")) output.print(usage);
      else await main(readArguments(args), output);
      return 0;
    } catch (error) {
      const message = error instanceof Error ? error.message : error;
      const isOfSystem = error instanceof Error && "syscall" in error;
      output.printError(`✘ ${message}${isOfSystem ? ". Check the path and its permissions." : ""}`);
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
