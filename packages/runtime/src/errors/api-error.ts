import { isObject } from "../is-object.ts";
import { ClientError } from "./client-error.ts";

/** The server answered, but not with success. */
export class ApiError<
  Failures = Record<number, unknown>,
  State = unknown,
> extends ClientError<State> {
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
  is<Status extends keyof Failures>(
    status: Status,
  ): this is { readonly status: Status; readonly body: Failures[Status] } {
    return this.status === status && isObject(this.#body);
  }
}
