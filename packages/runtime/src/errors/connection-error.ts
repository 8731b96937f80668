import { redactCause } from "../redact.ts";
import { ClientError } from "./client-error.ts";

/** The connection failed: no name, no server, broken off, or not HTTP. `cause` says which. */
export class ConnectionError<State = unknown> extends ClientError<State> {
  override readonly name = "ConnectionError";

  constructor(message: string, cause?: unknown) {
    super(message, { cause: redactCause(cause) });
  }
}

/** Makes a ConnectionError of what a platform throws. */
export async function wrapConnectionError<T>(
  { label }: { readonly label: string },
  fault: string,
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    throw new ConnectionError(`${label}: ${fault}`, cause);
  }
}
