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

/** Secrets of one kind, the latest of them, with their folded spellings once they are needed. */
type Secrets = Map<string, readonly string[] | undefined>;

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
      const { folded, starts } = fold(text);
      const hidden: [start: number, end: number][] = [];
      for (const secrets of [tokens, queries]) {
        for (const [secret, known] of secrets) {
          const spellings = known ?? spellingsOf(secret);
          secrets.set(secret, spellings);
          for (const spelling of spellings) {
            let at = -1;
            while ((at = folded.indexOf(spelling, at + 1)) >= 0) {
              const start = Number(starts[at]);
              const end = Number(starts[at + spelling.length]);
              const isWord = /\w/.test(`${text[start - 1] ?? ""}${text[end] ?? ""}`);
              if (secret.length >= minLength || !isWord) hidden.push([start, end]);
            }
          }
        }
      }
      let [left, last] = ["", 0];
      for (const [start, end] of hidden.toSorted(([one], [other]) => one - other)) {
        if (start >= last) left += `${text.slice(last, start)}…`;
        last = Math.max(last, end);
      }
      return left + text.slice(last);
    },
  };
}

/** A shorter secret is a word like others: it is taken out where it stands alone. */
const minLength = 8;

/** A secret as it stands in a folded text: itself, and what base64 makes of it. */
function spellingsOf(secret: string): string[] {
  const plain = fold(secret).folded;
  const spellings = plain === "" ? [] : [plain];
  if (secret.length < minLength) return spellings;
  // What stands before it shifts the sixths of bytes that base64 is made of.
  for (const before of [0, 1, 2]) {
    const bytes = new TextEncoder().encode(" ".repeat(before) + secret);
    const code = btoa(String.fromCharCode(...bytes)).replace(/=+$/, "");
    const end = (bytes.length * 8) % 6 === 0 ? code.length : code.length - 1;
    spellings.push(fold(code.slice(Math.ceil((before * 8) / 6), end)).folded);
  }
  return spellings;
}

const spelled = /%[c-f][\da-f](?:%[89ab][\da-f])+|%[0-7][\da-f]|\\+(?:u[\da-f]{4}|[^\\]|$)/gi;

/** How often a text may be encoded over: each time costs another reading. */
const maxDepth = 4;

/**
 * Brings all spellings of a text to one: percent-encoding and JSON's escapes are undone, one over the
 * other too; case, and what differs between the alphabets of base64, is dropped. `starts` has the
 * place in the text of each character, and of the end.
 */
function fold(text: string): { folded: string; starts: Uint32Array } {
  const starts = Uint32Array.from({ length: text.length + 1 }, (_, index) => index);
  let folded = text;
  for (let depth = 0; depth < maxDepth; depth += 1) {
    const before = folded;
    folded = "";
    let read = 0;
    for (const { 0: one, index } of before.matchAll(spelled)) {
      const plain = unspell(one);
      // What is written lies before what is yet to be read.
      starts.copyWithin(folded.length, read, index);
      folded += before.slice(read, index);
      starts.fill(Number(starts[index]), folded.length, folded.length + plain.length);
      folded += plain;
      read = index + one.length;
    }
    starts.copyWithin(folded.length, read, before.length + 1);
    folded += before.slice(read);
    if (folded === before) break;
  }
  return {
    folded: folded
      .replace(/[+-]/g, " ")
      .replaceAll("_", "/")
      .replace(/\p{Lu}/gu, toSmall),
    starts,
  };
}

/** Each letter keeps its place: few would become more than one. */
function toSmall(letter: string): string {
  const small = letter.toLowerCase();
  return small.length === letter.length ? small : letter;
}

function unspell(one: string): string {
  if (one.startsWith("\\")) {
    const rest = one.replaceAll("\\", "");
    return rest.length > 1 ? String.fromCharCode(Number.parseInt(rest.slice(1), 16)) : rest;
  }
  try {
    return decodeURIComponent(one);
  } catch {
    return one;
  }
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
