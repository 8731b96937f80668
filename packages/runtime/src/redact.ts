import { isObject } from "./values.ts";

/** Removes secrets from a text. */
export type Redact = (text: string) => string;

/** Removes secrets from texts that users or logs will see. */
export interface Redactor {
  /** Adds a token to the known secrets. */
  add(token: string): void;
  /**
   * Adds the query of a URL, and the values of its parameters, or the names of those without one: any may be a
   * signature.
   */
  addQuery(url: URL): void;
  readonly redact: Redact;
  /** Removes tokens only. */
  readonly redactTokens: Redact;
}

/** More secrets than any call has. Each download adds a URL with a query. */
const capacity = 1000;

/** The latest secrets of one kind, each with its folded spellings once they have been computed. */
type Secrets = Map<string, readonly string[] | undefined>;

function remember(secrets: Secrets, secret: string): void {
  const spellings = secrets.get(secret);
  // A known secret becomes the latest: a Map would leave it in its old place.
  secrets.delete(secret);
  secrets.set(secret, spellings);
  const [oldest = ""] = secrets.keys();
  if (secrets.size > capacity) secrets.delete(oldest);
}

/** Creates a redactor that knows the latest thousand tokens, and the latest thousand parts of queries. */
export function createRedactor(): Redactor {
  // Kept separately, so that many downloads cannot evict a token.
  const tokens: Secrets = new Map();
  const queries: Secrets = new Map();
  return {
    add(token) {
      remember(tokens, token);
    },
    addQuery({ search, searchParams }) {
      remember(queries, search.slice(1));
      for (const [name, value] of searchParams) {
        const secret = value || name;
        // S3 takes the headers of its response from there.
        const isHeader = name.startsWith("response-");
        if (secret.length >= minLength && !isHeader) remember(queries, secret);
      }
    },
    redact: (text) => redactFrom([tokens, queries], text),
    redactTokens: (text) => redactFrom([tokens], text),
  };
}

function redactFrom(kinds: readonly Secrets[], text: string): string {
  const { folded, starts } = fold(text);
  const matches: [start: number, end: number][] = [];
  for (const secrets of kinds) {
    for (const [secret, cached] of secrets) {
      const spellings = cached ?? spellingsOf(secret);
      secrets.set(secret, spellings);
      for (const spelling of spellings) {
        let at = -1;
        while ((at = folded.indexOf(spelling, at + 1)) >= 0) {
          const start = Number(starts[at]);
          const end = Number(starts[at + spelling.length]);
          const isWord = /\w/.test(`${text[start - 1] ?? ""}${text[end] ?? ""}`);
          if (secret.length >= minLength || !isWord) matches.push([start, end]);
        }
      }
    }
  }
  let [output, position] = ["", 0];
  for (const [start, end] of matches.toSorted(([a], [b]) => a - b)) {
    if (start >= position) output += `${text.slice(position, start)}…`;
    position = Math.max(position, end);
  }
  return output + text.slice(position);
}

/** Shorter secrets could be part of ordinary words. They are redacted only where they stand alone. */
const minLength = 8;

/** The spellings of a secret in a folded text: as it is, and in base64. */
function spellingsOf(secret: string): string[] {
  const plain = fold(secret).folded;
  const spellings = [plain].filter(Boolean);
  if (secret.length < minLength) return spellings;
  // Base64 encodes three bytes at a time, so a secret has three spellings, depending on its offset.
  for (const before of [0, 1, 2]) {
    const bytes = new TextEncoder().encode(" ".repeat(before) + secret);
    // Spreading a long secret would overflow the stack.
    const binary = Array.from(bytes, (byte) => String.fromCharCode(byte)).join("");
    const code = btoa(binary).replaceAll("=", "");
    const end = (bytes.length * 8) % 6 === 0 ? code.length : code.length - 1;
    spellings.push(fold(code.slice(Math.ceil((before * 8) / 6), end)).folded);
  }
  return spellings;
}

const escapeSequence =
  /%[c-f][\da-f](?:%[89ab][\da-f])+|%[0-7][\da-f]|\\+(?:u[\da-f]{4}|[^\\]|$)|&(?:#x?[\da-f]{1,7}|amp|lt|gt|quot|apos);/gi;

const htmlNames: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"' };

/** How many layers of encoding are undone. Each layer costs another pass over the text. */
const maxDepth = 4;

/**
 * Folds all spellings of a text into one. Undoes percent-encoding and the escapes of JSON and HTML, nested
 * ones too, and ignores case and the differences between the base64 alphabets. `starts` maps each folded
 * character, and the end, to its index in the original text.
 */
function fold(text: string): { folded: string; starts: Uint32Array } {
  const starts = Uint32Array.from({ length: text.length + 1 }, (_, index) => index);
  let folded = text;
  for (let depth = 0; depth < maxDepth; depth += 1) {
    const before = folded;
    folded = "";
    let read = 0;
    for (const { 0: escaped, index } of before.matchAll(escapeSequence)) {
      const plain = decodeEscape(escaped);
      // Decoding never lengthens the text, so writing never overtakes reading.
      starts.copyWithin(folded.length, read, index);
      folded += before.slice(read, index);
      starts.fill(Number(starts[index]), folded.length, folded.length + plain.length);
      folded += plain;
      read = index + escaped.length;
    }
    starts.copyWithin(folded.length, read, before.length + 1);
    folded += before.slice(read);
    if (folded === before) break;
  }
  return {
    folded: folded
      .replace(/[+-]/g, " ")
      .replaceAll("_", "/")
      .replace(/\p{Lu}/gu, toLowerCase),
    starts,
  };
}

/** Leaves the few letters whose lower case is longer as they are, so that no index changes. */
function toLowerCase(letter: string): string {
  const lower = letter.toLowerCase();
  return lower.length === letter.length ? lower : letter;
}

function decodeEscape(escaped: string): string {
  if (escaped.startsWith("&#")) {
    // Number reads hexadecimal digits after "0x".
    const code = Number(escaped.slice(2, -1).replace(/x/i, "0x"));
    return code <= 0x10ffff ? String.fromCodePoint(code) : escaped;
  }
  if (escaped.startsWith("&")) return htmlNames[escaped.slice(1, -1).toLowerCase()] ?? "'";
  if (escaped.startsWith("\\")) {
    const rest = escaped.replaceAll("\\", "");
    return rest.length > 1 ? String.fromCharCode(Number.parseInt(rest.slice(1), 16)) : rest;
  }
  try {
    return decodeURIComponent(escaped);
  } catch {
    return escaped;
  }
}

/** Copies a platform error's innermost cause, as {@link copyError} does: the others say "fetch failed". */
export function copyCause(cause: unknown, redact?: Redact): Error | undefined {
  let error = cause;
  // Errors can be their own cause.
  for (let depth = 0; depth < 3 && isError(error) && isError(error["cause"]); depth += 1) {
    error = error["cause"];
  }
  return copyError(error, redact);
}

/**
 * Copies the name, message, code and stack of an error, and drops its other fields: undici's errors hold the
 * bytes that were not HTTP, others hold the full URL or the request with its headers.
 */
export function copyError(error: unknown, redact: Redact = (text) => text): Error | undefined {
  const clean = (value: unknown): string =>
    redact(String(value).replace(/\?\S+|Bearer \S+/gi, "…"));
  if (typeof error === "string") return new Error(clean(error));
  if (!isError(error)) return undefined;
  const { name = "Error", message, code, stack } = error;
  return Object.assign(new Error(clean(message)), {
    name: clean(name),
    code: typeof code === "string" ? clean(code) : Number(code) || undefined,
    ...(typeof stack === "string" && { stack: clean(stack) }),
  });
}

/** Not `instanceof`: in a VM, as in Jest, the platform's errors belong to another realm. */
function isError(value: unknown): value is Readonly<Record<string, unknown>> {
  return isObject(value) && typeof value["message"] === "string";
}
