import { chromium, type Browser } from "playwright-core";
import { runProgram } from "../command/program.js";
import { CommandError } from "../command/problem.js";

/** Starts the system's Chromium, without a window. */
export async function startBrowser(): Promise<Browser> {
  const { stdout } = await runProgram("which", ["chromium"]);
  const executablePath = stdout.trim();
  if (executablePath === "") {
    const remedy = "Install it (`apt-get install chromium`)";
    throw new CommandError({ file: "chromium", fault: "It is not on the PATH", remedy }, 2);
  }
  // Chromium has no sandbox for root. It only loads pages of this repository.
  return chromium.launch({ executablePath, args: ["--no-sandbox", "--disable-gpu"] });
}
