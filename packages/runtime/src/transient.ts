import { sleep, throwIfAborted, type Call } from "./deadline.ts";
import { ClientError, toLine } from "./errors/client-error.ts";

/**
 * Returns if the error of a part of a call is transient, and throws otherwise.
 *
 * @throws the reason of the call's signal, or of its close signal; the error, if it is not transient
 */
export function checkTransient(call: Call, error: unknown): asserts error is ClientError {
  throwIfAborted(call);
  if (!(error instanceof ClientError && error.isTransient)) throw error;
}

/**
 * Waits before a retry.
 *
 * @param attempt the number of failures in a row
 */
export async function pauseAfter(
  call: Call,
  error: ClientError,
  attempt: number,
  pause: number,
): Promise<void> {
  const { label, redactTokens, emit } = call;
  call.failure = error;
  emit?.({ type: "retry", call: toLine(redactTokens, label), error, attempt, pause });
  await sleep(call, pause);
}
