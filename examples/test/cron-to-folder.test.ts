import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { createAuditLogsClient, ExportFailedError } from "@audit-logs/client";
import { startMockServer } from "@audit-logs/mock-server";
import { expect, test } from "vitest";
import { saveDay } from "../cron-to-folder/save-day.ts";
import { runExample } from "./run-example.ts";
import { temporaryFolder } from "./temporary-folder.ts";

const jobId = "7d9f2c4e-8a1b-4c3d-9e5f-6a7b8c9d0e1f";
const day = "2026-01-14";
const eventCount = 5;

const linesOf = (gzip: Buffer): string[] => gunzipSync(gzip).toString().trimEnd().split("\n");
const yesterday = (): string => new Date(Date.now() - 86_400_000).toISOString().slice(0, 10);

test("saves yesterday, once", async () => {
  await using server = await startMockServer({ token: "a-token" });
  const folder = join(await temporaryFolder(), "new");
  const environment = {
    AUDIT_LOGS_TOKEN: "a-token",
    ANACONDA_AUTH_API_KEY: "another",
    AUDIT_LOGS_ORG: "example-org",
    AUDIT_LOGS_BASE_URL: server.url,
  };
  const before = yesterday();
  const run = await runExample("cron-to-folder", [folder], environment);
  expect(run).toMatchObject({ exitCode: 0, stderr: "" });
  const [name = "", ...others] = await readdir(folder);
  // Midnight may have passed.
  expect([before, yesterday()].map((past) => `${past}.jsonl.gz`)).toContain(name);
  expect(others).toEqual([]);
  const saved = name.slice(0, before.length);
  expect(run.stdout).toMatch(`${saved}: saved ${join(folder, name)}: ${eventCount} events`);
  const content = await readFile(join(folder, name));
  expect(linesOf(content)).toHaveLength(eventCount);
  const [start] = server.requests;
  expect(start?.headers).toMatchObject({ "x-org-name": "example-org" });
  expect(JSON.parse(start?.body ?? "")).toEqual({
    from_date: `${saved}T00:00:00Z`,
    to_date: `${saved}T23:59:59.999999Z`,
  });

  const { length } = server.requests;
  const auditLogs = createAuditLogsClient({ token: "a-token", baseUrl: server.url });
  // A run that was killed at its very end leaves this.
  await writeFile(join(folder, `${name}.job`), jobId);
  expect(await saveDay(auditLogs, saved, join(folder, name))).toContain("exists already");
  expect(await readFile(join(folder, name))).toEqual(content);
  expect(await readdir(folder)).toEqual([name]);
  expect(server.requests).toHaveLength(length);
});

test("resumes a download that broke off, also when another day fails", async () => {
  // So long that a part arrives before the connection breaks.
  const events = Array.from({ length: 1000 }, (_, id) => ({ id, message: "a".repeat(1000) }));
  await using server = await startMockServer({
    jobs: { [jobId]: { steps: [{ status: "completed" }], events } },
    faults: [
      { fault: "interrupted-download" },
      { fault: "forbidden", on: "download", times: 2 },
      { fault: "service-unavailable", on: "status", after: 2 },
      { fault: "forbidden", on: "operation" },
    ],
  });
  const folder = await temporaryFolder();
  const file = join(folder, `${day}.jsonl`);
  await writeFile(`${file}.job`, jobId);
  const auditLogs = createAuditLogsClient({ token: "a-key", baseUrl: server.url });
  await expect(saveDay(auditLogs, day, file)).rejects.toThrow("403 Forbidden");
  expect((await readdir(folder)).toSorted()).toEqual(
    [".job", ".part", ".part.json"].map((suffix) => `${day}.jsonl${suffix}`),
  );

  const environment = { ANACONDA_AUTH_API_KEY: "a-key", AUDIT_LOGS_BASE_URL: server.url };
  const run = await runExample("cron-to-folder", ["--plain", folder], environment);
  expect(run.exitCode).toBe(1);
  expect(run.stdout).toContain(`${day}: saved ${file}: ${events.length} events`);
  const lines = (await readFile(file, "utf8")).trimEnd().split("\n");
  expect(lines.map((line): unknown => JSON.parse(line))).toEqual(events);
  const resumed = server.requests.filter(({ url }) => url.includes(`${jobId}.jsonl`)).at(-1);
  expect(resumed?.headers.range).toMatch(/^bytes=[1-9]\d*-$/u);
  // Yesterday could not be started, and will be tried again.
  expect(run.stderr).toMatch(/^\d{4}-\d\d-\d\d: POST .* 403 Forbidden/u);
  const [failed = ""] = run.stderr.split(":");
  expect((await readdir(folder)).toSorted()).toEqual([`${day}.jsonl`, `${failed}.jsonl.job`]);
});

test("starts another export after the server has given one up", async () => {
  await using server = await startMockServer({ jobs: { [jobId]: { outcome: "failed" } } });
  const auditLogs = createAuditLogsClient({ token: "a-token", baseUrl: server.url });
  const file = join(await temporaryFolder(), `${day}.jsonl.gz`);
  for (const lost of [jobId, "00000000-0000-4000-8000-000000000000"]) {
    await writeFile(`${file}.job`, lost);
    const reason: unknown = await saveDay(auditLogs, day, file).catch((error: unknown) => error);
    expect(reason).toBeInstanceOf(Error);
    if (lost === jobId) expect(reason).toBeInstanceOf(ExportFailedError);
    expect(await readFile(`${file}.job`, "utf8")).toBe("");
  }
  await saveDay(auditLogs, day, file);
  expect(server.requests.filter(({ method }) => method === "POST")).toHaveLength(1);
  expect(linesOf(await readFile(file))).toHaveLength(eventCount);
});

test.each<[string, string[], Record<string, string>, string]>([
  ["without a token", [], {}, "Set AUDIT_LOGS_TOKEN or ANACONDA_AUTH_API_KEY"],
  [
    "for a day that is not over",
    ["2026-02-28", "9999-12-31"],
    { AUDIT_LOGS_TOKEN: "a-token" },
    "9999-12-31 is not a day before today",
  ],
])("exits with 2 %s", async (_, days, environment, message) => {
  const folder = await temporaryFolder();
  const run = await runExample("cron-to-folder", [folder, ...days], environment);
  expect(run).toMatchObject({ exitCode: 2, stdout: "" });
  expect(run.stderr).toContain(message);
});
