import { createAuditLogsClient } from "@audit-logs/client";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { http, HttpResponse } from "msw";
import { setupServer } from "msw/node";

// A consumer's test: Jest with ES modules, and MSW in the server's place.

const baseUrl = "http://localhost/";
const job = {
  id: "3f6c1f2e-5d0a-4b7e-9c43-2a8d4e6f7b10",
  org_id: "example",
  created_at: "2026-01-01T00:00:00Z",
  status: "completed",
  total_records: 1,
  download_url: `${baseUrl}file`,
};
const events = [{ id: "1", message: "An event" }];
const server = setupServer(
  http.get(`${baseUrl}api/audit-logs/export/:jobId`, ({ request }) =>
    request.headers.get("authorization") === "Bearer a-token"
      ? HttpResponse.json(job)
      : new HttpResponse(null, { status: 401 }),
  ),
  http.get(`${baseUrl}file`, () => HttpResponse.text(`${JSON.stringify(events[0])}\n`)),
);
// MSW replaces `fetch` when it listens: a client that is older takes part, too.
const older = createAuditLogsClient({ token: "a-token", orgName: "example-org", baseUrl });

beforeAll(() => server.listen({ onUnhandledRequest: "error" }));
afterAll(() => server.close());

test("an export is waited for and read", async () => {
  const auditLogs = createAuditLogsClient({ token: "a-token", orgName: "example-org", baseUrl });
  const done = await auditLogs.waitForExportJob(job.id);
  const read = [];
  for await (const event of auditLogs.readExport(done)) read.push(event);
  expect(read).toEqual(events);
});

test("a client that was made before MSW listened is answered by it", async () => {
  await expect(older.getExportJobStatus({ jobId: job.id })).resolves.toEqual(job);
});
