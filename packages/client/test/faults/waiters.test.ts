import { expect, test } from "vitest";
import { serveResponses, json, only } from "./responses.ts";
import { clientOf } from "./setup.ts";

test("44 a thousand waiters share one token, and one refresh of it", async () => {
  const waiters = 1000;
  let requests = 0;
  const server = await serveResponses((response, request) => {
    const id = request.url?.split("/").at(-1);
    requests += 1;
    // The first token is valid for one request per waiter.
    return requests <= waiters
      ? only("1", json({ id, status: "running" }))(response, request)
      : only("2", json({ id, status: "completed" }))(response, request);
  });
  let count = 0;
  const auditLogs = clientOf(server.url, {
    attemptTimeout: 300_000,
    token: async () => String((count += 1)),
  });
  const jobs = await Promise.all(
    Array.from({ length: waiters }, (_, index) =>
      auditLogs.waitForExportJob(`job-${index}`, { interval: 1 }),
    ),
  );
  expect(jobs.map(({ status }) => status)).toEqual(Array(waiters).fill("completed"));
  expect(count).toBe(2);
  expect(server.requests.length).toBeLessThanOrEqual(waiters * 3);
});
