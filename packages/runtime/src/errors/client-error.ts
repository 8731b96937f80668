/** What an error is about. */
export interface Subject {
  /** For messages: what is asked of whom, without a query. */
  readonly label: string;
  readonly method?: string | undefined;
  readonly path?: string | undefined;
  /** Takes secrets out of a text. */
  readonly redact?: ((text: string) => string) | undefined;
}

// The same in every copy of this code.
const brand = Symbol.for("openapi-client-error");

/** What all errors of a client have in common. A wrong argument is a `TypeError` instead. */
export class ClientError<State = unknown> extends Error {
  override readonly name: string = "ClientError";
  /** How long the server asks to wait, in milliseconds; 0 if it does not say. */
  retryAfter = 0;
  // What came from the server is private, so that no log prints it: URLs in it are as good as keys.
  #lastJob: State | undefined;
  readonly #subject: Subject;

  /** Whether it is an error of a client, also if another copy of this package has made it. */
  static is<State>(error: unknown): error is ClientError<State> {
    return typeof error === "object" && error !== null && brand in error;
  }

  constructor(subject: Subject, fault: string, options?: ErrorOptions) {
    super(`${subject.label}: ${subject.redact?.(fault) ?? fault}`, options);
    this.#subject = subject;
    Object.defineProperty(this, brand, { value: true });
  }

  /** Whether it tells of what may pass by itself: the same call may succeed later. */
  get isTransient(): boolean {
    return false;
  }

  /** While waiting for a job: its last known state, so that waiting can go on later. */
  get lastJob(): State | undefined {
    return this.#lastJob;
  }

  set lastJob(job: State) {
    this.#lastJob = job;
  }

  /** What a log line needs, without secrets. */
  toJSON(): Readonly<Record<string, unknown>> {
    const { name, message } = this;
    const { method, path } = this.#subject;
    return { name, message, method, path };
  }
}
