import { runProgram } from "./program.js";

/** Runs git in a folder as a fixed user. Returns its output, or throws it on failure. */
type Git = (...args: string[]) => Promise<string>;

const settings = [
  "user.name=Somebody",
  "user.email=somebody@example.com",
  // Each commit, fetch and push would otherwise start a maintenance process, for nothing.
  "maintenance.auto=false",
].flatMap((setting) => ["-c", setting]);

export function gitIn(cwd: string): Git {
  return async (...args) => {
    const { exitCode, stdout, stderr } = await runProgram("git", [...settings, ...args], { cwd });
    if (exitCode === 0) return stdout.trim();
    throw new Error(`git ${args.join(" ")} ended with ${exitCode}: ${stderr}`);
  };
}
