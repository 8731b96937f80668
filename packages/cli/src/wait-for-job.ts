import type { AuditLogsClient, ExportJob } from "@audit-logs/client";
import type { Command } from "./command.ts";
import { parseDuration } from "./dates.ts";
import { withNext } from "./describe-failure.ts";
import { exitCodes, Failure } from "./failure.ts";
import type { Progress } from "./progress.ts";

/** The options of a wait, as the user writes them. */
export interface WaitFlags {
  readonly timeout?: string;
  readonly interval?: string;
}

/** How long and how often to poll, in milliseconds. */
export interface Pace {
  readonly timeout?: number;
  readonly interval?: number;
}

export function readPace({ timeout, interval }: WaitFlags): Pace {
  return {
    ...(timeout !== undefined && { timeout: parseDuration("--timeout", timeout) }),
    ...(interval !== undefined && { interval: parseDuration("--interval", interval) }),
  };
}

/** The options of a wait, for the command that continues it. */
export const paceFlags = ({
  timeout,
  interval,
}: WaitFlags): Record<string, string | undefined> => ({
  "--timeout": timeout,
  "--interval": interval,
});

/** Waits until a job has succeeded. A wait that timed out has its own exit code: the job may still run. */
export async function waitForJob(
  command: Command,
  auditLogs: AuditLogsClient,
  jobId: string,
  pace: Pace,
  progress: Progress,
  next: string,
): Promise<ExportJob> {
  const { signal } = command.context;
  return withNext(command, next, async () => {
    try {
      return await auditLogs.waitForExportJob(jobId, {
        ...pace,
        signal,
        onProgress: (job) => progress.job(job),
      });
    } catch (error) {
      const { TimeoutError } = await import("@audit-logs/client");
      if (!(error instanceof TimeoutError) || error.bound !== "total") throw error;
      const { timeout: exitCode } = exitCodes;
      const { lastJob } = error;
      const state = lastJob ? `; the job is ${lastJob.status}, ${lastJob.progress ?? 0} %` : "";
      const message = error.message.replace(" s (timeout)", " s (--timeout)");
      throw new Failure(`${message}${state}`, {
        exitCode,
        code: "timeout",
        next,
        cause: error,
      });
    }
  });
}
