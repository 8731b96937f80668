import type { Command } from "../command.ts";
import { connect } from "../connect.ts";
import { checkDestination, deliver } from "../deliver.ts";
import { usageError } from "../failure.ts";
import { checkJobId } from "../job-id.ts";
import { createProgress } from "../progress.ts";
import { formatCommand } from "../settings.ts";
import { paceFlags, readPace, waitForJob, type WaitFlags } from "../wait-for-job.ts";

export interface DownloadFlags extends WaitFlags {
  readonly output?: string;
  readonly force?: boolean;
  readonly wait?: boolean;
}

/** Downloads the file of an export job. */
export async function download(
  command: Command,
  jobId: string,
  flags: DownloadFlags,
): Promise<void> {
  const { context, settings, output } = command;
  checkJobId(jobId);
  const pace = readPace(flags);
  if (!flags.wait && Object.keys(pace).length > 0) {
    throw usageError("--timeout and --interval need --wait");
  }
  const { output: path = `${jobId}.jsonl`, force = false } = flags;
  const destination = { path, force };
  await checkDestination(destination, settings);
  const auditLogs = await connect(context, settings, output);
  const progress = await createProgress(context, output);
  const next = formatDownload(command, jobId, flags);
  try {
    const source = flags.wait
      ? await waitForJob(command, auditLogs, jobId, pace, progress, next)
      : jobId;
    if (path === "-") progress.stop();
    await deliver(command, auditLogs, source, destination, progress, next);
  } finally {
    progress.stop();
  }
}

/** The command that downloads an export, also one that is not done yet. */
export function formatDownload(
  { settings }: Command,
  jobId: string,
  { output, force, ...flags }: DownloadFlags,
): string {
  const words = ["download", jobId, "--wait", ...(force ? ["--force"] : [])];
  return formatCommand(settings, words, { "-o": output, ...paceFlags(flags) });
}
