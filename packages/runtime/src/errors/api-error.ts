import { isObject } from "../is-object.ts";
import { isRetryable, retryAfter } from "../retry.ts";
import { ClientError, type Subject } from "./client-error.ts";

/** The server answered, but not with success. */
export class ApiError<
  Failures = Record<number, unknown>,
  State = unknown,
> extends ClientError<State> {
  override readonly name = "ApiError";
  /** The HTTP status of the answer. */
  readonly status: number;
  /** The server's own words for what is wrong, if it has any; 300 characters at most. */
  readonly reason: string;
  /** The server's own name for the request, for a question to its support. */
  readonly requestId: string | null;
  readonly #headers: Headers;
  readonly #body: unknown;

  constructor(subject: Subject, response: Response, body?: unknown) {
    const { status, statusText, headers } = response;
    const pause = retryAfter(headers);
    const reason = reasonOf(body);
    super(
      subject,
      `the server answered ${status} ${statusText}`.trimEnd() +
        explain(status, headers) +
        (pause > 0 ? `, and asks to wait for ${pause} ms` : "") +
        (reason && `: ${reason}`),
    );
    this.status = status;
    this.retryAfter = pause;
    this.reason = subject.redact?.(reason) ?? reason;
    this.requestId = requestIdOf(subject, response);
    this.#headers = headers;
    this.#body = body;
  }

  override get isTransient(): boolean {
    return isRetryable(this.status);
  }

  /** What the server says is wrong: JSON if it sent JSON, or else text. */
  get body(): unknown {
    return this.#body;
  }

  get headers(): Headers {
    return this.#headers;
  }

  /**
   * Whether the server answered with a status of the description, and with an object; its `body` is
   * then typed as the description has it, which the server alone can break.
   */
  is<Status extends keyof Failures>(
    status: Status,
  ): this is { readonly status: Status; readonly body: Failures[Status] } {
    return this.status === status && isObject(this.#body);
  }

  override toJSON(): Readonly<Record<string, unknown>> {
    return { ...super.toJSON(), status: this.status, requestId: this.requestId };
  }
}

/** The server's own name for a request. */
export function requestIdOf({ redact }: Subject, { headers }: Response): string | null {
  const id = headers.get("x-request-id");
  return id && (redact?.(id) ?? id);
}

/** Says what a redirect means: it is not followed, for it would take the credentials to another place. */
function explain(status: number, headers: Headers): string {
  if (status === 304) return ", though nothing is kept here; what stands between?";
  if (status !== 0 && (status < 300 || status > 399)) return "";
  const isSomewhere = status === 0 || headers.has("location");
  return isSomewhere ? ", a redirect; is baseUrl right?" : ", a redirect to nowhere";
}

/** Finds the words for people in JSON (RFC 9457 and others), XML, HTML or text. */
function reasonOf(body: unknown): string {
  const said = isObject(body)
    ? (body["detail"] ??
      body["message"] ??
      body["error_description"] ??
      body["error"] ??
      body["title"])
    : body;
  const text = isObject(said) ? JSON.stringify(said) : String(said ?? "");
  return text
    .replace(/<[^<>]*>/g, " ")
    .replace(/\s+/g, " ")
    .trim()
    .slice(0, 300);
}
