import dns from "node:dns";
import { once } from "node:events";
import { existsSync } from "node:fs";
import http, { type IncomingMessage } from "node:http";
import https from "node:https";
import type { LookupFunction } from "node:net";
import { basename, extname } from "node:path";
import { addAbortSignal } from "node:stream";
import { isLoopback, isPrivateHost } from "../../packages/runtime/src/address.ts";
import { CommandError } from "../command/problem.js";
import { maxBytes, readBytes } from "./read.ts";
import { isFetched, type Provenance } from "./sources.ts";

/** A source, as it was read or fetched. */
interface Acquired {
  /** Where relative references start from: the file, or the URL after all redirects (RFC 3986 §5.1.3). */
  readonly base: string;
  /** undefined if it has not changed since the last time. */
  readonly content?: {
    readonly bytes: Uint8Array;
    readonly provenance: Pick<Provenance, "from" | "mediaType" | "etag" | "lastModified">;
  };
}

/** The server has no such file. */
export class NotFoundError extends CommandError {}

const maxRedirects = 5;
const timeout = 30_000;

const mediaTypes: Readonly<Record<string, string>> = {
  ".md": "text/markdown",
  ".json": "application/json",
  ".yaml": "application/yaml",
  ".yml": "application/yaml",
};

/**
 * The form of a source that may be stored and shown. It leaves out the user and the password of a URL,
 * and also the query, which may be a signature, unless the query is to be kept.
 */
export function publicForm(source: string, keepsQuery = false): string {
  if (!isFetched(source) || !URL.canParse(source)) {
    // A URL that is misspelled may have a password, too.
    return source.replace(/(?<=:\/\/).*@/su, "").replace(/(?<=:\/\/[^?#]*)[?#].*/su, "");
  }
  const url = new URL(source);
  const isPlain = url.username + url.password + url.hash === "" && (keepsQuery || !url.search);
  // Without anything to remove, the original spelling stays.
  if (isPlain) return source;
  Object.assign(url, { username: "", password: "", hash: "" }, keepsQuery ? {} : { search: "" });
  return url.href;
}

/** The origin of a source, as `sources.json` records it: the public form of its URL, or the name of its file. */
export function originOf(source: string, keepsQuery = false): string {
  return isFetched(source) ? publicForm(source, keepsQuery) : basename(source);
}

/**
 * Reads a file, or fetches a URL if it changed since the last time. The timeout of 30 s includes all
 * redirects.
 *
 * @throws NotFoundError if the server responds with 404 or 410
 * @throws CommandError for a URL that is not public https, also after a redirect. Loopback is allowed,
 *   also over http, if the given URL is on loopback
 */
export async function acquire(
  source: string,
  previous: Provenance | undefined,
  keepsQuery = false,
): Promise<Acquired> {
  if (!isFetched(source)) {
    if (!existsSync(source)) {
      throw new CommandError(
        {
          file: source,
          fault: "The file does not exist",
          remedy: "Pass the path of a file, or a URL",
        },
        2,
      );
    }
    const bytes = await readBytes(source);
    const provenance = { from: originOf(source), mediaType: mediaTypeOf(source) };
    return { base: source, content: { bytes, provenance } };
  }

  const from = originOf(source, keepsQuery);
  const known = previous?.from === from ? previous : undefined;
  const { response, base } = await request(source, known);
  const { statusCode = 0, statusMessage = "", headers } = response;
  if (statusCode !== 200) response.destroy();
  if (statusCode === 304 && known !== undefined) return { base };
  if (statusCode !== 200) {
    const isMissing = statusCode === 404 || statusCode === 410;
    throw new (isMissing ? NotFoundError : CommandError)({
      file: publicForm(source),
      fault: `The server responded with ${statusCode} ${statusMessage}`.trimEnd(),
      remedy:
        statusCode === 429 || statusCode >= 500
          ? "Try again later"
          : "Check in a browser where the page has moved",
    });
  }
  const { "content-encoding": encoding = "" } = headers;
  if (/gzip|compress|deflate|br|zstd/iu.test(encoding)) {
    response.destroy();
    throw new CommandError({
      file: publicForm(source),
      fault: `The response is compressed with ${encoding}, although uncompressed content was requested`,
      remedy: "Download it with a browser, and pull the file",
    });
  }
  const [declared = ""] = (headers["content-type"] ?? "").split(";");
  const { etag, "last-modified": lastModified } = headers;
  const provenance = {
    from,
    mediaType: /^(?:text\/plain|application\/octet-stream|)$/u.test(declared.trim())
      ? mediaTypeOf(new URL(source).pathname)
      : declared.trim().toLowerCase(),
    ...(etag === undefined ? {} : { etag }),
    ...(lastModified === undefined ? {} : { lastModified }),
  };
  return { base, content: { bytes: await readBody(source, response), provenance } };
}

function mediaTypeOf(path: string): string {
  return mediaTypes[extname(path).toLowerCase()] ?? "text/plain";
}

async function request(
  source: string,
  previous: Provenance | undefined,
): Promise<{ readonly response: IncomingMessage; readonly base: string }> {
  const headers = {
    accept: "text/markdown, application/yaml, application/json, */*;q=0.1",
    // A truncated compressed body could pass for a complete one.
    "accept-encoding": "identity",
    "user-agent": "audit-logs",
    ...(previous?.etag === undefined ? {} : { "if-none-match": previous.etag }),
    ...(previous?.lastModified === undefined ? {} : { "if-modified-since": previous.lastModified }),
  };
  const signal = AbortSignal.timeout(timeout);

  let [target, previousTarget] = [source, source];
  for (let redirects = 0; redirects <= maxRedirects; redirects += 1) {
    const fault = findSourceUrlFault(target, source, previousTarget);
    if (fault !== undefined) {
      const redirect = `It redirects to ${publicForm(target)}: `;
      const problem =
        redirects === 0
          ? fault
          : { fault: redirect + fault.fault, remedy: "Download the page, and pull the file" };
      throw new CommandError({ file: publicForm(source), ...problem }, 2);
    }
    const url = new URL(target);
    const { get } = url.protocol === "https:" ? https : http;
    const options = isLoopback(url) ? {} : { lookup: lookUpPublic };
    const sent = get(url, { headers, signal, agent: false, ...options });
    // An error after the response has begun also fails its body.
    sent.on("error", () => undefined);
    const response = await once(sent, "response").then(
      ([received]: IncomingMessage[]) => received ?? unreachable(source, "no response"),
      (error: unknown) => unreachable(source, error),
    );
    const { statusCode = 0, headers: received } = response;
    const { location } = received;
    if (location === undefined || statusCode < 300 || statusCode > 399) {
      return { response: addAbortSignal(signal, response), base: url.href };
    }
    response.destroy();
    previousTarget = target;
    target = URL.canParse(location, url.href) ? new URL(location, url).href : location;
  }
  throw new CommandError({
    file: publicForm(source),
    fault: `It redirects more than ${maxRedirects} times`,
    remedy: "Pass the final URL",
  });
}

/**
 * Says why a URL may not be requested, either directly or as a redirect of the given URL, perhaps by way of
 * a previous one. A page on the internet must not make this machine read resources that only it
 * can reach.
 */
export function findSourceUrlFault(
  target: string,
  given: string,
  previousTarget = given,
): { readonly fault: string; readonly remedy: string } | undefined {
  if (!URL.canParse(target)) {
    return {
      fault: "It is not a valid URL",
      remedy: "Write it like https://docs.example.com/page",
    };
  }
  const url = new URL(target);
  const isLocal = isLoopback(url);
  const isLocalHttp =
    url.protocol === "http:" && isLocal && new URL(previousTarget).protocol === "http:";
  if (url.protocol !== "https:" && !isLocalHttp) {
    return {
      fault: "The URL is not https",
      remedy: "Use https; http is for loopback only",
    };
  }
  if (url.username + url.password !== "") {
    return {
      fault: "The URL contains a user name or a password",
      remedy: "Download the page with them, and pull the file",
    };
  }
  if (isLocal ? isLoopback(new URL(given)) : !isPrivateHost(url.hostname)) return undefined;
  return {
    fault: "The host is not on the public internet",
    remedy: "Download the page, and pull the file",
  };
}

/** Resolves a host name for a connection, and refuses it if any of its addresses is not public. */
const lookUpPublic: LookupFunction = (hostname, options, callback) => {
  dns.lookup(hostname, { ...options, all: true }, (error, addresses) => {
    if (error !== null) return callback(error, "");
    const privateAddress = addresses.find(({ address }) => isPrivateHost(address));
    if (privateAddress !== undefined) {
      const message = `${hostname} resolves to ${privateAddress.address}, which is not on the public internet`;
      return callback(new Error(message), "");
    }
    const [first] = addresses;
    if (options.all === true) callback(null, addresses);
    else callback(null, first?.address ?? "", first?.family);
  });
};

async function readBody(source: string, response: IncomingMessage): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  try {
    for await (const chunk of response as AsyncIterable<Buffer>) {
      chunks.push(chunk);
      size += chunk.byteLength;
      // One extra byte is enough for the size check to fail.
      if (size > maxBytes) break;
    }
  } catch (error) {
    unreachable(source, error);
  }
  return Buffer.concat(chunks);
}

function unreachable(source: string, error: unknown): never {
  // The cause of an abort is its reason. If all addresses of a name fail, each has its own error.
  const [first] = error instanceof AggregateError ? (error.errors as unknown[]) : [error];
  const cause = first instanceof Error && first.cause instanceof Error ? first.cause : first;
  const reason = cause instanceof Error ? cause.message : String(cause);
  throw new CommandError(
    {
      file: publicForm(source),
      fault: `It could not be read: ${reason}`,
      remedy: "Check the URL, or try again later",
    },
    2,
  );
}
