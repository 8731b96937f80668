import { isObject, textOf } from "../values.ts";
import { fieldOf } from "../header.ts";
import { isRetryable, retryAfter } from "../retry.ts";
import { ClientError, toLine, type Subject } from "./client-error.ts";

/** The server responded with a status other than success. */
export class ApiError<
  Failures = Record<number, unknown>,
  State = unknown,
> extends ClientError<State> {
  override readonly name = "ApiError";
  override readonly isTransient: boolean;
  /** The HTTP status of the response. */
  readonly status: number;
  /** The server's own error message, if it sent one, in one line of about 300 characters at most. */
  readonly reason: string;
  /** The server's id for the request, for questions to its support. */
  readonly requestId: string | null;
  readonly #redact: Subject["redact"];
  readonly #headers: Headers;
  readonly #body: unknown;

  constructor(subject: Subject, response: Response, body?: unknown) {
    const { status, statusText = "", headers } = response;
    const pause = retryAfter(headers);
    const reason = toLine(subject.redact, reasonOf(body), 300);
    super(
      subject,
      `the server responded with ${status} ${toLine(subject.redact, statusText, 100)}`.trimEnd() +
        explain(status, headers) +
        (pause > 0 ? `, and asked to wait for ${pause / 1000} s` : "") +
        (reason && `: ${reason}`),
    );
    this.isTransient = isRetryable(status);
    this.status = status;
    this.retryAfter = pause;
    this.reason = reason;
    this.requestId = requestIdOf(subject, response);
    this.#redact = subject.redact;
    this.#headers = headers;
    this.#body = body;
  }

  /** The body of the response: parsed if it is JSON, or else text. */
  get body(): unknown {
    return this.#body;
  }

  /** The headers of the response, without secrets. */
  get headers(): Headers {
    // A header cannot hold the ellipsis.
    const clean = (value: string): string => this.#redact?.(value).replaceAll("…", "...") ?? value;
    return new Headers(
      Array.from(this.#headers, ([name, value]): [string, string] => [name, clean(value)]),
    );
  }

  /**
   * Whether the response has this status, and its body is an object. `body` then has the type that the
   * description gives it; nothing checks that the server keeps to it.
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

/** The server's id for a request, from `X-Request-Id`. */
export function requestIdOf({ redact }: Subject, { headers }: Response): string | null {
  const id = headers.get("x-request-id");
  return id && toLine(redact, id);
}

/** Explains a redirect. The client does not follow it, because that would leak the credentials. */
function explain(status: number, headers: Headers): string {
  if (status === 304) return ", although the client caches nothing; is there a cache in between?";
  // A browser hides a redirect behind the status 0.
  if (status && Math.floor(status / 100) !== 3) return "";
  return status && !fieldOf(headers, "location")
    ? ", a redirect without a location"
    : ", a redirect; is baseUrl right?";
}

const reasonKeys = [
  "detail",
  "message",
  "error_description",
  "error",
  "errors",
  "title",
  "Message",
  "msg",
];

/** Extracts the human-readable message from JSON (RFC 9457 and others), XML, HTML or text. */
function reasonOf(body: unknown): string {
  const isRecord = isObject(body) && !Array.isArray(body);
  const texts = isRecord ? reasonKeys.map((key) => textOf(body[key])) : [textOf(body)];
  const isPage = (text: string): boolean =>
    pageTag.test(text) || (text === body && /^\s*</.test(text));
  return (
    texts
      .map((text) => (isPage(text) ? text.replace(tag, " ") : text).replace(/\s+/g, " ").trim())
      .find((text) => !/^(?:true|false|\{\}|\[\]|)$/.test(text)) ?? ""
  );
}

/** A message may quote other tags, or compare numbers. */
const pageTag = /<(?:!doctype|html|body|br|style)\b/i;
const tag = /<(style|script)\b[^]*?(?:<\/\1>|$)|<[^<>]*>/gi;
