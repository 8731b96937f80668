import { createAuditLogsClient, type AuditLogsClient, type ExportJob } from "@audit-logs/client";
import type { paths } from "@audit-logs/client/schema";
import description from "@audit-logs/client/schema.json" with { type: "json" };

// Code of a consumer that runs on any platform: it is type-checked without the types of Node.

export function createClient(baseUrl: string): AuditLogsClient {
  return createAuditLogsClient({ token: () => "a-token", orgName: "example-org", baseUrl });
}

export type Path = keyof paths;

/** Waits for an export and reads it, and returns a summary. */
export async function summarizeExport(auditLogs: AuditLogsClient, jobId: string): Promise<string> {
  const job: ExportJob = await auditLogs.waitForExportJob(jobId, { interval: 1 });
  let events = 0;
  for await (const event of auditLogs.readExport(job.id)) if (event.message) events += 1;
  return `${job.status}, ${events} events, OpenAPI ${description.openapi}`;
}
