import type { Command } from "../command.ts";
import { connect } from "../connect.ts";
import { formatJson } from "../escape-controls.ts";
import { checkJobId } from "../job-id.ts";
import { createProgress } from "../progress.ts";
import { formatCommand } from "../settings.ts";
import { paceFlags, readPace, waitForJob, type WaitFlags } from "../wait-for-job.ts";

/** Waits until an export job is done. */
export async function wait(command: Command, jobId: string, flags: WaitFlags): Promise<void> {
  const { context, settings, output } = command;
  checkJobId(jobId);
  const pace = readPace(flags);
  const auditLogs = await connect(context, settings, output);
  const progress = await createProgress(context, output);
  const next = formatCommand(settings, ["wait", jobId], paceFlags(flags));
  try {
    const job = await waitForJob(command, auditLogs, jobId, pace, progress, next);
    progress.stop();
    if (settings.json) await output.write(formatJson(job));
    output.note(`Next: ${formatCommand(settings, ["download", jobId])}`);
  } finally {
    progress.stop();
  }
}
