export { findAddressFault, isPrivateHost } from "./address.ts";
export { createApi, type Api } from "./api.ts";
export { openCall, sleep, withTimeout, type Call, type CallOptions } from "./deadline.ts";
export { ApiError } from "./errors/api-error.ts";
export { ClientError } from "./errors/client-error.ts";
export { ConnectionError, wrapConnectionError } from "./errors/connection-error.ts";
export { InvalidResponseError } from "./errors/invalid-response-error.ts";
export { isTransient } from "./errors/is-transient.ts";
export { TimeoutError, type TimeoutBound } from "./errors/timeout-error.ts";
export { isObject } from "./is-object.ts";
export {
  callOperation,
  createMethods,
  labelOf,
  type Method,
  type MethodOptions,
  type Methods,
} from "./methods.ts";
export { checkState, hasFailed, poll, type Poll, type PollOptions } from "./poll.ts";
export { operationHeaders } from "./request.ts";
export { discard, readBody, readResponse } from "./response.ts";
export { backoff, retryAfter } from "./retry.ts";
export { createSession, type ClientOptions, type Session, type SessionOptions } from "./session.ts";
export type { CredentialOption } from "./token.ts";
export { send } from "./transport.ts";
export type * from "./types.ts";
