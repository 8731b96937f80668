import { CommanderError, type Command as Program } from "commander";
import { findBaseUrl } from "./connect.ts";
import type { Context } from "./context.ts";
import { describeFailure } from "./describe-failure.ts";
import { exitCodes, type FailureReport } from "./failure.ts";
import { ClosedOutputError, createOutput, writeFailure } from "./output.ts";
import { createProgram } from "./program.ts";

/** Runs the command line, and returns the exit code. */
export async function main(args: readonly string[], context: Context): Promise<number> {
  const program = createProgram(context);
  try {
    await parse(program, args);
    // Help, the version and completions are written without waiting: this fails if they could not be.
    await createOutput(context, program.opts()).write("");
    return exitCodes.done;
  } catch (error) {
    // The reader of stdout has closed it, as `head` does.
    if (error instanceof ClosedOutputError) return exitCodes.done;
    const settings = { ...program.opts(), ...(args.includes("--json") && { json: true }) };
    // Without a command, commander has printed the help.
    if (error instanceof CommanderError && error.code === "commander.help" && !settings.json) {
      return exitCodes.usage;
    }
    const report =
      error instanceof CommanderError
        ? describeUsage(error, program)
        : describeFailure(error, context.signal, settings, findBaseUrl(settings, context.env));
    await writeFailure(context, settings, report);
    return report.exitCode;
  }
}

async function parse(program: Program, args: readonly string[]): Promise<void> {
  try {
    await program.parseAsync(args, { from: "user" });
  } catch (error) {
    // What commander prints itself: help and the version.
    if (!(error instanceof CommanderError && error.exitCode === 0)) throw error;
  }
}

function describeUsage({ message, code }: CommanderError, program: Program): FailureReport {
  const text = code === "commander.help" ? "there is no command" : message;
  const [word] = program.args;
  const isCommand = program.commands.some((command) => command.name() === word);
  return {
    exitCode: exitCodes.usage,
    code: "usage",
    message: text.replace(/^error: /, "").replace(/\n/g, " "),
    next: `audit-logs ${isCommand ? `${word} ` : ""}--help`,
  };
}
