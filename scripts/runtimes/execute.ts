import { execFile } from "node:child_process";

/**
 * Runs a program to its end, which comes after five minutes at the latest, and gives what it wrote.
 * `stop` ends it sooner.
 */
export function execute(
  program: string,
  args: readonly string[],
  stop?: AbortSignal,
): Promise<string> {
  return new Promise((resolve, reject) => {
    const options = { timeout: 300_000, maxBuffer: 2 ** 26 };
    const child = execFile(program, args, options, (error, stdout, stderr) => {
      if (error === null || stop?.aborted) resolve(stdout);
      else if (error.killed) reject(new Error("it did not end in five minutes"));
      else reject(new Error(stderr.trim() || error.message));
    });
    child.stdin?.end();
    // Not by execFile itself, which would not wait for the end.
    stop?.addEventListener("abort", () => child.kill());
  });
}
