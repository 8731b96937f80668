import { jsonAnswer, type Answer } from "../answer.ts";
import type { PlayedFault } from "./kind.ts";
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
  | "empty-answer"
  | "no-content"
  | "redirect-loop"
  | "redirect-elsewhere"
  | "expired-token"
  | "forbidden"
  | "not-found-at-first"
  | "not-found-after-progress";

const second = 1000;
const hour = 3600 * second;

/** What a proxy says, rather than the API. */
function page(status: number, text: string): Answer {
  const body = `<!doctype html><title>${text}</title><h1>${text}</h1>\n`;
  return { status, headers: { "Content-Type": "text/html" }, body };
}

function tooManyRequests(headers: Readonly<Record<string, string>>): Answer {
  return jsonAnswer(429, { detail: "Too many requests" }, headers);
}

/** Asks to wait until a date so many milliseconds from now, by a clock that may be off. */
function waitUntil(milliseconds: number, clock = 0): Answer {
  // Dates of HTTP have whole seconds: the two are to stay as far apart as they are.
  const now = Math.trunc(Date.now() / second) * second + clock;
  return tooManyRequests({
    Date: new Date(now).toUTCString(),
    "Retry-After": new Date(now + milliseconds).toUTCString(),
  });
}

function instead(number: number, summary: string, apply: PlayedFault["apply"]): PlayedFault {
  return { number, on: "any", summary, apply };
}

function ofJob(number: number, summary: string, apply: PlayedFault["apply"]): PlayedFault {
  return { number, on: "status", summary, apply };
}

export const statusFaults: Readonly<Record<StatusFaultName, PlayedFault>> = {
  "bad-gateway": instead(12, "502 with HTML", () => page(502, "Bad Gateway")),
  "service-unavailable": instead(12, "503 with HTML", () => page(503, "Service Unavailable")),
  "gateway-timeout": instead(12, "504 with HTML", () => page(504, "Gateway Timeout")),
  "retry-after-seconds": instead(13, "429, to be tried again after 1 second", () =>
    tooManyRequests({ "Retry-After": "1" }),
  ),
  "retry-after-date": instead(14, "429, to be tried again at a date, 1 second from now", () =>
    waitUntil(second),
  ),
  "retry-after-past": instead(15, "429, to be tried again an hour ago", () => waitUntil(-hour)),
  "retry-after-invalid": instead(16, "429, to be tried again 'soon'", () =>
    tooManyRequests({ "Retry-After": "soon" }),
  ),
  "retry-after-negative": instead(16, "429, to be tried again after -5 seconds", () =>
    tooManyRequests({ "Retry-After": "-5" }),
  ),
  "retry-after-days": instead(16, "429, to be tried again after three days", () =>
    tooManyRequests({ "Retry-After": "259200" }),
  ),
  "clock-ahead": instead(17, "429 with a date in 1 second, by a clock an hour ahead", () =>
    waitUntil(second, hour),
  ),
  "clock-behind": instead(17, "429 with a date in 1 second, by a clock an hour behind", () =>
    waitUntil(second, -hour),
  ),
  "login-page": instead(18, "200 with an HTML login page", () => page(200, "Sign in")),
  "cut-json": ofJob(19, "200 with half of the JSON", ({ answer }) => ({
    ...answer,
    body: halfOf(answer.body),
  })),
  "empty-answer": ofJob(20, "200 without a body", ({ answer }) => ({ ...answer, body: "" })),
  "no-content": instead(20, "204", () => ({ status: 204, headers: {}, body: "" })),
  "redirect-loop": {
    ...instead(21, "302 to the very URL that was asked for", ({ url }) => ({
      status: 302,
      headers: { Location: url },
      body: "",
    })),
    isLasting: true,
  },
  // RFC 2606 §2: nothing is ever there.
  "redirect-elsewhere": instead(22, "302 to another origin", () => ({
    status: 302,
    headers: { Location: "https://elsewhere.invalid/" },
    body: "",
  })),
  "expired-token": ofJob(
    23,
    "401, once the job was told of",
    ({ previousJob }) =>
      previousJob &&
      jsonAnswer(
        401,
        { detail: "The token has expired" },
        { "WWW-Authenticate": 'Bearer error="invalid_token"' },
      ),
  ),
  forbidden: instead(25, "403", () => jsonAnswer(403, { detail: "Not allowed" })),
  "not-found-at-first": ofJob(26, "404, as long as the job was not told of", ({ previousJob }) =>
    previousJob ? undefined : jsonAnswer(404, { detail: "Export job not found" }),
  ),
  "not-found-after-progress": ofJob(27, "404, once the job made progress", ({ previousJob }) =>
    previousJob?.fields["progress"]
      ? jsonAnswer(404, { detail: "Export job not found" })
      : undefined,
  ),
};
