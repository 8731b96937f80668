import type { ExportJob } from "@audit-logs/client";
import type { Command } from "../command.ts";
import { connect } from "../connect.ts";
import { checkJobId } from "../job-id.ts";

/** Prints the state of an export job. */
export async function status(command: Command, jobId: string): Promise<void> {
  const { context, settings, output } = command;
  checkJobId(jobId);
  const auditLogs = await connect(context, settings, output);
  const job = await auditLogs.getExportJobStatus({ jobId }, { signal: context.signal });
  await output.write(settings.json ? `${JSON.stringify(job)}\n` : formatJob(job));
}

/** The job's fields that a person asks for. The download URL grants access, so only `--json` prints it. */
export function formatJob(job: ExportJob): string {
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

/** Texts of the server must not control the terminal. */
function escapeControls(text: string): string {
  // oxlint-disable-next-line no-control-regex
  return text.replaceAll(/[\u0000-\u001f\u007f-\u009f]/g, (control) =>
    JSON.stringify(control).slice(1, -1),
  );
}
