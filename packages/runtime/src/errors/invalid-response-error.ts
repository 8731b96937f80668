import { ClientError } from "./client-error.ts";

/** The server answered with success, but not with what its description promises. */
export class InvalidResponseError<State = unknown> extends ClientError<State> {
  override readonly name = "InvalidResponseError";

  constructor(label: string, fault: string) {
    super(`${label}: the answer is not what the description promises: ${fault}`);
  }
}
