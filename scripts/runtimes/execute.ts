import { execFile, type ExecFileException } from "node:child_process";

/** Runs a program, which is stopped if it hangs, and gives what it wrote. */
export function execute(program: string, args: readonly string[], signal?: AbortSignal) {
  const options = { timeout: 300_000, maxBuffer: 2 ** 26, signal };
  return new Promise<string>((resolve, reject) => {
    const end = (error: ExecFileException | null, stdout: string, stderr: string): void => {
      if (error === null || signal?.aborted) return resolve(stdout);
      const fault = error.killed ? "it did not end in five minutes" : stderr.trim();
      reject(Object.assign(new Error(fault || error.message), { code: error.code }));
    };
    execFile(program, args, options, end).stdin?.end();
  });
}
