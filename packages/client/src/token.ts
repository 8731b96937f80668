import { within, type Call } from "./deadline.ts";
import { AuditLogsError } from "./errors.ts";
import { checkHeader } from "./header.ts";

/** A token that was asked for. */
export interface Asked {
  readonly promise: Promise<string>;
  /** The token, once it is there. */
  token?: string;
}

/** Gives the access token, and a new one when it has expired. */
export interface TokenSource {
  /** What all calls under way share. */
  get(): Asked;
  /**
   * Says that its token was refused, or that there is none. The next `get` asks anew, if no other call
   * has done so since; false if there is no way to another token.
   */
  forget(asked: Asked): boolean;
}

/**
 * Makes a source of a token, or of a function that gives one and is called when it is needed.
 *
 * @throws TypeError if the token cannot be sent; `promise` rejects with it if that of a function cannot
 */
export function createTokenSource(given: string | (() => string | Promise<string>)): TokenSource {
  let current: Asked | undefined;
  const isFunction = typeof given === "function";
  const ask = async (): Promise<string> => checkHeader("token", isFunction ? await given() : given);
  if (!isFunction) checkHeader("token", given);
  return {
    get() {
      if (!current) {
        current = { promise: ask() };
        // Who asked may be gone, and an error that nobody takes would end the process.
        current.promise.catch(() => undefined);
      }
      return current;
    },
    forget(asked) {
      if (current === asked) current = undefined;
      return isFunction;
    },
  };
}

/** Waits for a token, for some milliseconds at most. */
export async function receiveToken(
  source: TokenSource,
  asked: Asked,
  limit: number,
  call: Call,
): Promise<string> {
  const wait = async (): Promise<string> => {
    try {
      return await asked.promise;
    } catch (cause) {
      throw new AuditLogsError(`${call.label}: the token function failed`, { cause });
    }
  };
  try {
    return (asked.token ??= await within(call, limit, "token", wait));
  } catch (error) {
    // Kept, a promise that hangs or failed would hold up every call to come.
    source.forget(asked);
    throw error;
  }
}
