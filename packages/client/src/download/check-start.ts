import { discard, InvalidResponseError, type Call } from "@audit-logs/runtime";
import { DownloadInterruptedError } from "../errors/download-interrupted-error.ts";
import type { DownloadState } from "./state.ts";

/** What an answer gives of the file. */
export interface Part {
  /** How many of its bytes have been delivered already. */
  readonly skip: number;
  /** Where in the file it ends, if it says so. */
  readonly end?: number;
}

/** Checks that an answer goes on where the download is, and notes what it says of the file. */
export function checkStart(call: Call, response: Response, state: DownloadState): Part {
  const { status, headers } = response;
  const interrupted = (fault: string): DownloadInterruptedError => {
    discard(response);
    return new DownloadInterruptedError(call, fault, state.bytes);
  };
  // Encoded, or elsewhere in a browser, which does not tell: the length and the tag are not those of
  // the bytes that are seen here.
  const isEncoded = response.type === "cors" || headers.has("content-encoding");
  const given = headers.get("etag") ?? "";
  // A weak tag says that two files mean the same, not that their bytes are.
  const etag = given.startsWith('"') && !isEncoded ? given : undefined;
  const isOther = etag === undefined || etag !== state.etag;
  const announced = headers.get("content-length");
  const length = announced === null || isEncoded ? undefined : Number(announced);

  if (status === 200) {
    if (headers.get("content-type")?.startsWith("text/html")) {
      discard(response);
      throw new InvalidResponseError(call, "it is a page of HTML; does the download need a login?");
    }
    if (state.bytes > 0 && (isOther || (length ?? state.bytes) < state.bytes)) {
      throw interrupted("the file has changed since; start anew");
    }
    delete state.etag;
    delete state.length;
    if (etag !== undefined) state.etag = etag;
    if (length !== undefined) state.length = length;
    return { skip: state.bytes };
  }
  const [, first, last, total] =
    /^bytes (?:(\d+)-(\d+)|\*)\/(\d+|\*)$/.exec(headers.get("content-range") ?? "") ?? [];
  const size = total === undefined || total === "*" ? undefined : Number(total);
  if (status === 206) {
    if (state.bytes === 0 || Number(first) !== state.bytes) {
      throw interrupted(`the server sent bytes from ${first ?? "nowhere"} on`);
    }
    if ((isEncoded || given !== "") && isOther) throw interrupted("the file has changed since");
    const end = Number(last) + 1;
    const isOff =
      (length !== undefined && end - state.bytes !== length) ||
      (size !== undefined && (end > size || size !== (state.length ?? size)));
    // What makes no sense must not be put together (RFC 9110 §14.4).
    if (end <= state.bytes || isOff) {
      throw interrupted(`the server sent bytes ${first}-${last} of ${total}, which does not fit`);
    }
    if (size !== undefined) state.length = size;
    return { skip: 0, end };
  }
  // 416: nothing is left, if this is the end. The body says no more than that.
  if (size !== state.bytes) throw interrupted("the server has no bytes beyond these");
  state.length = state.bytes;
  return { skip: 0 };
}
