import { withTimeout, type Call } from "./deadline.ts";
import { ClientError } from "./errors/client-error.ts";
import { checkHeader } from "./header.ts";

/** A credential as an option of the client: itself, or a function that gives one. */
export type CredentialOption = string | (() => string | Promise<string>);

/** A token that was asked for. */
export interface PendingToken {
  readonly promise: Promise<string>;
  /** The token, once it is there. */
  token?: string;
}

/** Gives a token, and a new one when it has expired. */
export interface TokenSource {
  /** What all calls under way share. */
  get(): PendingToken;
  /**
   * Says that its token was refused, or that there is none. The next `get` asks anew, if no other call
   * has done so since; false if there is no way to another token.
   */
  forget(pending: PendingToken): boolean;
}

/**
 * Makes a source of a token, or of a function that gives one and is called when it is needed.
 *
 * @param onToken is given each token that there is, before it is used
 * @throws TypeError if the token cannot be sent; `promise` rejects with it if that of a function cannot
 */
export function createTokenSource(
  given: CredentialOption,
  onToken: (token: string, isNew: boolean) => void = () => undefined,
): TokenSource {
  let current: PendingToken | undefined;
  const isFunction = typeof given === "function";
  const ask = async (): Promise<string> => {
    const token = isFunction ? await given() : given;
    // Known before it is checked: what is wrong with it is no reason to show it.
    onToken(String(token), isFunction);
    return checkHeader("token", token);
  };
  if (!isFunction) onToken(checkHeader("token", given), false);
  return {
    get() {
      if (!current) {
        current = { promise: ask() };
        // Who asked may be gone, and an error that nobody takes would end the process.
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

/** Waits for a token, for some milliseconds at most. */
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
      throw new ClientError(call, "the token function failed", { cause });
    }
  };
  try {
    return (pending.token ??= await withTimeout(call, limit, "token", wait));
  } catch (error) {
    // Kept, a promise that hangs or failed would hold up every call to come.
    source.forget(pending);
    throw error;
  }
}
