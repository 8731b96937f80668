import { execFile } from "node:child_process";
import { childEnvironment } from "./environment.js";

/**
 * @typedef {object} ProgramResult The exit code of a program, and its output.
 * @property {number} exitCode
 * @property {string} stdout
 * @property {string} stderr
 */

/**
 * @typedef {object} ProgramOptions
 * @property {string} [cwd]
 * @property {NodeJS.ProcessEnv} [env] by default the one of `childEnvironment`
 * @property {string} [input] the program's standard input; empty by default
 * @property {AbortSignal} [signal] kills the program
 */

/**
 * Runs a program to completion, without a shell, and returns its whole output.
 *
 * @param {string} program
 * @param {readonly string[]} args
 * @param {ProgramOptions} [options]
 * @returns {Promise<ProgramResult>} rejects if the program cannot be started, or is killed
 */
export function runProgram(program, args, { cwd, env = childEnvironment(), input, signal } = {}) {
  return new Promise((resolve, reject) => {
    const options = { cwd, env, signal, maxBuffer: 2 ** 26 };
    const child = execFile(program, args, options, (error, stdout, stderr) => {
      const exitCode = error === null ? 0 : error.code;
      if (typeof exitCode === "number") resolve({ exitCode, stdout, stderr });
      // An abort calls back immediately, when the program may still be writing.
      else if (child.pid === undefined || child.signalCode !== null) reject(error);
      else child.once("close", () => reject(error));
    });
    // A program may exit without reading its input.
    child.stdin?.on("error", () => undefined).end(input);
  });
}

/**
 * Returns the last lines of a program's output as one line, for a message.
 *
 * @param {ProgramResult} result
 * @param {number} [count]
 */
export function lastLines({ stdout, stderr }, count = 8) {
  const lines = `${stdout}\n${stderr}`.split("\n").filter((line) => line.trim() !== "");
  return lines.slice(-count).join(" | ");
}
