import type { Command } from "./command.ts";
import { Interruption } from "./context.ts";
import { authentication, exitCodes, Failure, type FailureReport } from "./failure.ts";
import { translateOptions } from "./option-names.ts";
import { ClosedOutputError } from "./output.ts";
import type { Settings } from "./settings.ts";

/**
 * Decides how a command's error is reported.
 *
 * @param server the API's URL, if it is known
 */
export function describeFailure(
  error: unknown,
  signal: AbortSignal,
  settings: Settings,
  server?: string,
): FailureReport {
  const { exitCode, code, message, next } = decide(error, signal, settings);
  const cause = causeOf(error);
  const isSame = cause instanceof Error && cause.message === message;
  const explanation = isSame ? explain(cause, server) : message;
  return { exitCode, code, message: translateOptions(explanation), next };
}

/**
 * An error's message. Of a failed connection, it also names the host, which the reason need not name.
 *
 * @param server the API's URL, if it is known
 */
export function explain(error: Error, server?: string): string {
  const { name, message } = error;
  if (name !== "ConnectionError" || server === undefined || !isApiCall(error)) return message;
  const { host, hostname } = new URL(server);
  return message.includes(hostname) ? message : `${host}: ${message}`;
}

/** Whether the error is about a request to the API, and not about a download. */
function isApiCall(error: Error): boolean {
  return "toJSON" in error && typeof error.toJSON === "function" && Boolean(error.toJSON().path);
}

/** What happened: a `Failure` only adds how to continue. */
function causeOf(error: unknown): unknown {
  return error instanceof Failure && error.cause instanceof Error ? error.cause : error;
}

function decide(error: unknown, signal: AbortSignal, settings: Settings): FailureReport {
  const failure = error instanceof Failure ? error : undefined;
  const next = failure?.next;
  const { reason }: { reason: unknown } = signal;
  if (signal.aborted && reason instanceof Interruption) {
    const { exitCode, message } = reason;
    return { exitCode, code: message, message, next };
  }
  const credentials = findCredentialsFailure(causeOf(error));
  if (credentials) {
    const { authentication: exitCode } = exitCodes;
    const { message } = credentials;
    return { exitCode, code: authentication, message, next: tokenRemedy(settings) };
  }
  if (failure) return failure;
  if (!(error instanceof Error)) {
    return { exitCode: exitCodes.error, code: "error", message: String(error), next };
  }

  const { name, message } = error;
  const status = "status" in error ? error.status : undefined;
  // The storage of a file refuses a URL, and not the token.
  if (name === "ApiError" && (status === 401 || status === 403) && isApiCall(error)) {
    const remedy = status === 401 ? tokenRemedy(settings) : permissionRemedy;
    return { exitCode: exitCodes.authentication, code: authentication, message, next: remedy };
  }
  if (name === "ExportFailedError") {
    return { exitCode: exitCodes.exportFailed, code: "export-failed", message, next };
  }
  return { exitCode: exitCodes.error, code: codes[name] ?? systemCode(error), message, next };
}

const codes: Readonly<Record<string, string>> = {
  ApiError: "api",
  ConnectionError: "connection",
  DownloadInterruptedError: "download-interrupted",
  InvalidResponseError: "invalid-response",
  TimeoutError: "timeout",
};

/** The code of an error of the operating system, such as ENOSPC. */
function systemCode(error: Error): string {
  return "code" in error && typeof error.code === "string" ? error.code : "error";
}

/** The client wraps a copy of the failure of a token function. */
function findCredentialsFailure(error: unknown): Error | undefined {
  for (let at = error; at instanceof Error; at = at.cause) {
    if ("code" in at && at.code === authentication) return at;
  }
  return undefined;
}

/** How to give a valid token where this one came from: an option takes precedence over the environment. */
function tokenRemedy({ tokenFile, tokenCommand }: Settings): string {
  if (tokenCommand !== undefined) {
    return "Run the command of --token-command by hand: it must print a valid token, and nothing else";
  }
  if (tokenFile === "-") return "Write a valid token, and nothing else, to stdin";
  if (tokenFile !== undefined) {
    return "Check the path after --token-file: the file must contain a valid token, and nothing else";
  }
  return "Set AUDIT_LOGS_TOKEN to a valid token, or use --token-file or --token-command";
}

const permissionRemedy =
  "Use the token of an administrator of the organization: only administrators may export audit logs";

/** Runs a step of a command. If it fails, the report says how to continue, unless that would fail as well. */
export async function withNext<T>(
  { context: { signal }, settings }: Command,
  next: string,
  step: () => Promise<T>,
): Promise<T> {
  try {
    return await step();
  } catch (error) {
    const isReported = error instanceof Failure || error instanceof ClosedOutputError;
    if (isReported || !(error instanceof Error)) throw error;
    const report = decide(error, signal, settings);
    const canSucceed = signal.aborted || isTemporary(error);
    const remedy = report.next ?? (canSucceed ? next : undefined);
    throw new Failure(report.message, { ...report, next: remedy, cause: error });
  }
}

/** Whether the command can succeed later: it was interrupted, the job is not done, or the disk is full. */
function isTemporary(error: Error): boolean {
  if (!("isTransient" in error)) return ["ENOSPC", "EDQUOT"].includes(systemCode(error));
  return error.isTransient === true || !lasting.includes(error.name);
}

/** Errors that a retry does not fix, unless `isTransient` is set. */
const lasting = ["ApiError", "ConnectionError", "ExportFailedError", "InvalidResponseError"];
