import { sleep, throwIfAborted, type Call } from "./deadline.ts";
import { ClientError, toLine } from "./errors/client-error.ts";
import { TimeoutError } from "./errors/timeout-error.ts";

/**
 * Returns if the error of a part of a call is transient, and throws otherwise.
 *
 * @throws the reason of the call's signal, or of its closing; the error, if it is not transient
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
  emit?.({ type: "retry", call: toLine(redactTokens, label), error, attempt, pause });
  await sleep(call, pause);
}

/** Adds the failure before an error as its cause. When the time of a call is up, it is the reason, too. */
export function addFailure(call: Call, error: ClientError, failure: ClientError | undefined): void {
  if (!failure || error.cause) return;
  error.cause = failure;
  if (error instanceof TimeoutError && error.bound === "total") {
    error.message += `; the last failure: ${faultOf(call, failure)}`;
  }
}

/** An error's message, for a message of the same call. */
export function faultOf({ label }: Call, { message }: ClientError): string {
  return message.replace(`${label}: `, "");
}
