import { once } from "node:events";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { createAuditLogsClient } from "@audit-logs/client";
import { saveExport } from "@audit-logs/client/node";
import { afterAll, beforeAll, expect, test } from "@jest/globals";

// A consumer's test in Jest's realm, where Node's errors and signals are not instances of `Error` and `Object`.

const jobId = "3f6c1f2e-5d0a-4b7e-9c43-2a8d4e6f7b10";
const file = '{"id":"1","message":"An event"}\n';
const server = createServer((request, response) => {
  const download_url = "/file";
  response.end(
    request.url === "/file"
      ? file
      : JSON.stringify({ id: jobId, status: "completed", download_url }),
  );
});
let options;

beforeAll(async () => {
  await once(server.listen(0, "127.0.0.1"), "listening");
  const baseUrl = `http://127.0.0.1:${server.address().port}`;
  options = { token: "a-token", orgName: "example-org", baseUrl };
});
afterAll(() => server.close());

test("the lock of a dead process is taken over", async () => {
  const folder = await mkdtemp(join(tmpdir(), "rehearsal-"));
  try {
    const path = join(folder, "events.jsonl");
    await writeFile(`${path}.lock`, `4194305 on ${hostname()}\n${jobId}\nlong ago`);
    await saveExport(createAuditLogsClient(options), jobId, path);
    expect(await readFile(path, "utf8")).toBe(file);
  } finally {
    await rm(folder, { recursive: true });
  }
});

test("a call takes the platform's signal", async () => {
  const signal = AbortSignal.timeout(60_000);
  const job = await createAuditLogsClient(options).getExportJobStatus({ jobId }, { signal });
  expect(job.status).toBe("completed");
});

test("a refused connection is retried, and is the cause of the error", async () => {
  const closed = createServer();
  await once(closed.listen(0, "127.0.0.1"), "listening");
  const { port } = closed.address();
  await once(closed.close(), "close");
  const events = [];
  const auditLogs = createAuditLogsClient({
    ...options,
    baseUrl: `http://127.0.0.1:${port}`,
    maxRetries: 1,
    onEvent: ({ type }) => events.push(type),
  });
  await expect(auditLogs.getExportJobStatus({ jobId })).rejects.toMatchObject({
    name: "ConnectionError",
    isTransient: true,
    cause: { code: "ECONNREFUSED" },
  });
  expect(events).toEqual(["request", "retry", "request"]);
});
