import { isJobId } from "@audit-logs/runtime/job-id";
import { usageError } from "./failure.ts";

/** Checks a job's id before anything is sent, by the rule of the client. */
export function checkJobId(jobId: string): void {
  if (isJobId(jobId)) return;
  throw usageError(
    `job id '${jobId}' is not valid; 'audit-logs export' prints it when it starts the export`,
  );
}
