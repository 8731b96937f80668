import { runProgram } from "../command/program.js";

/** Runs git in a folder, on behalf of somebody; gives what it prints, or throws that. */
export type Git = (...args: string[]) => Promise<string>;

const identity = ["-c", "user.name=Somebody", "-c", "user.email=somebody@example.com"];

export function gitIn(cwd: string): Git {
  return async (...args) => {
    const { exitCode, stdout, stderr } = await runProgram("git", [...identity, ...args], { cwd });
    if (exitCode === 0) return stdout.trim();
    throw new Error(`git ${args.join(" ")} ended with ${exitCode}: ${stderr}`);
  };
}
