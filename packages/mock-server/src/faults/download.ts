import { gzipSync } from "node:zlib";
import { jsonResponse, type PreparedResponse, type RawResponse } from "../response.ts";
import { newSignature, type Download } from "../download.ts";
import { gzippedHugeLine } from "./huge-line.ts";
import type { FaultImplementation } from "./fault-kind.ts";
import { contentLength, halfOf, headOf } from "./message.ts";
import { fileFault, partFault, fullFileFault } from "./file-fault.ts";

export type DownloadFaultName =
  | "expired-url"
  | "expired-url-on-resume"
  | "interrupted-download"
  | "wrong-range"
  | "range-ignored"
  | "changed-etag"
  | "changed-file"
  | "weak-etag"
  | "range-not-satisfiable"
  | "cut-in-line"
  | "cut-after-line"
  | "cut-gzip"
  | "bad-gzip-checksum"
  | "gzip-range"
  | "gzip-bomb";

/** The URL expires, and from now on the job reports a new one. */
function expire(_: PreparedResponse, download: Download): PreparedResponse {
  download.signature = newSignature();
  return jsonResponse(403, { detail: "The signature has expired" });
}

/** Ends the connection in the middle of the body. */
function interrupt(response: PreparedResponse): RawResponse {
  return (socket) => {
    socket.write(headOf(response, contentLength(Buffer.byteLength(response.body))));
    socket.end(halfOf(response.body));
  };
}

function withHeaders(
  response: PreparedResponse,
  headers: Readonly<Record<string, string>>,
): PreparedResponse {
  return { ...response, headers: { ...response.headers, ...headers } };
}

/** Responds with the complete file instead of a part. */
function fullResponse({ headers }: PreparedResponse, body: Buffer): PreparedResponse {
  const { "Content-Range": _, ...rest } = headers;
  return { status: 200, headers: rest, body };
}

function gzipped(response: PreparedResponse, body: Buffer): PreparedResponse {
  return { ...withHeaders(response, { "Content-Encoding": "gzip" }), body };
}

const otherTag = { ETag: '"another-version"' };

export const downloadFaults: Readonly<Record<DownloadFaultName, FaultImplementation>> = {
  "expired-url": fileFault(45, "403 until the job is polled for a new URL", expire),
  "expired-url-on-resume": partFault(46, "403 to a range until there is a new URL", expire),
  "interrupted-download": fileFault(47, "a close halfway; ranges are served", interrupt),
  "wrong-range": partFault(48, "206 with a range that starts a byte late", (response) => {
    const range = response.headers["Content-Range"] ?? "";
    return withHeaders(response, {
      "Content-Range": range.replace(/\d+/, (first) => String(Number(first) + 1)),
    });
  }),
  "range-ignored": partFault(49, "200 with the complete file to a range", (response, { body }) =>
    fullResponse(response, body),
  ),
  "changed-etag": partFault(50, "206 with another ETag", (response) =>
    withHeaders(response, otherTag),
  ),
  "changed-file": partFault(50, "200 with another file to a range", (response, { body }) =>
    withHeaders(fullResponse(response, Buffer.concat([body, body])), otherTag),
  ),
  "weak-etag": fileFault(51, "a weak ETag, and a close halfway", (response) =>
    interrupt(withHeaders(response, { ETag: `W/${response.headers["ETag"]}` })),
  ),
  "range-not-satisfiable": partFault(52, "416 to a range", (_, { body }) =>
    jsonResponse(
      416,
      { detail: "Range Not Satisfiable" },
      { "Content-Range": `bytes */${body.length}` },
    ),
  ),
  "cut-in-line": fullFileFault(
    55,
    "the last line is truncated, at the end of the file",
    (response, { body }) => ({
      ...response,
      body: body.subarray(0, body.lastIndexOf("}")),
    }),
  ),
  "cut-after-line": fullFileFault(56, "the last line is missing", (response, { body }) => ({
    ...response,
    body: body.subarray(0, body.lastIndexOf("\n", -2) + 1),
  })),
  "cut-gzip": fullFileFault(
    57,
    "half of a gzip stream as the complete file",
    (response, { body }) => gzipped(response, halfOf(gzipSync(body))),
  ),
  "bad-gzip-checksum": fullFileFault(58, "gzip with a wrong checksum", (response, { body }) => {
    const zipped = gzipSync(body);
    // RFC 1952 §2.3: the CRC-32 is the last field but one; each has four bytes.
    zipped.writeInt32LE(~zipped.readInt32LE(zipped.length - 8), zipped.length - 8);
    return gzipped(response, zipped);
  }),
  "gzip-range": partFault(59, "206 with a gzipped part", (response) =>
    gzipped(response, gzipSync(response.body)),
  ),
  "gzip-bomb": fileFault(
    60,
    "gzip of a line of 17 MiB, at a thousandth of its size",
    gzippedHugeLine,
  ),
};
