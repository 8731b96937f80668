import { discard, fieldOf, InvalidResponseError, type Call } from "@audit-logs/runtime";
import { DownloadInterruptedError } from "../errors/download-interrupted-error.ts";
import type { DownloadState } from "./state.ts";
import { isStrongTag } from "./strong-tag.ts";

/** The part of the file that a response holds. */
export interface Part {
  /** How many of its bytes have been delivered already. */
  readonly skip: number;
  /** Where in the file the part ends, if the response says so. */
  readonly end?: number;
}

/** Whether two numbers are known, and different. */
const differ = (known: number | undefined, other: number | undefined): boolean =>
  (known ?? other) !== (other ?? known);

/**
 * Checks that a response continues the download, and records the file's length and entity tag.
 *
 * @param lastPart what an earlier response held of the file; then an HTML page may be a proxy's
 */
export function checkStart(
  call: Call,
  response: Response,
  state: DownloadState,
  lastPart: Part | undefined,
): Part {
  const { status, headers } = response;
  const interrupted = (fault: string): DownloadInterruptedError => {
    discard(response);
    return new DownloadInterruptedError(call, fault, state.bytes);
  };
  // If the content is encoded, its length and tag do not describe the decoded bytes. A browser does not
  // reveal the encoding of a response from another origin.
  const isEncoded =
    response.type === "cors" || !/^(?:identity)?$/i.test(fieldOf(headers, "content-encoding"));
  const tag = fieldOf(headers, "etag");
  // A weak tag promises equivalent content, not equal bytes.
  const etag = isStrongTag(tag) && !isEncoded ? tag : undefined;
  const mayHaveChanged = etag === undefined || etag !== state.etag;
  const announced = isEncoded ? -1 : Number.parseInt(fieldOf(headers, "content-length"), 10);
  const length = announced >= 0 ? announced : undefined;

  // 200 or 203.
  if (status < 206) {
    if (/^(?:text\/html|application\/xhtml)/i.test(fieldOf(headers, "content-type"))) {
      discard(response);
      const fault = "it is an HTML page; does the download need a login?";
      throw new InvalidResponseError(call, fault, lastPart !== undefined);
    }
    const isOtherLength = (length ?? state.bytes) < state.bytes || differ(state.length, length);
    if (state.bytes > 0 && (mayHaveChanged || isOtherLength)) {
      throw interrupted("the file has changed in the meantime; start again");
    }
    // The same version has the same length, even if this response does not say it.
    if (mayHaveChanged) delete state.length;
    delete state.etag;
    if (etag !== undefined) state.etag = etag;
    if (length !== undefined) state.length = length;
    return { skip: state.bytes };
  }
  const [, first, last, total] =
    /^bytes (?:(\d+)-(\d+)|\*)\/(\d+|\*)$/i.exec(fieldOf(headers, "content-range")) ?? [];
  const size = total === undefined || total === "*" ? undefined : Number(total);
  if (status === 206) {
    if (isEncoded)
      throw interrupted("the rest is compressed, or a web page cannot see that it is not");
    if (state.bytes === 0 || Number(first) !== state.bytes) {
      throw interrupted(`the server sent an unexpected range, from byte ${first ?? "?"}`);
    }
    if (tag !== "" && mayHaveChanged) throw interrupted("the file has changed in the meantime");
    const end = Number(last) + 1;
    const isInconsistent =
      (length !== undefined && end - state.bytes !== length) ||
      (size !== undefined && (end > size || differ(state.length, size)));
    // A client must not combine a part with an invalid range (RFC 9110 §14.4).
    if (end <= state.bytes || isInconsistent) {
      throw interrupted(
        `the server sent bytes ${first}-${last} of ${total}, which does not fit the file or the Content-Length`,
      );
    }
    if (size !== undefined) state.length = size;
    return { skip: 0, end };
  }
  // 416: if the file ends here, the download is complete. The body of the response does not matter. A server
  // that did not know the length before may not know it now.
  const end = size ?? (state.length === undefined ? lastPart?.end : undefined);
  if (end !== state.bytes || differ(state.length, size) || (tag !== "" && tag !== state.etag)) {
    throw interrupted("the server has no more bytes");
  }
  if (size !== undefined) state.length = size;
  return { skip: 0 };
}
