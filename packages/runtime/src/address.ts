/**
 * Checks a base URL: https, or http on loopback or to a host that was named for it, so that no token
 * travels in the clear; without credentials, query or fragment.
 *
 * @throws TypeError if it is not, or holds any
 */
export function checkBaseUrl(baseUrl: string, insecureHosts: readonly string[] = []): URL {
  if (!URL.canParse(baseUrl)) {
    throw new TypeError("baseUrl is no URL; it is written as https://api.example.com");
  }
  const url = new URL(baseUrl);
  // The platform would refuse it later, and quote the password.
  if (url.username + url.password + url.search + url.hash) {
    throw new TypeError("baseUrl may hold no user, no password, no query and no fragment");
  }
  const isAllowed = isLoopback(url) || insecureHosts.includes(url.hostname);
  if (url.protocol === "https:" || (url.protocol === "http:" && isAllowed)) return url;
  throw new TypeError(
    `baseUrl ${url.href} would send the token in the clear; use https, or name the host of a test server in insecureHosts`,
  );
}

/** Whether a URL leads to this machine. */
export function isLoopback({ hostname }: URL): boolean {
  return /^(?:localhost|127(?:\.\d+){3}|\[::1\])$/.test(hostname);
}

/**
 * Checks that a value stays the one path segment that it is put into, percent-encoded. Dots alone
 * name the parent (RFC 3986 §3.3), and some servers decode a path before they split it.
 *
 * @throws TypeError if it would not stay there
 */
export function checkPathSegment(name: string, value: unknown): void {
  const text = String(value);
  const isPlain = ["string", "number", "boolean", "bigint"].includes(typeof value);
  // oxlint-disable-next-line no-control-regex
  if (isPlain && !/^\.*$|[/\\\0-\x1f\x7f]|%(?:2[ef]|5c)/i.test(text)) return;
  throw new TypeError(
    `${name} ${JSON.stringify(value)} cannot be sent in a path: it is empty, no text, or would lead elsewhere`,
  );
}

/**
 * Checks the address of a download, which the server chose: the API's own origin, or an https
 * address of the public internet. A name that resolves to a private address is not seen here; the
 * entry for Node.js looks it up.
 *
 * @returns the fault; undefined if there is none
 */
export function findAddressFault(url: URL, { origin }: URL): string | undefined {
  // fetch would refuse it too, with a message that quotes it.
  if (url.username + url.password) return "it holds a user or a password";
  // The origin of a blob: URL is that of the page, and what it names is not there.
  if (url.origin === origin && url.protocol !== "blob:") return undefined;
  if (url.protocol !== "https:") return `${url.protocol} is not https`;
  if (isPrivateHost(url.hostname)) return `${url.hostname} is not on the public internet`;
  return undefined;
}

/** Whether a host, as a URL spells it, is an address that is not public, or a name for one. */
export function isPrivateHost(hostname: string): boolean {
  const host = hostname.toLowerCase().replace(/^\[|\]$|\.+$/g, "");
  // IPv4 in IPv6, mapped (RFC 4291 §2.5.5.2) or for NAT64 (RFC 6052), which a URL spells in hexadecimal.
  const embedded = /^(?:::ffff:|64:ff9b::)([\da-f]{1,4}):([\da-f]{1,4})$/.exec(host);
  if (embedded) {
    const [high = 0, low = 0] = embedded.slice(1).map((part) => Number.parseInt(part, 16));
    return isPrivateHost([high >> 8, high & 255, low >> 8, low & 255].join("."));
  }
  // IPv6 that is global unicast (RFC 4291 §2.4), less 2001::/23, which is for protocols and holds
  // Teredo, 6to4, which embeds IPv4, and what is for documentation.
  if (host.includes(":")) {
    return (
      !/^[23][\da-f]{3}:/.test(host) ||
      /^(?:2001:(?:[01]?[\da-f]{0,2}|db8):|2002:|3fff:)/.test(host)
    );
  }
  return (
    // Names that are local: of one label, or by definition (RFC 6761, RFC 6762, RFC 8375, and
    // .internal of ICANN).
    /^[^.]*$|\.(?:localhost|local|internal|home\.arpa)$/.test(host) ||
    // IANA's special-purpose IPv4 addresses: this network, private, shared, loopback, link-local,
    // for protocols, documentation and benchmarks, multicast, reserved.
    /^(?:0|10|127|22[4-9]|2[3-5]\d|100\.(?:6[4-9]|[7-9]\d|1[01]\d|12[0-7])|169\.254|172\.(?:1[6-9]|2\d|3[01])|192\.(?:168|0\.[02])|198\.(?:1[89]|51\.100)|203\.0\.113)(?:\.\d+)+$/.test(
      host,
    )
  );
}
