import type { ExportJob } from "./export-job.ts";

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
  readonly #response: Response;
  readonly #body: unknown;

  constructor(request: string, response: Response, body: unknown, retryAfter: number) {
    super(`${request}: the server answered ${summarize(response, body, retryAfter)}`);
    this.status = response.status;
    this.retryAfter = retryAfter;
    this.#response = response;
    this.#body = body;
  }

  /** What the server says is wrong: JSON if it sent JSON, or else text. */
  get body(): unknown {
    return this.#body;
  }

  get headers(): Headers {
    return this.#response.headers;
  }

  /** The server's own name for the request, for a question to its support. */
  get requestId(): string | null {
    return this.headers.get("x-request-id");
  }
}

/** The connection failed: no name, no server, broken off, or not HTTP. `cause` says which. */
export class ConnectionError extends AuditLogsError {
  override readonly name = "ConnectionError";

  constructor(message: string, options?: ErrorOptions) {
    super(message, options && { cause: withoutSecrets(options.cause) });
  }
}

/** Which time ran out: that of an attempt, that of a silence in a body, or all of it. */
export type TimeoutBound = "attempt" | "idle" | "total";

/** A time ran out. The job may well be running still. */
export class TimeoutError extends AuditLogsError {
  override readonly name = "TimeoutError";
  readonly bound: TimeoutBound;
  /** The time, in milliseconds. */
  readonly timeout: number;

  constructor(request: string, bound: TimeoutBound, timeout: number, hint = "") {
    super(`${request}: ${timeouts[bound]} ${timeout} ms${hint}`);
    this.bound = bound;
    this.timeout = timeout;
  }
}

const timeouts: Readonly<Record<TimeoutBound, string>> = {
  attempt: "no whole answer within",
  idle: "nothing came for",
  total: "not done within",
};

/** The server answered with success, but not with what its description promises. */
export class InvalidResponseError extends AuditLogsError {
  override readonly name = "InvalidResponseError";

  constructor(request: string, fault: string, options?: ErrorOptions) {
    super(`${request}: the answer is not what the description promises: ${fault}`, options);
  }
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

  constructor(request: string, fault: string, bytes: number, options?: ErrorOptions) {
    super(`${request}: interrupted after ${bytes} bytes: ${fault}`, options);
    this.bytes = bytes;
  }
}

function summarize({ status, statusText }: Response, body: unknown, retryAfter: number): string {
  // A redirect is not followed: it would take the credentials to another place.
  const isRedirect = status === 0 || (status >= 300 && status < 400);
  const hint = isRedirect ? ", a redirect; is baseUrl right?" : "";
  const pause = retryAfter > 0 ? `, and asks to wait for ${retryAfter} ms` : "";
  const detail =
    typeof body === "object" && body !== null && "detail" in body
      ? `: ${JSON.stringify(body.detail)}`.slice(0, 300)
      : "";
  return `${status} ${statusText}`.trimEnd() + hint + pause + detail;
}

/**
 * Copies what a platform's error says, and leaves what else it holds: undici's has the bytes that
 * were not HTTP, those of others the whole URL or the request with its headers.
 */
function withoutSecrets(cause: unknown, depth = 4): Error | undefined {
  if (!(cause instanceof Error) || depth === 0) return undefined;
  const message = cause.message.replace(/\?\S+|Bearer \S+/gi, "…");
  const inner = withoutSecrets(cause.cause, depth - 1);
  const copy = new Error(message, inner && { cause: inner });
  return Object.assign(copy, { name: cause.name }, "code" in cause && { code: cause.code });
}
