import type { Readable, Writable } from "node:stream";

/** What a command uses of its process, so that it also runs inside another program. */
export interface Context {
  readonly env: Readonly<NodeJS.ProcessEnv>;
  readonly stdin: Readable;
  readonly stdout: Writable & { readonly isTTY?: boolean };
  readonly stderr: Writable & { readonly isTTY?: boolean; readonly columns?: number };
  /** Aborts the command. Its reason is an {@link Interruption} if the process received a signal. */
  readonly signal: AbortSignal;
  readonly now: () => Date;
}

/** A message and an exit code for each signal. A terminal that is closed sends SIGHUP. */
const interruptions = {
  SIGHUP: ["hangup", 129],
  SIGINT: ["interrupted", 130],
  SIGTERM: ["terminated", 143],
} as const;

/** The process received a signal. */
export class Interruption extends Error {
  override readonly name = "Interruption";
  readonly exitCode: number;

  constructor(signal: keyof typeof interruptions) {
    const [message, exitCode] = interruptions[signal];
    super(message);
    this.exitCode = exitCode;
  }
}
