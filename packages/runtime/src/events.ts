import type { ClientError } from "./errors/client-error.ts";

/** What a client reports to `onEvent`: every request, including polls. It holds no secret. */
export type ClientEvent<Failure extends ClientError = ClientError> =
  RequestEvent | ResponseEvent | RetryEvent<Failure> | TokenEvent;

interface RequestFacts {
  /** The call that the request belongs to, such as `GET /jobs/1`. */
  readonly call: string;
  readonly method: string;
  /** The URL, without its query. */
  readonly url: string;
}

/** A request is about to be sent. */
export interface RequestEvent extends RequestFacts {
  readonly type: "request";
}

/** The status and headers of a response have arrived. */
export interface ResponseEvent extends RequestFacts {
  readonly type: "response";
  readonly status: number;
  readonly requestId: string | null;
  /** The time since the request, in milliseconds. */
  readonly duration: number;
}

/** A transient failure has occurred, and the client will retry after a pause. */
export interface RetryEvent<Failure extends ClientError = ClientError> {
  readonly type: "retry";
  readonly call: string;
  readonly error: Failure;
  /** The number of attempts in a row that have failed. */
  readonly attempt: number;
  /** The pause before the retry, in milliseconds. */
  readonly pause: number;
}

/** A token function has returned a token. */
export interface TokenEvent {
  readonly type: "token";
}

/** Wraps a hook so that it cannot make a call fail. */
export function createEmitter(
  onEvent: (event: ClientEvent) => unknown,
): (event: ClientEvent) => void {
  return (event) => {
    // Errors and rejections of the hook are ignored.
    new Promise((resolve) => resolve(onEvent(event))).catch(() => undefined);
  };
}
