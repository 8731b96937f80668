import { parseArgs, styleText, type ParseArgsConfig } from "node:util";
import { formatProblem, Stop, type Problem } from "./problem.ts";

type Options = NonNullable<ParseArgsConfig["options"]>;
type Arguments<O extends Options> = ReturnType<
  typeof parseArgs<{ options: O; allowPositionals: true }>
>;

/** What a verb gives back: the lines to print, and the same as data for `--json`. */
export interface Outcome {
  readonly lines: readonly string[];
  readonly data: Readonly<Record<string, unknown>>;
}

/** Runs one stage of a verb, times it, and prints a line for it. */
export type Stage = <T>(name: string, work: () => T | Promise<T>) => Promise<T>;

/**
 * Runs a verb as the process's main program.
 *
 * Exit codes: 0 all is well, 1 a finding, 2 wrong usage or an environment that fails. With `--json`,
 * one JSON object goes to standard output: `{ ok, stages, problems, … }`.
 */
export async function run<const O extends Options>(
  usage: string,
  options: O,
  main: (args: Arguments<O>, stage: Stage) => Promise<Outcome>,
): Promise<void> {
  const json = process.argv.includes("--json");
  const stages: { name: string; milliseconds: number }[] = [];
  const stage: Stage = async (name, work) => {
    const start = performance.now();
    const result = await work();
    const milliseconds = Math.round(performance.now() - start);
    stages.push({ name, milliseconds });
    if (!json) console.log(`${paint("green", "✔")} ${name} ${paint("dim", `${milliseconds} ms`)}`);
    return result;
  };

  try {
    const { lines, data } = await main(readArguments(usage, options), stage);
    if (json) console.log(JSON.stringify({ ok: true, stages, problems: [], ...data }));
    else for (const line of lines) console.log(line);
  } catch (error) {
    const { problems, exitCode, data } = error instanceof Stop ? error : environmentFailure(error);
    process.exitCode = exitCode;
    if (json) console.log(JSON.stringify({ ok: false, stages, problems, ...data }));
    else printProblems(problems);
  }
}

function printProblems(problems: readonly Problem[]): void {
  const shown = 20;
  for (const problem of problems.slice(0, shown)) {
    console.error(`${paint("red", "✘")} ${formatProblem(problem)}`);
  }
  if (problems.length > shown) {
    console.error(`… and ${problems.length - shown} more; --json lists them all.`);
  }
}

function readArguments<const O extends Options>(usage: string, options: O): Arguments<O> {
  const known = { ...options, json: { type: "boolean" } } as const;
  try {
    if (process.argv.includes("--help")) {
      console.log(usage);
      process.exit(0);
    }
    return parseArgs({ options: known, allowPositionals: true });
  } catch (error) {
    throw wrongUsage(error instanceof Error ? error.message : String(error), usage);
  }
}

/** The stop for arguments that make no sense. */
export function wrongUsage(fault: string, usage: string): Stop {
  const [synopsis = ""] = usage.split("\n");
  return new Stop(
    { file: "command line", fault: fault.replace(/\.$/u, ""), remedy: `Write ${synopsis}` },
    2,
  );
}

function environmentFailure(error: unknown): Stop {
  if (error instanceof Error && "code" in error && "syscall" in error) {
    const path = "path" in error ? String(error.path) : String(error.syscall);
    const remedy =
      error.code === "ENOSPC"
        ? "Free some space and run it again"
        : "Check the path and its permissions";
    return new Stop({ file: path, fault: error.message, remedy }, 2);
  }
  const fault = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return new Stop(
    { file: "internal error", fault, remedy: "This is a defect of the command itself" },
    2,
  );
}

/** Colours text on a terminal only, and never where NO_COLOR asks for none. */
export function paint(format: Parameters<typeof styleText>[0], text: string): string {
  const colours = process.stdout.isTTY && process.env["NO_COLOR"] === undefined;
  return colours ? styleText(format, text) : text;
}
