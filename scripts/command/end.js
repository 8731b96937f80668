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

/** @param {() => Promise<void>} main */
export async function runEntryScript(main) {
  try {
    await main();
  } catch (error) {
    process.exitCode = error instanceof ScriptError ? error.exitCode : 2;
    terminal.printError(`✘ ${error instanceof Error ? error.message : error}`);
  }
}
