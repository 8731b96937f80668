import { terminal } from "./terminal.js";

/**
 * Ends a script that takes no arguments if it got one: with its usage for `--help`, or else with exit code 2.
 *
 * @param {string} usage
 */
export function checkNoArguments(usage) {
  // pnpm passes the -- on.
  const argument = process.argv.slice(2).find((word) => word !== "--");
  if (argument === undefined) return;
  if (argument === "--help") {
    terminal.print(usage);
    process.exit(0);
  }
  const [synopsis] = usage.split("\n");
  terminal.printError(`✘ Unexpected argument '${argument}'. Usage: ${synopsis}.`);
  process.exit(2);
}
