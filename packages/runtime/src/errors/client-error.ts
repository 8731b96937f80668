import type { Redact } from "../redact.ts";
import { isObject } from "../values.ts";

/** What an error is about. */
export interface Subject {
  /** Names the request in messages, without its query. */
  readonly label: string;
  readonly method?: string | undefined;
  readonly path?: string | undefined;
  /** Removes secrets from a text. */
  readonly redact?: Redact | undefined;
  /** Removes tokens only. The parts of a URL's query may also occur where they are no secret. */
  readonly redactTokens?: Redact | undefined;
  /** The failure that it is recovering from. */
  readonly failure?: ClientError | undefined;
}

/** How many characters are redacted besides those that may be shown: more than any secret has. */
export const redactionMargin: number = 2 ** 16;

/** Removes secrets from the start of a longer text, and its end, where the cut may have divided a secret. */
export function redactStart(redact: Redact | undefined, start: string): string {
  return (redact?.(start) ?? start).slice(0, -redactionMargin);
}

/**
 * Makes a text fit for a message: without secrets, line breaks, control characters, and marks that reverse the
 * direction of reading. It is cut after 1,000 characters by default: a server may send a text of any length, and
 * finding secrets takes time.
 */
export function toLine(redact: Redact | undefined, text: string, length: number = 1000): string {
  // Redaction may shorten the text.
  const limit = length + 2 * redactionMargin;
  const clean =
    text.length > limit ? redactStart(redact, text.slice(0, limit)) : (redact?.(text) ?? text);
  const line = clean.replace(/[\p{Cc}\p{Bidi_C}\u2028\u2029]+/gu, " ");
  // Not within a character of two code units.
  return line.length > length ? `${line.slice(0, length).replace(/[\ud800-\udbff]$/, "")}…` : line;
}

/** An error's message, for a message about the same subject. */
export function faultOf({ label }: Subject, { message }: ClientError): string {
  return message.replace(`${label}: `, "");
}

/** Registered globally, so every copy of a client has the same symbol. */
const brand = (): symbol => Symbol.for(ClientError.name);

/** The base class of all errors of a client. An invalid argument is a `TypeError` instead. */
export class ClientError<State = unknown> extends Error {
  /** Written out, because minifying renames classes. A client may set another name. */
  static override readonly name: string = "ClientError";
  override readonly name: string = ClientError.name;
  /** How long the server asks to wait before a retry, in milliseconds; 0 if it does not say. */
  retryAfter = 0;
  /** Whether the cause is temporary: the same call may succeed later. */
  readonly isTransient: boolean = false;
  // Data from the server is private, so that no log prints it: its URLs may grant access.
  #lastJob: State | undefined;
  readonly #subject: Subject;

  /** Whether a value is an error of a client, even one that another copy of this package created. */
  static is<State>(error: unknown): error is ClientError<State> {
    return isObject(error) && brand() in error;
  }

  constructor(subject: Subject, fault: string, options?: ErrorOptions) {
    const { label, redact, redactTokens } = subject;
    super(`${toLine(redactTokens, label)}: ${toLine(redact, fault)}`, options);
    this.#subject = subject;
    Object.defineProperty(this, brand(), {});
  }

  /** While waiting for a job: its last known state, so that the wait can be continued later. */
  get lastJob(): State | undefined {
    return this.#lastJob;
  }

  set lastJob(job: State) {
    this.#lastJob = job;
  }

  /** The fields for a log line, without secrets. */
  toJSON(): Readonly<Record<string, unknown>> {
    const { name, message } = this;
    const { method, path, redactTokens } = this.#subject;
    return { name, message, method, path: path && toLine(redactTokens, path) };
  }
}
