import * as runtime from "@audit-logs/runtime";
import type { ExportJob, Failure } from "../export-job.ts";

// The runtime's errors, with what this description says of their contents. Their local names differ from
// those of the classes: a bundler would rename the classes, and Node prints the names of classes.

/** An error to be recognized by `instanceof`. */
interface ErrorClass<Instance extends Error, Parameters extends unknown[]> {
  readonly prototype: Instance;
  new (...parameters: Parameters): Instance;
}

/** What the errors of this client have in common. A wrong argument is a `TypeError` instead. */
type TypedAuditLogsError = runtime.ClientError<ExportJob>;
const TypedAuditLogsError: ErrorClass<
  TypedAuditLogsError,
  ConstructorParameters<typeof runtime.ClientError>
> & {
  /** Whether it is one, also if another copy of this package has made it. */
  is(error: unknown): error is TypedAuditLogsError;
} = runtime.ClientError;

/** The server answered, but not with success. */
type TypedApiError = runtime.ApiError<Failure, ExportJob>;
const TypedApiError: ErrorClass<
  TypedApiError,
  ConstructorParameters<typeof runtime.ApiError>
> = runtime.ApiError;

/** The connection failed: no name, no server, broken off, or not HTTP. `cause` says which. */
type TypedConnectionError = runtime.ConnectionError<ExportJob>;
const TypedConnectionError: ErrorClass<
  TypedConnectionError,
  ConstructorParameters<typeof runtime.ConnectionError>
> = runtime.ConnectionError;

/** The server answered with success, but not with what its description promises. */
type TypedInvalidResponseError = runtime.InvalidResponseError<ExportJob>;
const TypedInvalidResponseError: ErrorClass<
  TypedInvalidResponseError,
  ConstructorParameters<typeof runtime.InvalidResponseError>
> = runtime.InvalidResponseError;

/** A time ran out. The job may still be running. */
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
