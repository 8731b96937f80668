import { fileURLToPath } from "node:url";
import { childEnvironment } from "../command/environment.js";
import { runProgram, type ProgramResult, type ProgramOptions } from "../command/program.js";
import type { Verb } from "../command/run.ts";

const repository: string = fileURLToPath(new URL("../..", import.meta.url));
const tsx = import.meta.resolve("tsx");

/** Runs a verb in this process, where its modules are loaded already; gives what it printed. */
export async function runVerb(verb: Verb, args: readonly string[]): Promise<ProgramResult> {
  let [stdout, stderr] = ["", ""];
  const exitCode = await verb(args, {
    print: (line) => void (stdout += `${line}\n`),
    printError: (line) => void (stderr += `${line}\n`),
    paint: (_format, text) => text,
  });
  return { exitCode, stdout, stderr };
}

/** How a script ended, and all that it wrote. */
export interface ScriptResult extends ProgramResult {
  readonly output: string;
}

/** Runs one of the repository's scripts in a process of its own, without writing a file for it. */
export async function runScript(
  script: string,
  args: readonly string[],
  {
    env = {},
    cwd = repository,
    scene = "",
  }: Omit<ProgramOptions, "env"> & {
    readonly env?: Readonly<Record<string, string>>;
    /** Shell commands that come before. */
    readonly scene?: string;
  } = {},
): Promise<ScriptResult> {
  const loader = script.endsWith(".ts") ? ["--import", tsx] : [];
  const line = [process.execPath, ...loader, `${repository}scripts/${script}`, ...args];
  const [program = "", ...rest] =
    scene === "" ? line : ["bash", "-c", `${scene}\nexec "$0" "$@"`, ...line];
  const ended = await runProgram(program, rest, { cwd, env: childEnvironment(env) });
  return { ...ended, output: ended.stdout + ended.stderr };
}
