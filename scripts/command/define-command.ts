import { parseArgs, type ParseArgsConfig } from "node:util";
import { CommandError, escapeControls, formatProblem } from "./problem.ts";
import { terminal, type Output } from "./terminal.js";
import { argumentFault, usageLine } from "./usage.js";

type Options = NonNullable<ParseArgsConfig["options"]>;
type Arguments<O extends Options> = ReturnType<
  typeof parseArgs<{ options: O; allowPositionals: true }>
>;

/** The result of a command: the lines to print, and the same as data for `--json`. */
export interface Outcome {
  readonly lines: readonly string[];
  readonly data: Readonly<Record<string, unknown>>;
}

/** Runs one stage of a command, times it, and prints a line for it. */
export type Stage = <T>(name: string, work: () => T | Promise<T>) => Promise<T>;

/** Runs a command with its arguments and returns its exit code. */
export type Command = (argv: readonly string[], output?: Output) => Promise<0 | 1 | 2>;

/**
 * Creates a command from its usage, its options and its main function.
 *
 * Exit codes: 0 success, 1 a finding, 2 wrong usage or a failing environment. With `--json`, it prints one
 * JSON object to standard output: `{ ok, stages, problems, … }`.
 */
export function defineCommand<const O extends Options>(
  usage: string,
  options: O,
  main: (args: Arguments<O>, stage: Stage) => Promise<Outcome>,
): Command {
  return async (argv, output = terminal) => {
    if (argv.includes("--help")) {
      output.print(usage);
      return 0;
    }
    const json = argv.includes("--json");
    const stages: { name: string; milliseconds: number }[] = [];
    const stage: Stage = async (name, work) => {
      const start = performance.now();
      const result = await work();
      const milliseconds = Math.round(performance.now() - start);
      stages.push({ name, milliseconds });
      const time = output.paint("dim", `${milliseconds} ms`);
      if (!json) output.print(`${output.paint("green", "✔")} ${name} ${time}`);
      return result;
    };

    try {
      const { lines, data } = await main(readArguments(argv, usage, options), stage);
      if (json) output.print(toJson({ ok: true, stages, problems: [], ...data }));
      else for (const line of lines) output.print(line);
      return 0;
    } catch (error) {
      const commandError = error instanceof CommandError ? error : environmentFailure(error);
      const { problems, exitCode, data } = commandError;
      if (json) output.print(toJson({ ok: false, stages, problems, ...data }));
      else printProblems(commandError, output);
      return exitCode;
    }
  };
}

/** Escapes `##[` inside JSON, so that the terminal has no GitHub Actions command to change there. */
function toJson(value: Readonly<Record<string, unknown>>): string {
  return JSON.stringify(value).replaceAll("##[", "#\\u0023[");
}

function printProblems({ problems, data }: CommandError, output: Output): void {
  const shown = 20;
  for (const problem of problems.slice(0, shown)) {
    output.printError(`${output.paint("red", "✘")} ${formatProblem(problem)}`);
  }
  if (problems.length > shown) {
    output.printError(`… and ${problems.length - shown} more; --json lists them all.`);
  }
  const { stack } = data;
  if (Array.isArray(stack)) {
    for (const line of stack) output.printError(escapeControls(String(line)));
  }
}

function readArguments<const O extends Options>(
  args: readonly string[],
  usage: string,
  options: O,
): Arguments<O> {
  const known = { ...options, json: { type: "boolean" } } as const;
  try {
    return parseArgs({ args: [...args], options: known, allowPositionals: true });
  } catch (error) {
    throw wrongUsage(argumentFault(error), usage);
  }
}

/** Refuses arguments of a command that takes only options. */
export function checkNoPositionals([argument]: readonly string[], usage: string): void {
  if (argument !== undefined) throw wrongUsage(`Unexpected argument '${argument}'`, usage);
}

/** The error for invalid arguments. */
export function wrongUsage(fault: string, usage: string): CommandError {
  return new CommandError({ file: "command line", fault, remedy: usageLine(usage) }, 2);
}

function environmentFailure(error: unknown): CommandError {
  if (error instanceof Error && "code" in error && "syscall" in error) {
    const path = "path" in error ? String(error.path) : String(error.syscall);
    const remedy =
      error.code === "ENOSPC"
        ? "Free some space and run it again"
        : "Check the path and its permissions";
    return new CommandError({ file: path, fault: error.message, remedy }, 2);
  }
  const { message, stack = "" } = error instanceof Error ? error : new Error(String(error));
  return new CommandError(
    {
      file: "internal error",
      fault: message,
      remedy: "This is a bug in the command; report it with the arguments and this stack",
    },
    2,
    { stack: stack.split("\n").filter((line) => /^\s+at /u.test(line)) },
  );
}
