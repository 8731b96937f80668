import { jsonResponse, type PreparedResponse } from "../response.ts";
import { inAny, type FaultImplementation } from "./fault-kind.ts";
import { halfOf } from "./message.ts";

export type StatusFaultName =
  | "bad-gateway"
  | "service-unavailable"
  | "gateway-timeout"
  | "retry-after-seconds"
  | "retry-after-date"
  | "retry-after-past"
  | "retry-after-invalid"
  | "retry-after-negative"
  | "retry-after-days"
  | "clock-ahead"
  | "clock-behind"
  | "login-page"
  | "cut-json"
  | "empty-response"
  | "no-content"
  | "redirect-loop"
  | "redirect-elsewhere"
  | "expired-token"
  | "forbidden"
  | "not-found-at-first"
  | "not-found-after-progress";

const second = 1000;
const hour = 3600 * second;

/** An HTML page, as sent by a proxy, not by the API. */
function htmlPage(status: number, text: string): PreparedResponse {
  const body = `<!doctype html><title>${text}</title><h1>${text}</h1>\n`;
  return { status, headers: { "Content-Type": "text/html" }, body };
}

function tooManyRequests(headers: Readonly<Record<string, string>>): PreparedResponse {
  return jsonResponse(429, { detail: "Too many requests" }, headers);
}

/** Asks to wait until a date in some milliseconds. The clock may be wrong by `clock` milliseconds. */
function waitUntil(milliseconds: number, clock = 0): PreparedResponse {
  // HTTP dates have whole seconds. Truncating first keeps the exact difference between the two.
  const now = Math.trunc(Date.now() / second) * second + clock;
  return tooManyRequests({
    Date: new Date(now).toUTCString(),
    "Retry-After": new Date(now + milliseconds).toUTCString(),
  });
}

function inJob(
  number: number,
  summary: string,
  apply: FaultImplementation["apply"],
): FaultImplementation {
  return { number, on: "status", summary, apply };
}

export const statusFaults: Readonly<Record<StatusFaultName, FaultImplementation>> = {
  "bad-gateway": inAny(12, "502 with HTML", () => htmlPage(502, "Bad Gateway")),
  "service-unavailable": inAny(12, "503 with HTML", () => htmlPage(503, "Service Unavailable")),
  "gateway-timeout": inAny(12, "504 with HTML", () => htmlPage(504, "Gateway Timeout")),
  "retry-after-seconds": inAny(13, "429 with Retry-After of 1 second", () =>
    tooManyRequests({ "Retry-After": "1" }),
  ),
  "retry-after-date": inAny(14, "429 with a Retry-After date in 1 second", () => waitUntil(second)),
  "retry-after-past": inAny(15, "429 with a Retry-After date an hour ago", () => waitUntil(-hour)),
  "retry-after-invalid": inAny(16, "429 with Retry-After 'soon'", () =>
    tooManyRequests({ "Retry-After": "soon" }),
  ),
  "retry-after-negative": inAny(16, "429 with Retry-After of -5 seconds", () =>
    tooManyRequests({ "Retry-After": "-5" }),
  ),
  "retry-after-days": inAny(16, "429 with Retry-After of three days", () =>
    tooManyRequests({ "Retry-After": "259200" }),
  ),
  "clock-ahead": inAny(
    17,
    "429 with a Retry-After date in 1 second, by a clock an hour ahead",
    () => waitUntil(second, hour),
  ),
  "clock-behind": inAny(
    17,
    "429 with a Retry-After date in 1 second, by a clock an hour behind",
    () => waitUntil(second, -hour),
  ),
  "login-page": inAny(18, "200 with an HTML login page", () => htmlPage(200, "Sign in")),
  "cut-json": inJob(19, "200 with half of the JSON", ({ response }) => ({
    ...response,
    body: halfOf(response.body),
  })),
  "empty-response": inJob(20, "200 without a body", ({ response }) => ({ ...response, body: "" })),
  "no-content": inAny(20, "204", () => ({ status: 204, headers: {}, body: "" })),
  "redirect-loop": {
    ...inAny(21, "302 to the requested URL itself", ({ url }) => ({
      status: 302,
      headers: { Location: url },
      body: "",
    })),
    isLasting: true,
  },
  // RFC 2606 §2: the domain never exists.
  "redirect-elsewhere": inAny(22, "302 to another origin", () => ({
    status: 302,
    headers: { Location: "https://elsewhere.invalid/" },
    body: "",
  })),
  "expired-token": inJob(
    23,
    "401, once the job has been reported",
    ({ previousJob }) =>
      previousJob &&
      jsonResponse(
        401,
        { detail: "The token has expired" },
        { "WWW-Authenticate": 'Bearer error="invalid_token"' },
      ),
  ),
  forbidden: inAny(25, "403", () => jsonResponse(403, { detail: "Not allowed" })),
  "not-found-at-first": inJob(26, "404, until the job has been reported", ({ previousJob }) =>
    previousJob ? undefined : jsonResponse(404, { detail: "Job not found" }),
  ),
  "not-found-after-progress": inJob(27, "404, once the job made progress", ({ previousJob }) =>
    previousJob?.fields["progress"] ? jsonResponse(404, { detail: "Job not found" }) : undefined,
  ),
};
