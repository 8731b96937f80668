import { sleep, type Call } from "./deadline.ts";
import { ClientError } from "./errors/client-error.ts";

/**
 * Lets what a part of a call has failed with be, if it may pass.
 *
 * @throws the reason of the call's signal; the error, if it will not pass
 */
export function checkTransient(call: Call, error: unknown): asserts error is ClientError {
  call.signal?.throwIfAborted();
  if (!(error instanceof ClientError && error.isTransient)) throw error;
}

/**
 * Waits before what has failed is tried again.
 *
 * @param attempt how often it has failed in a row
 */
export async function pauseAfter(
  call: Call,
  error: ClientError,
  attempt: number,
  pause: number,
): Promise<void> {
  call.emit?.({ type: "retry", call: call.label, error, attempt, pause });
  await sleep(call, pause);
}
