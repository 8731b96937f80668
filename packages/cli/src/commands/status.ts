import type { ExportJob } from "@audit-logs/client";
import type { Command } from "../command.ts";
import { connect } from "../connect.ts";
import { escapeControls, formatJson } from "../escape-controls.ts";
import { checkJobId } from "../job-id.ts";

export async function status(command: Command, jobId: string): Promise<void> {
  const { context, settings, output } = command;
  checkJobId(jobId);
  const auditLogs = await connect(context, settings, output);
  const job = await auditLogs.getExportJobStatus({ jobId }, { signal: context.signal });
  await output.write(settings.json ? formatJson(job) : formatJob(job));
}

/** The job's fields that a person asks for. The download URL grants access, so only `--json` prints it. */
function formatJob(job: ExportJob): string {
  // Looked up by name: the vendor may add and remove fields that only inform.
  const fields = new Map<string, unknown>(Object.entries(job));
  const { id, status: state, progress } = job;
  const rows = Object.entries({
    Job: id,
    Status: state,
    Progress: typeof progress === "number" ? `${progress} %` : undefined,
    Created: fields.get("created_at"),
    Completed: fields.get("completed_at"),
    Events: fields.get("total_records"),
    Error: fields.get("error_message"),
  }).filter(([, value]) => value !== undefined && value !== null);
  return rows
    .map(([name, value]) => `${name.padEnd(9)}  ${escapeControls(String(value))}\n`)
    .join("");
}
