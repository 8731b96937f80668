import {
  discard,
  fieldOf,
  findUrlFault,
  InvalidResponseError,
  readAhead,
  readResponse,
  send,
  withTimeout,
  type ParsedResponse,
  type Call,
  type Session,
} from "@audit-logs/runtime";
import { getExportJobStatus } from "@audit-logs/generated/audit-logs/operations";
import type { DownloadState, FindHostFault } from "./state.ts";

const maxRedirects = 5;

/** Requests a file, or the rest of it, and follows redirects. Only the API's own origin gets the token. */
export async function requestFile(
  session: Session,
  downloadUrl: string,
  { bytes, etag }: DownloadState,
  call: Call,
  findHostFault: FindHostFault | undefined,
): Promise<ParsedResponse> {
  const invalid = (fault: string): InvalidResponseError => new InvalidResponseError(call, fault);
  const { transport } = session;
  const prepared = session.prepare(getExportJobStatus);
  const baseUrl = new URL(`${prepared.baseUrl}/`);
  let location = downloadUrl;
  let base = baseUrl;
  for (let redirects = 0; redirects <= maxRedirects; redirects += 1) {
    if (typeof location !== "string" || !URL.canParse(location, base.href))
      throw invalid("the URL of the file is not valid");
    const url = new URL(location, base);
    session.redactor.addQuery(url);
    const isApiOrigin = url.origin === baseUrl.origin;
    let fault = findUrlFault(url, baseUrl);
    if (!fault && !isApiOrigin && findHostFault) {
      fault = await withTimeout(call, transport.attemptTimeout, "attempt", async () =>
        findHostFault(url),
      );
    }
    if (fault) throw invalid(`the URL of the file must not be requested: ${fault}`);
    // Without encoding, lengths can be compared, and ranges count the bytes that are delivered.
    const headers: Record<string, string> = {
      ...(isApiOrigin && prepared.headers),
      "accept-encoding": "identity",
    };
    if (bytes > 0 && etag) {
      headers["range"] = `bytes=${bytes}-`;
      headers["if-range"] = etag;
    }
    const result = await send(
      transport,
      {
        url: url.href,
        method: "GET",
        headers,
        body: null,
        cookies: isApiOrigin ? "same-origin" : "omit",
        credentials: isApiOrigin ? prepared.credentials : [],
      },
      // A redirect does not end the failure that the download is recovering from.
      { ...call },
      async (response): Promise<ParsedResponse> => {
        // The body of a redirect may never end.
        if (targetOf(response)) discard(response);
        else if (!response.ok) return readResponse(call, response, false);
        return { response: readAhead(call, response), data: undefined };
      },
    );
    if (result.response.status === 0) {
      throw invalid("it is a redirect, which a web page cannot follow");
    }
    const next = targetOf(result.response);
    if (!next) return result;
    // fetch reads each byte as a character, but they are UTF-8 (RFC 3987 §3.1).
    location = next.replace(/[\x80-\xff]/g, (byte) => `%${byte.charCodeAt(0).toString(16)}`);
    base = url;
  }
  throw invalid(`it redirects more than ${maxRedirects} times`);
}

/** Where a redirect leads to; "" for other responses. */
function targetOf({ status, headers }: Response): string {
  return Math.floor(status / 100) === 3 ? fieldOf(headers, "location") : "";
}
