import { describe, isText } from "./values.ts";

/**
 * Checks a base URL. It must use https, or http if the host is loopback or listed in `insecureHosts`, so
 * that no token is sent in the clear. It must not have credentials, a query or a fragment.
 *
 * @throws TypeError if the URL breaks one of these rules
 */
export function checkBaseUrl(baseUrl: string, insecureHosts?: readonly string[]): URL {
  if (!URL.canParse(baseUrl)) {
    throw new TypeError("baseUrl is not a URL; write it like https://api.example.com");
  }
  const url = new URL(baseUrl);
  // Otherwise the platform would refuse the URL later, in a message that quotes the password.
  if (url.username + url.password || /[?#]/.test(url.href)) {
    throw new TypeError("baseUrl must not contain a user name, a password, a query or a fragment");
  }
  const isAllowed = isLoopback(url) || insecureHosts?.includes(url.hostname);
  if (url.protocol === "https:" || (url.protocol === "http:" && isAllowed)) return url;
  throw new TypeError(
    `baseUrl ${url.href} would send the token unencrypted; use https, or name the host of a test server in insecureHosts`,
  );
}

/** Whether a URL points to this machine. */
export function isLoopback({ hostname }: URL): boolean {
  return /^(?:localhost|127(?:\.\d+){3}|\[::1\])$/.test(hostname);
}

/**
 * Encodes a value as a single path segment. A segment of dots refers to the parent (RFC 3986 §3.3), and some
 * servers decode a path before they split it.
 *
 * @throws TypeError if the value could change the path
 */
export function encodeSegment(name: string, value: unknown): string {
  const text = String(value);
  // oxlint-disable-next-line no-control-regex
  if (isText(value) && !/^\.*$|[/\\\0-\x1f\x7f]|%(?:2[ef]|5c)/i.test(text)) {
    return encodeURIComponent(text);
  }
  throw new TypeError(
    `${name} ${describe(value)} cannot be sent in a path: it is empty, not text, or would change the path`,
  );
}

/**
 * Checks a URL that the server chose. It must be on the API's own origin, or be an https URL on the public
 * internet. This does not detect a name that resolves to a private address.
 *
 * @returns what is wrong, or undefined if the URL may be requested
 */
export function findUrlFault(url: URL, { origin }: URL): string | undefined {
  // fetch would refuse it too, but its message quotes the password.
  if (url.username + url.password) return "it contains a user name or a password";
  // A blob: URL has the origin of its page, but its content is not on that server.
  if (url.origin === origin && url.protocol !== "blob:") return undefined;
  if (url.protocol !== "https:") return `${url.protocol} is not https`;
  if (isPrivateHost(url.hostname)) return `${url.hostname} is not on the public internet`;
  return undefined;
}

/** Whether a host, spelled as in a URL, is a private address or a name for local use. */
export function isPrivateHost(hostname: string): boolean {
  const host = hostname.toLowerCase().replace(/[[\]]|\.+$/g, "");
  // IPv4 embedded in IPv6, either mapped (RFC 4291 §2.5.5.2) or for NAT64 (RFC 6052). URLs spell it in hex.
  const embedded = /^(?:::ffff:|64:ff9b::)([\da-f]{1,4}):([\da-f]{1,4})$/.exec(host);
  if (embedded) {
    const [high = 0, low = 0] = embedded.slice(1).map((part) => Number.parseInt(part, 16));
    return isPrivateHost([high >> 8, high & 255, low >> 8, low & 255].join("."));
  }
  // Only global unicast IPv6 is public (RFC 4291 §2.4), except 2001::/23 (protocol assignments, including
  // Teredo), 6to4 (which embeds IPv4) and the documentation ranges.
  if (host.includes(":")) {
    return (
      !/^[23][\da-f]{3}:/.test(host) ||
      /^(?:2001:(?:[01]?[\da-f]{0,2}|db8):|2002:|3fff:)/.test(host)
    );
  }
  return (
    // Local names: single labels, and the reserved domains (RFC 6761, RFC 6762, RFC 8375, and ICANN's
    // .internal).
    /^[^.]*$|\.(?:localhost|local|internal|home\.arpa)$/.test(host) ||
    // IANA's special-purpose IPv4 ranges: this network, private, shared, loopback, link-local, protocol
    // assignments, documentation, benchmarking, multicast, reserved.
    /^(?:0|10|127|22[4-9]|2[3-5]\d|100\.(?:6[4-9]|[7-9]\d|1[01]\d|12[0-7])|169\.254|172\.(?:1[6-9]|2\d|3[01])|192\.(?:168|0\.[02])|198\.(?:1[89]|51\.100)|203\.0\.113)(?:\.\d+)+$/.test(
      host,
    )
  );
}
