import { withTimeout, type Call } from "./deadline.ts";
import { ClientError } from "./errors/client-error.ts";
import { ConnectionError } from "./errors/connection-error.ts";
import { TimeoutError } from "./errors/timeout-error.ts";
import { copyError } from "./redact.ts";
import { isNetworkFailure } from "./retry.ts";

/** A credential as an option of the client: the token or key, or a function that returns it. */
export type CredentialOption = string | (() => string | Promise<string>);

/** A token that has been requested. */
export interface PendingToken {
  readonly promise: Promise<string>;
  /** When it was requested, on the clock of `performance.now()`. */
  readonly start: number;
  /** The token, once it has arrived. */
  token?: string;
}

/** Provides a token, and replaces it when it has expired. */
export interface TokenSource {
  /** The current token, which all calls in progress share. */
  get(): PendingToken;
  /**
   * Invalidates a token that the server refused, or a request for one that failed. The next `get` requests
   * a new token, unless another call has already done so. Returns false if the token cannot be replaced.
   */
  forget(pending: PendingToken): boolean;
}

/**
 * Creates the source of a token. A function is called when a token is needed.
 *
 * @param onToken called with each token before each use
 * @throws TypeError if the token cannot be sent; for the token of a function, `promise` rejects with it
 */
export function createTokenSource(
  credential: CredentialOption,
  onToken: (token: string, isNew: boolean) => void = () => undefined,
): TokenSource {
  let current: PendingToken | undefined;
  const isFunction = typeof credential === "function";
  const requestToken = async (): Promise<string> => {
    const token = isFunction ? await credential() : credential;
    // Before the check, so that an invalid token is redacted, too. The name of a missing one is no secret.
    if (typeof token === "string") onToken(token, isFunction);
    return checkToken(token);
  };
  if (!isFunction) onToken(checkToken(credential), false);
  return {
    get() {
      if (current?.token) onToken(current.token, false);
      if (!current) {
        // Not called at once: it may call the client, which then waits for the same token.
        current = { promise: Promise.resolve().then(requestToken), start: performance.now() };
        // The caller may have stopped waiting, and an unhandled rejection would end the process.
        current.promise.catch(() => undefined);
      }
      return current;
    },
    forget(pending) {
      if (current === pending) current = undefined;
      return isFunction;
    },
  };
}

/**
 * Checks a token. Other characters than these have several encodings, not all of which could be redacted.
 *
 * @throws TypeError, which does not quote the token
 */
function checkToken(token: string): string {
  if (typeof token !== "string") {
    throw new TypeError(`a token must be a string, but is ${typeof token}`);
  }
  if (/^[!-~]+(?: [!-~]+)*$/.test(token)) return token;
  throw new TypeError("a token must consist of visible ASCII characters");
}

/** Waits for a token, up to `limit` milliseconds. */
export async function receiveToken(
  source: TokenSource,
  pending: PendingToken,
  limit: number,
  call: Call,
): Promise<string> {
  const wait = async (): Promise<string> => {
    try {
      return await pending.promise;
    } catch (cause) {
      const failure = new ConnectionError(call, "the token function failed", cause);
      if (isNetworkFailure(failure.cause)) throw failure;
      // Its other fields may hold an earlier token, or the request for this one.
      const copy = copyError(cause, call.redact);
      const reason = copy ? `: ${copy.message}` : "";
      throw new ClientError(call, `the token function failed${reason}`, { cause: copy });
    }
  };
  try {
    return (pending.token ??= await withTimeout(call, limit, "token", wait));
  } catch (error) {
    // A promise that has failed or hangs would block every later call. If this call alone has ended, others may
    // still wait for it.
    const isTotal = error instanceof TimeoutError && error.bound === "total";
    const hasFailed = error instanceof ClientError && !isTotal;
    if (hasFailed || performance.now() >= pending.start + limit) source.forget(pending);
    throw error;
  }
}
