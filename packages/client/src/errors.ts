import type { ExportJob, Failure } from "./export-job.ts";

/** What the errors of this client have in common. A wrong argument is a `TypeError` instead. */
export class AuditLogsError extends Error {
  override readonly name: string = "AuditLogsError";
  // What came from the server is private, so that no log prints it: URLs in it are as good as keys.
  #lastJob: ExportJob | undefined;

  /** While waiting for a job: the last state of it that was seen, so that waiting can go on later. */
  get lastJob(): ExportJob | undefined {
    return this.#lastJob;
  }

  set lastJob(job: ExportJob) {
    this.#lastJob = job;
  }
}

/** The server answered, but not with success. */
export class ApiError extends AuditLogsError {
  override readonly name = "ApiError";
  /** The HTTP status of the answer. */
  readonly status: number;
  /** How long the server asks to wait, in milliseconds; 0 if it does not say. */
  readonly retryAfter: number;
  readonly #headers: Headers;
  readonly #body: unknown;

  constructor(label: string, response: Response, body: unknown, retryAfter: number) {
    const { status, statusText, headers } = response;
    // A redirect is not followed: it would take the credentials to another place.
    const isRedirect = status === 0 || (status >= 300 && status < 400);
    super(
      `${label}: the server answered ${status} ${statusText}`.trimEnd() +
        (isRedirect ? ", a redirect; is baseUrl right?" : "") +
        (retryAfter > 0 ? `, and asks to wait for ${retryAfter} ms` : "") +
        (isObject(body) && body["detail"]
          ? `: ${JSON.stringify(body["detail"])}`.slice(0, 300)
          : ""),
    );
    this.status = status;
    this.retryAfter = retryAfter;
    this.#headers = headers;
    this.#body = body;
  }

  /** What the server says is wrong: JSON if it sent JSON, or else text. */
  get body(): unknown {
    return this.#body;
  }

  get headers(): Headers {
    return this.#headers;
  }

  /** The server's own name for the request, for a question to its support. */
  get requestId(): string | null {
    return this.#headers.get("x-request-id");
  }

  /**
   * Whether the server answered with a status of the description, and with an object; its `body` is
   * then typed as the description has it, which the server alone can break.
   */
  is<Status extends keyof Failure>(
    status: Status,
  ): this is { readonly status: Status; readonly body: Failure[Status] } {
    return this.status === status && isObject(this.#body);
  }
}

/** The connection failed: no name, no server, broken off, or not HTTP. `cause` says which. */
export class ConnectionError extends AuditLogsError {
  override readonly name = "ConnectionError";

  constructor(message: string, cause?: unknown) {
    super(message, { cause: withoutSecrets(cause) });
  }
}

/** Makes what a platform throws a ConnectionError. */
export async function connecting<T>(
  { label }: { readonly label: string },
  fault: string,
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    throw new ConnectionError(`${label}: ${fault}`, cause);
  }
}

/**
 * Copies what the innermost of a platform's errors says, and leaves what else they hold: undici's has
 * the bytes that were not HTTP, those of others the whole URL or the request with its headers.
 */
function withoutSecrets(cause: unknown): Error | undefined {
  if (!(cause instanceof Error)) return undefined;
  let error: Error & { readonly code?: unknown } = cause;
  // Errors can be their own cause.
  for (let depth = 0; depth < 3 && error.cause instanceof Error; depth += 1) error = error.cause;
  const { name, message, code } = error;
  return Object.assign(new Error(message.replace(/\?\S+|Bearer \S+/gi, "…")), { name, code });
}

/**
 * Which time ran out: that of an attempt, that of a silence in a body, that for the token function, or
 * all of it.
 */
export type TimeoutBound = keyof typeof timeouts;

const timeouts = {
  attempt: "no whole answer within",
  idle: "nothing came for",
  token: "the token function gave no token within",
  total: "not done within",
};

/** A time ran out. The job may well be running still. */
export class TimeoutError extends AuditLogsError {
  override readonly name = "TimeoutError";
  readonly bound: TimeoutBound;
  /** The time, in milliseconds. */
  readonly timeout: number;

  constructor(label: string, bound: TimeoutBound, timeout: number, hint = "") {
    super(`${label}: ${timeouts[bound]} ${timeout} ms${hint}`);
    this.bound = bound;
    this.timeout = timeout;
  }
}

/** The server answered with success, but not with what its description promises. */
export class InvalidResponseError extends AuditLogsError {
  override readonly name = "InvalidResponseError";

  constructor(label: string, fault: string) {
    super(`${label}: the answer is not what the description promises: ${fault}`);
  }
}

/** Whether an error tells of what may pass by itself. */
export function isFleeting(error: unknown): boolean {
  return (
    error instanceof ConnectionError ||
    // A proxy's page, or an answer that was cut.
    error instanceof InvalidResponseError ||
    (error instanceof TimeoutError && error.bound !== "total")
  );
}

/** The export job ended in failure. */
export class ExportFailedError extends AuditLogsError {
  override readonly name = "ExportFailedError";
  readonly #job: ExportJob;

  constructor(job: ExportJob) {
    super(
      `Export job ${job.id} ${job.status}: ${job.error_message ?? "the server gives no reason"}`,
    );
    this.#job = job;
    this.lastJob = job;
  }

  get job(): ExportJob {
    return this.#job;
  }
}

/** A download ended before its end, or cannot be gone on with. */
export class DownloadInterruptedError extends AuditLogsError {
  override readonly name = "DownloadInterruptedError";
  /** The bytes that were delivered before. */
  readonly bytes: number;

  constructor(label: string, fault: string, bytes: number, options?: ErrorOptions) {
    super(`${label}: interrupted after ${bytes} bytes: ${fault}`, options);
    this.bytes = bytes;
  }
}

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}
