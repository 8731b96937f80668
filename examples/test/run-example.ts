import { fileURLToPath } from "node:url";
import { childEnvironment } from "../../scripts/command/environment.js";
import { runProgram, type ProgramResult } from "../../scripts/command/program.js";

const loaders = [import.meta.resolve("tsx"), new URL("no-pauses.js", import.meta.url).href];

/** Runs the script of an example in its own process, as cron would. */
export function runExample(
  example: string,
  args: readonly string[],
  environment: Readonly<Record<string, string>>,
): Promise<ProgramResult> {
  const script = fileURLToPath(new URL(`../${example}/main.ts`, import.meta.url));
  const imports = loaders.flatMap((loader) => ["--import", loader]);
  return runProgram(process.execPath, [...imports, script, ...args], {
    env: childEnvironment(environment),
  });
}
