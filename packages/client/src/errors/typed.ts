import * as runtime from "@audit-logs/runtime";
import type { ExportJob, Failure } from "../export-job.ts";

// The runtime's error classes, with the types that this description gives to their contents.

/** An error class that `instanceof` recognizes. */
interface ErrorClass<Instance extends Error, Parameters extends unknown[]> {
  readonly prototype: Instance;
  new (...parameters: Parameters): Instance;
}

/** The base class of this client's errors. An invalid argument is a `TypeError` instead. */
export type AuditLogsError = runtime.ClientError<ExportJob>;
export const AuditLogsError: ErrorClass<
  AuditLogsError,
  ConstructorParameters<typeof runtime.ClientError>
> & {
  /** Whether a value is an error of this client, even one that another copy of this package created. */
  is(error: unknown): error is AuditLogsError;
} = runtime.ClientError;

/** The server responded with a status other than success. */
export type ApiError = runtime.ApiError<Failure, ExportJob>;
export const ApiError: ErrorClass<
  ApiError,
  ConstructorParameters<typeof runtime.ApiError>
> = runtime.ApiError;

/** The connection failed: no such host, no server, broken off, or not HTTP. `cause` says which. */
export type ConnectionError = runtime.ConnectionError<ExportJob>;
export const ConnectionError: ErrorClass<
  ConnectionError,
  ConstructorParameters<typeof runtime.ConnectionError>
> = runtime.ConnectionError;

/** The server reported success, but its response does not match the description. */
export type InvalidResponseError = runtime.InvalidResponseError<ExportJob>;
export const InvalidResponseError: ErrorClass<
  InvalidResponseError,
  ConstructorParameters<typeof runtime.InvalidResponseError>
> = runtime.InvalidResponseError;

/** A timeout expired. The job may still be running. */
export type TimeoutError = runtime.TimeoutError<ExportJob>;
export const TimeoutError: ErrorClass<
  TimeoutError,
  ConstructorParameters<typeof runtime.TimeoutError>
> = runtime.TimeoutError;
