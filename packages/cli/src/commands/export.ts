import type { Command } from "../command.ts";
import { connect, type Timeouts } from "../connect.ts";
import { checkDestination, deliver } from "../deliver.ts";
import { createProgress } from "../progress.ts";
import { readSelection, type SelectionFlags } from "../selection.ts";
import { readPace, waitForJob, type Pace, type WaitFlags } from "../wait-for-job.ts";
import { formatDownload } from "./download.ts";

export interface ExportFlags extends SelectionFlags, WaitFlags {
  readonly output?: string;
  readonly force?: boolean;
}

/** Starts an export, waits for it and downloads it. Only the demo passes a `pace`; for others, the flags set it. */
export async function exportLogs(
  command: Command,
  flags: ExportFlags,
  timeouts?: Timeouts,
  pace: Pace = readPace(flags),
): Promise<void> {
  const { context, settings, output } = command;
  const { from, to, q } = readSelection(command, flags);
  const { output: path, force = false } = flags;
  await checkDestination({ path, force }, settings);
  const auditLogs = await connect(context, settings, output, timeouts);
  const { signal } = context;
  const selection = { from, ...(to !== undefined && { to }), ...(q && { q }) };
  const jobId = await auditLogs.startExport(selection, { signal });
  output.note(`Export job ${jobId}`);
  const destination = { path: path ?? `${jobId}.jsonl`, force };
  const next = formatDownload(command, jobId, flags);
  const progress = await createProgress(context, output);
  try {
    const job = await waitForJob(command, auditLogs, jobId, pace, progress, next);
    if (path === "-") progress.stop();
    await deliver(command, auditLogs, job, destination, progress, next);
  } finally {
    progress.stop();
  }
}
