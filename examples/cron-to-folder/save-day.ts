import { existsSync } from "node:fs";
import { readFile, rm, writeFile } from "node:fs/promises";
import { ApiError, ExportFailedError, type AuditLogsClient } from "@audit-logs/client";
import { saveExport } from "@audit-logs/client/node";

/**
 * Saves the audit logs of a day (UTC), unless the file exists. From the start until the file is complete,
 * `<file>.job` exists and contains the id of the export, so that the next run resumes it.
 */
export async function saveDay(
  auditLogs: AuditLogsClient,
  day: string,
  file: string,
): Promise<string> {
  const jobFile = `${file}.job`;
  if (existsSync(file)) {
    await rm(jobFile, { force: true });
    return `${file} exists already`;
  }
  let jobId = existsSync(jobFile) ? await readFile(jobFile, "utf8") : "";
  if (jobId === "") {
    await writeFile(jobFile, "", { mode: 0o600 });
    // Both ends are inclusive.
    const span = { from: `${day}T00:00:00Z`, to: `${day}T23:59:59.999999Z` };
    jobId = await auditLogs.startExport(span);
    await writeFile(jobFile, jobId);
  }
  try {
    const job = await auditLogs.waitForExportJob(jobId);
    const { bytes } = await saveExport(auditLogs, job, file);
    await rm(jobFile);
    return `saved ${file}: ${job.total_records ?? "an unknown number of"} events, ${bytes} bytes before compression`;
  } catch (error) {
    // The next run starts another export.
    if (isLost(error)) await writeFile(jobFile, "");
    throw error;
  }
}

/** Whether the server has given up the export, or does not have it any more. */
function isLost(error: unknown): boolean {
  const isGone = error instanceof ApiError && [404, 410].includes(error.status);
  return isGone || error instanceof ExportFailedError;
}
