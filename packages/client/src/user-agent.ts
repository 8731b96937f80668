import manifest from "../package.json" with { type: "json" };

/** A name for the server's logs, where it costs nothing: in a browser it would cost a preflight. */
export const userAgent: Readonly<Record<string, string>> =
  "process" in globalThis && !("document" in globalThis)
    ? { "user-agent": `${manifest.name}/${manifest.version}` }
    : {};
