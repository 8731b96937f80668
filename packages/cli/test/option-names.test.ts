import { ApiError, TimeoutError } from "@audit-logs/client";
import { expect, test } from "vitest";
import { translateOptions } from "../src/option-names.ts";

const subject = { label: "GET /logs" };
const redirect = new Response(null, { status: 302, headers: { Location: "/elsewhere" } });

test.each([
  [
    new ApiError(subject, redirect),
    "the server responded with 302, a redirect; is --base-url (or AUDIT_LOGS_BASE_URL) right?",
  ],
  [new TimeoutError(subject, "total", 1000), "not finished within 1 s"],
  [new TimeoutError(subject, "attempt", 1000), "no complete response within 1 s"],
  [new TimeoutError(subject, "idle", 1000), "no data for 1 s"],
  [
    new TimeoutError(
      { ...subject, failure: new TimeoutError(subject, "idle", 500) },
      "total",
      1000,
    ),
    "not finished within 1 s; the last failure: no data for 0.5 s",
  ],
  [new TimeoutError(subject, "token", 1000), "the token command returned no token within 1 s"],
])("names the command's own options in the message of %s", (error, message) => {
  expect(translateOptions(error.message)).toBe(`GET /logs: ${message}`);
});
