import { defaultJobId, startMockServer } from "@audit-logs/mock-server";
import { expect, expectTypeOf, onTestFinished, test, vi } from "vitest";
import * as operations from "@audit-logs/generated/audit-logs/operations";
import type { paths } from "@audit-logs/generated/audit-logs/schema";
import type { Data } from "@audit-logs/runtime";
import { createAuditLogsClient, type AuditLog, type AuditLogsClient } from "../src/index.ts";
import { clientOf, errorOf, jobId, open, reasonOf, token } from "./faults/setup.ts";
import { listen } from "./listen.ts";

async function mock() {
  const server = open(await startMockServer({ token }));
  return { server, auditLogs: clientOf(server.url) };
}

/** The id of an existing audit log. */
async function idOf(client: AuditLogsClient): Promise<string> {
  const { items } = await client.getAuditLogs({ limit: 1 });
  return items[0]?.id ?? "";
}

/** Operations: a call that succeeds, and one that the description refuses. */
const calls: Record<
  string,
  readonly [
    (client: AuditLogsClient) => Promise<unknown>,
    (client: AuditLogsClient) => Promise<unknown>,
  ]
> = {
  getExportJobStatus: [
    (client) => client.getExportJobStatus({ jobId: defaultJobId }),
    (client) => client.getExportJobStatus({ jobId: "no-uuid" }),
  ],
  createExportJob: [
    (client) => client.createExportJob({ body: { from_date: "2026-11-01T00:00:00Z" } }),
    (client) => client.createExportJob({ body: { from_date: "yesterday" } }),
  ],
  getAuditLogs: [
    (client) => client.getAuditLogs({ limit: 2, q: ["action_verb:login"] }),
    (client) => client.getAuditLogs({ limit: 1001 }),
  ],
  getAuditLog: [
    async (client) => client.getAuditLog({ auditLogId: await idOf(client) }),
    (client) => client.getAuditLog({ auditLogId: "no-uuid" }),
  ],
  downloadExport: [
    async (client) => (await client.downloadExport({ jobId: defaultJobId })).text(),
    (client) => client.downloadExport({ jobId: "no-uuid" }),
  ],
};

test.each(Object.entries(calls))(
  "%s returns the described result, or the described error",
  async (name, [succeed, fail]) => {
    const { server, auditLogs } = await mock();
    // The file exists once the job is completed.
    await auditLogs.waitForExportJob(defaultJobId, { interval: 1 });
    expect(await succeed(auditLogs)).toBeTruthy();
    const error = await errorOf(fail(auditLogs));
    expect(error).toMatchObject({
      name: "ApiError",
      status: 422,
      body: { detail: expect.any(Array) },
    });
    const { method, path } =
      Object.entries(operations).find(([own]) => own === name)?.[1] ?? expect.fail();
    expect(error.message).toContain(`${method.toUpperCase()} ${path.replace(/\{.*/, "")}`);
    expect(
      server.requests.every(({ headers }) => headers.authorization === `Bearer ${token}`),
    ).toBe(true);
  },
);

test("results have the types of the description", async () => {
  const { auditLogs } = await mock();
  expectTypeOf(await auditLogs.getAuditLogs({ limit: 1 })).toEqualTypeOf<
    Data<paths, typeof operations.getAuditLogs>
  >();
  expectTypeOf(
    await auditLogs.getAuditLog({ auditLogId: await idOf(auditLogs) }),
  ).toExtend<AuditLog>();
  expectTypeOf(auditLogs.downloadExport).returns.resolves.toEqualTypeOf<Response>();
  // @ts-expect-error The parameter is auditLogId.
  const misspelt = auditLogs.getAuditLog({ id: jobId });
  await expect(misspelt).rejects.toThrow(/has no parameter "id"/);
});

test("the client has a method for each operation, and the package exports no other access", async () => {
  const { auditLogs } = await mock();
  expect(Object.keys(auditLogs)).toEqual(expect.arrayContaining(Object.keys(operations)));
  const exported = Object.keys(await import("../src/index.ts"));
  expect(exported.filter((name) => !name.endsWith("Error"))).toEqual([
    "isPrivateHost",
    "createAuditLogsClient",
  ]);
});

test("exportEvents starts an export, waits for it, and reads it", async () => {
  const { server, auditLogs } = await mock();
  const progress: unknown[] = [];
  const events: AuditLog[] = [];
  const signal = new AbortController().signal;
  for await (const event of auditLogs.exportEvents(
    { from: "2026-11-01", to: new Date("2026-11-08T00:00:00Z"), q: ["action_verb:login"] },
    { interval: 1, signal, onProgress: (job) => progress.push(job.progress) },
  )) {
    events.push(event);
  }
  expect(events).toHaveLength(5);
  expectTypeOf(events[0]?.message).toEqualTypeOf<string | undefined>();
  expect(progress.at(-1)).toBe(100);
  expect(JSON.parse(server.requests[0]?.body ?? "")).toEqual({
    from_date: "2026-11-01T00:00:00Z",
    to_date: "2026-11-08T00:00:00.000Z",
    q: ["action_verb:login"],
  });
});

test("startExport works without arguments", async () => {
  const { server, auditLogs } = await mock();
  expect(await auditLogs.startExport()).toMatch(/^[\da-f-]{36}$/);
  expect(server.requests[0]?.body).toBe("{}");
  for await (const event of auditLogs.exportEvents(undefined, {
    interval: 1,
    onEnd: () => undefined,
  })) {
    expect(event.id).toBeTruthy();
    break;
  }
});

test("the timeout of exportEvents covers the complete export", async () => {
  const { auditLogs } = await mock();
  const reading = auditLogs.exportEvents({}, { timeout: 0 });
  expect(await errorOf(reading.next())).toMatchObject({ name: "TimeoutError", bound: "total" });
});

test("a timeout of exportEvents is the one that the caller set, in any of its parts", async () => {
  const { auditLogs } = await mock();
  const timeout = 60_000;
  const onProgress = (): void => {
    vi.spyOn(performance, "now").mockReturnValue(performance.now() + timeout);
    onTestFinished(() => void vi.restoreAllMocks());
  };
  const reading = auditLogs.exportEvents({}, { timeout, interval: 1, onProgress });
  expect(await errorOf(reading.next())).toMatchObject({
    name: "TimeoutError",
    message: expect.stringContaining("within 60 s"),
    timeout,
  });
});

test.each([
  "yesterday",
  "",
  "1",
  "2026-11",
  "2026-13-01",
  "2026-11-01 08:00",
  "Nov 1, 2026",
  "2026-11-01T",
  "2026-11-01T08:00",
  "2026-02-30",
  "2026-02-30T08:00:00+01:00",
  new Date("never"),
  null,
  0,
  {},
])("startExport refuses %j as a time", async (from) => {
  const { server, auditLogs } = await mock();
  const error = await reasonOf(auditLogs.startExport({ from: from as string }));
  expect(error).toBeInstanceOf(TypeError);
  expect(String(error)).toMatch(/from .+ is neither a date nor a time with its offset from UTC$/);
  expect(server.requests).toEqual([]);
});

test.each([
  "{}",
  '{"a":1}',
  '{"id":"1","other":"2"}',
  '{"id":"a/b"}',
  '{"id":".."}',
  '"1"',
  "null",
])("a response without one value that can be an id holds no id of a job: %s", async (body) => {
  const server = open(await listen((_request, response) => response.end(body)));
  const error = await errorOf(clientOf(server.url).startExport());
  expect(error).toMatchObject({ name: "InvalidResponseError" });
  expect(error.message).toContain("the id of the job");
  // The server may have started the export, so the client does not try again.
  expect(server.requests).toHaveLength(1);
});

test("a call can override the client's organization", async () => {
  const { server } = await mock();
  const auditLogs = createAuditLogsClient({ token, baseUrl: server.url, orgName: "acme" });
  await auditLogs.getAuditLogs({ limit: 1 });
  const other = JSON.parse('{ "orgName": "other" }');
  await auditLogs.getAuditLogs({ limit: 1, ...other });
  await auditLogs.getExportJobStatus({ jobId: defaultJobId, ...other });
  const names = server.requests.map(({ headers }) => headers["x-org-name"]);
  expect(names).toEqual(["acme", "other", "other"]);
  expect(await errorOf(auditLogs.getExportJobStatus({ jobId }))).toMatchObject({ status: 404 });
});
