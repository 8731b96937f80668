import { discard, InvalidResponseError, type Call } from "@audit-logs/runtime";
import { DownloadInterruptedError } from "../errors/download-interrupted-error.ts";
import type { DownloadState } from "./state.ts";

/**
 * Checks that an answer goes on where the download is, and notes what it says of the file.
 *
 * @returns how many of its bytes have been delivered already
 */
export function checkStart({ label }: Call, response: Response, state: DownloadState): number {
  const { status, headers } = response;
  const interrupted = (fault: string): DownloadInterruptedError => {
    discard(response);
    return new DownloadInterruptedError(label, fault, state.bytes);
  };
  // Encoded, or elsewhere in a browser, which does not tell: the length and the tag are not those of
  // the bytes that are seen here.
  const isEncoded = response.type === "cors" || headers.has("content-encoding");
  const given = headers.get("etag") ?? "";
  // A weak tag says that two files mean the same, not that their bytes are.
  const etag = given.startsWith('"') && !isEncoded ? given : undefined;

  const isOther = etag === undefined || etag !== state.etag;

  if (status === 200) {
    if (headers.get("content-type")?.startsWith("text/html")) {
      discard(response);
      throw new InvalidResponseError(label, "it is a page of HTML");
    }
    if (isOther && state.bytes > 0) throw interrupted("the file has changed since");
    delete state.etag;
    delete state.length;
    const length = headers.get("content-length");
    if (etag !== undefined) state.etag = etag;
    if (length !== null && !isEncoded) state.length = Number(length);
    return state.bytes;
  }
  const [, first, total] =
    /^bytes (?:(\d+)-\d+|\*)\/(\d+|\*)$/.exec(headers.get("content-range") ?? "") ?? [];
  if (status === 206) {
    if (state.bytes === 0 || Number(first) !== state.bytes) {
      throw interrupted(`the server sent bytes from ${first ?? "nowhere"} on`);
    }
    if ((isEncoded || given !== "") && isOther) throw interrupted("the file has changed since");
    if (total !== undefined && total !== "*") state.length = Number(total);
    return 0;
  }
  // 416: nothing is left, if this is the end. The body says no more than that.
  if (Number(total) !== state.bytes) throw interrupted("the server has no bytes beyond these");
  state.length = state.bytes;
  return 0;
}
