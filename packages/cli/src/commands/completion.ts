import { script } from "@bomb.sh/tab";
import complete from "@bomb.sh/tab/commander";
import type { Command as Program } from "commander";

/** Prints the script that makes a shell complete the command. */
export function printScript(shell: string): void {
  script(shell, "audit-logs", "audit-logs");
}

/** Prints what the last word can become. The scripts call this. */
export function printCompletions(program: Program, words: readonly string[]): void {
  const root = complete(program, { completionCommandName: "completion" });
  // The library knows them for the program only, but every command takes them.
  for (const command of root.commands.values()) {
    for (const [name, option] of root.options) {
      if (!command.options.has(name)) command.options.set(name, option);
    }
  }
  root.parse([...words]);
}
