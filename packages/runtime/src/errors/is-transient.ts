import { ConnectionError } from "./connection-error.ts";
import { InvalidResponseError } from "./invalid-response-error.ts";
import { TimeoutError } from "./timeout-error.ts";

/** Whether an error tells of what may pass by itself. */
export function isTransient(error: unknown): boolean {
  return (
    error instanceof ConnectionError ||
    // A proxy's page, or an answer that was cut.
    error instanceof InvalidResponseError ||
    (error instanceof TimeoutError && error.bound !== "total")
  );
}
