import { usageError } from "./failure.ts";

/** Checks a job's id before anything is sent. */
export function checkJobId(jobId: string): void {
  if (/^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i.test(jobId)) return;
  throw usageError(
    `job id '${jobId}' is not a valid UUID; 'audit-logs export' prints it when it starts the export`,
  );
}
