import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";

const repository: string = fileURLToPath(new URL("../..", import.meta.url));

export interface Ended {
  readonly exitCode: unknown;
  readonly output: string;
}

/** Runs one of the repository's scripts as its package.json does. */
export function execute(
  script: string,
  args: readonly string[],
  { env = {}, cwd = repository }: { env?: Record<string, string>; cwd?: string } = {},
): Promise<Ended> {
  const tsx = fileURLToPath(import.meta.resolve("tsx"));
  const line = [
    ...(script.endsWith(".ts") ? ["--import", tsx] : []),
    `${repository}scripts/${script}`,
  ];
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      [...line, ...args],
      { cwd, env: { ...process.env, ...env } },
      (error, stdout, stderr) =>
        resolve({ exitCode: error === null ? 0 : error.code, output: stdout + stderr }),
    );
  });
}
