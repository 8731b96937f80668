import { runProgram } from "../command/program.js";

/** Runs git in a folder, on behalf of somebody; gives what it prints, or throws that. */
export type Git = (...args: string[]) => Promise<string>;

const settings = [
  "user.name=Somebody",
  "user.email=somebody@example.com",
  // A process that each commit, fetch and push would start, to find nothing to do.
  "maintenance.auto=false",
].flatMap((setting) => ["-c", setting]);

export function gitIn(cwd: string): Git {
  return async (...args) => {
    const { exitCode, stdout, stderr } = await runProgram("git", [...settings, ...args], { cwd });
    if (exitCode === 0) return stdout.trim();
    throw new Error(`git ${args.join(" ")} ended with ${exitCode}: ${stderr}`);
  };
}
