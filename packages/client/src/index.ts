export {
  isPrivateHost,
  type CallOptions,
  type CredentialOption,
  type RequestEvent,
  type ResponseEvent,
  type Subject,
  type TokenEvent,
  type MethodOptions,
  type TimeoutBound,
} from "@audit-logs/runtime";
export {
  createAuditLogsClient,
  type AuditLogsApi,
  type AuditLogsClient,
  type AuditLogsClientOptions,
} from "./client.ts";
export type { Download, DownloadOptions } from "./download/open-download.ts";
export type { DownloadState, Resume } from "./download/state.ts";
export { DownloadInterruptedError } from "./errors/download-interrupted-error.ts";
export { ExportFailedError } from "./errors/export-failed-error.ts";
export {
  ApiError,
  AuditLogsError,
  ConnectionError,
  InvalidResponseError,
  TimeoutError,
  type ErrorClass,
} from "./errors/typed.ts";
export type { ClientEvent, RetryEvent } from "./events.ts";
export type { ExportOptions } from "./export-events.ts";
export type { ExportJob, ExportSource, Failure } from "./export-job.ts";
export type { AuditLog, ReadOptions, ReadSummary } from "./read.ts";
export type { ExportSelection } from "./start.ts";
export type { WaitOptions, WatchOptions } from "./wait.ts";
