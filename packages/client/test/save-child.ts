import { createAuditLogsClient } from "../src/index.ts";
import { saveExport } from "../src/node.ts";

// Saves an export in a process of its own, and tells how far it is.
const [baseUrl = "", jobId = "", path = ""] = process.argv.slice(2);
const auditLogs = createAuditLogsClient({ token: "a-secret-token", baseUrl });
const saved = await saveExport(auditLogs, jobId, path, {
  onProgress: ({ bytes }) => process.send?.(bytes),
});
process.send?.(saved);
process.disconnect();
