import { terminal } from "./terminal.js";

// What publishes runs before anything is installed, so it is JavaScript on Node's own modules alone.

/** Ends a verb: 1 a finding, 2 an environment that fails. */
export class End extends Error {
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
export async function endWith(main) {
  try {
    await main();
  } catch (error) {
    process.exitCode = error instanceof End ? error.exitCode : 2;
    terminal.printError(`✘ ${error instanceof Error ? error.message : error}`);
  }
}
