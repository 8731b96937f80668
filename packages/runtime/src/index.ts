export { findUrlFault, isPrivateHost } from "./address.ts";
export { createApi, type Api } from "./api.ts";
export {
  callBack,
  CloseSignal,
  longTimeout,
  openCall,
  throwIfAborted,
  withTimeout,
  type Call,
  type CallOptions,
  type CallPart,
} from "./deadline.ts";
export { ApiError } from "./errors/api-error.ts";
export { ClientError, faultOf, toLine, type Subject } from "./errors/client-error.ts";
export { ConnectionError } from "./errors/connection-error.ts";
export { InvalidResponseError } from "./errors/invalid-response-error.ts";
export { TimeoutError, type TimeoutBound } from "./errors/timeout-error.ts";
export { checkTransient, pauseAfter } from "./transient.ts";
export { fieldOf } from "./header.ts";
export type * from "./events.ts";
export { isJobId } from "./job-id.ts";
export {
  bindOperation,
  callOperation,
  createMethods,
  invoke,
  type Method,
  type MethodOptions,
  type Methods,
} from "./methods.ts";
export { callOptionNames, checkOptions, sessionOptionNames } from "./options.ts";
export { checkState, hasFailed, isFinal, poll, type Poll, type PollOptions } from "./poll.ts";
export { readAhead } from "./read-ahead.ts";
export {
  discard,
  discardOnAbort,
  readResponse,
  readBody,
  type ParsedResponse,
} from "./response.ts";
export type { BoundOperation } from "./request.ts";
export { backoff, retryAfter } from "./retry.ts";
export { createSession, type ClientOptions, type Session } from "./session.ts";
export type { CredentialOption } from "./token.ts";
export { send } from "./transport.ts";
export type * from "./types.ts";
export { describe, isObject, textOf } from "./values.ts";
