import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";

const repository = fileURLToPath(new URL("../..", import.meta.url));

interface Ended {
  readonly exitCode: unknown;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a script as `pnpm generate` does, after shell commands that set the scene. */
export function command(script: string, args: readonly string[], scene = ""): Promise<Ended> {
  const shell = ["-c", `${scene}\nexec node --import tsx "$0" "$@"`, `scripts/${script}`, ...args];
  return new Promise((resolve) => {
    execFile("bash", shell, { cwd: repository }, (error, stdout, stderr) =>
      resolve({ exitCode: error === null ? 0 : error.code, stdout, stderr }),
    );
  });
}
