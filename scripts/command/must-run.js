import { CommandError } from "./problem.js";
import { lastLines, runProgram } from "./program.js";

/**
 * Runs a program that has to succeed.
 *
 * @param {string} program
 * @param {readonly string[]} args
 * @param {import("./program.js").ProgramOptions} options
 * @param {{ file: string, remedy: string, exitCode?: 1 | 2 }} about
 * @throws CommandError with the last lines of its output, if it does not
 */
export async function mustRun(program, args, options, { file, remedy, exitCode }) {
  const result = await runProgram(program, args, options);
  if (result.exitCode === 0) return result;
  const fault = `It exited with ${result.exitCode}: ${lastLines(result)}`;
  throw new CommandError({ file, fault, remedy }, exitCode);
}
