import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { basename, extname } from "node:path";
import { Stop } from "../command/problem.ts";
import type { Provenance } from "./sources.ts";
import { maxBytes } from "./read.ts";

/** A page or a description as it came. */
export interface Acquired {
  readonly bytes: Uint8Array;
  readonly provenance: Pick<Provenance, "from" | "mediaType" | "etag" | "lastModified">;
}

const maxRedirects = 5;
const timeout = 30_000;

const mediaTypes: Readonly<Record<string, string>> = {
  ".md": "text/markdown",
  ".json": "application/json",
  ".yaml": "application/yaml",
  ".yml": "application/yaml",
};

/**
 * Reads a file, or fetches an address if it changed since the last time; undefined if it did not.
 * Addresses are https, or http on loopback, through redirects too. 30 s in all.
 */
export async function acquire(
  source: string,
  previous: Provenance | undefined,
): Promise<Acquired | undefined> {
  if (!/^[a-z][a-z0-9+.-]*:\/\//iu.test(source)) {
    if (!existsSync(source)) {
      throw new Stop(
        {
          file: source,
          fault: "There is no such file",
          remedy: "Give the path of one, or an address",
        },
        2,
      );
    }
    const bytes = await readFile(source);
    return { bytes, provenance: { from: basename(source), mediaType: mediaTypeOf(source) } };
  }

  const known = previous?.from === source ? previous : undefined;
  const response = await request(source, known);
  if (response.status === 304 && known !== undefined) return undefined;
  if (response.status !== 200) {
    throw new Stop({
      file: source,
      fault: `The server answered ${response.status} ${response.statusText}`.trimEnd(),
      remedy: "See in a browser where the page has gone",
    });
  }
  const [declared = ""] = (response.headers.get("content-type") ?? "").split(";");
  const [etag, lastModified] = [
    response.headers.get("etag"),
    response.headers.get("last-modified"),
  ];
  return {
    bytes: await readBody(source, response),
    provenance: {
      from: source,
      mediaType: /^(?:text\/plain|application\/octet-stream|)$/u.test(declared.trim())
        ? mediaTypeOf(new URL(source).pathname)
        : declared.trim().toLowerCase(),
      ...(etag === null ? {} : { etag }),
      ...(lastModified === null ? {} : { lastModified }),
    },
  };
}

function mediaTypeOf(path: string): string {
  return mediaTypes[extname(path).toLowerCase()] ?? "text/plain";
}

async function request(source: string, previous: Provenance | undefined): Promise<Response> {
  const headers = new Headers({
    accept: "text/markdown, application/yaml, application/json, */*;q=0.1",
    // A compressed body that is cut short passes for a whole one.
    "accept-encoding": "identity",
  });
  if (previous?.etag !== undefined) headers.set("if-none-match", previous.etag);
  if (previous?.lastModified !== undefined) headers.set("if-modified-since", previous.lastModified);
  const signal = AbortSignal.timeout(timeout);

  let address = source;
  for (let redirects = 0; redirects <= maxRedirects; redirects += 1) {
    const url = URL.canParse(address) ? new URL(address) : undefined;
    const isLoopback = /^(?:localhost|127(?:\.\d+){3}|\[::1\])$/u.test(url?.hostname ?? "");
    if (url?.protocol !== "https:" && !(url?.protocol === "http:" && isLoopback)) {
      throw new Stop(
        {
          file: address,
          fault: "The address is not https",
          remedy: "Use https; http is for loopback only",
        },
        2,
      );
    }
    const response = await fetch(url, { headers, signal, redirect: "manual" }).catch(
      (error: unknown) => unreachable(source, error),
    );
    const location = response.headers.get("location");
    if (location === null || response.status < 300 || response.status > 399) return response;
    await response.body?.cancel();
    address = URL.canParse(location, url.href) ? new URL(location, url).href : location;
  }
  throw new Stop({
    file: source,
    fault: `It redirects more than ${maxRedirects} times`,
    remedy: "Give the final address",
  });
}

async function readBody(source: string, response: Response): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  try {
    for await (const chunk of response.body ?? []) {
      chunks.push(chunk);
      size += chunk.byteLength;
      // One byte too many is enough for the size to be refused.
      if (size > maxBytes) break;
    }
  } catch (error) {
    unreachable(source, error);
  }
  return Buffer.concat(chunks);
}

function unreachable(source: string, error: unknown): never {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const reason = cause instanceof Error ? cause.message : String(cause);
  throw new Stop(
    { file: source, fault: `It could not be read whole: ${reason}`, remedy: "Try again later" },
    2,
  );
}
