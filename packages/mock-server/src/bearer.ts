/** Says whether an `Authorization` header carries an accepted bearer token. */
export type BearerCheck = (authorization: string | undefined) => boolean;

/** Accepts the tokens given, or any when none is given. */
export function bearerCheck(accepted: string | readonly string[] | undefined): BearerCheck {
  const tokens = accepted === undefined ? undefined : new Set([accepted].flat());
  return (authorization) => {
    const token = /^Bearer +(\S+)$/i.exec(authorization ?? "")?.[1];
    return token !== undefined && (tokens === undefined || tokens.has(token));
  };
}
