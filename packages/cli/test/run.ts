import { PassThrough, Readable, type Writable } from "node:stream";
import type { Context } from "../src/context.ts";
import { main } from "../src/main.ts";

export interface RunOptions extends Partial<Pick<Context, "env" | "now" | "signal" | "stdout">> {
  readonly stdin?: string;
  readonly isTTY?: boolean;
}

export interface RunResult {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the command line in this process. */
export async function run(
  args: readonly string[],
  { env = { AUDIT_LOGS_TOKEN: "token-1" }, stdin = "", isTTY = false, ...rest }: RunOptions = {},
): Promise<RunResult> {
  const stdout = collect();
  const stderr = collect();
  const exitCode = await main(args, {
    env,
    stdin: Readable.from([Buffer.from(stdin)]),
    stdout: Object.assign(stdout.stream, { isTTY }),
    stderr: Object.assign(stderr.stream, { isTTY, columns: 80 }),
    signal: new AbortController().signal,
    now: () => new Date("2026-11-28T12:00:00Z"),
    ...rest,
  });
  return { exitCode, stdout: stdout.text(), stderr: stderr.text() };
}

function collect(): { stream: Writable; text: () => string } {
  const stream = new PassThrough();
  const chunks: Buffer[] = [];
  stream.on("data", (chunk: Buffer) => chunks.push(chunk));
  return { stream, text: () => Buffer.concat(chunks).toString() };
}
