import * as runtime from "@audit-logs/runtime";
import type { ExportJob, Failure } from "../export-job.ts";

// The runtime's errors, with what this description says of their contents.

/** An error to be recognized by `instanceof`. */
interface ErrorClass<Instance extends Error, Parameters extends unknown[]> {
  readonly prototype: Instance;
  new (...parameters: Parameters): Instance;
}

/** What the errors of this client have in common. A wrong argument is a `TypeError` instead. */
export type AuditLogsError = runtime.ClientError<ExportJob>;
export const AuditLogsError: ErrorClass<
  AuditLogsError,
  ConstructorParameters<typeof runtime.ClientError>
> & {
  /** Whether it is one, also if another copy of this package has made it. */
  is(error: unknown): error is AuditLogsError;
} = runtime.ClientError;

/** The server answered, but not with success. */
export type ApiError = runtime.ApiError<Failure, ExportJob>;
export const ApiError: ErrorClass<
  ApiError,
  ConstructorParameters<typeof runtime.ApiError>
> = runtime.ApiError;

/** The connection failed: no name, no server, broken off, or not HTTP. `cause` says which. */
export type ConnectionError = runtime.ConnectionError<ExportJob>;
export const ConnectionError: ErrorClass<
  ConnectionError,
  ConstructorParameters<typeof runtime.ConnectionError>
> = runtime.ConnectionError;

/** The server answered with success, but not with what its description promises. */
export type InvalidResponseError = runtime.InvalidResponseError<ExportJob>;
export const InvalidResponseError: ErrorClass<
  InvalidResponseError,
  ConstructorParameters<typeof runtime.InvalidResponseError>
> = runtime.InvalidResponseError;

/** A time ran out. The job may still be running. */
export type TimeoutError = runtime.TimeoutError<ExportJob>;
export const TimeoutError: ErrorClass<
  TimeoutError,
  ConstructorParameters<typeof runtime.TimeoutError>
> = runtime.TimeoutError;
