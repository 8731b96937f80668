import { CommandError } from "./problem.ts";
import { lastLines, runProgram, type ProgramResult, type ProgramOptions } from "./program.js";

/**
 * Runs a program that has to succeed.
 *
 * @throws CommandError with the last lines of its output, if it does not
 */
export async function mustRun(
  program: string,
  args: readonly string[],
  options: ProgramOptions,
  about: { readonly file: string; readonly remedy: string; readonly exitCode?: 1 | 2 },
): Promise<ProgramResult> {
  const result = await runProgram(program, args, options);
  if (result.exitCode === 0) return result;
  const fault = `It exited with ${result.exitCode}: ${lastLines(result)}`;
  throw new CommandError({ file: about.file, fault, remedy: about.remedy }, about.exitCode);
}
