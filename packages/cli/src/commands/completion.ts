import { ShellCompDirective } from "@bomb.sh/tab";
import createCompletion from "@bomb.sh/tab/commander";
import type { Command as Program } from "commander";
import { faultNames } from "../fault-names.ts";

/** What the value of an option can be, or is likely to be. */
const values: Readonly<Record<string, readonly string[]>> = {
  every: ["1h", "6h", "1d", "7d"],
  fault: faultNames,
  from: ["today", "yesterday", "7d", "30d"],
  interval: ["2s", "10s", "30s"],
  lag: ["5m", "15m", "1h"],
  overlap: ["1h", "1d"],
  timeout: ["10m", "30m", "1h"],
  to: ["now", "today", "yesterday"],
};

/** The options whose values are files. The shell completes those. */
const fileOptions = ["-o", "--output", "--dir", "--token-file"];

/** Prints what the last word can become. The scripts call this. */
export function printCompletions(
  program: Program,
  completionSummary: string,
  words: readonly string[],
): void {
  const [last = "", before = ""] = words.toReversed();
  if (fileOptions.some((option) => option === before || last.startsWith(`${option}=`))) {
    console.log(`:${ShellCompDirective.ShellCompDirectiveDefault}`);
    return;
  }
  const root = createCompletion(program, { completionCommandName: "completion" });
  const completion = root.commands.get("completion");
  if (completion) completion.description = completionSummary;
  // The library knows them for the program only, but every command takes them.
  for (const command of root.commands.values()) {
    for (const [name, option] of root.options) {
      if (!command.options.has(name)) command.options.set(name, option);
    }
    for (const [name, option] of command.options) {
      const offered = values[name];
      if (offered) option.handler = (complete) => offered.forEach((value) => complete(value, ""));
    }
  }
  root.parse([...words]);
}
