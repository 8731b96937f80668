import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { childEnvironment } from "../../scripts/command/environment.js";
import { runProgram, type ProgramResult } from "../../scripts/command/program.js";

const pauses = new URL("no-pauses.js", import.meta.url).href;
const folder = (path: string): string => fileURLToPath(new URL(`../${path}`, import.meta.url));

/** The examples as JavaScript: a process with tsx takes three times as long to start. */
const programs = new Map<string, Promise<string>>();

async function compile(example: string): Promise<string> {
  const outfile = folder(`node_modules/.cache/${example}.mjs`);
  const entryPoints = [folder(`${example}/main.ts`)];
  const options = { bundle: true, packages: "external", format: "esm" } as const;
  await build({ ...options, entryPoints, outfile, logLevel: "error" });
  return outfile;
}

/** Runs the script of an example in its own process, as cron would. */
export async function runExample(
  example: string,
  args: readonly string[],
  environment: Readonly<Record<string, string>>,
): Promise<ProgramResult> {
  const program = programs.get(example) ?? compile(example);
  programs.set(example, program);
  return runProgram(process.execPath, ["--import", pauses, await program, ...args], {
    env: childEnvironment(environment),
  });
}
