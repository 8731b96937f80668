import {
  findAddressFault,
  InvalidResponseError,
  readAnswer,
  send,
  withTimeout,
  type Answer,
  type Call,
  type Session,
} from "@audit-logs/runtime";
import { getExportJobStatus } from "@audit-logs/generated/audit-logs/operations";
import type { DownloadState, FindHostFault } from "./state.ts";

const maxRedirects = 5;

/** Asks for a file, or the rest of it, through redirects. The token goes to the API's own origin only. */
export async function requestFile(
  session: Session,
  address: string,
  { bytes, etag }: DownloadState,
  call: Call,
  findHostFault: FindHostFault | undefined,
): Promise<Answer> {
  const invalid = (fault: string): InvalidResponseError => new InvalidResponseError(call, fault);
  const { transport } = session;
  const prepared = session.prepare(getExportJobStatus);
  const baseUrl = prepared.server;
  let location = address;
  let base = baseUrl;
  for (let redirects = 0; redirects <= maxRedirects; redirects += 1) {
    if (!URL.canParse(location, base.href)) throw invalid("its address is no URL");
    const url = new URL(location, base);
    session.redactor.addQuery(url);
    const isOwn = url.origin === baseUrl.origin;
    let fault = findAddressFault(url, baseUrl);
    if (!fault && !isOwn && findHostFault) {
      // Where names are not looked up here, as behind some proxies, the request decides.
      fault = await withTimeout(call, transport.attemptTimeout, "attempt", () =>
        findHostFault(url).catch(() => undefined),
      );
    }
    if (fault) throw invalid(`its address may not be followed: ${fault}`);
    // As it is: a length can be compared, and a range means what it says.
    const headers = new Headers({ "accept-encoding": "identity" });
    if (isOwn) {
      for (const [name, value] of Object.entries(prepared.headers)) headers.set(name, value);
    }
    if (bytes > 0 && etag !== undefined) {
      headers.set("range", `bytes=${bytes}-`);
      headers.set("if-range", etag);
    }
    const init = {
      method: "GET",
      redirect: "manual",
      credentials: isOwn ? "same-origin" : "omit",
    } satisfies RequestInit;
    const credentials = isOwn ? prepared.credentials : [];
    const request = { url: url.href, init, headers, credentials };
    const answer = await send(transport, request, call, async (response): Promise<Answer> =>
      [200, 206].includes(response.status)
        ? { response, data: undefined }
        : readAnswer(call, response, false),
    );
    const { headers: fields, status } = answer.response;
    const next = fields.get("location");
    if (next === null || status < 300 || status > 399) return answer;
    location = next;
    base = url;
  }
  throw invalid(`it redirects more than ${maxRedirects} times`);
}
