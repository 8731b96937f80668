import { ClientError, type Subject } from "./client-error.ts";

/** The server answered with success, but not with what its description promises. */
export class InvalidResponseError<State = unknown> extends ClientError<State> {
  override readonly name = "InvalidResponseError";
  readonly #isTransient: boolean;

  /** @param isTransient for what a proxy sends in between, or an answer that was cut */
  constructor(subject: Subject, fault: string, isTransient = false) {
    super(subject, `the answer is not what the description promises: ${fault}`);
    this.#isTransient = isTransient;
  }

  override get isTransient(): boolean {
    return this.#isTransient;
  }
}
