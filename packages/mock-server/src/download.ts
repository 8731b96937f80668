import { createHash, randomBytes } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";
import { jsonResponse, type PreparedResponse } from "./response.ts";
import type { Node } from "./document.ts";
import { once } from "./once.ts";

/** An export's file, as in an object store with presigned URLs. */
export interface Download {
  readonly path: string;
  /** Grants access without other authentication. Changing it makes old URLs expire. */
  signature: string;
  readonly etag: string;
  readonly body: Buffer;
  readonly records: number;
}

export function createDownload(jobId: string, events: readonly Node[]): Download {
  // Most jobs are never downloaded.
  const file = once(() => {
    const body = Buffer.from(events.map((event) => `${JSON.stringify(event)}\n`).join(""));
    const etag = `"${createHash("sha256").update(body).digest("hex").slice(0, 32)}"`;
    return { body, etag };
  });
  return {
    path: `/downloads/${encodeURIComponent(jobId)}.jsonl`,
    signature: newSignature(),
    get etag() {
      return file().etag;
    },
    get body() {
      return file().body;
    },
    records: events.length,
  };
}

export function newSignature(): string {
  return randomBytes(32).toString("hex");
}

/** Path and query of the download's URL. */
export function downloadTarget({ path, signature }: Download): string {
  return `${path}?signature=${signature}`;
}

export function downloadResponse(
  download: Download,
  request: {
    readonly method: string;
    readonly query: string;
    readonly headers: IncomingHttpHeaders;
  },
): PreparedResponse {
  const { method, query, headers } = request;
  if (method !== "GET" && method !== "HEAD") {
    return jsonResponse(405, { detail: "Method Not Allowed" }, { Allow: "GET, HEAD" });
  }
  if (new URLSearchParams(query).get("signature") !== download.signature) {
    return jsonResponse(403, { detail: "The signature is missing or wrong" });
  }
  return fileResponse(download, method, headers);
}

/** Responds with the file, or with the range of it that was requested. */
export function fileResponse(
  { etag, body }: Download,
  method: string,
  headers: IncomingHttpHeaders,
  mediaType = "application/x-ndjson",
): PreparedResponse {
  const full: PreparedResponse = {
    status: 200,
    headers: { "Content-Type": mediaType, "Accept-Ranges": "bytes", ETag: etag },
    body,
  };
  // Range applies only to GET, and not if If-Range names another version (RFC 9110 §13.1.5, §14.2).
  // There is no Last-Modified, so a date in If-Range never matches.
  const ifRange = headers["if-range"];
  if (method === "HEAD" || (ifRange !== undefined && ifRange !== etag)) return full;

  const range = parseRange(headers.range, body.length);
  if (range === undefined) return full;
  if (range === "unsatisfiable") {
    return jsonResponse(
      416,
      { detail: "Range Not Satisfiable" },
      { "Content-Range": `bytes */${body.length}` },
    );
  }
  const { first, last } = range;
  return {
    status: 206,
    headers: { ...full.headers, "Content-Range": `bytes ${first}-${last}/${body.length}` },
    body: body.subarray(first, last + 1),
  };
}

/** Ignores anything but a single well-formed byte range, as RFC 9110 §14.2 allows. */
function parseRange(
  header: string | undefined,
  size: number,
): { readonly first: number; readonly last: number } | "unsatisfiable" | undefined {
  const [, from = "", to = ""] = /^bytes=(\d*)-(\d*)$/i.exec(header ?? "") ?? [];
  if (from === "" && to === "") return undefined;
  if (from !== "" && to !== "" && Number(to) < Number(from)) return undefined;

  const first = from === "" ? Math.max(0, size - Number(to)) : Number(from);
  const last = from === "" || to === "" ? size - 1 : Math.min(Number(to), size - 1);
  return first < size ? { first, last } : "unsatisfiable";
}
