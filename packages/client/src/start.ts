import {
  bindOperation,
  callOperation,
  describe,
  InvalidResponseError,
  isJobId,
  isObject,
  openCall,
  type CallOptions,
  type Input,
  type Session,
} from "@audit-logs/runtime";
import { createExportJob } from "@audit-logs/generated/audit-logs/operations";
import type { paths } from "@audit-logs/generated/audit-logs/schema";

type StartBody = NonNullable<Input<paths, typeof createExportJob>["body"]>;

/** Selects the audit logs of an export. */
export interface ExportSelection {
  /**
   * The earliest time of occurrence, inclusive: a `Date`, an ISO 8601 time with its offset from UTC, or a date
   * (midnight UTC).
   */
  readonly from?: Date | string;
  /** The latest time of occurrence, inclusive, in the same forms. */
  readonly to?: Date | string;
  /** Conditions, each a column, a colon, and comma-separated values: `action_verb:login,logout`. */
  readonly q?: readonly string[];
  /** Whether any of the conditions has to match, or all of them. */
  readonly searchOperator?: NonNullable<StartBody["search_operator"]>;
}

/** Starts an export, and returns the id of its job. */
export async function startExport(
  session: Session,
  { from, to, q, searchOperator }: ExportSelection = {},
  options?: CallOptions,
): Promise<string> {
  if (q !== undefined && !(Array.isArray(q) && q.every((part) => typeof part === "string"))) {
    throw new TypeError("q must be a list of strings");
  }
  // JSON.stringify omits undefined fields.
  const body: { readonly [Field in keyof StartBody]: StartBody[Field] | undefined } = {
    from_date: toDateTime("from", from),
    to_date: toDateTime("to", to),
    q: q && [...q],
    search_operator: searchOperator,
  };
  const request = bindOperation(createExportJob, { body });
  const call = openCall(request, options, session.context);
  const { data } = await callOperation(session, request, call);
  // The description names no key. The id is the only value.
  const [id, ...others] = isObject(data) ? Object.values(data) : [];
  if (isJobId(id) && others.length === 0) return id;
  throw new InvalidResponseError(call, "it does not contain exactly one value, the id of the job");
}

function toDateTime(option: string, value: Date | string | undefined): string | undefined {
  if (value === undefined) return undefined;
  const named = describe(value);
  const isDate = named === "[object Date]";
  // The JSON of a Date is its ISO 8601 time, or null if it is invalid.
  const json = isDate ? JSON.stringify(value) : named;
  const [, date = "", time = "T00:00:00Z"] =
    /^"(\d{4}-\d\d-\d\d)(T.+(?:Z|[+-]\d\d:\d\d))?"$/.exec(json) ?? [];
  const text = date + time;
  // Date.parse takes February 30 for a day in March.
  if (!Number.isNaN(Date.parse(text)) && new Date(date).toISOString().startsWith(date)) return text;
  const shown = isDate ? String(value) : named;
  throw new TypeError(`${option} ${shown} is neither a date nor a time with its offset from UTC`);
}
