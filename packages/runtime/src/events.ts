import type { ClientError } from "./errors/client-error.ts";

/** What a client does: every request of it, those of polls and downloads as well. It holds no secret. */
export type ClientEvent = RequestEvent | ResponseEvent | RetryEvent | TokenEvent;

interface RequestFacts {
  /** What the request is a part of: `GET /jobs/1`, or the download of an export. */
  readonly call: string;
  readonly method: string;
  /** The address, without its query. */
  readonly url: string;
}

/** A request is about to be sent. */
export interface RequestEvent extends RequestFacts {
  readonly type: "request";
}

/** The head of an answer has come. */
export interface ResponseEvent extends RequestFacts {
  readonly type: "response";
  readonly status: number;
  readonly requestId: string | null;
  /** Since the request, in milliseconds. */
  readonly duration: number;
}

/** Something failed in a way that may pass, and is tried again after a pause. */
export interface RetryEvent {
  readonly type: "retry";
  readonly call: string;
  readonly error: ClientError;
  /** How often it has failed in a row. */
  readonly attempt: number;
  /** In milliseconds. */
  readonly pause: number;
}

/** A token function has given a token. */
export interface TokenEvent {
  readonly type: "token";
}

/** Calls a hook, which can do no harm to the call. */
export function createEmitter(
  onEvent: (event: ClientEvent) => unknown,
): (event: ClientEvent) => void {
  return (event) => {
    // What it throws, or rejects with, is its own affair.
    new Promise((resolve) => resolve(onEvent(event))).catch(() => undefined);
  };
}
