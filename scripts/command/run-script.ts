import { childEnvironment } from "./environment.js";
import { runProgram, type ProgramResult } from "./program.js";
import type { Command } from "./define-command.js";
import { repository } from "./repository.js";

/** Runs a command in this process, which has already loaded its modules. Returns its output. */
export async function runCommand(
  command: Command,
  args: readonly string[],
): Promise<ProgramResult> {
  let [stdout, stderr] = ["", ""];
  const exitCode = await command(args, {
    print: (line) => void (stdout += `${line}\n`),
    printError: (line) => void (stderr += `${line}\n`),
    paint: (_format, text) => text,
  });
  return { exitCode, stdout, stderr };
}

/** Runs a command in this process as if that were a child process with these variables. */
export async function runCommandWith(
  env: Readonly<Record<string, string>>,
  command: Command,
  args: readonly string[],
): Promise<ScriptResult> {
  const own = process.env;
  process.env = childEnvironment(env);
  try {
    const result = await runCommand(command, args);
    return { ...result, output: result.stdout + result.stderr };
  } finally {
    process.env = own;
  }
}

/** A script's exit code, and its combined output. */
export interface ScriptResult extends ProgramResult {
  readonly output: string;
}

/** Runs one of the repository's scripts, in JavaScript, in its own process. */
export async function runScript(
  script: string,
  args: readonly string[],
  {
    env = {},
    setup = "",
  }: {
    readonly env?: Readonly<Record<string, string>>;
    /** Shell commands to run first. */
    readonly setup?: string;
  } = {},
): Promise<ScriptResult> {
  const line = [process.execPath, `${repository}scripts/${script}`, ...args];
  const [program = "", ...rest] =
    setup === "" ? line : ["bash", "-c", `${setup}\nexec "$0" "$@"`, ...line];
  const result = await runProgram(program, rest, { cwd: repository, env: childEnvironment(env) });
  return { ...result, output: result.stdout + result.stderr };
}
