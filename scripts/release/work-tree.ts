import { mustRun } from "../command/must-run.js";
import { CommandError } from "../command/problem.js";

/**
 * Reads the commit of the work tree. Uncommitted changes would be in the tarball but in no commit, and the
 * rehearsal would prove something that cannot be released.
 */
export async function readCommit(root: string, signal: AbortSignal): Promise<string> {
  const git = async (...args: string[]): Promise<string> => {
    const remedy = "Run it as the owner of a clone that has a commit";
    const about = { file: `git ${args.join(" ")} in ${root}`, remedy, exitCode: 2 } as const;
    return (await mustRun("git", args, { cwd: root, signal }, about)).stdout;
  };
  // The clone's git configuration may hide new files.
  const status = await git("status", "--porcelain", "--untracked-files=normal");
  const commit = await git("rev-parse", "HEAD");
  const changed = status.split("\n").filter((line) => line !== "");
  const problems = changed.map((line) => ({
    file: line.slice(3),
    fault: "It is not committed",
    remedy: "Commit or stash it",
  }));
  if (problems.length > 0) throw new CommandError(problems, 2);
  return commit.trim();
}
