/** Takes secrets out of texts that become visible. */
export interface Redactor {
  /** Learns a token. */
  add(token: string): void;
  /** Learns the query of a URL, and what its parameters hold: a signature is one of them. */
  addQuery(url: URL): void;
  redact(text: string): string;
}

/** More than any call has: each download has an address with a query. */
const capacity = 1000;

/** Secrets of one kind, the latest of them, with the patterns that match them once they are needed. */
type Secrets = Map<string, RegExp | undefined>;

function remember(secrets: Secrets, secret: string): void {
  if (secret !== "" && !secrets.has(secret)) secrets.set(secret, undefined);
  for (const oldest of secrets.keys()) {
    if (secrets.size <= capacity) break;
    secrets.delete(oldest);
  }
}

/** Makes a redactor that knows the latest thousand tokens, and the latest thousand parts of queries. */
export function createRedactor(): Redactor {
  // Apart, so that no number of downloads makes a token forgotten.
  const tokens: Secrets = new Map();
  const queries: Secrets = new Map();
  return {
    add(token) {
      remember(tokens, token);
    },
    addQuery({ search, searchParams }) {
      remember(queries, search.slice(1));
      for (const value of searchParams.values()) {
        if (value.length >= minLength) remember(queries, value);
      }
    },
    redact(text) {
      let left = text;
      for (const secrets of [tokens, queries]) {
        for (const [secret, known] of secrets) {
          const pattern = known ?? patternOf(secret);
          secrets.set(secret, pattern);
          left = left.replace(pattern, "…");
        }
      }
      return left;
    },
  };
}

/** A shorter secret is a word like others: it is taken out where it stands alone. */
const minLength = 8;

const escape = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|/-]/g, "\\$&");

/** Matches a secret in any spelling: raw, percent-encoded, with JSON's escapes, and in base64. */
function patternOf(secret: string): RegExp {
  const characters = [...secret].map((character) => {
    const percent = [...new TextEncoder().encode(character)].map(
      (byte) => `%${byte.toString(16).padStart(2, "0")}`,
    );
    const unicode = `\\\\{1,4}u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
    const plain = character === " " ? "[ +]" : `\\\\{0,4}${escape(character)}`;
    return `(?:${plain}|${percent.join("")}|${unicode})`;
  });
  if (secret.length < minLength) return new RegExp(`(?<!\\w)${characters.join("")}(?!\\w)`, "gi");
  // What stands before it shifts the sixths of bytes that base64 is made of.
  const shifted = [0, 1, 2].map((before) => {
    const bytes = new TextEncoder().encode(" ".repeat(before) + secret);
    const code = btoa(String.fromCharCode(...bytes)).replace(/=+$/, "");
    const end = (bytes.length * 8) % 6 === 0 ? code.length : code.length - 1;
    const known = escape(code.slice(Math.ceil((before * 8) / 6), end));
    return known.replaceAll("\\+", "[-+]").replaceAll("\\/", "[/_]");
  });
  return new RegExp([characters.join(""), ...shifted].join("|"), "gi");
}

/**
 * Copies what the innermost of a platform's errors says, and leaves what else they hold: undici's has
 * the bytes that were not HTTP, those of others the whole URL or the request with its headers.
 */
export function copyCause(
  cause: unknown,
  redact: (text: string) => string = (text) => text,
): Error | undefined {
  if (!(cause instanceof Error)) return undefined;
  let error: Error & { readonly code?: unknown } = cause;
  // Errors can be their own cause.
  for (let depth = 0; depth < 3 && error.cause instanceof Error; depth += 1) error = error.cause;
  const { name, message, code } = error;
  const text = redact(message.replace(/\?\S+|Bearer \S+/gi, "…"));
  return Object.assign(new Error(text), { name, code });
}
