import { execFile } from "node:child_process";
import { childEnvironment } from "./environment.js";

/**
 * @typedef {object} Ended How a program ended, and what it wrote.
 * @property {number} exitCode
 * @property {string} stdout
 * @property {string} stderr
 */

/**
 * @typedef {object} ProgramOptions
 * @property {string} [cwd]
 * @property {NodeJS.ProcessEnv} [env] by default that of `childEnvironment`
 * @property {string} [input] what the program reads; by default nothing
 * @property {AbortSignal} [signal] ends the program
 */

/**
 * Runs a program to its end, without a shell. The one way in which this repository starts a program
 * that it waits for.
 *
 * @param {string} program
 * @param {readonly string[]} args
 * @param {ProgramOptions} [options]
 * @returns {Promise<Ended>} rejects if the program cannot be started, or is killed
 */
export function runProgram(program, args, { cwd, env = childEnvironment(), input, signal } = {}) {
  return new Promise((resolve, reject) => {
    const options = { cwd, env, signal, maxBuffer: 2 ** 26 };
    const child = execFile(program, args, options, (error, stdout, stderr) => {
      const exitCode = error === null ? 0 : error.code;
      if (typeof exitCode === "number") resolve({ exitCode, stdout, stderr });
      // An abort calls back at once, when the program may still be writing.
      else if (child.pid === undefined || child.signalCode !== null) reject(error);
      else child.once("close", () => reject(error));
    });
    // A program may end without reading what it is given.
    child.stdin?.on("error", () => undefined).end(input);
  });
}

/**
 * The last lines that a program wrote, in one line, for a message.
 *
 * @param {Ended} ended
 * @param {number} [count]
 */
export function lastLines({ stdout, stderr }, count = 8) {
  const lines = `${stdout}\n${stderr}`.split("\n").filter((line) => line.trim() !== "");
  return lines.slice(-count).join(" | ");
}
