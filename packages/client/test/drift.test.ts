import { spawnSync } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { startMockServer, type MockJob } from "@audit-logs/mock-server";
import * as operations from "@audit-logs/generated/audit-logs/operations";
import { expect, test } from "vitest";
import {
  ApiError,
  createAuditLogsClient,
  type AuditLogsClient,
  type AuditLogsClientOptions,
} from "../src/index.ts";
import { record, type Recorder } from "./record.ts";
import { errorOf, jobId, token } from "./faults/setup.ts";

// Checks the traffic between the client and the mock server with an independent tool: redocly's drift
// compares recorded traffic with the description. Downloads are not described, so they are left out.

const root = fileURLToPath(new URL("../../../", import.meta.url));
const cli = createRequire(join(root, "package.json")).resolve("@redocly/cli/bin/cli.js");
const otherId = "00000000-0000-4000-8000-000000000000";

interface DriftResult {
  readonly code: number | null;
  readonly exchanges: number;
  readonly findings: readonly string[];
  readonly coverage: unknown;
  /** The parts of the operations in the traffic that did not occur in it. */
  readonly missing: readonly Missing[];
}

interface Missing {
  readonly kind?: string;
  readonly name?: string;
  readonly status?: string;
  readonly target?: string;
}

// The parts of drift's two files that the test reads.
interface Report {
  readonly run: { readonly documentedExchanges: number };
  readonly problems: readonly { readonly message: string }[];
}
interface Coverage {
  readonly totals: unknown;
  readonly operations: readonly { readonly missing: readonly Missing[] }[];
}

/** The parameters that the first test sends. */
const sent =
  "job_id audit_log_id q search_operator sort limit offset from_date to_date x-org-name x-api-version".split(
    " ",
  );

/** Runs drift on the recorded traffic. */
async function runDrift({ entries }: Recorder): Promise<DriftResult> {
  const folder = await mkdtemp(join(tmpdir(), "drift-"));
  const [traffic, coverage] = [join(folder, "traffic.har"), join(folder, "coverage.json")];
  const log = { version: "1.2", creator: { name: "test", version: "1" }, entries };
  await writeFile(traffic, JSON.stringify({ log }));
  const description = join(root, "generated/audit-logs/openapi.json");
  const flags = ["--match-mode", "basepath", "--format", "json", "--coverage-output", coverage];
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [cli, "drift", traffic, "--api", description, ...flags],
    { cwd: root, encoding: "utf8" },
  );
  if (!stdout.startsWith("{")) throw new Error(stderr);
  const { run, problems }: Report = JSON.parse(stdout);
  const { totals, operations: reports }: Coverage = JSON.parse(await readFile(coverage, "utf8"));
  await rm(folder, { recursive: true });
  return {
    code: status,
    exchanges: run.documentedExchanges,
    findings: problems.map(({ message }) => message),
    coverage: totals,
    missing: reports
      .map(({ missing }) => missing)
      .filter((parts) => !parts.some(({ kind }) => kind === "operation"))
      .flat(),
  };
}

/** An audit log with every described field. */
const auditLog = {
  id: otherId,
  org_id: otherId,
  created_at: "2026-01-12T08:00:00Z",
  action_key: "auth.login",
  action_verb: "login",
  message: "admin@example.com signed in",
  actor_id: "1",
  actor_email: "admin@example.com",
  actor_type: "user",
  target_id: "2",
  target_email: "member@example.com",
  target_type: "user",
  service_name: "auth",
  org_name: "example",
  occurred_at: "2026-01-12T08:00:00Z",
  meta: {},
};

const covered = { covered: expect.any(Number), total: expect.any(Number) };
const everything = {
  operations: covered,
  parameters: covered,
  properties: covered,
  responses: covered,
};

/** Records the traffic of a client's calls. `change` can modify the responses. */
async function recordTraffic(
  jobs: Readonly<Record<string, MockJob>>,
  calls: (client: (options?: Partial<AuditLogsClientOptions>) => AuditLogsClient) => Promise<void>,
  change?: (text: string) => string,
): Promise<Recorder> {
  await using server = await startMockServer({ token, jobs });
  const recorder = await record(server.url, change);
  await calls((options) => createAuditLogsClient({ token, baseUrl: recorder.url, ...options }));
  await recorder.close();
  return recorder;
}

const statusesOf = ({ entries }: Recorder): number[] => [
  ...new Set(entries.map(({ response }) => response.status)),
];

test("traffic between the client and the mock server matches the description, and covers what it calls", async () => {
  const traffic = await recordTraffic(
    { [jobId]: { events: [auditLog] }, [otherId]: { outcome: "failed" } },
    async (client) => {
      await client().waitForExportJob(jobId, { interval: 1 });
      const scoped = client({ orgName: "acme", apiVersion: "v2" });
      for await (const job of scoped.watchExportJob(otherId, { interval: 1 }))
        expect(job).toBeTruthy();
      await scoped.api.request(
        operations.getExportJobStatus.method,
        operations.getExportJobStatus.path,
        {
          params: { path: { job_id: jobId } },
        },
      );
      expect(await errorOf(client().getExportJobStatus({ jobId: "no-uuid" }))).toBeInstanceOf(
        ApiError,
      );
      for (const own of [client(), scoped]) {
        await own.startExport({
          from: "2026-11-01",
          to: "2026-11-02",
          q: [],
          searchOperator: "or",
        });
        await own.getAuditLogs({
          q: ["action_verb:login"],
          search_operator: JSON.parse('"and"'),
          sort: "-occurred_at",
          limit: 1,
          offset: 1,
          from_date: "2026-11-01T00:00:00Z",
          to_date: "2026-11-02T00:00:00Z",
        });
        const { items } = await own.getAuditLogs({ limit: 1 });
        await own.getAuditLog({ auditLogId: items[0]?.id ?? "" });
        await (await own.downloadExport({ jobId })).body?.cancel();
      }
      const invalid = client();
      for (const call of [
        () => invalid.getAuditLogs({ limit: 0 }),
        () => invalid.getAuditLog({ auditLogId: "no-uuid" }),
        () => invalid.downloadExport({ jobId: "no-uuid" }),
        () => invalid.startExport({ searchOperator: JSON.parse('"xor"') }),
      ]) {
        expect(await errorOf(call())).toMatchObject({ status: 422 });
      }
    },
  );

  // Drift ignores responses whose status is not in the description, and counts them as documented.
  const statuses = statusesOf(traffic);
  expect(statuses).toEqual([200, 422]);
  const { missing, ...result } = await runDrift(traffic);
  expect(result).toEqual({
    code: 0,
    exchanges: 5 + 5 + 1 + 1 + 2 * 5 + 4,
    findings: [],
    coverage: everything,
  });
  // The mock server does not send optional fields that it does not know, or errors without a cause. The
  // calls above do not send parameters that they do not know.
  const isUnknown = ({ kind, name = "", target, status }: Missing): boolean =>
    target === "response" ||
    (status !== undefined && !statuses.includes(Number(status))) ||
    (kind === "parameter" && !sent.includes(name.toLowerCase()));
  expect(missing.filter((part) => !isUnknown(part))).toEqual([]);
  const headerNames = traffic.entries.map(({ request }) => request.headers.map(({ name }) => name));
  expect(new Set(headerNames.map((names) => names.includes("x-org-name")))).toEqual(
    new Set([true, false]),
  );
});

test("finds every difference between traffic and description", async () => {
  const wrong = [
    (text: string) => text.replace(/"progress":\d+/, '"progress":"much"'),
    (text: string) => text.replace(/"org_id":"[^"]*",/, ""),
    (text: string) => text.replace(/"created_at":"[^"]*"/, '"created_at":"today"'),
    (text: string) => text.replace(/"loc":\[[^\]]*\],/, ""),
  ];
  const traffic = await recordTraffic(
    { [jobId]: {} },
    async (client) => {
      for (let call = 0; call < 3; call += 1) await client().getExportJobStatus({ jobId });
      await errorOf(client().getExportJobStatus({ jobId: "no-uuid" }));
      const auditLogs = client();
      auditLogs.api.use({
        onRequest: ({ request }) => request.headers.set("X-Undescribed", "1"),
      });
      await auditLogs.getExportJobStatus({ jobId });
    },
    (text) => wrong.shift()?.(text) ?? text,
  );

  const { code, findings, missing } = await runDrift(traffic);
  expect(code).toBe(1);
  expect(findings).toEqual([
    'Response schema mismatch at "progress": must be integer,null',
    'Response is missing required field "org_id".',
    'Response field "created_at" does not match format "date-time".',
    'Response is missing required field "detail[0].loc".',
    'Undocumented header in traffic: "x-undescribed"',
  ]);
  expect(missing).toContainEqual({ kind: "parameter", in: "header", name: "x-org-name" });
});
