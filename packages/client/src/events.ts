import type { RequestEvent, ResponseEvent, RetryEvent, TokenEvent } from "@audit-logs/runtime";
import type { AuditLogsError } from "./errors/typed.ts";

/** A transient failure has occurred, and the client will retry after a pause. */
interface AuditLogsRetryEvent extends RetryEvent<AuditLogsError> {}

/** What a client reports to `onEvent`: every request, including polls. It holds no secret. */
export type ClientEvent = RequestEvent | ResponseEvent | AuditLogsRetryEvent | TokenEvent;

export type { AuditLogsRetryEvent as RetryEvent };
