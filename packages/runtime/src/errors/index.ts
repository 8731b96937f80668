// The entry `errors`: the error classes that users of any client may need.

export { ApiError } from "./api-error.ts";
export { ClientError } from "./client-error.ts";
export { ConnectionError } from "./connection-error.ts";
export { InvalidResponseError } from "./invalid-response-error.ts";
export { TimeoutError, type TimeoutBound } from "./timeout-error.ts";
