import { ClientError, faultOf, type Subject } from "./client-error.ts";

/**
 * Which timeout expired: of an attempt, of a pause within a body, of the token function, or of the
 * complete call.
 */
export type TimeoutBound = keyof typeof timeouts;

/** What did not happen, and the option that sets the limit. */
const timeouts = {
  attempt: ["no complete response within", "attemptTimeout"],
  idle: ["no data for", "idleTimeout"],
  token: ["the token function returned no token within", "attemptTimeout"],
  total: ["not finished within", "timeout"],
} as const;

/** A timeout expired. A job may still be running. */
export class TimeoutError<State = unknown> extends ClientError<State> {
  override readonly name = "TimeoutError";
  override readonly isTransient: boolean;
  readonly bound: TimeoutBound;
  /** The timeout, in milliseconds. */
  readonly timeout: number;

  /** A total timeout reports the failure of its subject. */
  constructor(subject: Subject, bound: TimeoutBound, timeout: number, hint = "") {
    const [fault, option] = timeouts[bound];
    const failure = bound === "total" ? subject.failure : undefined;
    const reason = failure ? `; the last failure: ${faultOf(subject, failure)}` : "";
    super(
      subject,
      `${fault} ${timeout / 1000} s (${option})${hint}${reason}`,
      failure && { cause: failure },
    );
    this.isTransient = bound !== "total";
    this.bound = bound;
    this.timeout = timeout;
  }
}
