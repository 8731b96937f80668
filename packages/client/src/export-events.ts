import { longTimeout, type Session } from "@audit-logs/runtime";
import { closable } from "./closable.ts";
import { flatten } from "./flatten.ts";
import { readBatches, type AuditLog, type ReadOptions, type ReadSummary } from "./read.ts";
import { startExport, type ExportSelection } from "./start.ts";
import { waitForExportJob, type WaitOptions } from "./wait.ts";

/** The options of waiting and of reading. `timeout` covers both, and `onProgress` reports the job. */
export interface ExportOptions extends WaitOptions, Omit<ReadOptions, "onProgress"> {}

/** Starts an export, waits for its job, and reads its events; see the method of the client. */
export function exportEvents<Event extends object = AuditLog>(
  session: Session,
  selection?: ExportSelection,
  options: ExportOptions = {},
): AsyncGenerator<Event, ReadSummary, undefined> {
  return closable(options, (limits) => flatten(run<Event>(session, selection, limits), limits));
}

async function* run<Event extends object>(
  session: Session,
  selection: ExportSelection | undefined,
  { onProgress, timeout = longTimeout, ...options }: ExportOptions,
): AsyncGenerator<readonly Event[], ReadSummary, undefined> {
  const shared = { ...options, timeout, start: performance.now() };
  const jobId = await startExport(session, selection, shared);
  const job = await waitForExportJob(session, jobId, {
    ...shared,
    ...(onProgress && { onProgress }),
  });
  return yield* readBatches<Event>(session, job, shared);
}
