/** Gives the access token, and a new one when it has expired. */
export interface TokenSource {
  /** A promise of the token, which all calls under way share. */
  get(): Promise<string>;
  /**
   * Says that a promise is of no use: its token was refused, or there is none. The next `get` asks
   * anew, if no other call has done so since; false if there is no way to another token.
   */
  forget(asked: Promise<string>): boolean;
}

/** Makes a source of a token, or of a function that gives one and is called when it is needed. */
export function createTokenSource(token: string | (() => string | Promise<string>)): TokenSource {
  let current: Promise<string> | undefined;
  const ask = async (): Promise<string> => (typeof token === "function" ? token() : token);
  return {
    get: () => (current ??= ask()),
    forget(asked) {
      if (current === asked) current = undefined;
      return typeof token === "function";
    },
  };
}
