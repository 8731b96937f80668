// The built files, which plain Node can run: the `test` task depends on `build`.
import { createAuditLogsClient } from "../dist/index.js";
import { saveExport } from "../dist/node.js";

// Saves an export in a separate process, and reports the progress.
const [baseUrl = "", jobId = "", path = ""] = process.argv.slice(2);
const auditLogs = createAuditLogsClient({ token: "a-secret-token", baseUrl });
const saved = await saveExport(auditLogs, jobId, path, {
  onProgress: ({ bytes }) => process.send?.(bytes),
});
process.send?.(saved);
process.disconnect?.();
