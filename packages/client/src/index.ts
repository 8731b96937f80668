export { isPrivateHost } from "./address.ts";
export { createAuditLogsClient, type AuditLogsClient } from "./client.ts";
export type { CallOptions } from "./deadline.ts";
export {
  downloadExport,
  type DownloadOptions,
  type DownloadState,
  type Resume,
} from "./download.ts";
export {
  ApiError,
  AuditLogsError,
  ConnectionError,
  DownloadInterruptedError,
  ExportFailedError,
  InvalidResponseError,
  TimeoutError,
  type TimeoutBound,
} from "./errors.ts";
export { getExportJobStatus, type ExportJob, type Failure } from "./export-job.ts";
export { readExport, type AuditEvent, type ReadOptions, type ReadSummary } from "./read.ts";
export { createSession, type AuditLogsClientOptions, type Session } from "./session.ts";
export { waitForExportJob, watchExportJob, type WaitOptions, type WatchOptions } from "./watch.ts";
