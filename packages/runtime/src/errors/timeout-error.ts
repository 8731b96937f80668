import { ClientError, type Subject } from "./client-error.ts";

/**
 * Which timeout expired: of an attempt, of a pause within a body, of the token function, or of the
 * complete call.
 */
export type TimeoutBound = keyof typeof timeouts;

const timeouts = {
  attempt: "no complete response within",
  idle: "no data for",
  token: "the token function returned no token within",
  total: "not finished within",
};

/** A timeout expired. A job may still be running. */
export class TimeoutError<State = unknown> extends ClientError<State> {
  override readonly name = "TimeoutError";
  readonly bound: TimeoutBound;
  /** The timeout, in milliseconds. */
  readonly timeout: number;

  constructor(subject: Subject, bound: TimeoutBound, timeout: number, hint = "") {
    super(subject, `${timeouts[bound]} ${timeout / 1000} s${hint}`);
    this.bound = bound;
    this.timeout = timeout;
  }

  override get isTransient(): boolean {
    return this.bound !== "total";
  }
}
