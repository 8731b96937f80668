import { createAuditLogsClient, type AuditLogsClient } from "@audit-logs/client";
import { saveExport, type SavedExport } from "@audit-logs/client/node";
import type { components } from "@audit-logs/client/schema";

// What an older project imports, for `module: node16`.

const auditLogs: AuditLogsClient = createAuditLogsClient({
  token: "a-token",
  orgName: "example-org",
});

export async function save(
  job: components["schemas"]["ExportJobResponse"],
  path: string,
): Promise<SavedExport> {
  return saveExport(auditLogs, job, path);
}
