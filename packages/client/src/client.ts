import type { Api } from "./api.ts";
import type { CallOptions } from "./deadline.ts";
import { downloadExport, type DownloadOptions, type DownloadState } from "./download.ts";
import { getExportJobStatus, type ExportJob } from "./export-job.ts";
import { readExport, type AuditEvent, type ReadOptions, type ReadSummary } from "./read.ts";
import { createSession, type AuditLogsClientOptions } from "./session.ts";
import { waitForExportJob, watchExportJob, type WaitOptions, type WatchOptions } from "./watch.ts";

/** A client of the Audit Logs API. Its methods are the functions of the same names. */
export interface AuditLogsClient {
  /** See {@link getExportJobStatus}. */
  getExportJobStatus(jobId: string, options?: CallOptions): Promise<ExportJob>;
  /** See {@link watchExportJob}. */
  watchExportJob(jobId: string, options?: WatchOptions): AsyncGenerator<ExportJob, void, undefined>;
  /** See {@link waitForExportJob}. */
  waitForExportJob(jobId: string, options?: WaitOptions): Promise<ExportJob>;
  /** See {@link readExport}. */
  readExport<Event extends object = AuditEvent>(
    source: ExportJob | string,
    options?: ReadOptions,
  ): AsyncGenerator<Event, ReadSummary, undefined>;
  /** See {@link downloadExport}. */
  downloadExport(
    source: ExportJob | string,
    options?: DownloadOptions,
  ): AsyncGenerator<Uint8Array, DownloadState, undefined>;
  /** The typed openapi-fetch client, for everything else in the description, and for middleware. */
  readonly api: Api;
}

/**
 * Makes a client of the Audit Logs API. It sends nothing yet.
 *
 * @throws TypeError if an option cannot be right
 */
export function createAuditLogsClient(options: AuditLogsClientOptions): AuditLogsClient {
  const session = createSession(options);
  return {
    api: session.api,
    getExportJobStatus: (jobId, call) => getExportJobStatus(session, jobId, call),
    watchExportJob: (jobId, watch) => watchExportJob(session, jobId, watch),
    waitForExportJob: (jobId, wait) => waitForExportJob(session, jobId, wait),
    readExport: (source, read) => readExport(session, source, read),
    downloadExport: (source, download) => downloadExport(session, source, download),
  };
}
