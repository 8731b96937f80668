import { describe, expect, test, vi } from "vitest";
import {
  backoff,
  createRetryBudget,
  isIdempotent,
  isRetryable,
  isNetworkFailure,
  retryAfter,
  retryCost,
  timeoutRetryCost,
  wasNeverSent,
  wasNotProcessed,
  type RetryBudget,
} from "../src/retry.ts";

function takeAll(budget: RetryBudget, cost: number): number {
  let taken = 0;
  while (budget.take(cost)) taken += 1;
  return taken;
}

describe("isRetryable", () => {
  test("holds only for transient statuses", () => {
    const statuses = Array.from({ length: 500 }, (_, index) => index + 100);
    expect(statuses.filter(isRetryable)).toEqual([408, 429, 500, 502, 503, 504]);
  });
});

describe("backoff", () => {
  test.each([
    [0, 500],
    [1, 1000],
    [2, 2000],
    [5, 16_000],
    [6, 20_000],
    [2000, 20_000],
  ])("after %i retries is between 0 and %i ms", (retries, most) => {
    const random = vi.spyOn(Math, "random");
    expect(random.mockReturnValue(0) && backoff(retries)).toBe(0);
    expect(random.mockReturnValue(0.5) && backoff(retries)).toBe(most / 2);
    expect(random.mockReturnValue(1) && backoff(retries)).toBe(most);
  });
});

describe("createRetryBudget", () => {
  test("starts with 500: a hundred retries, or fifty after timeouts", () => {
    expect(takeAll(createRetryBudget(), retryCost)).toBe(100);
    expect(takeAll(createRetryBudget(), timeoutRetryCost)).toBe(50);
  });

  test("refunds a retry that succeeded, and earns one by five first successes", () => {
    const budget = createRetryBudget();
    takeAll(budget, retryCost);
    budget.refill(retryCost);
    expect(takeAll(budget, retryCost)).toBe(1);
    for (let successes = 0; successes < 4; successes += 1) budget.refill(1);
    expect(budget.take(retryCost)).toBe(false);
    budget.refill(1);
    expect(budget.take(retryCost)).toBe(true);
  });

  test("never exceeds 500", () => {
    const budget = createRetryBudget();
    budget.refill(1000);
    expect(takeAll(budget, retryCost)).toBe(100);
  });
});

test("only a failure to connect proves that nothing was sent", () => {
  const codes = ["ECONNREFUSED", "ENOTFOUND", "EAI_AGAIN", "UND_ERR_CONNECT_TIMEOUT"];
  for (const code of codes) expect(wasNeverSent({ code })).toBe(true);
  const others = [{ code: "ECONNRESET" }, { code: "XENOTFOUNDX" }, {}, undefined];
  for (const cause of [...others, { name: "NotAnAggregateError", code: "EIO" }]) {
    expect(wasNeverSent(cause)).toBe(false);
  }
});

test("only the codes of connections are network failures", () => {
  for (const code of ["ECONNRESET", "ETIMEDOUT", "UND_ERR_SOCKET"]) {
    expect(isNetworkFailure({ code })).toBe(true);
    expect(isNetworkFailure({ code: `X${code}` })).toBe(false);
    expect(isNetworkFailure({ code: `${code}-X` })).toBe(false);
  }
  expect(isNetworkFailure(undefined)).toBe(false);
});

describe("retryAfter", () => {
  const date = "Tue, 01 Jul 2025 12:00:00 GMT";
  test.each<[string | undefined, number]>([
    [undefined, 0],
    ["0", 0],
    ["120", 120_000],
    [" 120 ", 120_000],
    ["-5", 0],
    ["1.5", 0],
    ["soon", 0],
    ["2025", 2_025_000],
    ["Tue, 01 Jul 2025 12:00:30 GMT", 30_000],
    ["Tuesday, 01-Jul-25 12:00:30 GMT", 30_000],
    ["Tue Jul  1 12:00:30 2025", 30_000],
    ["Tue, 01 Jul 2025 12:00:30 gmt", 30_000],
    ["Tue, 01 Jul 2025 12:00:30 UTC", 30_000],
    ["Tue, 01 Jul 2025 12:00:30 +0000", 30_000],
    ["Tue, 01 Jul 2025 12:00:30 -0000", 30_000],
    ["Tue, 01 Jul 2025 12:00:30 +0200", 0],
    ["Tue, 01 Jul 2025 12:00:30 GMT (UTC)", 0],
    ["01 Jul 2025 12:00:30 GMT", 0],
    ["Tue, 01 Jul 2025 12:00:00 GMT", 0],
    ["Tue, 01 Jul 2025 11:59:30 GMT", 0],
    ["Tue, 99 Jul 2025 12:00:30 GMT", 0],
    ["2025-07-01T12:00:30Z", 0],
    ["in 2 minutes", 0],
    ["retry 40", 0],
  ])("%j is %d ms", (value, pause) => {
    expect(retryAfter(new Headers({ date, ...(value && { "retry-after": value }) }))).toBe(pause);
  });

  test.each([{}, { date: "yesterday" }])(
    "compares a date with the local clock if the response has no date: %j",
    (headers) => {
      vi.useFakeTimers({ toFake: ["Date"], now: Date.parse(date) });
      const value = "Tue, 01 Jul 2025 12:00:30 GMT";
      expect(retryAfter(new Headers({ ...headers, "retry-after": value }))).toBe(30_000);
    },
  );

  test("reads a date without a time zone as GMT, in any local time zone", () => {
    const parse = vi.spyOn(Date, "parse");
    const headers = { date: "Tue Jul  1 12:00:00 2025", "retry-after": "Tue Jul  1 12:00:30 2025" };
    expect(retryAfter(new Headers(headers))).toBe(30_000);
    // Date.parse would use the local time zone.
    expect(parse.mock.calls.flat().toSorted()).toEqual([
      "Tue Jul  1 12:00:00 2025 GMT",
      "Tue Jul  1 12:00:30 2025 GMT",
    ]);
    expect(retryAfter(new Headers({ ...headers, date }))).toBe(30_000);
    parse.mockClear();
    expect(retryAfter(new Headers({ date, "retry-after": date }))).toBe(0);
    // Only some engines accept a date with two time zones.
    expect(parse.mock.calls.flat()).toEqual([date, date]);
  });
});

test("exactly the methods of RFC 9110 §9.2.2 are idempotent", () => {
  const methods = ["GET", "HEAD", "PUT", "DELETE", "OPTIONS", "TRACE", "POST", "PATCH", "", "get"];
  expect(methods.filter(isIdempotent)).toEqual(methods.slice(0, 6));
});

test("a request was not processed if a 429 or a 503 says when to retry", () => {
  const headers = { "retry-after": "1" };
  const processed = (status: number, init: ResponseInit = { headers }) =>
    !wasNotProcessed(new Response(null, { status, ...init }));
  expect([429, 503, 500, 408].map((status) => processed(status))).toEqual([
    false,
    false,
    true,
    true,
  ]);
  expect([429, 503].map((status) => processed(status, {}))).toEqual([true, true]);
  const values = ["0", "Tue, 01 Jul 2025 12:00:00 GMT", "soon", "-5", ""];
  expect(values.map((value) => processed(503, { headers: { "retry-after": value } }))).toEqual([
    false,
    false,
    true,
    true,
    true,
  ]);
});

test("nothing was sent only with exactly the codes of a connection that was not established", () => {
  const codes = ["ECONNREFUSED", "ENOTFOUND", "EAI_AGAIN", "UND_ERR_CONNECT_TIMEOUT"];
  expect(codes.every((code) => wasNeverSent({ code }))).toBe(true);
  expect(codes.some((code) => wasNeverSent({ code: `X${code}` }))).toBe(false);
  expect(codes.some((code) => wasNeverSent({ code: `${code}X` }))).toBe(false);
});

test.each([
  ["connect ETIMEDOUT 192.0.2.1:443", "ETIMEDOUT"],
  ["connect EHOSTUNREACH 2001:db8::1:443 - Local (:::0)", "EHOSTUNREACH"],
  ["error sending request for url: client error (Connect): tcp connect error", undefined],
])("nothing was sent after %s", (message, code) => {
  expect(wasNeverSent({ name: "Error", message, code })).toBe(true);
});

test("nothing was sent if none of several addresses could be connected to", () => {
  expect(wasNeverSent({ name: "AggregateError", message: "", code: "ENETUNREACH" })).toBe(true);
  expect(wasNeverSent({ name: "AggregateError", message: "All promises were rejected" })).toBe(
    false,
  );
  expect(wasNeverSent({ name: "Error", message: "read ETIMEDOUT", code: "ETIMEDOUT" })).toBe(false);
});
