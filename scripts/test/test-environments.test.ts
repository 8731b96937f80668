import { expect, test } from "vitest";
import { runScript } from "../command/run-script.ts";

test.each<[args: string[], fault: string]>([
  [["nowhere"], "There is no environment 'nowhere'; the environments are "],
  [["--times", "x"], "--times must be a whole number, 1 or more"],
  [["--times", "0"], "--times must be a whole number, 1 or more"],
  [["--node", "/nonexistent/node"], "--node: /nonexistent/node does not exist"],
])("refuses %s, and runs nothing", async (args, fault) => {
  const { exitCode, stdout, stderr } = await runScript("test-environments.js", args);
  expect(stderr).toMatch(/^✘ (.+)\. Usage: pnpm test:environments .+\.\n$/u);
  expect(stderr.startsWith(`✘ command line: ${fault}`)).toBe(true);
  expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: "" });
});
