import { Stop } from "./problem.ts";
import { lastLines, runProgram, type Ended, type ProgramOptions } from "./program.js";

/**
 * Runs a program that has to succeed.
 *
 * @throws Stop with the last lines that it wrote, if it does not
 */
export async function mustRun(
  program: string,
  args: readonly string[],
  options: ProgramOptions,
  about: { readonly file: string; readonly remedy: string; readonly exitCode?: 1 | 2 },
): Promise<Ended> {
  const ended = await runProgram(program, args, options);
  if (ended.exitCode === 0) return ended;
  const fault = `it ended with ${ended.exitCode}: ${lastLines(ended)}`;
  throw new Stop({ file: about.file, fault, remedy: about.remedy }, about.exitCode);
}
