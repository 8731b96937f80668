import { gzipSync } from "node:zlib";
import { inAny, type FaultImplementation } from "./fault-kind.ts";
import { halfOf } from "./message.ts";
import { fullFileFault, partFault } from "./file-fault.ts";

export type MismatchFaultName =
  | "shorter-total"
  | "short-part"
  | "not-modified"
  | "redirect-nowhere"
  | "undeclared-gzip"
  | "xml-refusal";

/** Responses whose status, headers and body do not belong together, or to the request. */
export const mismatchFaults: Readonly<Record<MismatchFaultName, FaultImplementation>> = {
  "shorter-total": partFault(87, "206 of a file that is a byte shorter", (response, { body }) => {
    const { status, headers } = response;
    const [first] = /\d+/.exec(headers["Content-Range"] ?? "") ?? [];
    return {
      status,
      headers: {
        ...headers,
        "Content-Range": `bytes ${first}-${body.length - 2}/${body.length - 1}`,
      },
      body: Buffer.from(response.body).subarray(0, -1),
    };
  }),
  "short-part": partFault(88, "206 with half of the bytes that its range names", (response) => ({
    ...response,
    body: halfOf(response.body),
  })),
  "not-modified": inAny(93, "304", () => ({ status: 304, headers: {}, body: "" })),
  "redirect-nowhere": inAny(93, "302 without a Location", () => ({
    status: 302,
    headers: {},
    body: "",
  })),
  "undeclared-gzip": fullFileFault(94, "gzip without Content-Encoding", (response, { body }) => ({
    ...response,
    body: gzipSync(body),
  })),
  "xml-refusal": inAny(95, "403 with a reason in XML", () => ({
    status: 403,
    headers: { "Content-Type": "application/xml" },
    body: "<Error><Code>AccessDenied</Code><Message>Not allowed</Message></Error>",
  })),
};
