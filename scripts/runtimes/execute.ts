import { lastLines, runProgram } from "../command/program.js";

/**
 * Runs a program to completion and returns its output. `stop` ends it early.
 *
 * @throws Error with the last lines of its output if it fails
 */
export async function execute(
  program: string,
  args: readonly string[],
  { env, stop }: { readonly env?: NodeJS.ProcessEnv; readonly stop?: AbortSignal } = {},
): Promise<string> {
  // The limit is long enough for slow machines. A runtime that hangs must not block the others forever.
  const limit = AbortSignal.timeout(600_000);
  const signal = stop === undefined ? limit : AbortSignal.any([limit, stop]);
  try {
    const result = await runProgram(program, args, { signal, ...(env !== undefined && { env }) });
    if (result.exitCode === 0) return result.stdout;
    throw new Error(`it exited with ${result.exitCode}: ${lastLines(result)}`);
  } catch (error) {
    if (stop?.aborted) return "";
    throw limit.aborted ? new Error("it did not finish within ten minutes") : error;
  }
}
