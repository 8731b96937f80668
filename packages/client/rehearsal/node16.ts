import { createAuditLogsClient, type AuditLogsClient, type ExportJob } from "@audit-logs/client";
import { saveExport, type SavedExport } from "@audit-logs/client/node";
import type { paths } from "@audit-logs/client/schema";

// What an older project imports, for `module: node16`.

const auditLogs: AuditLogsClient = createAuditLogsClient({
  token: "a-token",
  orgName: "example-org",
});

export type Path = keyof paths;

export async function save(job: ExportJob, path: string): Promise<SavedExport> {
  return saveExport(auditLogs, job, path);
}
