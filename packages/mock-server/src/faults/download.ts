import { gzipSync } from "node:zlib";
import { jsonAnswer, type Answer, type RawAnswer } from "../response.ts";
import { newSignature, type Download } from "../download.ts";
import { gzippedHugeLine } from "./huge-line.ts";
import type { FaultImplementation } from "./kind.ts";
import { contentLength, halfOf, headOf } from "./message.ts";
import { ofFile, ofPart, ofFullFile } from "./of-file.ts";

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
function expire(_: Answer, download: Download): Answer {
  download.signature = newSignature();
  return jsonAnswer(403, { detail: "The signature has expired" });
}

/** Ends the connection in the middle of the body. */
function interrupt(answer: Answer): RawAnswer {
  return (socket) => {
    socket.write(headOf(answer, contentLength(Buffer.byteLength(answer.body))));
    socket.end(halfOf(answer.body));
  };
}

function withHeaders(answer: Answer, headers: Readonly<Record<string, string>>): Answer {
  return { ...answer, headers: { ...answer.headers, ...headers } };
}

/** Answers with the complete file instead of a part. */
function fullAnswer({ headers }: Answer, body: Buffer): Answer {
  const { "Content-Range": _, ...rest } = headers;
  return { status: 200, headers: rest, body };
}

function gzipped(answer: Answer, body: Buffer): Answer {
  return { ...withHeaders(answer, { "Content-Encoding": "gzip" }), body };
}

const otherTag = { ETag: '"another-version"' };

export const downloadFaults: Readonly<Record<DownloadFaultName, FaultImplementation>> = {
  "expired-url": ofFile(45, "403 until the job is polled for a new URL", expire),
  "expired-url-on-resume": ofPart(46, "403 to a range until there is a new URL", expire),
  "interrupted-download": ofFile(47, "a close halfway; ranges are served", interrupt),
  "wrong-range": ofPart(48, "206 with a range that starts a byte late", (answer) => {
    const range = answer.headers["Content-Range"] ?? "";
    return withHeaders(answer, {
      "Content-Range": range.replace(/\d+/, (first) => String(Number(first) + 1)),
    });
  }),
  "range-ignored": ofPart(49, "200 with the complete file to a range", (answer, { body }) =>
    fullAnswer(answer, body),
  ),
  "changed-etag": ofPart(50, "206 with another ETag", (answer) => withHeaders(answer, otherTag)),
  "changed-file": ofPart(50, "200 with another file to a range", (answer, { body }) =>
    withHeaders(fullAnswer(answer, Buffer.concat([body, body])), otherTag),
  ),
  "weak-etag": ofFile(51, "a weak ETag, and a close halfway", (answer) =>
    interrupt(withHeaders(answer, { ETag: `W/${answer.headers["ETag"]}` })),
  ),
  "range-not-satisfiable": ofPart(52, "416 to a range", (_, { body }) =>
    jsonAnswer(
      416,
      { detail: "Range Not Satisfiable" },
      { "Content-Range": `bytes */${body.length}` },
    ),
  ),
  "cut-in-line": ofFullFile(
    55,
    "the last line is truncated, at the end of the file",
    (answer, { body }) => ({
      ...answer,
      body: body.subarray(0, body.lastIndexOf("}")),
    }),
  ),
  "cut-after-line": ofFullFile(56, "the last line is missing", (answer, { body }) => ({
    ...answer,
    body: body.subarray(0, body.lastIndexOf("\n", -2) + 1),
  })),
  "cut-gzip": ofFullFile(57, "half of a gzip stream as the complete file", (answer, { body }) =>
    gzipped(answer, halfOf(gzipSync(body))),
  ),
  "bad-gzip-checksum": ofFullFile(58, "gzip with a wrong checksum", (answer, { body }) => {
    const zipped = gzipSync(body);
    // RFC 1952 §2.3: the CRC-32 is the last field but one; each has four bytes.
    zipped.writeInt32LE(~zipped.readInt32LE(zipped.length - 8), zipped.length - 8);
    return gzipped(answer, zipped);
  }),
  "gzip-range": ofPart(59, "206 with a gzipped part", (answer) =>
    gzipped(answer, gzipSync(answer.body)),
  ),
  "gzip-bomb": ofFile(60, "gzip of a line of 32 MiB, at a thousandth of its size", gzippedHugeLine),
};
