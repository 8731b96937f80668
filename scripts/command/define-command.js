import { realpathSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { CommandError, escapeControls, formatProblem } from "./problem.js";
import { terminal } from "./terminal.js";

// The publishing scripts run before anything is installed, so this is JavaScript and uses Node's built-in
// modules only.

/** @typedef {import("./terminal.js").Output} Output */

/**
 * @typedef {object} Outcome The result of a command.
 * @property {readonly string[]} lines the lines to print
 * @property {Readonly<Record<string, unknown>>} data what `lines` say, as fields for `--json`
 */

/**
 * Runs one stage of a command, times it, and prints a line for it.
 *
 * @typedef {<T>(name: string, work: () => T | Promise<T>) => Promise<T>} Stage
 */

/**
 * Runs a command with its arguments and returns its exit code.
 *
 * @typedef {(argv: readonly string[], output?: Output) => Promise<0 | 1 | 2>} Command
 */

/**
 * Creates a command from its usage, its options and its main function.
 *
 * Exit codes: 0 success, 1 a finding, 2 wrong usage or a failing environment. With `--json`, it prints one
 * JSON object to standard output: `{ ok, stages, problems, … }`.
 *
 * @template {NonNullable<import("node:util").ParseArgsConfig["options"]>} const O
 * @param {string} usage
 * @param {O} options
 * @param {(
 *   args: ReturnType<typeof parseArgs<{ options: O, allowPositionals: true }>>,
 *   stage: Stage,
 *   output: Output,
 * ) => Promise<Outcome>} main `output` prints at once, and nothing to standard output with `--json`
 * @returns {Command}
 */
export function defineCommand(usage, options, main) {
  const known = { ...options, json: /** @type {const} */ ({ type: "boolean" }) };
  return async (argv, output = terminal) => {
    if (argv.includes("--help")) {
      output.print(usage);
      return 0;
    }
    const json = argv.includes("--json");
    const progress = json ? { ...output, print: () => undefined } : output;
    /** @type {{ name: string, milliseconds: number }[]} */
    const stages = [];
    /** @type {Stage} */
    const stage = async (name, work) => {
      const start = performance.now();
      const result = await work();
      const milliseconds = Math.round(performance.now() - start);
      stages.push({ name, milliseconds });
      const time = output.paint("dim", `${milliseconds} ms`);
      progress.print(`${output.paint("green", "✔")} ${name} ${time}`);
      return result;
    };

    try {
      const args = readArguments(
        { args: [...argv], options: known, allowPositionals: true },
        usage,
      );
      const { lines, data } = await main(args, stage, progress);
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

/**
 * Runs a command if its module is the main program of the process.
 *
 * @param {string} moduleUrl
 * @param {Command} command
 */
export async function runMain(moduleUrl, command) {
  const [, program, ...args] = process.argv;
  const isMain = program !== undefined && pathToFileURL(realpathSync(program)).href === moduleUrl;
  if (isMain) process.exitCode = await command(args);
}

/**
 * Escapes `##[` inside JSON, so that the terminal has no GitHub Actions command to change there.
 *
 * @param {Readonly<Record<string, unknown>>} value
 */
function toJson(value) {
  return JSON.stringify(value).replaceAll("##[", "#\\u0023[");
}

/**
 * @param {CommandError} error
 * @param {Output} output
 */
function printProblems({ problems, data: { stack } }, output) {
  const shown = 20;
  for (const problem of problems.slice(0, shown)) {
    output.printError(`${output.paint("red", "✘")} ${formatProblem(problem)}`);
  }
  if (problems.length > shown) {
    output.printError(`… and ${problems.length - shown} more; --json lists them all.`);
  }
  if (!Array.isArray(stack)) return;
  for (const line of stack) output.printError(escapeControls(String(line)));
}

/**
 * @template {import("node:util").ParseArgsConfig} T
 * @param {T} config
 * @param {string} usage
 */
function readArguments(config, usage) {
  try {
    return parseArgs(config);
  } catch (error) {
    // Without its advice on arguments that begin with a dash.
    const [fault = ""] = String(error instanceof Error ? error.message : error).split(
      /\.(?:\s|$)/u,
    );
    throw wrongUsage(fault, usage);
  }
}

/**
 * Refuses arguments of a command that takes only options.
 *
 * @param {readonly string[]} positionals
 * @param {string} usage
 */
export function checkNoPositionals([argument], usage) {
  if (argument !== undefined) throw wrongUsage(`Unexpected argument '${argument}'`, usage);
}

/**
 * The error for invalid arguments. Its remedy has each way to write the command, in one line.
 *
 * @param {string} fault
 * @param {string} usage
 */
export function wrongUsage(fault, usage) {
  const [synopses = ""] = usage.split("\n\n");
  const line = synopses.replace(/\n +(?=p?npm )/gu, ", or ").replace(/\n +/gu, " ");
  return new CommandError({ file: "command line", fault, remedy: `Usage: ${line}` }, 2);
}

/** @param {unknown} error */
function environmentFailure(error) {
  if (error instanceof Error && "code" in error && "syscall" in error) {
    const file = String("path" in error ? error.path : error.syscall);
    const remedy = ["EDQUOT", "EFBIG", "ENOSPC"].includes(String(error.code))
      ? "Free some space or raise the limit, and run it again"
      : "Check the path and its permissions";
    const fault = error.code === "ENOENT" ? "The file or its folder does not exist" : error.message;
    return new CommandError({ file, fault, remedy }, 2);
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
