import { ClientError, type Subject } from "./client-error.ts";

/** The server reported success, but its response does not match the description. */
export class InvalidResponseError<State = unknown> extends ClientError<State> {
  override readonly name = "InvalidResponseError";
  override readonly isTransient: boolean;

  /** @param isTransient true for a response that a proxy may have sent, or that was cut short */
  constructor(subject: Subject, fault: string, isTransient = false) {
    super(subject, `the response does not match the description: ${fault}`);
    this.isTransient = isTransient;
  }
}
