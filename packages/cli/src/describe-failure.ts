import { Interruption } from "./context.ts";
import { authentication, exitCodes, Failure, tokenRemedy, type FailureReport } from "./failure.ts";
import { ClosedOutputError } from "./output.ts";

/**
 * Decides how a command's error is reported.
 *
 * @param server the API's URL, if it is known
 */
export function describeFailure(
  error: unknown,
  signal: AbortSignal,
  server?: string,
): FailureReport {
  const { message, ...rest } = decide(error, signal);
  const cause = causeOf(error);
  const isSame = cause instanceof Error && cause.message === message;
  return { ...rest, message: isSame ? explain(cause, server) : message };
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

/** The step that failed says how to continue; its cause says what happened. */
function causeOf(error: unknown): unknown {
  return error instanceof Failure && error.cause instanceof Error ? error.cause : error;
}

function decide(error: unknown, signal: AbortSignal): FailureReport {
  const failure = error instanceof Failure ? error : undefined;
  const cause = causeOf(error);
  const next = failure?.next;
  const { reason }: { reason: unknown } = signal;
  if (signal.aborted && reason instanceof Interruption) {
    const { exitCode, message } = reason;
    return { exitCode, code: message, message, next };
  }
  const credentials = findCredentialsFailure(cause);
  if (credentials) {
    return report(exitCodes.authentication, authentication, credentials.message, tokenRemedy);
  }
  if (failure) return describe(failure);
  if (!(error instanceof Error)) return report(exitCodes.error, "error", String(error), next);

  const { name, message } = error;
  const status = "status" in error ? error.status : undefined;
  if (name === "ApiError" && (status === 401 || status === 403)) {
    return report(exitCodes.authentication, authentication, message, tokenRemedy);
  }
  if (name === "ExportFailedError") {
    return report(exitCodes.exportFailed, "export-failed", message, next);
  }
  return report(exitCodes.error, codes[name] ?? systemCode(error), message, next);
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

function describe({ exitCode, code, message, next }: Failure): FailureReport {
  return { exitCode, code, message, next };
}

function report(
  exitCode: number,
  code: string,
  message: string,
  next: string | undefined,
): FailureReport {
  return { exitCode, code, message, next };
}

/** The client wraps a copy of the failure of a token function. */
function findCredentialsFailure(error: unknown): Error | undefined {
  for (let at = error; at instanceof Error; at = at.cause) {
    if ("code" in at && at.code === authentication) return at;
  }
  return undefined;
}

/** Runs a step of a command. If it fails, the report says how to continue. */
export async function withNext<T>(next: string, step: () => Promise<T>): Promise<T> {
  try {
    return await step();
  } catch (error) {
    throw addNext(error, next);
  }
}

function addNext(error: unknown, next: string): unknown {
  const isReported = error instanceof Failure || error instanceof ClosedOutputError;
  if (isReported || !(error instanceof Error)) return error;
  // Never aborted: what the signal means is decided when the failure is reported.
  const { exitCode, code, message, next: remedy } = decide(error, noSignal);
  // The remedy for a failed export, or a missing one, is not to continue with it.
  const isFinal = error.name === "ExportFailedError" || ("status" in error && error.status === 404);
  const continued = remedy ?? (isFinal ? undefined : next);
  return new Failure(message, { exitCode, code, next: continued, cause: error });
}

const { signal: noSignal } = new AbortController();
