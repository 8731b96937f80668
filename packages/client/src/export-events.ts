import { longTimeout, type Session } from "@audit-logs/runtime";
import { readExport, type AuditLog, type ReadOptions, type ReadSummary } from "./read.ts";
import { startExport, type ExportSelection } from "./start.ts";
import { waitForExportJob, type WaitOptions } from "./wait.ts";

/** The options of waiting and of reading. `timeout` covers both, and `onProgress` reports the job. */
export interface ExportOptions extends WaitOptions, Omit<ReadOptions, "onProgress"> {}

/** Starts an export, waits for its job, and reads its events; see the method of the client. */
export async function* exportEvents<Event extends object = AuditLog>(
  session: Session,
  selection?: ExportSelection,
  { onProgress, timeout = longTimeout, ...options }: ExportOptions = {},
): AsyncGenerator<Event, ReadSummary, undefined> {
  const end = performance.now() + timeout;
  const timeLeft = (): number => Math.max(0, end - performance.now());
  const jobId = await startExport(session, selection, { ...options, timeout });
  const waitOptions = { ...options, ...(onProgress && { onProgress }), timeout: timeLeft() };
  const job = await waitForExportJob(session, jobId, waitOptions);
  return yield* readExport<Event>(session, job, { ...options, timeout: timeLeft() });
}
