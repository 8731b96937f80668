import * as runtime from "@audit-logs/runtime";
import type { ExportJob, Failure } from "../export-job.ts";

// The runtime's error classes, with the types that this description gives to their contents. Local names
// differ from class names: otherwise the bundler renames the classes, and Node prints class names.

/** An error class that `instanceof` recognizes. */
export interface ErrorClass<Instance extends Error, Parameters extends unknown[]> {
  readonly prototype: Instance;
  new (...parameters: Parameters): Instance;
}

Object.assign(runtime.ClientError, { name: "AuditLogsError" });

/** The base class of this client's errors. An invalid argument is a `TypeError` instead. */
type TypedAuditLogsError = runtime.ClientError<ExportJob>;
const TypedAuditLogsError: ErrorClass<
  TypedAuditLogsError,
  ConstructorParameters<typeof runtime.ClientError>
> & {
  /** Whether a value is an error of this client, even one that another copy of this package created. */
  is(error: unknown): error is TypedAuditLogsError;
} = runtime.ClientError;

/** The server responded with a status other than success. */
type TypedApiError = runtime.ApiError<Failure, ExportJob>;
const TypedApiError: ErrorClass<
  TypedApiError,
  ConstructorParameters<typeof runtime.ApiError>
> = runtime.ApiError;

/** The connection failed: no such host, no server, broken off, or not HTTP. */
type TypedConnectionError = runtime.ConnectionError<ExportJob>;
const TypedConnectionError: ErrorClass<
  TypedConnectionError,
  ConstructorParameters<typeof runtime.ConnectionError>
> = runtime.ConnectionError;

/** The server reported success, but its response does not match the description. */
type TypedInvalidResponseError = runtime.InvalidResponseError<ExportJob>;
const TypedInvalidResponseError: ErrorClass<
  TypedInvalidResponseError,
  ConstructorParameters<typeof runtime.InvalidResponseError>
> = runtime.InvalidResponseError;

/** A timeout expired. The job may still be running. */
type TypedTimeoutError = runtime.TimeoutError<ExportJob>;
const TypedTimeoutError: ErrorClass<
  TypedTimeoutError,
  ConstructorParameters<typeof runtime.TimeoutError>
> = runtime.TimeoutError;

export {
  TypedApiError as ApiError,
  TypedAuditLogsError as AuditLogsError,
  TypedConnectionError as ConnectionError,
  TypedInvalidResponseError as InvalidResponseError,
  TypedTimeoutError as TimeoutError,
};
