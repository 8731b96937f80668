import { gzipSync } from "node:zlib";
import { jsonAnswer, type Answer, type RawAnswer } from "../answer.ts";
import { newSignature, type Download } from "../download.ts";
import { gzippedHugeLine } from "./huge-line.ts";
import type { PlayedFault } from "./kind.ts";
import { contentLength, halfOf, headOf } from "./message.ts";
import { ofFile, ofPart, ofWhole } from "./of-file.ts";

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

/** Its URL is no good any more, and the job tells of another from now on. */
function expire(_: Answer, download: Download): Answer {
  download.signature = newSignature();
  return jsonAnswer(403, { detail: "The signature has expired" });
}

/** Ends in the middle of what was announced. */
function breakOff(answer: Answer): RawAnswer {
  return (socket) => {
    socket.write(headOf(answer, contentLength(Buffer.byteLength(answer.body))));
    socket.end(halfOf(answer.body));
  };
}

function withHeaders(answer: Answer, headers: Readonly<Record<string, string>>): Answer {
  return { ...answer, headers: { ...answer.headers, ...headers } };
}

/** The whole of a file in place of a part. */
function wholeOf({ headers }: Answer, body: Buffer): Answer {
  const { "Content-Range": _, ...rest } = headers;
  return { status: 200, headers: rest, body };
}

function gzipped(answer: Answer, body: Buffer): Answer {
  return { ...withHeaders(answer, { "Content-Encoding": "gzip" }), body };
}

const otherTag = { ETag: '"another-version"' };

export const downloadFaults: Readonly<Record<DownloadFaultName, PlayedFault>> = {
  "expired-url": ofFile(45, "403 until the job is asked for a fresh URL", expire),
  "expired-url-on-resume": ofPart(46, "403 to a range, until there is a fresh URL", expire),
  "interrupted-download": ofFile(47, "an end halfway; ranges are served", breakOff),
  "wrong-range": ofPart(48, "206 with a range that begins a byte later", (answer) => {
    const range = answer.headers["Content-Range"] ?? "";
    return withHeaders(answer, {
      "Content-Range": range.replace(/\d+/, (first) => String(Number(first) + 1)),
    });
  }),
  "range-ignored": ofPart(49, "200 with the whole file to a range", (answer, { body }) =>
    wholeOf(answer, body),
  ),
  "changed-etag": ofPart(50, "206 with another ETag", (answer) => withHeaders(answer, otherTag)),
  "changed-file": ofPart(50, "200 with another file to a range", (answer, { body }) =>
    withHeaders(wholeOf(answer, Buffer.concat([body, body])), otherTag),
  ),
  "weak-etag": ofFile(51, "a weak ETag, and an end halfway", (answer) =>
    breakOff(withHeaders(answer, { ETag: `W/${answer.headers["ETag"]}` })),
  ),
  "range-not-satisfiable": ofPart(52, "416 to a range", (_, { body }) =>
    jsonAnswer(
      416,
      { detail: "Range Not Satisfiable" },
      { "Content-Range": `bytes */${body.length}` },
    ),
  ),
  "cut-in-line": ofWhole(
    55,
    "the last line is cut, as if the file ended there",
    (answer, { body }) => ({
      ...answer,
      body: body.subarray(0, body.lastIndexOf("}")),
    }),
  ),
  "cut-after-line": ofWhole(56, "the last line is missing", (answer, { body }) => ({
    ...answer,
    body: body.subarray(0, body.lastIndexOf("\n", -2) + 1),
  })),
  "cut-gzip": ofWhole(57, "half of a gzip, as if it ended there", (answer, { body }) =>
    gzipped(answer, halfOf(gzipSync(body))),
  ),
  "bad-gzip-checksum": ofWhole(58, "gzip with a checksum that is wrong", (answer, { body }) => {
    const zipped = gzipSync(body);
    // RFC 1952 §2.3: the CRC-32 is the last field but one; each has four bytes.
    zipped.writeInt32LE(~zipped.readInt32LE(zipped.length - 8), zipped.length - 8);
    return gzipped(answer, zipped);
  }),
  "gzip-range": ofPart(59, "206 with a part that is gzip", (answer) =>
    gzipped(answer, gzipSync(answer.body)),
  ),
  "gzip-bomb": ofFile(60, "gzip of a line of 100 MB, a thousandth of that", gzippedHugeLine),
};
