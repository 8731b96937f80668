/** A failure with an exit code, and what the user can do next. */
export class Failure extends Error {
  override readonly name: string = "Failure";
  readonly exitCode: number;
  readonly code: string;
  readonly next: string | undefined;

  constructor(
    message: string,
    { exitCode = exitCodes.error, code = "error", next, cause }: FailureOptions = {},
  ) {
    super(message, { cause });
    this.exitCode = exitCode;
    this.code = code;
    this.next = next;
  }
}

export interface FailureReport {
  readonly exitCode: number;
  readonly code: string;
  readonly message: string;
  readonly next: string | undefined;
}

interface FailureOptions {
  readonly exitCode?: number;
  /** A word for programs. */
  readonly code?: string;
  /** A command, or a sentence. */
  readonly next?: string | undefined;
  readonly cause?: unknown;
}

export const exitCodes = {
  done: 0,
  error: 1,
  usage: 2,
  timeout: 3,
  authentication: 4,
  exportFailed: 5,
} as const;

/** The command line is wrong. Nothing was sent. */
export function usageError(message: string): Failure {
  return new Failure(message, { exitCode: exitCodes.usage, code: "usage" });
}

/** There is no token, or no way to get one. */
export function credentialsError(message: string, cause?: unknown): Failure {
  const { authentication: exitCode } = exitCodes;
  return new Failure(message, { exitCode, code: authentication, cause });
}

/** The code of a failure because of the token. */
export const authentication = "authentication";
