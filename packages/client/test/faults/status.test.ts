import { expect, test, vi } from "vitest";
import * as operations from "@audit-logs/generated/audit-logs/operations";
import { ApiError, AuditLogsError, InvalidResponseError, TimeoutError } from "../../src/index.ts";
import { serveResponses, html, json, only, type Responder } from "./responses.ts";
import {
  attemptTimeout,
  clientOf,
  completedJob,
  errorOf,
  jobId,
  label,
  runningJob,
  takeTimers,
  token,
  totalTimeout,
} from "./setup.ts";

const { method, path } = operations.getExportJobStatus;
const done = json(completedJob);
const running = json(runningJob);

test.each([502, 503, 504, 500, 408])(
  "12 a %i with HTML is retried three times, and then an error with status and text",
  async (status) => {
    const once = await serveResponses(html(status), done);
    expect(await clientOf(once.url).getExportJobStatus({ jobId })).toEqual(completedJob);
    expect(once.requests).toHaveLength(2);

    const always = await serveResponses(html(status, { "x-request-id": "r-1" }));
    const error = await errorOf(clientOf(always.url).getExportJobStatus({ jobId }));
    expect(error).toBeInstanceOf(ApiError);
    expect(error).toMatchObject({
      status,
      body: "<h1>Sorry</h1>",
      retryAfter: 0,
      requestId: "r-1",
    });
    expect(error.message).toContain(`${label}: the server responded with ${status}`);
    expect(always.requests).toHaveLength(4);
  },
);

test.each([501, 505])("12 a %i is not retried, because it is permanent", async (status) => {
  const server = await serveResponses(html(status));
  expect(await errorOf(clientOf(server.url).getExportJobStatus({ jobId }))).toMatchObject({
    status,
  });
  expect(server.requests).toHaveLength(1);
});

test("12 the pauses grow, with full jitter", async () => {
  const timers = takeTimers();
  vi.mocked(Math.random).mockReturnValue(0.5);
  const server = await serveResponses(html(503));
  await errorOf(clientOf(server.url).getExportJobStatus({ jobId }));
  expect(timers.pauses).toEqual([250, 500, 1000]);
});

test.each<[string, Responder]>([
  ["refused", html(503)],
  ["cut off", (response) => response.destroy()],
])(
  "12 calls that are %s share their retries: a hundred, plus one for five successes",
  async (_, bad) => {
    let isUp = false;
    const server = await serveResponses((response, request) =>
      (isUp ? done : bad)(response, request),
    );
    const auditLogs = clientOf(server.url);
    const ask = (): Promise<unknown> => auditLogs.getExportJobStatus({ jobId });
    await Promise.all(Array.from({ length: 40 }, () => errorOf(ask())));
    expect(server.requests).toHaveLength(40 + 100);

    isUp = true;
    for (let call = 0; call < 5; call += 1) await ask();
    isUp = false;
    await Promise.all(Array.from({ length: 5 }, () => errorOf(ask())));
    expect(server.requests).toHaveLength(40 + 100 + 5 + 5 + 1);
  },
);

test("12 maxRetries applies to a client or a call, including 0", async () => {
  const server = await serveResponses(html(503));
  const auditLogs = clientOf(server.url, { maxRetries: 0 });
  await errorOf(auditLogs.getExportJobStatus({ jobId }));
  expect(server.requests).toHaveLength(1);
  await errorOf(auditLogs.getExportJobStatus({ jobId }, { maxRetries: 1 }));
  expect(server.requests).toHaveLength(3);
  await errorOf(auditLogs.waitForExportJob(jobId, { maxRetries: 2, interval: 1 }));
  expect(server.requests).toHaveLength(6);
});

test("13 waits as many seconds as Retry-After says", async () => {
  const timers = takeTimers();
  const server = await serveResponses(json({}, 429, { "retry-after": "7" }), done);
  expect(await clientOf(server.url).getExportJobStatus({ jobId })).toEqual(completedJob);
  expect(timers.pauses).toEqual([7000]);
  expect(server.requests).toHaveLength(2);
});

test("13 a Retry-After below the backoff does not shorten it", async () => {
  const timers = takeTimers();
  vi.mocked(Math.random).mockReturnValue(0.999);
  const server = await serveResponses(json({}, 429, { "retry-after": "0" }), done);
  await clientOf(server.url).getExportJobStatus({ jobId });
  expect(timers.pauses).toEqual([499.5]);
});

test("13 a running job is polled no earlier than Retry-After says", async () => {
  const timers = takeTimers();
  const server = await serveResponses(json(runningJob, 200, { "retry-after": "7" }), done);
  expect(await clientOf(server.url).waitForExportJob(jobId)).toEqual(completedJob);
  expect(timers.pauses).toEqual([7000]);
});

/** A date in some seconds by the clock of the server, which may be wrong. */
const dates = (seconds: number, clock = 0) => {
  const now = Math.trunc(Date.now() / 1000) * 1000 + clock;
  return {
    date: new Date(now).toUTCString(),
    "retry-after": new Date(now + seconds * 1000).toUTCString(),
  };
};

test("14 waits until the date that Retry-After says", async () => {
  const timers = takeTimers();
  const server = await serveResponses(json({}, 429, dates(9)), done);
  expect(await clientOf(server.url).getExportJobStatus({ jobId })).toEqual(completedJob);
  expect(timers.pauses).toEqual([9000]);
});

test("15 a date in the past adds no pause", async () => {
  const timers = takeTimers();
  const server = await serveResponses(json({}, 429, dates(-9)), done);
  expect(await clientOf(server.url).getExportJobStatus({ jobId })).toEqual(completedJob);
  expect(timers.pauses).toEqual([0]);
});

test.each(["soon", "-5", "1.5", "1e3", "0x10", "", "5, 7", "tomorrow at noon", "2026-01-01"])(
  "16 a Retry-After of %j is invalid, and adds no pause",
  async (value) => {
    const timers = takeTimers();
    const server = await serveResponses(json({}, 429, { "retry-after": value }), done);
    expect(await clientOf(server.url).getExportJobStatus({ jobId })).toEqual(completedJob);
    expect(timers.pauses).toEqual([0]);
  },
);

test.each([
  ["of days", { "retry-after": "259200" }, 259_200_000],
  ["of a date days away", dates(259_200), 259_200_000],
  ["beyond what a timer can hold", { "retry-after": "2147484" }, 2_147_484_000],
  ["without end", { "retry-after": "9".repeat(400) }, Infinity],
])(
  "16 a Retry-After %s fails the call at once, and the error reports it",
  async (_, headers, retryAfter) => {
    const timers = takeTimers();
    const server = await serveResponses(json({ detail: "slow down" }, 429, headers));
    const auditLogs = clientOf(server.url);
    for (const call of [
      auditLogs.getExportJobStatus({ jobId }),
      auditLogs.waitForExportJob(jobId),
    ]) {
      const error = await errorOf(call);
      expect(error).toBeInstanceOf(ApiError);
      expect(error).toMatchObject({ status: 429, retryAfter, body: { detail: "slow down" } });
      expect(error.message).toBe(
        `${label}: the server responded with 429 Too Many Requests, ` +
          `and asked to wait for ${retryAfter / 1000} s: slow down`,
      );
    }
    expect(timers.pauses).toEqual([]);
    expect(server.requests).toHaveLength(2);
  },
);

test("16 a running job with a Retry-After of days ends the wait at once", async () => {
  const timers = takeTimers();
  const server = await serveResponses(json(runningJob, 200, { "retry-after": "259200" }));
  const error = await errorOf(clientOf(server.url).waitForExportJob(jobId));
  expect(error).toBeInstanceOf(TimeoutError);
  expect(error).toMatchObject({ bound: "total", timeout: totalTimeout, lastJob: runningJob });
  expect(error.message).toContain("259200 s");
  expect(timers.pauses).toEqual([]);
});

test.each([
  ["ahead", 3_600_000],
  ["behind", -3_600_000],
])(
  "17 a date is compared with the response's own date, even if the server's clock is an hour %s",
  async (_, clock) => {
    const timers = takeTimers();
    const server = await serveResponses(json({}, 503, dates(9, clock)), done);
    expect(await clientOf(server.url).getExportJobStatus({ jobId })).toEqual(completedJob);
    expect(timers.pauses).toEqual([9000]);
  },
);

test.each<[string, Responder]>([
  ["18 an HTML login page", html(200)],
  ["19 truncated JSON", (response) => response.end(JSON.stringify(completedJob).slice(0, -9))],
  ["20 an empty response", (response) => response.end()],
  ["20 a response without content", (response) => response.writeHead(204).end()],
])(
  "%s with a success status is retried, and then an InvalidResponseError",
  async (_, responder) => {
    const once = await serveResponses(responder, done);
    expect(await clientOf(once.url).getExportJobStatus({ jobId })).toEqual(completedJob);
    expect(once.requests).toHaveLength(2);

    const always = await serveResponses(responder);
    const error = await errorOf(clientOf(always.url).getExportJobStatus({ jobId }));
    expect(error).toBeInstanceOf(InvalidResponseError);
    expect(error.message).toBe(
      `${label}: the response does not match the description: it is not JSON`,
    );
    expect(always.requests).toHaveLength(4);
  },
);

test("21 a redirect loop is not followed", async () => {
  const server = await serveResponses((response, { url }) =>
    response.writeHead(302, { location: url }).end(),
  );
  const error = await errorOf(clientOf(server.url).getExportJobStatus({ jobId }));
  expect(error).toBeInstanceOf(ApiError);
  expect(error).toMatchObject({ status: 302 });
  expect(error.message).toBe(
    `${label}: the server responded with 302 Found, a redirect; is baseUrl right?`,
  );
  expect(server.requests).toHaveLength(1);
});

test.each([301, 302, 303, 307, 308])(
  "22 a %i to another origin is not followed, and nothing is sent there",
  async (status) => {
    const elsewhere = await serveResponses(done);
    const server = await serveResponses((response) =>
      response.writeHead(status, { location: `${elsewhere.url}/?code=a-secret` }).end(),
    );
    const auditLogs = clientOf(server.url, { orgName: "acme" });
    const error = await errorOf(auditLogs.getExportJobStatus({ jobId }));
    expect(error).toMatchObject({ status });
    expect(error.message).not.toContain("a-secret");
    // Not even if a request sets `redirect`.
    const { response } = await auditLogs.api.request(method, path, {
      params: { path: { job_id: jobId } },
      redirect: "follow",
    });
    expect(response.status).toBe(status);
    expect(server.requests).toHaveLength(2);
    expect(elsewhere.requests).toEqual([]);
  },
);

test("23 a token that expires between polls is replaced once, and the wait continues", async () => {
  takeTimers();
  const server = await serveResponses(
    only("first", running),
    only("second", running),
    only("second", running),
    only("second", done),
  );
  const tokens = ["first", "second"];
  const job = await clientOf(server.url, {
    token: () => tokens.shift() ?? expect.fail("There is no third token"),
  }).waitForExportJob(jobId);
  expect(job).toEqual(completedJob);
  expect(server.requests.map(({ headers }) => headers.authorization)).toEqual([
    "Bearer first",
    "Bearer first",
    "Bearer second",
    "Bearer second",
  ]);
});

test("23 a token that expires again in the same wait is replaced again", async () => {
  takeTimers();
  const server = await serveResponses(
    only("1", running),
    only("2", running),
    only("2", running),
    only("3", running),
    only("3", done),
  );
  let count = 0;
  const auditLogs = clientOf(server.url, { token: () => String((count += 1)) });
  expect(await auditLogs.waitForExportJob(jobId)).toEqual(completedJob);
  expect(count).toBe(3);
});

test("23 a refused new token is an error with the last state of the job", async () => {
  takeTimers();
  const server = await serveResponses(only("1", running), json({ detail: "expired" }, 401));
  let count = 0;
  const auditLogs = clientOf(server.url, { token: () => String((count += 1)) });
  const error = await errorOf(auditLogs.waitForExportJob(jobId));
  expect(error).toBeInstanceOf(ApiError);
  expect(error).toMatchObject({ status: 401, lastJob: runningJob });
  expect(server.requests).toHaveLength(3);
  expect(count).toBe(2);
});

test("23 a refused token does not use up a retry", async () => {
  const server = await serveResponses(json({}, 401), html(503), html(503), html(503), done);
  const auditLogs = clientOf(server.url, { token: () => "any" });
  expect(await auditLogs.getExportJobStatus({ jobId })).toEqual(completedJob);
});

test("24 a failed refresh is an error with its cause, and the next call refreshes again", async () => {
  takeTimers();
  const server = await serveResponses(only("1", running), only("3", done));
  const failure = new RangeError("the identity provider is away");
  let count = 0;
  const auditLogs = clientOf(server.url, {
    token() {
      count += 1;
      if (count === 2) throw failure;
      return String(count);
    },
  });
  const error = await errorOf(auditLogs.waitForExportJob(jobId));
  expect(error).toBeInstanceOf(AuditLogsError);
  expect(error.message).toBe(`${label}: the token function failed: the identity provider is away`);
  expect(error.cause).toMatchObject({ name: "RangeError", message: failure.message });
  expect(error.lastJob).toEqual(runningJob);
  expect(server.requests).toHaveLength(2);

  expect(await auditLogs.waitForExportJob(jobId)).toEqual(completedJob);
  expect(count).toBe(3);
});

test("24 calls that share a failed refresh get separate errors", async () => {
  const server = await serveResponses(done);
  const auditLogs = clientOf(server.url, { token: () => Promise.reject(new Error("away")) });
  const [first, second] = await Promise.all([
    errorOf(auditLogs.getExportJobStatus({ jobId: "a" })),
    errorOf(auditLogs.getExportJobStatus({ jobId: "b" })),
  ]);
  expect(first.message).toMatch(/\/a: the token function failed: away$/);
  expect(second.message).toMatch(/\/b: the token function failed: away$/);
  expect(server.requests).toEqual([]);
});

test("24 an attempt times out if the token function hangs, and the next calls it again", async () => {
  const timers = takeTimers();
  const server = await serveResponses(done);
  let count = 0;
  const hanging = clientOf(server.url, {
    token() {
      count += 1;
      setImmediate(() => timers.runOut());
      return new Promise<string>(() => undefined);
    },
  });
  const error = await errorOf(hanging.getExportJobStatus({ jobId }));
  expect(error).toBeInstanceOf(TimeoutError);
  expect(error).toMatchObject({ bound: "token", timeout: attemptTimeout });
  expect(error.message).toBe(
    `${label}: the token function returned no token within 30 s (attemptTimeout)`,
  );
  expect(count).toBe(4);
  expect(server.requests).toEqual([]);
});

test("24 a token function that hangs delays no total timeout, and later calls as long as one attempt", async () => {
  const server = await serveResponses(done);
  let count = 0;
  const client = clientOf(server.url, {
    attemptTimeout: 200,
    token() {
      count += 1;
      return count > 1 ? token : new Promise<string>(() => undefined);
    },
  });
  const error = await errorOf(client.getExportJobStatus({ jobId }, { timeout: 20 }));
  expect(error).toMatchObject({ name: "TimeoutError", bound: "total", timeout: 20 });
  expect(error.message).toContain(label);
  expect(await client.getExportJobStatus({ jobId })).toEqual(completedJob);
  expect(count).toBe(2);
});

test.each([
  ["25 a 403", 403],
  ["26 a 404 at first", 404],
])("%s is an error at once, with the server's reason", async (_, status) => {
  const server = await serveResponses(json({ detail: "not for you" }, status));
  const auditLogs = clientOf(server.url);
  for (const call of [auditLogs.getExportJobStatus({ jobId }), auditLogs.waitForExportJob(jobId)]) {
    const error = await errorOf(call);
    expect(error).toBeInstanceOf(ApiError);
    expect(error).toMatchObject({ status, body: { detail: "not for you" } });
    expect(error.message).toMatch(
      new RegExp(`^${label}: the server responded with ${status} .*for you`),
    );
    expect(error.lastJob).toBeUndefined();
  }
  expect(server.requests).toHaveLength(2);
});

test.each([
  ["25 a 403", 403],
  ["26 a 404", 404],
])("%s whose body breaks off is an error at once, too", async (_, status) => {
  const server = await serveResponses((response) => {
    response.writeHead(status, { "content-length": 100 }).write("{");
    response.socket?.end();
  });
  const auditLogs = clientOf(server.url);
  for (const call of [auditLogs.getExportJobStatus({ jobId }), auditLogs.waitForExportJob(jobId)]) {
    expect(await errorOf(call)).toMatchObject({ name: "ApiError", status, reason: "" });
  }
  expect(server.requests).toHaveLength(2);
});

test("27 a 404 after progress is an error with the last state of the job", async () => {
  takeTimers();
  const server = await serveResponses(running, json({ detail: "no such job" }, 404));
  const error = await errorOf(clientOf(server.url).waitForExportJob(jobId));
  expect(error).toBeInstanceOf(ApiError);
  expect(error).toMatchObject({ status: 404, lastJob: runningJob });
  expect(server.requests).toHaveLength(2);
});
