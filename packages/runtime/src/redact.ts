/** Takes secrets out of a text that becomes visible. */
export function redact(text: string, secrets: readonly string[]): string {
  return secrets.reduce((left, secret) => left.replaceAll(secret, "…"), text);
}

/**
 * Copies what the innermost of a platform's errors says, and leaves what else they hold: undici's has
 * the bytes that were not HTTP, those of others the whole URL or the request with its headers.
 */
export function redactCause(cause: unknown): Error | undefined {
  if (!(cause instanceof Error)) return undefined;
  let error: Error & { readonly code?: unknown } = cause;
  // Errors can be their own cause.
  for (let depth = 0; depth < 3 && error.cause instanceof Error; depth += 1) error = error.cause;
  const { name, message, code } = error;
  return Object.assign(new Error(message.replace(/\?\S+|Bearer \S+/gi, "…")), { name, code });
}
