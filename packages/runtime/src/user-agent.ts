/** A name for the server's logs, where it costs nothing: in a browser it would cost a preflight. */
export function userAgentHeader(name: string | undefined): Readonly<Record<string, string>> {
  const isServer = "process" in globalThis && !("document" in globalThis);
  return name !== undefined && isServer ? { "user-agent": name } : {};
}
