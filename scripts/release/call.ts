import { execFile } from "node:child_process";
import { Stop } from "../command/problem.ts";

/** How a program ended, and what it wrote. */
export interface Called {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CallOptions {
  readonly cwd: string;
  readonly env?: NodeJS.ProcessEnv;
  /** Ends the program. */
  readonly signal: AbortSignal;
}

/** Runs a program, without a shell, to its end. */
export function call(
  program: string,
  args: readonly string[],
  { cwd, env = process.env, signal }: CallOptions,
): Promise<Called> {
  return new Promise((resolve, reject) => {
    const options = { cwd, env, signal, maxBuffer: 2 ** 26 };
    const child = execFile(program, args, options, (error, stdout, stderr) => {
      const exitCode = error === null ? 0 : error.code;
      if (typeof exitCode === "number") resolve({ exitCode, stdout, stderr });
      // An abort calls back at once, when the program may still be writing.
      else if (child.pid === undefined || child.signalCode !== null) reject(error);
      else child.once("close", () => reject(error));
    });
  });
}

/** The same, for a program that has to succeed: it stops with the last lines of what it wrote. */
export async function callWell(
  program: string,
  args: readonly string[],
  options: CallOptions,
  about: { readonly file: string; readonly remedy: string; readonly exitCode?: 1 | 2 },
): Promise<Called> {
  const called = await call(program, args, options);
  if (called.exitCode === 0) return called;
  const said = `${called.stdout}\n${called.stderr}`
    .split("\n")
    .filter((line) => line.trim() !== "");
  const fault = `it ended with ${called.exitCode}: ${said.slice(-8).join(" | ")}`;
  throw new Stop({ file: about.file, fault, remedy: about.remedy }, about.exitCode);
}
