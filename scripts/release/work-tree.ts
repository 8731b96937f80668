import { CommandError } from "../command/problem.js";
import { runProgram } from "../command/program.js";

/**
 * Reads the commit of the work tree. Uncommitted changes would be in the tarball but in no commit, and the
 * rehearsal would prove something that cannot be released.
 */
export async function readCommit(root: string, signal: AbortSignal): Promise<string> {
  const status = await runProgram("git", ["status", "--porcelain"], { cwd: root, signal });
  const head = await runProgram("git", ["rev-parse", "HEAD"], { cwd: root, signal });
  if (status.exitCode !== 0 || head.exitCode !== 0) {
    const remedy = "Run it in a clone that has a commit";
    throw new CommandError(
      { file: root, fault: "It is not a git work tree with a commit", remedy },
      2,
    );
  }
  const changed = status.stdout.split("\n").filter((line) => line !== "");
  const problems = changed.map((line) => ({
    file: line.slice(3),
    fault: "The work tree has uncommitted changes",
    remedy: "Commit it, or stash it",
  }));
  if (problems.length > 0) throw new CommandError(problems, 2);
  return head.stdout.trim();
}
